//! Logging in with a new password: it is the one, it is not, or the server's answer does not tell
//! (docs/servers.md, "The login probe"). Servers speak many languages: what they say is told by SQLSTATE and catalog.

use std::time::Duration;

use crate::domain::failure::{AskedFor, Kind, asked_for, kind_of, sqlstate_of};
use crate::domain::password::change::PasswordChange;
use crate::domain::password::secret::Secret;
use crate::domain::target::require_auth::RequireAuth;
use crate::domain::trace::Trace;
use crate::wire::connection::{Connection, LoginRequest};

/// A login as the role of a change.
pub struct Trial<'a> {
    pub change: &'a PasswordChange,
    pub password: &'a Secret,
    pub limit: Duration,
    pub trace: Trace,
    /// The role's `rolcanlogin`; `None` if unknown.
    pub can_login: Option<bool>,
}

/// What a login says of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordProof {
    Proven,
    Refuted,
    /// It is good, but a dual login does not act as its owner; and why.
    ActsOtherwise(String),
    /// `pg_hba.conf` does not let a dual login in from here.
    NotLetIn(String),
    /// And why.
    CannotTell(String),
}

impl Trial<'_> {
    /// Logs in.
    pub fn run(&self) -> PasswordProof {
        if self.limit.is_zero() {
            return PasswordProof::CannotTell("no time is left for a login".to_owned());
        }
        let mut target = self.change.target.clone();
        target.require_auth = target.require_auth.map(RequireAuth::or_scram);
        let login = LoginRequest {
            target,
            user: self.change.login().to_string(),
            password: Some(self.password.clone()),
            passwords_of_hosts: Vec::new(),
            timeout: self.limit,
            trace: self.trace.on(&self.change.target),
        };
        let error = match Connection::open(&login) {
            Ok(connection) => {
                if let Some(otherwise) = self.acts_otherwise(&connection) {
                    return otherwise;
                }
                if connection.was_authenticated() {
                    return PasswordProof::Proven;
                }
                return PasswordProof::CannotTell(
                    "the server requests no password for this role".to_owned(),
                );
            }
            Err(error) => error,
        };
        match (sqlstate_of(&error), asked_for(&error)) {
            // The driver's login prepares some letters otherwise than libpq, by whose rules the verifier was made.
            (Some("28P01"), _) if !self.password.is_printable_ascii() => {
                let why =
                    "the password has characters that clients normalize differently for a login";
                PasswordProof::CannotTell(why.to_owned())
            }
            (Some("28P01"), _) => PasswordProof::Refuted,
            // Where a server asks for the password at all, it looks at it before it looks at these.
            (Some(code), Some(asked_for)) if self.is_second_to_password(code, asked_for) => {
                PasswordProof::Proven
            }
            (Some("28000"), _) if self.change.dual.is_some() => {
                PasswordProof::NotLetIn(format!("{error:#}"))
            }
            _ if kind_of(&error) == Kind::Interrupted => {
                PasswordProof::CannotTell("interrupted".to_owned())
            }
            _ => PasswordProof::CannotTell(format!("{error:#}")),
        }
    }

    /// Whether a dual login is somebody else than its owner once it has logged in. A minor version may ignore the setting,
    /// and without the right to it the server only warns (docs/dual.md, "The login proof").
    fn acts_otherwise(&self, connection: &Connection) -> Option<PasswordProof> {
        let dual = self.change.dual.as_ref()?;
        let [session, current] = match connection.identity() {
            Ok(names) => names,
            Err(error) => return Some(PasswordProof::CannotTell(format!("{error:#}"))),
        };
        let is_own = session == dual.incoming.as_str() && current == self.change.role.as_str();
        (!is_own).then(|| {
            PasswordProof::ActsOtherwise(format!(
                "it logs in as \"{session}\" and acts as \"{current}\", not as \"{}\"",
                self.change.role
            ))
        })
    }

    /// Whether a login was refused for a reason that comes after a good password (docs/servers.md, "The login probe";
    /// `InitPostgres` in postinit.c): no CONNECT (42501), no such database (3D000), one that is closed (55000), no slot
    /// left for the role, the database or those who are no superusers (53300; "too many clients" comes before the
    /// password). NOLOGIN is 28000, as is a password that a service such as LDAP refuses.
    fn is_second_to_password(&self, code: &str, asked_for: AskedFor) -> bool {
        match code {
            "42501" | "3D000" | "55000" | "53300" => true,
            "28000" => asked_for == AskedFor::AProof && self.can_login == Some(false),
            _ => false,
        }
    }
}
