//! How far the work on many targets has come, for a person who waits. It is kept only where somebody watches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::run::Run;
use crate::wire::connection::watch_for_interrupts;

/// Shows progress to a person.
pub trait Watcher: Send + Sync {
    /// Begins to show it.
    fn begin(&self, progress: &Arc<Progress>);
    /// Shows it no longer.
    fn end(&self, progress: &Arc<Progress>);
}

/// How far one piece of work has come.
#[derive(Debug)]
pub struct Progress {
    /// What is counted, in the plural.
    pub noun: &'static str,
    total: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    done: usize,
    failed: usize,
    /// Those under way, by number and name, the one that began first at the front.
    waiting: Vec<(usize, String)>,
    begun: usize,
}

/// How far it has come at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub done: usize,
    pub failed: usize,
    pub left: usize,
    /// What was begun and has not ended, longest first.
    pub waiting: Vec<String>,
}

/// What may have failed.
pub trait Attempt {
    fn has_failed(&self) -> bool;
}

impl<T, E> Attempt for Result<T, E> {
    fn has_failed(&self) -> bool {
        self.is_err()
    }
}

impl<T: Attempt> Attempt for Option<T> {
    fn has_failed(&self) -> bool {
        self.as_ref().is_some_and(T::has_failed)
    }
}

/// A piece of work whose progress is shown until this is dropped, if somebody watches.
pub struct Watched<'a> {
    shown: Option<(Arc<Progress>, &'a dyn Watcher)>,
}

impl Run {
    /// Begins to show how far the work on `total` things has come. `noun` is their plural.
    pub fn watch(&self, noun: &'static str, total: usize) -> Watched<'_> {
        let shown = self.watcher.as_deref().filter(|_| total > 0);
        let shown = shown.map(|watcher| {
            // Ctrl-C must leave no bar behind.
            watch_for_interrupts();
            let progress = Arc::new(Progress {
                noun,
                total,
                counts: Mutex::default(),
            });
            watcher.begin(&progress);
            (progress, watcher)
        });
        Watched { shown }
    }
}

impl Watched<'_> {
    /// Works on one of the things, which is waited for meanwhile.
    pub fn attempt<T: Attempt>(&self, name: impl FnOnce() -> String, act: impl FnOnce() -> T) -> T {
        let mut waiting = self.begin(name);
        let result = act();
        waiting.has_failed = result.has_failed();
        result
    }

    /// From now on, one of the things is waited for.
    pub fn begin(&self, name: impl FnOnce() -> String) -> Waiting<'_> {
        let begun = self.shown.as_ref().map(|(progress, _)| {
            let progress: &Progress = progress;
            (progress, progress.begin(name()))
        });
        Waiting {
            begun,
            has_failed: false,
        }
    }
}

/// One of the things, which is waited for until this is dropped.
pub struct Waiting<'a> {
    begun: Option<(&'a Progress, usize)>,
    pub has_failed: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some((progress, number)) = self.begun {
            progress.end(number, self.has_failed);
        }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if let Some((progress, watcher)) = &self.shown {
            watcher.end(progress);
        }
    }
}

impl Progress {
    pub fn snapshot(&self) -> Snapshot {
        let counts = self.counts();
        Snapshot {
            done: counts.done,
            failed: counts.failed,
            left: self.total.saturating_sub(counts.done + counts.failed),
            waiting: counts
                .waiting
                .iter()
                .map(|(_, name)| name.clone())
                .collect(),
        }
    }

    fn begin(&self, name: String) -> usize {
        let mut counts = self.counts();
        counts.begun += 1;
        let number = counts.begun;
        counts.waiting.push((number, name));
        number
    }

    fn end(&self, number: usize, has_failed: bool) {
        let mut counts = self.counts();
        counts.waiting.retain(|(other, _)| *other != number);
        if has_failed {
            counts.failed += 1;
        } else {
            counts.done += 1;
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
