//! Records an intent before each act and an outcome after it: the only way to a server.

use std::sync::atomic::Ordering;

use anyhow::{Context, Error, Result};
use rand::rngs::SysRng;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::message::notification::Announcement;
use crate::domain::random_id::{OPERATION_ID, random_id};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::domain::{failure, interrupt};
use crate::run::begun_act::{BegunAct, LeftChange, duration_ms};
use crate::run::messages::{ActEnd, drafts};
use crate::run::{Run, TargetSession};
use crate::store::{ChangeEnding, EndedAct, Intent, Outcome, Subject};

/// An act as the audit log records it before it begins.
#[derive(Debug, Clone)]
pub struct Act {
    operation: Operation,
    mode: Mode,
    subject: Subject,
    /// The text that its errors begin with.
    cannot: String,
    tells_of_failure: bool,
}

impl Act {
    /// An act on a target's server. `cannot` begins its errors, for example "cannot list the roles".
    pub fn on(target: &Target, operation: Operation, cannot: impl Into<String>) -> Self {
        Self {
            subject: Subject::from(target),
            cannot: cannot.into(),
            ..Self::here(operation)
        }
    }

    /// An act on the servers of several targets, or of one. `cannot` begins its errors.
    pub fn over(targets: &[Target], operation: Operation, cannot: impl Into<String>) -> Self {
        match targets {
            [only] => Self::on(only, operation, cannot),
            targets => Self {
                cannot: cannot.into(),
                ..Self::here(operation).targets(targets)
            },
        }
    }

    /// An act on no server or on many: its errors need no context.
    pub fn here(operation: Operation) -> Self {
        Self {
            operation,
            mode: Mode::Run,
            subject: Subject::default(),
            cannot: String::new(),
            tells_of_failure: operation.tells_of_failure(),
        }
    }

    /// Sets the mode, for acts with a dry run.
    #[must_use]
    pub fn in_mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self.tells_of_failure &= mode == Mode::Run;
        self
    }

    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Sets the role that it is about.
    #[must_use]
    pub fn role(mut self, role: &RoleName) -> Self {
        self.subject.username = Some(role.to_string());
        self
    }

    /// Sets the profile.
    #[must_use]
    pub fn profile(mut self, profile: Option<&str>) -> Self {
        self.subject.profile = profile.map(str::to_owned);
        self
    }

    /// Sets why it is done, in the operator's words.
    #[must_use]
    pub fn reason(mut self, reason: Option<&str>) -> Self {
        self.subject.reason = reason.map(str::to_owned);
        self
    }

    /// Sets the targets of an act on several.
    #[must_use]
    pub fn targets<'a>(mut self, targets: impl IntoIterator<Item = &'a Target>) -> Self {
        self.subject.targets = targets.into_iter().map(Target::name).collect();
        self
    }

    /// Marks it as a step of another operation, which cannot continue without it: its failure is reported to channels
    /// as that operation's.
    #[must_use]
    pub fn on_behalf_of(mut self, operation: Operation, mode: Mode) -> Self {
        self.tells_of_failure = operation.tells_of_failure() && mode == Mode::Run;
        self
    }

    /// Adds the target to an error, and what could not be done there.
    ///
    /// # Errors
    /// The result's own.
    pub fn named<T>(&self, target: &Target, result: Result<T>) -> Result<T> {
        result.with_context(|| OnTarget::new(target, self.cannot.clone()))
    }
}

/// The result of a successful act as the audit log records it.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub status: Status,
    /// The statements that ran, without verifiers.
    pub statements: Vec<String>,
    /// What the server said of a rehearsal that it refused.
    pub sqlstate: Option<String>,
    /// The statements that would undo them.
    pub undo: Undo,
    /// What messages say about it, if more than its status.
    pub announcement: Option<Announcement>,
}

