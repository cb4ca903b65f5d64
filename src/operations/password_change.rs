//! How a password changes hands (ROTATION.md): seal, apply, prove, deliver, close. The only way that pgrole
//! sets a password: whatever happens in between, the password in force is on record or can be put there.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::rngs::SysRng;
use serde_json::Value;

use crate::credentials::{keyring, sealing_key};
use crate::delivery::{Courier, Parcel};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password_change::{ChangeState, PasswordChange};
use crate::domain::plan::Change;
use crate::domain::role::RoleName;
use crate::domain::scram::{DEFAULT_ITERATIONS, Verifier};
use crate::domain::sealing::{Contents, SealingKey};
use crate::domain::secret::Secret;
use crate::domain::state::ServerState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::WITHHELD;
use crate::locks::Lock;
use crate::operations::file_delivery::{self, Sample};
use crate::operations::login_places;
use crate::operations::login_state::{apply, is_policy_refusal};
use crate::operations::overtaken::look_again;
use crate::operations::password::NewPassword;
use crate::operations::probe::{Proof, Trial};
use crate::operations::report::UserReport;
use crate::operations::session::{Server, Session};
use crate::operations::sole_holder;
use crate::server::catalog;

/// The delivery to stdout.
pub trait Printer: Sync {
    /// Looks whether what is printed arrives somewhere.
    ///
    /// # Errors
    /// Where it would be lost.
    fn check(&self) -> Result<()>;

    /// Prints a report with its password, flushed and checked.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn print(&self, report: &UserReport, password: Option<&Secret>) -> Result<()>;
}

/// Where a new password goes, and how that is done.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// As the operator wrote it, placeholders and all.
    pub destination: &'a Destination,
    pub file_format: FileFormat,
    pub printer: &'a dyn Printer,
}

/// A password change that has begun: sealed, locked against recovery by others, not yet ended.
pub struct OpenChange<'a> {
    session: &'a Session,
    delivery: Delivery<'a>,
    pub change: PasswordChange,
    contents: Contents,
    /// Whether the operator knows the password already, so that stdout need not show it.
    known: bool,
    _locks: Vec<Lock>,
    /// Whether the role may log in, once that was read.
    can_login: Option<bool>,
}

/// A command that takes a delivery, such as a vault's, may be this much slower than a server.
const COMMAND_TIMEOUTS: u32 = 3;
/// So many generated passwords are tried where a policy of the server's own refuses them.
const PASSWORDS: u32 = 3;
/// How long the sealed copy of a delivery that cannot be confirmed is kept.
const KEEP: &str = "24h";

/// Does a delivery's work up to the moment in which something would change, before a server is touched.
///
/// # Errors
/// What stands in its way, and a sealing key that cannot be had.
pub fn preflight(
    session: &Session,
    delivery: &Delivery<'_>,
    target: &Target,
    role: &RoleName,
) -> Result<()> {
    let destination = delivery.destination.resolve(target, role)?;
    let sample = Sample::new(session, target, role)?;
    let sample = sample.parcel(target, role);
    for (destination, file_format) in destination.each(delivery.file_format) {
        match destination {
            Destination::Keyring => {
                keyring::check().context("the keyring cannot take a delivery")?;
            }
            Destination::Stdout => delivery.printer.check()?,
            Destination::Credential(places) => login_places::check(session, places, &sample)
                .context("the new password cannot be stored where the login is kept")?,
            _ => sole_holder::check(session, destination, file_format, target, role)
                .and_then(|()| file_delivery::rehearse(session, destination, file_format, &sample))
                .with_context(|| format!("cannot deliver to {destination}"))?,
        }
    }
    sealing_key(session)?;
    session.with_store(|store| store.prepare_record_key())?;
    Ok(())
}

