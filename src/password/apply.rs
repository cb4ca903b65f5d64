//! Apply: the statements are sent. What the server says is definite; where no answer comes, the password is tried.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::domain::act::plan::Change;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password::change::ChangeState;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::password::open_change::OpenChange;
use crate::password::probe::PasswordProof;
use crate::run::TargetSession;
use crate::run::login_state::{apply, is_policy_refusal};

/// So many generated passwords are tried where a policy of the server's own refuses them.
const PASSWORDS: u32 = 3;

impl OpenChange<'_> {
    /// Sends the statements, with another password where a policy refuses a generated one. What the server says is
    /// definite; where no answer comes, the new password is tried.
    ///
    /// # Errors
    /// What the server says, with the change still open for [`OpenChange::abort`] or another try; or that it
    /// is not known whether the password is in force (exit status 8).
    pub fn apply(
        &mut self,
        server: &mut TargetSession<'_>,
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

    fn apply_sealed(
        &mut self,
        server: &mut TargetSession,
        changes: &[Change],
        found: &ServerState,
    ) -> Result<()> {
        // A role that is not there yet is made as a login.
        let is_made = self.change.dual.is_some();
        self.can_login = Some(is_made || found.role.as_ref().is_none_or(|role| role.login));
        let started = Instant::now();
        let password = (self.change.login(), &self.contents.verifier);
        let changes = whole_transaction(changes, password, found);
        match apply(server, &changes, found.version) {
            Ok(()) => self.applied(),
            Err(error) if is_definite(&error) => Err(error),
            Err(error) => {
                let left = self.run.timeout.saturating_sub(started.elapsed());
                self.settle_unanswered(error, left)
            }
        }
    }

    /// Tries the new password for as long as `left` of the deadline.
    fn settle_unanswered(&mut self, error: anyhow::Error, left: Duration) -> Result<()> {
        match self.try_password(left) {
            PasswordProof::Proven | PasswordProof::ActsOtherwise(_) => self.applied(),
            // The session that was lost may still commit: only `recover` ends it before it looks.
            PasswordProof::Refuted | PasswordProof::CannotTell(_) | PasswordProof::NotLetIn(_) => {
                self.leave(ChangeState::Unknown, Some(format!("{error:#}")));
                let show = pasteable("pgrole recover show {}", &[&self.change.operation_id]);
                Err(Failure::new(
                    Kind::Undelivered,
                    format!(
                        "it is not known whether the new password of \"{}\" is in force",
                        self.change.role
                    ),
                )
                .hint(format!("to find out: pgrole recover run (details: {show})"))
                .caused_by(error)
                .into())
            }
        }
    }
}

/// The changes with this verifier, and what makes sure of it in the same transaction.
pub fn whole_transaction(
    changes: &[Change],
    (role, verifier): (&RoleName, &Verifier),
    found: &ServerState,
) -> Vec<Change> {
    let mut changes = changes.to_vec();
    for change in &mut changes {
        change.set_verifier(verifier);
    }
    changes.insert(0, Change::CommitDurably);
    if found.admin.superuser {
        changes.push(Change::RequireVerifier {
            role: role.clone(),
            verifier: verifier.clone(),
        });
    }
    changes
}

/// Whether the server itself said that the transaction did not happen. A session that was ended (57P0x), or
/// whose connection broke (08…), may have committed before.
pub(super) fn is_definite(error: &anyhow::Error) -> bool {
    sqlstate_of(error).is_some_and(|code| !code.starts_with("57P") && !code.starts_with("08"))
}
