//! Prove: a login with the new password.

use std::time::Duration;

use anyhow::Result;

use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind};
use crate::password::open_change::OpenChange;
use crate::password::probe::{PasswordProof, Trial};
use crate::run::TargetSession;
use crate::server::catalog;

impl OpenChange<'_> {
    /// Tries the new password for as long as `limit`.
    pub(super) fn try_password(&self, limit: Duration) -> PasswordProof {
        let trial = Trial {
            change: &self.change,
            password: &self.contents.password,
            limit,
            trace: self.run.trace.clone(),
            can_login: self.can_login,
        };
        trial.run()
    }

    /// Logs in with the new password. "Cannot tell" is not an error.
    ///
    /// # Errors
    /// Where the server says that the password is wrong.
    pub fn prove(&mut self, server: &mut TargetSession<'_>) -> Result<()> {
        if self.change.dual.is_some() {
            return self.prove_dual(server);
        }
        let mut proof = self.try_password(self.run.timeout);
        if proof == PasswordProof::Refuted && self.has_expired(server)? {
            // It refuses every password of the role then. Its clock counts, not ours.
            let why = "by the server's clock its VALID UNTIL has passed";
            proof = PasswordProof::CannotTell(why.to_owned());
        }
        match proof {
            PasswordProof::Proven | PasswordProof::ActsOtherwise(_) => Ok(()),
            PasswordProof::CannotTell(why) | PasswordProof::NotLetIn(why) => {
                let change = &self.change;
                self.run.warn_unverified(&change.target, &change.role, why);
                Ok(())
            }
            PasswordProof::Refuted => Err(Failure::new(
                Kind::Undelivered,
                format!(
                    "the server accepted the new password of \"{}\", but refuses a login with it",
                    self.change.role
                ),
            )
            .hint(format!(
                "details: {}",
                pasteable("pgrole recover show {}", &[&self.change.operation_id])
            ))
            .into()),
        }
    }

    fn has_expired(&self, server: &mut TargetSession<'_>) -> Result<bool> {
        let (role, id) = (&self.change.role, &self.change.operation_id);
        let read = server.read(|connection| catalog::read_changed_role(connection, role, id));
        read.map(|found| found.expired)
            .map_err(|error| self.undelivered(error))
    }
}
