//! Sessions between two acts, for whichever thread of a run comes next to the same target: one admin login serves many
//! roles. And which servers let nobody in, so that none is waited for twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Error, Result};

use crate::domain::failure::{Failure, Kind, find_failure, kind_of, sqlstate_of};
use crate::domain::target::Target;
use crate::run::begun_act::BegunAct;
use crate::run::{Act, Done, Run, TargetSession};

/// The sessions of a run that nobody uses at the moment, the one that was used last at the end.
pub struct IdleSessions<'a> {
    run: &'a Run,
    /// How many are kept open, whatever the number of targets.
    most: usize,
    idle: Mutex<Vec<TargetSession<'a>>>,
    lost: Mutex<Vec<LostLogin>>,
}

/// A login that failed in this run.
struct LostLogin {
    target: Target,
    /// Its kind and advice.
    failure: Failure,
    why: String,
}

impl Run {
    /// Keeps sessions open between acts: up to `most`.
    pub fn keep_sessions(&self, most: usize) -> IdleSessions<'_> {
        IdleSessions {
            run: self,
            most,
            idle: Mutex::default(),
            lost: Mutex::default(),
        }
    }
}

impl<'a> IdleSessions<'a> {
    /// Runs an act, as [`Run::audited`] does, over a session that waits for one where there is one.
    ///
    /// # Errors
    /// If the intent cannot be recorded (then nothing was done), no credential is found, or the login or `act` fails.
    pub fn audited<T>(
        &self,
        act: &Act,
        target: &Target,
        work: impl FnOnce(&mut TargetSession<'a>) -> Result<(T, Done)>,
    ) -> Result<T> {
        let result = self
            .run
            .recorded(act, |begun| self.with_session(target, begun, work));
        act.named(target, result)
    }

    /// Does the work of an act that has begun.
    pub(super) fn with_session<T>(
        &self,
        target: &Target,
        begun: &mut BegunAct,
        work: impl FnOnce(&mut TargetSession<'a>) -> Result<T>,
    ) -> Result<T> {
        let mut server = match self.take(target) {
            Some(server) => server.for_act(begun),
            None => self.log_in(target, begun)?,
        };
        let result = work(&mut server);
        if let Some(server) = server.between_acts(&result) {
            self.keep(server);
        }
        result
    }

    fn take(&self, target: &Target) -> Option<TargetSession<'a>> {
        loop {
            let server = self.take_any(target)?;
            // Not under the lock: the others need not wait for the look at the connection.
            if !server.is_stale() {
                return Some(server);
            }
        }
    }

    fn take_any(&self, target: &Target) -> Option<TargetSession<'a>> {
        let mut idle = self.idle();
        let place = idle.iter().rposition(|server| server.is_on(target))?;
        Some(idle.remove(place))
    }

    fn keep(&self, server: TargetSession<'a>) {
        let mut idle = self.idle();
        idle.push(server);
        let over = idle.len().saturating_sub(self.most);
        let mut dropped: Vec<_> = idle.drain(..over).collect();
        dropped.extend(idle.extract_if(.., |server| server.has_waited()));
        // They are logged out when nobody waits for them.
        drop(idle);
        drop(dropped);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<TargetSession<'a>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs in, unless that failed before in this run: a server that does not answer is not waited for once a role, and
    /// a login that is refused so often may be locked.
    fn log_in(&self, target: &Target, begun: &mut BegunAct) -> Result<TargetSession<'a>> {
        if let Some(failure) = self.find_lost(target) {
            return Err(failure.into());
        }
        self.run.log_in(target, begun).inspect_err(|error| {
            if is_to_stay(error) {
                self.lost().push(LostLogin::new(target, error));
            }
        })
    }

    fn find_lost(&self, target: &Target) -> Option<Failure> {
        let lost = self.lost();
        lost.iter()
            .find(|lost| lost.is_about(target))
            .map(LostLogin::repeated)
    }

    fn lost(&self) -> MutexGuard<'_, Vec<LostLogin>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a failure of a login will be the same for the rest of the run. A server that said that it has no room, or
/// is starting, may have it for the next role.
fn is_to_stay(error: &Error) -> bool {
    match kind_of(error) {
        Kind::NoCredential | Kind::LoginRefused => true,
        Kind::Unreachable => sqlstate_of(error).is_none(),
        _ => false,
    }
}

impl LostLogin {
    fn new(target: &Target, error: &Error) -> Self {
        let mut failure = Failure::new(
            kind_of(error),
            "not begun, because an earlier login of this run failed",
        );
        if let Some(cause) = find_failure(error) {
            failure = failure.with_advice_of(cause);
        }
        Self {
            target: target.clone(),
            failure,
            why: format!("{error:#}"),
        }
    }

    /// A server that cannot be reached is so for all of its databases.
    fn is_about(&self, target: &Target) -> bool {
        self.target == *target
            || self.failure.kind == Kind::Unreachable && self.target.is_at_place_of(target)
    }

    fn repeated(&self) -> Failure {
        Failure::new(self.failure.kind, &self.failure.message)
            .with_advice_of(&self.failure)
            .caused_by(self.why.clone())
    }
}
