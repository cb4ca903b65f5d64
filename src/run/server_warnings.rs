//! What servers warned of, for the operator: expiring and MD5 passwords, privileges that were not granted. A result takes it
//! along if it has a place for it; else it is said beside the results.

use std::sync::atomic::Ordering;

use crate::run::{Run, TargetSession};

/// How many warnings of servers a run says beside its results: a server that invents them could fill the memory.
const MOST: usize = 100;

impl TargetSession<'_> {
    /// Takes what the server has warned of since the last time, each once.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// Keeps what the server warned of.
    pub(super) fn note_warnings(&mut self) {
        for warning in self.connection.take_warnings() {
            let warning = format!("the server warns: {warning}");
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self.warnings.truncate(MOST);
    }

    /// Says what no result has taken along.
    pub(super) fn say_warnings(&mut self) {
        let place = self.target.name();
        for warning in self.take_warnings() {
            self.run.warn_of_server(format!("{place}: {warning}"));
        }
    }
}

impl Drop for TargetSession<'_> {
    fn drop(&mut self) {
        self.say_warnings();
    }
}

impl Run {
    fn warn_of_server(&self, warning: String) {
        if self.server_warnings.load(Ordering::Relaxed) >= MOST {
            self.note_once("there were more warnings of servers".to_owned());
        } else if self.warn_once(warning) {
            self.server_warnings.fetch_add(1, Ordering::Relaxed);
        }
    }
}
