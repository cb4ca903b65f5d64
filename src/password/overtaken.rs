//! Whether a password that was delivered is still the one in force. Locks keep two runs of one registry apart; nothing
//! keeps apart two registries, or a person with psql.

use anyhow::Result;

use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::failure::Kind;
use crate::domain::password::change::PasswordChange;
use crate::domain::password::sealing::Contents;
use crate::password::probe::{PasswordProof, Trial};
use crate::run::{Run, TargetSession};
use crate::server::catalog;

/// Asks the server again, by what it stores where the admin credential may read that, else by a login. Where neither
/// tells although the server was asked, the commit's acknowledgement counts.
///
/// # Errors
/// Exit status 8, where another password is in force by now, or the server cannot be asked.
pub fn look_again(
    run: &Run,
    server: &mut TargetSession<'_>,
    change: &PasswordChange,
    contents: &Contents,
    can_login: Option<bool>,
) -> Result<()> {
    let (role, id) = (change.login(), &change.operation_id);
    let found = server.read(|connection| catalog::read_changed_role(connection, role, id));
    let found = match found {
        Ok(found) => found,
        // It may be this one session that was ended.
        Err(error) => {
            return match try_login(run, change, contents, can_login) {
                PasswordProof::Proven | PasswordProof::ActsOtherwise(_) => Ok(()),
                PasswordProof::Refuted => Err(overtaken(change).into()),
                PasswordProof::CannotTell(_) | PasswordProof::NotLetIn(_) => {
                    Err(unknown(change).caused_by(error).into())
                }
            };
        }
    };
    if let Some(stored) = &found.verifier {
        return if stored == contents.verifier.as_str() {
            Ok(())
        } else {
            Err(overtaken(change).into())
        };
    }
    // The server refuses every password of an expired role: that proves nothing.
    if found.expired {
        return Ok(());
    }
    match try_login(run, change, contents, found.can_login) {
        PasswordProof::Refuted => Err(overtaken(change).into()),
        PasswordProof::Proven
        | PasswordProof::ActsOtherwise(_)
        | PasswordProof::CannotTell(_)
        | PasswordProof::NotLetIn(_) => Ok(()),
    }
}

fn try_login(
    run: &Run,
    change: &PasswordChange,
    contents: &Contents,
    can_login: Option<bool>,
) -> PasswordProof {
    let trial = Trial {
        change,
        password: &contents.password,
        limit: run.timeout,
        trace: run.trace.clone(),
        can_login,
    };
    trial.run()
}

fn overtaken(change: &PasswordChange) -> Failure {
    let PasswordChange { role, target, .. } = change;
    Failure::new(
        Kind::Undelivered,
        format!(
            "somebody else changed the password of \"{role}\" while this one was delivered to {}: it is not the one in force",
            change.destination.in_words()
        ),
    )
    .hint(format!(
        "look for another registry that rotates this role; then settle this change and set a new password: pgrole recover run; {}",
        on_target("pgrole user reset -e {} -d {} -u {}", target, &[role])
    ))
}

fn unknown(change: &PasswordChange) -> Failure {
    Failure::new(
        Kind::Undelivered,
        format!(
            "the password of \"{}\" was delivered to {}, but the server cannot be queried whether it is still the one in force",
            change.role,
            change.destination.in_words()
        ),
    )
    .hint("when the server answers again: pgrole recover run")
}