impl Run {
    /// Runs an act against a target's server: the intent is on disk first, the outcome follows. The only
    /// way to get a connection. The errors name the target.
    ///
    /// # Errors
    /// If the intent cannot be recorded (then nothing was done), no credential is found, or the login or `act` fails.
    pub fn audited<T>(
        &self,
        act: &Act,
        target: &Target,
        work: impl FnOnce(&mut TargetSession<'_>) -> Result<(T, Done)>,
    ) -> Result<T> {
        self.share_session(target).audited(act, work)
    }

    /// Runs an act that touches no server, for example the keyring: intent first, outcome after.
    ///
    /// # Errors
    /// If the intent cannot be recorded (then nothing was done), or `work` fails.
    pub fn audited_locally(
        &self,
        act: &Act,
        status: Status,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        self.audited_run(act, || {
            work()?;
            let done = Done {
                status,
                ..Done::default()
            };
            Ok(((), done))
        })
    }

    /// The same for an act that determines its outcome itself, such as a run of many acts that are recorded separately.
    ///
    /// # Errors
    /// If the intent cannot be recorded (then nothing was done), or `work` fails.
    pub fn audited_run<T>(&self, act: &Act, work: impl FnOnce() -> Result<(T, Done)>) -> Result<T> {
        self.recorded(act, |_| work())
    }

    /// Records that an act failed before it could begin.
    pub fn audited_failure(&self, act: &Act, target: &Target, error: Error) -> Error {
        let failed: Result<()> = self.audited_run(act, || Err(error));
        let failed = act.named(target, failed);
        failed.expect_err("the result is the error that was passed in")
    }

    /// Runs an act that ends a password change without a server: both are on record together, or neither. `work` may
    /// clean up before.
    ///
    /// # Errors
    /// Where the intent cannot be recorded (then nothing was done), or the end.
    pub fn audited_ending(
        &self,
        act: &Act,
        status: Status,
        work: impl FnOnce() -> ChangeEnding,
    ) -> Result<()> {
        let begun = self.begin(act)?;
        let ending = work();
        let done = Done {
            status,
            ..Done::default()
        };
        let ended = self.end(act, &begun, Ok(&((), done)), Some(&ending));
        if let Err(error) = &ended {
            self.end_or_warn::<()>(act, &begun, Err(error), None);
        }
        ended
    }

    /// Puts on record how an earlier act ended that was cut off before it could say so itself. An outcome that is on record
    /// stays.
    ///
    /// # Errors
    /// If it cannot be recorded.
    pub fn end_earlier(&self, act: &Act, operation_id: &str, done: &Done) -> Result<()> {
        let id = operation_id.to_owned();
        let intent = Intent::new(id, (act.operation, act.mode), act.subject.clone());
        let outcome = describe(Ok(&((), done.clone())));
        self.acted.store(true, Ordering::SeqCst);
        let announced = done.announcement.as_ref();
        self.put_end(
            act,
            &BegunAct::new(intent),
            &outcome,
            (announced, None),
            None,
        )
    }

    /// Records intent and outcome around `work`, which reports the role that it logged in as.
    pub(super) fn recorded<T>(
        &self,
        act: &Act,
        work: impl FnOnce(&mut BegunAct) -> Result<(T, Done)>,
    ) -> Result<T> {
        let mut begun = self.begin(act)?;
        let result = work(&mut begun);
        // Its locks are held until the end of this function.
        let left = begun.pending_end.take();
        self.end_or_warn(act, &begun, result.as_ref(), left.as_ref());
        let (value, done) = result?;
        for statement in done.statements {
            self.note(format!("{statement};"));
        }
        Ok(value)
    }

    /// Puts on record that an act is about to happen.
    pub(super) fn begin(&self, act: &Act) -> Result<BegunAct> {
        if interrupt::is_to_cancel() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        let id = random_id(OPERATION_ID, &mut SysRng)?;
        let mut subject = act.subject.clone();
        if act.operation.is_change() {
            subject.reason = subject.reason.or_else(|| self.reason());
            self.require_reason(act, &subject)?;
        }
        let intent = Intent::new(id, (act.operation, act.mode), subject);
        self.trace.locally(
            "record the intent",
            || Some(act.operation.name_in(act.mode)),
            || self.with_store(|store| store.record_intent(&intent, Timestamp::now())),
        )?;
        self.acted.store(true, Ordering::SeqCst);
        Ok(BegunAct::new(intent))
    }

    /// Refuses a change without a reason in an environment that wants one.
    fn require_reason(&self, act: &Act, subject: &Subject) -> Result<(), Failure> {
        let has_one = subject
            .reason
            .as_ref()
            .is_some_and(|reason| !reason.trim().is_empty());
        if has_one || act.mode != Mode::Run || act.operation.has_reason_of_others() {
            return Ok(());
        }
        let several = subject
            .targets
            .iter()
            .filter_map(|name| Some(name.split_once('/')?.0));
        self.require_reason_in(subject.env.as_deref().into_iter().chain(several))
    }

    /// Refuses changes without a reason, if one of the environments wants one.
    ///
    /// # Errors
    /// Usage.
    pub fn require_reason_in<'a>(
        &self,
        mut envs: impl Iterator<Item = &'a str>,
    ) -> Result<(), Failure> {
        let reason = self.reason();
        if reason.is_some_and(|reason| !reason.trim().is_empty()) {
            return Ok(());
        }
        let wanting = &self.settings.require_reason;
        let wants_one = |env: &&str| wanting.iter().any(|one| one.as_str() == *env);
        match envs.find(wants_one) {
            None => Ok(()),
            Some(env) => Err(Failure::usage(format!(
                "a change in environment \"{env}\" needs a reason, as the config file says: audit.require_reason"
            ))
            .hint("say why, for the audit log: --reason TEXT")),
        }
    }

