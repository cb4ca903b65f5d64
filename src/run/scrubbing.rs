//! When a sealed password that was scrubbed is gone from the disk, too. `secure_delete` overwrites it in its page, but the
//! page as it was is still in the log beside the registry, and may be in the file, until the log is moved into the file
//! and emptied. That takes two syncs of its own, and is done
//!
//! - after a change that is made alone, as a part of it;
//! - at the end of a run of many changes, once. Until then what was scrubbed is where it was while its change was open:
//!   sealed, in the log, with the key elsewhere. A change costs less than a millisecond of that time more than before;
//!   what is reported meanwhile is on disk all the same, in file and log together, as always while a run is under way;
//! - by whoever opens the registry next, if a process was killed before it came to that. Its locks say so: the one of the
//!   role, or the one of the run, is held until the log is empty, and a file of a lock that nobody holds is left only by
//!   a process that was killed. Whoever takes such a lock without looking has opened the registry before, or empties the
//!   log at its own end.

use std::sync::atomic::Ordering;

use crate::locks::Lock;
use crate::run::Run;
use crate::store::Store;

/// A run of many changes, at whose end what they scrubbed is removed from the log.
pub struct ManyChanges<'a> {
    run: &'a Run,
    /// Released after that.
    lock: Option<Lock>,
}

impl Run {
    /// From now on until the result is dropped, changes do not empty the log each for itself. The lock is what tells
    /// others, if this process is killed, that there is something to remove.
    pub fn begin_many_changes(&self, lock: Lock) -> ManyChanges<'_> {
        self.scrubs_later.store(true, Ordering::SeqCst);
        ManyChanges {
            run: self,
            lock: Some(lock),
        }
    }

    /// Removes from the log what a change has scrubbed, unless that is done for many together.
    pub(super) fn scrub_log(&self) {
        if !self.scrubs_later.load(Ordering::SeqCst) {
            self.empty_log();
        }
    }

    /// Whether nothing is left in the log.
    fn empty_log(&self) -> bool {
        match self.with_store(|store| store.try_empty_log()) {
            Ok(is_empty) => is_empty,
            Err(error) => {
                self.warn(format!(
                    "a sealed password that was scrubbed is still in the log beside the registry: {error:#}"
                ));
                false
            }
        }
    }

    /// Removes what processes left in the log that were killed.
    pub(super) fn scrub_after_others(&self, store: &Store) {
        let left = self.locks.take_left_behind();
        if left.is_empty() {
            return;
        }
        // This run's own act does not depend on it: if it cannot be done, it is left to the next one.
        if store.try_empty_log().unwrap_or(false) {
            drop(left);
        } else {
            left.into_iter().for_each(Lock::leave_behind);
        }
    }
}

impl Drop for ManyChanges<'_> {
    fn drop(&mut self) {
        self.run.scrubs_later.store(false, Ordering::SeqCst);
        if !self.run.empty_log()
            && let Some(lock) = self.lock.take()
        {
            lock.leave_behind();
        }
    }
}
