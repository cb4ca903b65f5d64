//! Logging in with a new password: it is the one, it is not, or the server's answer does not tell
//! (POSTGRES.md, "The login probe").

use std::time::Duration;

use crate::domain::failure::{Kind, is_after_password, kind_of, sqlstate_of};
use crate::domain::password_change::PasswordChange;
use crate::domain::secret::Secret;
use crate::server::connection::{Connection, Login};

/// What a login says of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    Proven,
    Refuted,
    /// And why.
    CannotTell(String),
}

/// Logs in as the role of a change.
pub fn prove(change: &PasswordChange, password: &Secret, limit: Duration) -> Proof {
    if limit.is_zero() {
        return Proof::CannotTell("no time is left for a login".to_owned());
    }
    let login = Login {
        target: change.target.clone(),
        user: change.role.to_string(),
        password: Some(password.clone()),
        timeout: limit,
    };
    let error = match Connection::open(&login) {
        Ok(connection) if connection.was_authenticated() => return Proof::Proven,
        Ok(_) => {
            return Proof::CannotTell("the server asks this role for no password".to_owned());
        }
        Err(error) => error,
    };
    let text = format!("{error:#}");
    match sqlstate_of(&error) {
        Some("28P01") => Proof::Refuted,
        // Where a server asks for the password at all, it looks at it before it looks at these.
        Some(code) if is_after_password(&error) && is_second_to_password(code, &text) => {
            Proof::Proven
        }
        _ if kind_of(&error) == Kind::Interrupted => Proof::CannotTell("interrupted".to_owned()),
        _ => Proof::CannotTell(text),
    }
}

/// Whether a login was refused for a reason that comes after a good password (POSTGRES.md, "The login probe").
fn is_second_to_password(code: &str, text: &str) -> bool {
    match code {
        "42501" | "3D000" => true,
        "53300" => text.contains("for role") || text.contains("reserved"),
        "28000" => text.contains("permitted to log in"),
        _ => false,
    }
}