/// The key that seals, made where there is none.
fn sealing_key(session: &Session) -> Result<SealingKey> {
    if let Some(key) = sealing_key::find(&session.key_file)? {
        return Ok(key);
    }
    // Of two that make one at the same time, one would seal with a key that the other has replaced.
    let _lock = session.lock("sealing-key")?;
    sealing_key::find_or_create(&session.key_file)
}

impl<'a> OpenChange<'a> {
    /// Puts the sealed password on record. When this returns it is on disk; nothing was sent.
    ///
    /// # Errors
    /// Then nothing was changed.
    pub fn seal(
        session: &'a Session,
        delivery: Delivery<'a>,
        change: PasswordChange,
        (password, verifier): (&NewPassword, Verifier),
        previous_verifier: Option<Verifier>,
    ) -> Result<Self> {
        let key = sealing_key(session)?;
        // Until the change is in the journal, where whoever else wants the file finds it.
        let _claims = sole_holder::claim(session, &change)
            .with_context(|| format!("cannot deliver to {}", change.destination.in_words()))?;
        let contents = Contents {
            password: password.secret().clone(),
            verifier,
            previous_verifier,
        };
        let sealed = key.seal(&contents, &change.associated_data(&key.id()), &mut SysRng)?;
        let lock = session.seal_change(&change, &key.id(), &sealed)?;
        Ok(Self {
            session,
            delivery,
            change,
            contents,
            known: password.to_report().is_none(),
            _locks: vec![lock],
            can_login: None,
        })
    }

    /// Takes up a change that was cut off.
    pub fn reopen(
        session: &'a Session,
        delivery: Delivery<'a>,
        change: PasswordChange,
        contents: Contents,
        locks: Vec<Lock>,
    ) -> Self {
        Self {
            session,
            delivery,
            change,
            contents,
            known: false,
            _locks: locks,
            can_login: None,
        }
    }

    /// The new password and its verifiers.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Sends the statements, with another password where a policy refuses a generated one. What the server says is
    /// definite; where no answer comes, the new password is tried.
    ///
    /// # Errors
    /// What the server says, with the change still open for [`OpenChange::abort`] or another try; or that it
    /// is not known whether the password is in force (exit status 8).
    pub fn apply(
        &mut self,
        server: &mut Server<'_>,
        changes: &[Change],
        found: &ServerState,
    ) -> Result<()> {
        for _ in 1..PASSWORDS {
            match self.apply_sealed(server, changes, found) {
                Err(error) if !self.known && is_policy_refusal(&error) => {
                    self.take_another_password()?;
                }
                result => return result,
            }
        }
        self.apply_sealed(server, changes, found).map_err(|error| {
            if self.known || !is_policy_refusal(&error) {
                return error;
            }
            error.context(format!("{PASSWORDS} generated passwords were refused"))
        })
    }

    /// Seals a new password in the place of the one that was refused.
    fn take_another_password(&mut self) -> Result<()> {
        let password = NewPassword::new(None, self.session.settings.password_length)?;
        let iterations = self.contents.verifier.iterations();
        let contents = Contents {
            password: password.secret().clone(),
            verifier: password.verifier(iterations.unwrap_or(DEFAULT_ITERATIONS), None)?,
            previous_verifier: self.contents.previous_verifier.take(),
        };
        let key = sealing_key(self.session)?;
        let sealed = key.seal(
            &contents,
            &self.change.associated_data(&key.id()),
            &mut SysRng,
        )?;
        let id = &self.change.operation_id;
        self.session
            .with_store(|store| store.reseal_change(id, &key.id(), &sealed, Timestamp::now()))?;
        self.contents = contents;
        Ok(())
    }

