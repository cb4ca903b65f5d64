//! A reading of one or more targets, recorded as one act: one intent that names all targets, and one outcome that says
//! which failed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use anyhow::{Error, Result};

use crate::domain::act::status::Status;
use crate::domain::failure::{self, Failure, Kind};
use crate::domain::interrupt;
use crate::domain::target::Target;
use crate::run::Run;
use crate::run::begun_act::{BegunAct, duration_ms};
use crate::run::idle_sessions::IdleSessions;
use crate::run::progress::Attempt;
use crate::run::recording::{Act, status_of};
use crate::run::target_session::TargetSession;
use crate::store::{Intent, Outcome};

/// How much of the errors is recorded, in characters: a fleet may be large.
const LONGEST_ERRORS: usize = 4_000;

/// A reading between intent and outcome. It can be shared by threads.
pub struct FleetReading<'a> {
    run: &'a Run,
    act: Act,
    begun: BegunIntent,
    asked: Mutex<Answers>,
}

/// What a [`BegunAct`] is made of in each thread.
struct BegunIntent {
    intent: Intent,
    started: std::time::Instant,
}

/// How the targets answered so far.
#[derive(Default)]
struct Answers {
    answered: usize,
    /// One line for each target that failed.
    failed: Vec<FailedTarget>,
    /// As whom it logged in.
    admins: BTreeSet<String>,
}

struct FailedTarget {
    line: String,
    kind: Kind,
    sqlstate: Option<String>,
}

impl Run {
    /// Begins a reading of the targets that `act` names ([`Act::over`]): the intent is on disk when this returns.
    ///
    /// # Errors
    /// If the intent cannot be recorded.
    pub fn begin_reading(&self, targets: &[Target], act: Act) -> Result<FleetReading<'_>> {
        let begun = self.begin(&act);
        let begun = match targets {
            [only] => act.named(only, begun),
            _ => begun,
        }?;
        Ok(FleetReading {
            run: self,
            act,
            begun: BegunIntent {
                intent: begun.intent,
                started: begun.started,
            },
            asked: Mutex::default(),
        })
    }
}

impl FleetReading<'_> {
    /// Logs in to a target and reads there. The errors name the target.
    ///
    /// # Errors
    /// If no credential is found, or the login or `work` fails.
    pub fn ask<T>(
        &self,
        target: &Target,
        work: impl FnOnce(&mut TargetSession<'_>) -> Result<T>,
    ) -> Result<T> {
        self.ask_by(target, |begun| work(&mut self.run.log_in(target, begun)?))
    }

    /// The same over a session of these, which it leaves to the next act.
    ///
    /// # Errors
    /// As for [`Self::ask`].
    pub fn ask_over<T>(
        &self,
        sessions: &IdleSessions<'_>,
        target: &Target,
        work: impl FnOnce(&mut TargetSession<'_>) -> Result<T>,
    ) -> Result<T> {
        self.ask_by(target, |begun| sessions.with_session(target, begun, work))
    }

    fn ask_by<T>(
        &self,
        target: &Target,
        ask: impl FnOnce(&mut BegunAct) -> Result<T>,
    ) -> Result<T> {
        let mut begun = BegunAct::new(self.begun.intent.clone());
        let result = if interrupt::is_to_cancel() {
            Err(Failure::new(Kind::Interrupted, "interrupted").into())
        } else {
            ask(&mut begun)
        };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.admins.extend(begun.admin_user);
        match &result {
            Ok(_) => asked.answered += 1,
            Err(error) => asked.failed.push(FailedTarget {
                line: format!("{}: {error:#}", target.name()),
                kind: failure::kind_of(error),
                sqlstate: failure::sqlstate_of(error).map(str::to_owned),
            }),
        }
        drop(asked);
        self.act.named(target, result)
    }

    /// Asks one of the targets of a place for all of them: the next one only if the failure was about the database or its
    /// login, and not about the server.
    pub fn ask_place<T>(
        &self,
        targets: &[&Target],
        work: impl Fn(&mut TargetSession<'_>) -> Result<T>,
    ) -> PlaceAnswer<T> {
        let mut failed = Vec::new();
        for (place, target) in targets.iter().enumerate() {
            match self.ask(target, &work) {
                Ok(answer) => {
                    return PlaceAnswer {
                        answer: Some(answer),
                        silent: place,
                        failed,
                    };
                }
                Err(error) => {
                    let ends_here = !is_about_database(&error);
                    failed.push(error);
                    if ends_here {
                        break;
                    }
                }
            }
        }
        PlaceAnswer {
            answer: None,
            silent: targets.len(),
            failed,
        }
    }

    /// Records the outcome: `status`, unless no target answered.
    pub fn end(self, status: Status) {
        let asked = self
            .asked
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut outcome = asked.outcome(status);
        outcome.duration_ms = duration_ms(self.begun.started);
        let failed = asked.failed.first().map(|failed| failed.kind);
        let begun = BegunAct {
            started: self.begun.started,
            ..BegunAct::new(self.begun.intent)
        };
        if let Err(error) = self.run.end_with(&self.act, &begun, &outcome, failed) {
            self.run
                .warn_of_lost_end(format!("the outcome is not in the audit log: {error:#}"));
        }
    }
}

/// What a place answered for its targets.
pub struct PlaceAnswer<T> {
    pub answer: Option<T>,
    /// How many of the targets, the first ones, it is no answer for.
    pub silent: usize,
    pub failed: Vec<Error>,
}

impl<T> Attempt for PlaceAnswer<T> {
    fn has_failed(&self) -> bool {
        self.answer.is_none()
    }
}

/// Whether another database of the same server may still answer: the server was reached, and refused this one or its login.
fn is_about_database(error: &Error) -> bool {
    let refused = matches!(
        failure::sqlstate_of(error),
        Some("3D000" | "42501" | "55000" | "28000" | "28P01")
    );
    refused || failure::kind_of(error) == Kind::NoCredential
}

impl Answers {
    fn outcome(&self, status: Status) -> Outcome {
        let status = match self.failed.first() {
            Some(first) if self.answered == 0 => status_of(first.kind),
            _ => status,
        };
        let mut admins = self.admins.iter();
        let admin_user = match (admins.next(), admins.next()) {
            (Some(only), None) => Some(only.clone()),
            _ => None,
        };
        let sqlstate = match self.failed.as_slice() {
            [only] => only.sqlstate.clone(),
            _ => None,
        };
        Outcome {
            status,
            sqlstate,
            error: self.errors(),
            admin_user,
            ..Outcome::default()
        }
    }

    /// All errors, one per target; more than fit are counted.
    fn errors(&self) -> Option<String> {
        let lines: Vec<_> = self.failed.iter().map(|failed| &failed.line).collect();
        match lines.as_slice() {
            [] => None,
            // The target of an act on one is in columns of its own.
            [only] if self.answered == 0 => {
                only.split_once(": ").map(|(_, error)| error.to_owned())
            }
            lines => {
                let mut text = format!("{} of {} failed", lines.len(), lines.len() + self.answered);
                for (place, line) in lines.iter().enumerate() {
                    if text.len() + line.len() > LONGEST_ERRORS {
                        text += &format!("; and {} more", lines.len() - place);
                        break;
                    }
                    text += "; ";
                    text += line;
                }
                Some(text)
            }
        }
    }
}
