//! Which servers answer in this run. One that does not is waited for once, whatever the number of its targets, roles and
//! open changes, and whichever of them run at once.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Error, Result};

use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind, Phase, find_failure, kind_of, sqlstate_of};
use crate::domain::target::Target;
use crate::domain::target::address::{Hosts, Ports};
use crate::wire::connection::cannot_log_in;

type Place = (Hosts, Ports);

#[derive(Default)]
pub struct Places {
    known: Mutex<HashMap<Place, Answering>>,
    changed: Condvar,
}

/// What is known of a place; nothing, if it has no entry.
enum Answering {
    /// Somebody is finding out.
    IsAsked,
    Yes,
    No(Box<SilentServer>),
}

/// A server that did not answer: a login, or the first question after it.
struct SilentServer {
    /// The target that was asked.
    target: Target,
    kind: Kind,
    /// What is said of it, below that the login failed.
    said: Vec<String>,
    hint: Option<String>,
    phase: Option<Phase>,
}

/// Tells those who wait, even if the one who asks comes to no end.
struct Asking<'a> {
    places: &'a Places,
    place: Place,
    found: Option<Answering>,
}

impl Places {
    /// Refuses a target whose server has not answered in this run.
    ///
    /// # Errors
    /// The failure of that login.
    pub fn require_answering(&self, target: &Target) -> Result<()> {
        match self.known().get(&place_of(target)) {
            Some(Answering::No(silent)) if silent.is_of(target) => Err(silent.failure(target)),
            _ => Ok(()),
        }
    }

    /// Logs in. The first login at a place is waited for by all others there.
    ///
    /// # Errors
    /// Those of `log_in`; if the place has not answered, its failure.
    pub fn log_in<T>(&self, target: &Target, log_in: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(mut asking) = self.ask(target)? else {
            return log_in();
        };
        let result = log_in();
        asking.found = match &result {
            Ok(_) => Some(Answering::Yes),
            Err(error) if is_silent(error) => {
                Some(Answering::No(Box::new(SilentServer::new(target, error))))
            }
            Err(error) => sqlstate_of(error).map(|_| Answering::Yes),
        };
        result
    }

    /// Notes that a server let the login in, and answered nothing to the first question in a database.
    pub fn note_unanswered(&self, target: &Target, error: &Error) {
        let silent = SilentServer::new(target, error);
        let found = Answering::No(Box::new(silent));
        self.known().insert(place_of(target), found);
    }

    /// `None` if the place is known to answer.
    fn ask(&self, target: &Target) -> Result<Option<Asking<'_>>> {
        let place = place_of(target);
        let mut known = self.known();
        loop {
            match known.get(&place) {
                Some(Answering::No(silent)) if silent.is_of(target) => {
                    return Err(silent.failure(target));
                }
                Some(Answering::No(_) | Answering::Yes) => return Ok(None),
                Some(Answering::IsAsked) => {
                    known = self
                        .changed
                        .wait(known)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                None => {
                    known.insert(place.clone(), Answering::IsAsked);
                    return Ok(Some(Asking {
                        places: self,
                        place,
                        found: None,
                    }));
                }
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Place, Answering>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let mut known = self.places.known();
        match self.found.take() {
            Some(found) => known.insert(self.place.clone(), found),
            None => known.remove(&self.place),
        };
        self.places.changed.notify_all();
    }
}

fn place_of(target: &Target) -> Place {
    (target.hostname.clone(), target.port.clone())
}

/// Whether the server said nothing. One that said that it has no room, or is starting, may have it for the next.
fn is_silent(error: &Error) -> bool {
    kind_of(error) == Kind::Unreachable && sqlstate_of(error).is_none()
}

impl SilentServer {
    fn new(target: &Target, error: &Error) -> Self {
        let failure = find_failure(error);
        let login = cannot_log_in(target);
        Self {
            target: target.clone(),
            kind: kind_of(error),
            said: error
                .chain()
                .map(ToString::to_string)
                .filter(|said| *said != login)
                .collect(),
            hint: failure.and_then(|failure| failure.hint.clone()),
            phase: failure.and_then(|failure| failure.phase),
        }
    }

    /// A server that cannot be reached is so for all of its databases; what comes after that depends on the settings of
    /// TLS, and whether a question is answered on what others lock in the database.
    fn is_of(&self, target: &Target) -> bool {
        match self.phase {
            Some(Phase::Dns | Phase::Tcp) => true,
            Some(Phase::Statement) => self.target.database == target.database,
            _ => self.target.tls == target.tls,
        }
    }

    /// What asking the target would come to.
    fn failure(&self, target: &Target) -> Error {
        let said = self.said.iter().rev();
        let said = said.fold(None, |below: Option<Failure>, line| {
            let line = Failure::new(self.kind, line.as_str());
            Some(match below {
                Some(below) => line.caused_by(below),
                None => line,
            })
        });
        let mut failure =
            said.unwrap_or_else(|| Failure::new(self.kind, "the server does not answer"));
        let names = |target| on_target("-e {} -d {}", target, &[]);
        let hint = self.hint.as_ref();
        failure.hint = hint.map(|hint| hint.replace(&names(&self.target), &names(target)));
        failure.phase = self.phase;
        let is_logged_in = failure.phase == Some(Phase::Statement);
        let failure = Error::from(failure);
        if is_logged_in {
            return failure;
        }
        failure.context(cannot_log_in(target))
    }
}