    fn apply_sealed(
        &mut self,
        server: &mut Server,
        changes: &[Change],
        found: &ServerState,
    ) -> Result<()> {
        self.advance(ChangeState::Applying, None)?;
        // A role that is not there yet is made as a login.
        self.can_login = Some(found.role.as_ref().is_none_or(|role| role.login));
        let started = Instant::now();
        let mut changes = changes.to_vec();
        for change in &mut changes {
            change.set_verifier(&self.contents.verifier);
        }
        changes.insert(0, Change::CommitDurably);
        if found.admin.superuser {
            changes.push(Change::RequireVerifier {
                role: self.change.role.clone(),
                verifier: self.contents.verifier.clone(),
            });
        }
        match apply(server, &changes, found.version) {
            Ok(()) => self.applied(),
            Err(error) if is_definite(&error) => Err(error),
            Err(error) => {
                let left = self.session.timeout.saturating_sub(started.elapsed());
                self.settle_unanswered(error, left)
            }
        }
    }

    /// Ends the change where the server refused it: the old password, or none, is still in force.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn abort(self, error: &anyhow::Error) -> Result<()> {
        let state = if is_policy_refusal(error) {
            ChangeState::Refused
        } else {
            ChangeState::Aborted
        };
        let error = format!("{error:#}");
        self.close(state, Some(&error))
    }

    /// Tries the new password for as long as `limit`.
    fn try_password(&self, limit: Duration) -> Proof {
        let trial = Trial {
            change: &self.change,
            password: &self.contents.password,
            limit,
            can_login: self.can_login,
        };
        trial.run()
    }

    /// Logs in with the new password. "Cannot tell" is no error.
    ///
    /// # Errors
    /// Where the server says that the password is wrong.
    pub fn prove(&mut self, server: &mut Server<'_>) -> Result<()> {
        let mut proof = self.try_password(self.session.timeout);
        if proof == Proof::Refuted && self.has_expired(server)? {
            // It refuses every password of the role then. Its clock counts, not ours.
            let why = "by the server's clock its VALID UNTIL is past";
            proof = Proof::CannotTell(why.to_owned());
        }
        match proof {
            Proof::Proven => {
                let noted = self.advance(ChangeState::Proven, None);
                noted.map_err(|error| self.undelivered(error))
            }
            Proof::CannotTell(why) => {
                let role = &self.change.role;
                self.session.warn(format!(
                    "cannot prove the new password of \"{role}\": {why}"
                ));
                Ok(())
            }
            Proof::Refuted => Err(Failure::new(
                Kind::Undelivered,
                format!(
                    "the server took the new password of \"{}\", and refuses it",
                    self.change.role
                ),
            )
            .hint(format!(
                "see pgrole recover show {}",
                self.change.operation_id
            ))
            .into()),
        }
    }

    fn has_expired(&self, server: &mut Server<'_>) -> Result<bool> {
        let (role, id) = (&self.change.role, &self.change.operation_id);
        let read = server.read(|connection| catalog::read_changed_role(connection, role, id));
        read.map(|found| found.expired)
            .map_err(|error| self.undelivered(error))
    }

    /// Delivers the password of a role that is new, so that nobody else changes it yet, and ends the change. What was
    /// delivered to stdout stays sealed for a while.
    ///
    /// # Errors
    /// Exit status 8 where the password is in force and not where it should be.
    pub fn deliver(self, report: &mut UserReport) -> Result<()> {
        self.hand_over_noted(report)?;
        self.end_delivered();
        Ok(())
    }

    /// The same for a role that somebody else may have changed at the same time, such as pgrole with another registry:
    /// the server is asked again when all is delivered, so that of two only one says that its password is good.
    ///
    /// # Errors
    /// Exit status 8 too where the password that was delivered is no longer in force, with the change still open.
    pub fn deliver_and_look_again(
        self,
        server: &mut Server<'_>,
        report: &mut UserReport,
    ) -> Result<()> {
        self.hand_over_noted(report)?;
        let Self {
            session,
            change,
            contents,
            can_login,
            ..
        } = &self;
        let looked = look_again(session, server, change, contents, *can_login);
        let Err(overtaken) = looked else {
            self.end_delivered();
            return Ok(());
        };
        let reason = format!("{overtaken:#}");
        if let Err(unwritten) = self.advance(ChangeState::Undelivered, Some(&reason)) {
            self.session
                .warn(format!("the journal cannot be written: {unwritten:#}"));
        }
        Err(overtaken)
    }

    fn hand_over_noted(&self, report: &mut UserReport) -> Result<()> {
        if self.change.destination != Destination::Stdout {
            report.delivered_to = Some(self.change.destination.in_words());
        }
        let delivered = self.hand_over(report);
        if let Err(error) = delivered {
            let reason = format!("{error:#}");
            if let Err(unwritten) = self.advance(ChangeState::Undelivered, Some(&reason)) {
                // What the journal says already leads recovery to the same.
                self.session
                    .warn(format!("the journal cannot be written: {unwritten:#}"));
            }
            return Err(self.undelivered(error));
        }
        Ok(())
    }

    fn end_delivered(&self) {
        if let Err(unwritten) = self.note_delivered() {
            self.session.warn(format!(
                "the password of \"{}\" was delivered, but the journal cannot be closed, so that pgrole recover run will deliver it again: {unwritten:#}",
                self.change.role
            ));
        }
    }

    /// The password is in force, and is not where it should be.
    fn undelivered(&self, error: anyhow::Error) -> anyhow::Error {
        let id = &self.change.operation_id;
        Failure::new(
            Kind::Undelivered,
            format!(
                "the password of \"{}\" was changed, but not delivered to {}",
                self.change.role,
                self.change.destination.in_words()
            ),
        )
        .hint(format!(
            "mend that, then: pgrole recover run   (or see it: pgrole recover show {id})"
        ))
        .caused_by(error)
        .into()
    }

    fn note_delivered(&self) -> Result<()> {
        let is_unconfirmed = |destination: &Destination| match destination {
            Destination::Stdout => !self.known,
            // A keyring may forget what it was given last, if the power fails.
            Destination::Keyring => true,
            Destination::Credential(places) => login_places::may_be_forgotten(places),
            _ => false,
        };
        let each = self.change.destination.each(self.change.file_format);
        if !each.iter().any(|(one, _)| is_unconfirmed(one)) {
            return self.close(ChangeState::Closed, None);
        }
        let now = Timestamp::now();
        let keep_until = now.after(KEEP.parse()?)?;
        let id = &self.change.operation_id;
        self.session
            .with_store(|store| store.keep_change(id, keep_until, now))
    }

    fn hand_over(&self, report: &UserReport) -> Result<()> {
        for (destination, file_format) in self.change.destination.each(self.change.file_format) {
            self.hand_over_to(destination, file_format, report)?;
        }
        Ok(())
    }

    fn hand_over_to(
        &self,
        destination: &Destination,
        file_format: FileFormat,
        report: &UserReport,
    ) -> Result<()> {
        match destination {
            Destination::Stdout => {
                let shown = (!self.known).then_some(&self.contents.password);
                self.delivery.printer.check()?;
                self.delivery.printer.print(report, shown)
            }
            Destination::Keyring => Ok(keyring::deliver(
                &self.change.target,
                self.change.role.as_str(),
                &self.contents.password,
            )?),
            _ => self.send(destination, file_format, report),
        }
    }

    fn send(
        &self,
        destination: &Destination,
        file_format: FileFormat,
        report: &UserReport,
    ) -> Result<()> {
        let object = with_id(report, &self.change.operation_id)?;
        let parcel = Parcel {
            target: &self.change.target,
            username: self.change.role.as_str(),
            password: &self.contents.password,
            verifier: self.contents.verifier.as_str(),
            operation_id: &self.change.operation_id,
            object: &object,
        };
        if let Destination::Credential(places) = destination {
            return login_places::put(self.session, places, &parcel);
        }
        let courier = courier(self.session, destination, file_format);
        file_delivery::deliver(self.session, &courier, &parcel)
    }

    /// Tries the new password for as long as `left` of the deadline.
    fn settle_unanswered(&mut self, error: anyhow::Error, left: Duration) -> Result<()> {
        let reason = format!("{error:#}");
        if let Err(unwritten) = self.advance(ChangeState::Unknown, Some(&reason)) {
            self.session
                .warn(format!("the journal cannot be written: {unwritten:#}"));
        }
        match self.try_password(left) {
            Proof::Proven => {
                self.applied()?;
                self.advance(ChangeState::Proven, None)
            }
            // The session that was lost may still commit: only `recover` ends it before it looks.
            Proof::Refuted | Proof::CannotTell(_) => {
                let id = &self.change.operation_id;
                Err(Failure::new(
                    Kind::Undelivered,
                    format!(
                        "it is not known whether the new password of \"{}\" is in force",
                        self.change.role
                    ),
                )
                .hint(format!(
                    "to settle it: pgrole recover run   (or see it: pgrole recover show {id})"
                ))
                .caused_by(error)
                .into())
            }
        }
    }

    /// Notes that the password is in force: the role's new age begins.
    ///
    /// # Errors
    /// Exit status 8 where the journal cannot be written: then nothing is delivered.
    pub fn applied(&self) -> Result<()> {
        let noted = self.advance(ChangeState::Applied, None);
        noted.map_err(|error| self.undelivered(error))
    }

    pub fn advance(&self, state: ChangeState, error: Option<&str>) -> Result<()> {
        self.session
            .with_store(|store| store.advance_change(&self.change, state, error, Timestamp::now()))
    }

    pub fn close(&self, state: ChangeState, error: Option<&str>) -> Result<()> {
        close(self.session, &self.change, state, error)
    }
}

