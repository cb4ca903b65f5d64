//! Sources of the admin credential: the first that has one wins; the others report why they were passed over. Also the
//! sources of the secrets of notification channels.

pub mod channel;
pub mod command;
mod environment;
mod glance;
mod kept_key;
pub mod os_keyring;
pub mod pgpass;
pub mod record_key;
pub mod sealing_key;
pub mod signing_key;
mod systemd;

use std::io::{self, IsTerminal};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use glance::Glance;

use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, Phase};
use crate::domain::password::login_place::LoginSource;
use crate::domain::password::pgpass::PgpassQuery;
use crate::domain::password::secret::Secret;
use crate::domain::settings::{CredentialSettings, CredentialSource};
use crate::domain::target::Target;
use crate::domain::variables::Variables;

/// Where a login can be kept on a machine without a keyring, for hints.
pub const WITHOUT_KEYRING: &str = "~/.pgpass, a systemd credential (pgrole.ENV), or a program of yours ([credential] command in the config file)";

/// The admin credential: the login that pgrole connects with.
#[derive(Debug, Clone)]
pub struct Credential {
    pub user: String,
    /// `None` if the server authenticates the login without one (peer, a client certificate).
    pub password: Option<Secret>,
    /// One password per host, in the order of the hosts, if each has its own; else empty.
    pub passwords_of_hosts: Vec<Secret>,
    /// Where it was found, for messages.
    pub origin: String,
    pub kept: LoginSource,
}

/// The login that a source gives.
#[derive(Debug, Clone)]
struct FoundLogin {
    /// `None` if the source knows only passwords.
    user: Option<String>,
    password: Secret,
    passwords_of_hosts: Vec<Secret>,
    origin: String,
    kept: LoginSource,
}

/// A source that gave no credential, and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PassedOver {
    /// The source that was tried.
    pub source: CredentialSource,
    /// Why it gave no credential.
    pub reason: String,
}

/// The results of the sources, in order.
#[derive(Debug)]
pub struct Search {
    pub found: Option<Credential>,
    pub passed_over: Vec<PassedOver>,
}

/// Asks a person for the password of a user; returns the reason if nobody can be asked.
pub type Ask<'a> = &'a dyn Fn(&str) -> Result<Secret, String>;

/// The sources to search, and what they depend on.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub settings: &'a CredentialSettings,
    pub variables: &'a Variables,
    /// The operator's operating-system user name: the default for the login, as in libpq.
    pub operator: &'a str,
    pub ask: Ask<'a>,
}

impl Sources<'_> {
    /// Asks the sources in order until one gives a credential.
    pub fn search(&self, target: &Target) -> Search {
        let mut passed_over = Vec::new();
        for source in &self.settings.sources {
            match self.read(*source, target) {
                Ok(found) => {
                    return Search {
                        found: Some(Credential {
                            user: found.user.unwrap_or_else(|| self.user(target)),
                            password: Some(found.password),
                            passwords_of_hosts: found.passwords_of_hosts,
                            origin: found.origin,
                            kept: found.kept,
                        }),
                        passed_over,
                    };
                }
                Err(reason) => passed_over.push(PassedOver {
                    source: *source,
                    reason,
                }),
            }
        }
        Search {
            found: self
                .without_password(target)
                .or_else(|| self.by_default_certificate(target)),
            passed_over,
        }
    }

    fn read(&self, source: CredentialSource, target: &Target) -> Result<FoundLogin, String> {
        match source {
            CredentialSource::Environment => environment::read(self.variables),
            CredentialSource::Systemd => systemd::read(self.variables, target),
            CredentialSource::Command => {
                command::read(&self.settings.command, target, &self.user(target))
            }
            CredentialSource::Keyring => os_keyring::read_most_exact(target),
            CredentialSource::Pgpass => self.read_pgpass(target),
            CredentialSource::Prompt => {
                // Nobody is asked if the server authenticates the login without a password.
                if let Some(credential) = self.without_password(target) {
                    return Err(format!("prompt: not needed, {}", credential.origin));
                }
                let user = self.user(target);
                let password = (self.ask)(&user).map_err(|reason| format!("prompt: {reason}"))?;
                Ok(FoundLogin {
                    user: Some(user),
                    password,
                    passwords_of_hosts: Vec::new(),
                    origin: "prompt".to_owned(),
                    kept: LoginSource::Elsewhere,
                })
            }
        }
    }

    /// The password of the first host that has a line.
    fn read_pgpass(&self, target: &Target) -> Result<FoundLogin, String> {
        let user = self.user(target);
        let addresses = target.addresses().map_err(|failure| failure.message)?;
        let mut reason = "pgpass: no host".to_owned();
        let mut first = None;
        let mut servers = Vec::new();
        for address in addresses {
            let wanted = PgpassQuery {
                host: address.host.as_str(),
                port: &address.port.to_string(),
                database: target.database.as_str(),
                user: &user,
            };
            match pgpass::read(self.variables, wanted) {
                Ok(password) => {
                    first.get_or_insert(password);
                    servers.push((address.host.to_string(), address.port));
                }
                Err(why) => reason = why,
            }
        }
        Ok(FoundLogin {
            user: Some(user),
            password: first.ok_or(reason)?,
            passwords_of_hosts: Vec::new(),
            origin: "pgpass".to_owned(),
            kept: LoginSource::Pgpass {
                path: pgpass::real_path(self.variables)?,
                servers,
            },
        })
    }

    /// The user if a source gives none.
    pub fn user(&self, target: &Target) -> String {
        let user = self
            .variables
            .text("PG_ADMIN_USER")
            .or(target.admin_user.as_deref())
            .or(self.settings.user.as_deref());
        user.unwrap_or(self.operator).to_owned()
    }

    /// A login that the server may authenticate without a password: by peer over a Unix socket, or by certificate.
    fn without_password(&self, target: &Target) -> Option<Credential> {
        let origin = if target
            .hostname
            .iter()
            .all(|host| host.socket_folder().is_some())
        {
            "no password (Unix socket)"
        } else if target.tls.sslcert.is_some() {
            "no password (client certificate)"
        } else {
            return None;
        };
        Some(self.nothing_but_the_user(target, origin))
    }

    /// libpq's default certificate is sent to every server that requests one, and this one need not accept it: so it
    /// comes last, after a person was asked.
    fn by_default_certificate(&self, target: &Target) -> Option<Credential> {
        let home = etcetera::home_dir().ok()?;
        let is_there = home.join(".postgresql/postgresql.crt").is_file();
        is_there.then(|| self.nothing_but_the_user(target, "no password (client certificate)"))
    }

    fn nothing_but_the_user(&self, target: &Target, origin: &str) -> Credential {
        Credential {
            user: self.user(target),
            password: None,
            passwords_of_hosts: Vec::new(),
            origin: origin.to_owned(),
            kept: LoginSource::Elsewhere,
        }
    }
}

