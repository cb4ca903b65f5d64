//! Points in time as people say them: `3 days ago`, `in 5 days`.

use crate::domain::counted::counted;
use crate::domain::timestamp::Timestamp;

/// A unit, in seconds; the number of the next smaller units from which on it is used.
const UNITS: [(i64, &str, i64); 5] = [
    (365 * 86_400, "year", 2 * 365 * 86_400),
    (86_400, "day", 2 * 86_400),
    (3_600, "hour", 3_600),
    (60, "minute", 60),
    (1, "second", 5),
];

/// How long ago the time was, or how far away it is, in one unit.
pub fn relative(time: Timestamp, now: Timestamp) -> String {
    let seconds = time.seconds_since(now);
    let distance = rounded(seconds.abs());
    let fitting = UNITS.iter().find(|(_, _, from)| distance >= *from);
    let Some((length, unit, _)) = fitting else {
        return "just now".to_owned();
    };
    let units = counted(distance / length, unit);
    if seconds < 0 {
        format!("{units} ago")
    } else {
        format!("in {units}")
    }
}

/// To a tenth of a unit or finer: a password that was made valid for 90 days some seconds ago ends in 90 days, not in 89.
fn rounded(seconds: i64) -> i64 {
    let step = match seconds {
        0..=3_599 => return seconds,
        3_600..=172_799 => 60,
        _ => 3_600,
    };
    (seconds + step / 2) / step * step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(time: &str) -> String {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        relative(at(time), at("2026-11-23T08:00:00Z"))
    }

    #[test]
    fn the_past_and_the_future_are_told_in_one_unit() {
        for (time, wanted) in [
            ("2026-11-23T08:00:00Z", "just now"),
            ("2026-11-23T07:59:56Z", "just now"),
            ("2026-11-23T08:00:04Z", "just now"),
            ("2026-11-23T07:59:55Z", "5 seconds ago"),
            ("2026-11-23T07:59:00Z", "1 minute ago"),
            ("2026-11-23T07:00:01Z", "59 minutes ago"),
            ("2026-11-23T07:00:00Z", "1 hour ago"),
            ("2026-11-21T08:00:01Z", "2 days ago"),
            ("2026-11-21T09:00:00Z", "47 hours ago"),
            ("2026-11-20T08:00:00Z", "3 days ago"),
            ("2026-11-19T13:00:00Z", "3 days ago"),
            ("2026-11-28T08:00:00Z", "in 5 days"),
            ("2026-11-28T07:59:50Z", "in 5 days"),
            ("2027-02-21T07:59:58Z", "in 90 days"),
            ("2026-11-23T08:30:00Z", "in 30 minutes"),
            ("2026-11-23T10:59:59Z", "in 3 hours"),
            ("2023-11-24T08:00:00Z", "3 years ago"),
            ("9999-12-30T00:00:00Z", "in 7978 years"),
        ] {
            assert_eq!(said(time), wanted, "{time}");
        }
    }
}