/// Ends a change: nothing of its password is left here.
///
/// # Errors
/// When the journal cannot be written.
pub fn close(
    session: &Session,
    change: &PasswordChange,
    state: ChangeState,
    error: Option<&str>,
) -> Result<()> {
    let id = &change.operation_id;
    for (destination, file_format) in change.destination.each(change.file_format) {
        let discarded = match destination {
            Destination::Credential(places) => login_places::discard(session, places, id),
            destination => {
                let courier = courier(session, destination, file_format);
                file_delivery::discard(session, &courier, id)
            }
        };
        if let Err(error) = discarded {
            session.warn(format!(
                "what a delivery that was cut off left is still there: {error:#}"
            ));
        }
    }
    session.with_store(|store| store.close_change(id, state, error, Timestamp::now()))
}

/// Ends a change that the server refused, and passes the refusal on. What is not known stays open.
pub fn give_up(open: Option<OpenChange<'_>>, error: anyhow::Error) -> anyhow::Error {
    match open {
        Some(open) if is_definite(&error) => match open.abort(&error) {
            Ok(()) => error,
            Err(unwritten) => {
                error.context(format!("the journal could not be closed: {unwritten:#}"))
            }
        },
        _ => error,
    }
}

/// Whether the server itself said that the transaction did not happen. A session that was ended (57P0x), or
/// whose connection broke (08…), may have committed before.
fn is_definite(error: &anyhow::Error) -> bool {
    sqlstate_of(error).is_some_and(|code| !code.starts_with("57P") && !code.starts_with("08"))
}

/// What carries a password to a destination.
pub fn courier<'a>(
    session: &'a Session,
    destination: &'a Destination,
    file_format: FileFormat,
) -> Courier<'a> {
    Courier {
        destination,
        file_format,
        variables: &session.variables,
        command_limit: session.timeout * COMMAND_TIMEOUTS,
        withheld: &WITHHELD,
    }
}

/// The report as an object, with the id of its operation.
///
/// # Errors
/// None that is expected.
pub fn with_id(report: &UserReport, operation_id: &str) -> Result<Value> {
    let mut object = serde_json::to_value(report)?;
    if let Some(object) = object.as_object_mut() {
        object.insert(
            "operation_id".to_owned(),
            Value::String(operation_id.to_owned()),
        );
    }
    Ok(object)
}
