//! Draws that a seed and a round's number repeat.

use std::time::Duration;

use crate::harness::variable;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose instants.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, round: u64) -> Self {
        Self(seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// An instant of a span, each as likely as any other.
    pub fn instant(&mut self, span: Duration) -> Duration {
        let microseconds = u64::try_from(span.as_micros()).expect("runs are short");
        Duration::from_micros(self.below(microseconds.max(1)))
    }
}

pub fn fresh_seed() -> u64 {
    let now = std::time::UNIX_EPOCH
        .elapsed()
        .expect("the clock is past 1970");
    u64::from(now.subsec_nanos()) ^ u64::from(std::process::id()) << 32
}

/// A number from a variable of the test run.
pub fn number(name: &str) -> Option<u64> {
    let text = variable(name)?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}
