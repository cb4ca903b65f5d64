//! One login for several acts on a target. Each is recorded for itself: its intent is on disk before anything of it is
//! sent, its outcome follows before the next one begins.

use anyhow::Result;

use crate::domain::target::Target;
use crate::run::{Act, Done, Run, TargetSession};

/// A session on a target's server that acts share, one after the other. The first of them logs in.
pub struct SharedSession<'a> {
    run: &'a Run,
    target: &'a Target,
    /// Between two acts; `None` before the first, and after one that left the session in doubt.
    idle: Option<TargetSession<'a>>,
}

impl Run {
    /// A session for acts on a target's server. Nobody is logged in before the first of them.
    pub fn share_session<'a>(&'a self, target: &'a Target) -> SharedSession<'a> {
        SharedSession {
            run: self,
            target,
            idle: None,
        }
    }
}

impl<'a> SharedSession<'a> {
    /// Runs an act, as [`Run::audited`] does.
    ///
    /// # Errors
    /// If the intent cannot be recorded (then nothing was done), no credential is found, or the login or `act` fails.
    pub fn audited<T>(
        &mut self,
        act: &Act,
        work: impl FnOnce(&mut TargetSession<'a>) -> Result<(T, Done)>,
    ) -> Result<T> {
        let Self { run, target, idle } = self;
        let result = run.recorded(act, |begun| {
            // Out of its place meanwhile: an act that does not come to an end leaves no session to the next one.
            let mut server = match idle.take() {
                Some(server) => server.for_act(begun),
                None => run.log_in(target, begun)?,
            };
            let result = work(&mut server);
            *idle = server.between_acts(&result);
            result
        });
        act.named(target, result)
    }

    /// Whether the next act needs no login.
    pub fn is_logged_in(&self) -> bool {
        self.idle.is_some()
    }
}