impl Search {
    /// The credential, or the error that lists what was tried.
    ///
    /// # Errors
    /// If there is no credential.
    pub fn credential(self, target: &Target) -> Result<Credential, Failure> {
        let passed_over = self.passed_over;
        let has_no_keyring = passed_over.iter().any(|passed_over| {
            passed_over.source == CredentialSource::Keyring
                && passed_over.reason.starts_with(os_keyring::NOT_RUNNING)
        });
        self.found.ok_or_else(|| {
            let tried = passed_over
                .iter()
                .map(|passed_over| passed_over.reason.as_str());
            let reasons = tried.rev().fold(None, |below: Option<Failure>, reason| {
                let line = Failure::new(Kind::NoCredential, reason);
                Some(match below {
                    Some(below) => line.caused_by(below),
                    None => line,
                })
            });
            let failure = Failure::new(
                Kind::NoCredential,
                format!("no admin credential for {}", target.name()),
            )
            .phase(Phase::Credential)
            .hint(if has_no_keyring {
                format!(
                    "set PG_ADMIN_USER and PG_ADMIN_PASS, or keep the login in {WITHOUT_KEYRING}"
                )
            } else {
                format!(
                    "set PG_ADMIN_USER and PG_ADMIN_PASS, or store one: {}",
                    pasteable("pgrole credential set -e {} -U ROLE", &[&target.env])
                )
            });
            match reasons {
                Some(reasons) => failure.caused_by(reasons),
                None => failure,
            }
        })
    }
}

/// What a source is configured to give, whatever the target. The keyring is examined separately.
///
/// # Errors
/// Why it gives nothing.
pub fn describe(
    source: CredentialSource,
    settings: &CredentialSettings,
    variables: &Variables,
) -> Result<String, String> {
    match source {
        CredentialSource::Environment => environment::describe(variables),
        CredentialSource::Systemd => systemd::describe(variables),
        CredentialSource::Command => command::describe(&settings.command),
        CredentialSource::Keyring => Ok("keyring".to_owned()),
        CredentialSource::Pgpass => pgpass::describe(variables),
        CredentialSource::Prompt if io::stdin().is_terminal() => Ok("a terminal".to_owned()),
        CredentialSource::Prompt => Err("no terminal to ask on".to_owned()),
    }
}

/// Reads `{"user":…,"password":…}`, or a password alone on its line.
fn parse_login(text: &str, origin: String) -> Result<FoundLogin, String> {
    #[derive(Deserialize)]
    struct Login {
        user: Option<String>,
        /// The key that Vault, AWS and Azure use in the logins that they store.
        username: Option<String>,
        password: Zeroizing<String>,
    }
    // A byte order mark comes from an editor, and is not part of the password.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.trim_end_matches(['\r', '\n']);
    let login = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
            .map_err(|_| "gives JSON that is not {\"user\":…,\"password\":…}".to_owned())?
    } else {
        Login {
            user: None,
            username: None,
            password: Zeroizing::new(text.to_owned()),
        }
    };
    if login.password.is_empty() || login.password.contains('\n') {
        return Err("gives no password on a single line".to_owned());
    }
    Ok(FoundLogin {
        user: login.user.or(login.username),
        password: Secret::new(login.password.to_string()),
        passwords_of_hosts: Vec::new(),
        origin,
        kept: LoginSource::Elsewhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_an_object_or_a_password_alone() {
        let parse = |text| parse_login(text, String::new());
        let both = parse("{\"user\":\"jane\",\"password\":\"x\"}\n").unwrap();
        assert_eq!(both.user.as_deref(), Some("jane"));
        assert_eq!(both.password.expose(), "x");
        for text in [
            " {\"user\":\"jane\",\"password\":\"x\"}",
            "\u{feff}{\"username\":\"jane\",\"password\":\"x\"}\r\n",
            "\n\t{\"password\":\"x\",\"username\":\"jane\",\"engine\":\"postgres\"}",
        ] {
            let found = parse(text).unwrap();
            assert_eq!(found.user.as_deref(), Some("jane"), "{text}");
            assert_eq!(found.password.expose(), "x", "{text}");
        }
        assert_eq!(parse("\u{feff}x\n").unwrap().password.expose(), "x");
        let alone = parse("pass word\n").unwrap();
        assert!(alone.user.is_none());
        assert_eq!(alone.password.expose(), "pass word");
        for text in [
            "",
            "\n",
            "a\nb",
            "{\"user\":\"jane\"}",
            "{broken",
            " {broken",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