    /// Puts on record how an act ended. What happened on the server happened: its result must reach the operator all the
    /// same, so what cannot be recorded is a warning.
    fn end_or_warn<T>(
        &self,
        act: &Act,
        begun: &BegunAct,
        result: Result<&(T, Done), &Error>,
        left: Option<&LeftChange>,
    ) {
        let unrecorded = |error: Error| format!("the outcome is not in the audit log: {error:#}");
        let Some(left) = left else {
            if let Err(error) = self.end(act, begun, result, None) {
                self.warn_of_lost_end(unrecorded(error));
            }
            return;
        };
        if let Err(error) = self.end(act, begun, result, Some(&left.ending)) {
            // What the journal cannot take, the log may.
            if let Err(error) = self.end(act, begun, result, None) {
                self.warn_of_lost_end(unrecorded(error));
            }
            self.warn_of_lost_end(left.unwritten(&error));
        }
    }

    /// The same, in one call of the store.
    fn end<T>(
        &self,
        act: &Act,
        begun: &BegunAct,
        result: Result<&(T, Done), &Error>,
        change: Option<&ChangeEnding>,
    ) -> Result<()> {
        let outcome = Outcome {
            admin_user: begun.admin_user.clone(),
            duration_ms: duration_ms(begun.started),
            ..describe(result)
        };
        let announced = result.ok().and_then(|(_, done)| done.announcement.as_ref());
        let failed = result.err().map(failure::kind_of);
        self.put_end(act, begun, &outcome, (announced, failed), change)?;
        if change.is_some_and(|change| change.state.is_final()) {
            self.scrub_log();
        }
        Ok(())
    }
}

/// What is told of an end beside its outcome, and the kind of its failure.
type Told<'a> = (Option<&'a Announcement>, Option<Kind>);

impl Run {
    /// Puts an outcome on record that was put together from many answers.
    pub(super) fn end_with(
        &self,
        act: &Act,
        begun: &BegunAct,
        outcome: &Outcome,
        failed: Option<Kind>,
    ) -> Result<()> {
        self.put_end(act, begun, outcome, (None, failed), None)
    }

    fn put_end(
        &self,
        act: &Act,
        begun: &BegunAct,
        outcome: &Outcome,
        (announcement, failed): Told<'_>,
        change: Option<&ChangeEnding>,
    ) -> Result<()> {
        let ended = ActEnd {
            is_told_in_summary: act.operation.is_told_in_summary(),
            tells_of_failure: act.tells_of_failure,
            env: begun.intent.env(),
            outcome,
            announcement,
            failed,
        };
        let ended = EndedAct {
            intent: &begun.intent,
            outcome,
            drafts: &drafts(&self.settings.channels, &ended),
            change,
        };
        self.trace.locally(
            "record the outcome",
            || {
                Some(format!(
                    "{}: {}",
                    act.operation.name_in(act.mode),
                    outcome.status
                ))
            },
            || self.with_store(|store| store.end_act(&ended, Timestamp::now())),
        )
    }
}

/// An act that ran statements records even an empty undo.
fn is_to_be_kept(done: &Done) -> bool {
    !(done.statements.is_empty() && done.undo.is_empty())
}

fn describe<T>(result: Result<&(T, Done), &Error>) -> Outcome {
    match result {
        Ok((_, done)) => Outcome {
            status: done.status.clone(),
            sqlstate: done.sqlstate.clone(),
            statements: (!done.statements.is_empty()).then(|| done.statements.join(";\n")),
            undo: is_to_be_kept(done).then(|| done.undo.clone()),
            ..Outcome::default()
        },
        Err(error) => Outcome {
            status: status_of(failure::kind_of(error)),
            sqlstate: failure::sqlstate_of(error).map(str::to_owned),
            error: Some(format!("{error:#}")),
            ..Outcome::default()
        },
    }
}

/// The status of an act that failed.
pub(super) fn status_of(kind: Kind) -> Status {
    match kind {
        Kind::Refused => Status::Refused,
        Kind::Interrupted => Status::Interrupted,
        Kind::NotFound => Status::NotFound,
        _ => Status::Failed,
    }
}
