//! One act on many targets at once, each in a thread of its own, its result handed over as it comes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::domain::target::Target;

/// Enough to hide the latency of distant servers, few enough for one SQLite file.
const JOBS: usize = 16;

/// Runs `act` on each target, and `take`s each result in the caller's thread.
pub fn for_each_target<T: Send>(
    targets: &[Target],
    act: impl Fn(&Target) -> T + Sync,
    take: impl FnMut(usize, T),
) {
    for_each(targets, JOBS, act, take);
}

/// Runs `act` on each item, so many at once, and `take`s each result in the caller's thread.
pub fn for_each<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    act: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(usize, T),
) {
    if let [only] = items {
        return take(0, act(only));
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..items.len().min(jobs) {
            let sender = sender.clone();
            let (next, act) = (&next, &act);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else {
                        return;
                    };
                    // The receiver outlives all senders: it is read to the end below.
                    sender.send((index, act(item))).ok();
                }
            });
        }
        drop(sender);
        for (index, result) in receiver {
            take(index, result);
        }
    });
}
