//! The authentication methods that a server may request: libpq's `require_auth`, with its words and its meaning
//! (PostgreSQL documentation, "Database Connection Control Functions"; `connectOptions2` in fe-connect.c), and the
//! default.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;
use crate::domain::target::address::Hostname;

/// An authentication method, as libpq names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authentication {
    /// The password itself: `password`, `ldap`, `pam` and `radius` in `pg_hba.conf`, and tokens.
    Password,
    Md5,
    Gss,
    Sspi,
    ScramSha256,
    Oauth,
    /// Not at all: `trust`, `peer`, or a client certificate.
    None,
}

impl Authentication {
    pub const ALL: [Self; 7] = [
        Self::Password,
        Self::Md5,
        Self::Gss,
        Self::Sspi,
        Self::ScramSha256,
        Self::Oauth,
        Self::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Md5 => "md5",
            Self::Gss => "gss",
            Self::Sspi => "sspi",
            Self::ScramSha256 => "scram-sha-256",
            Self::Oauth => "oauth",
            Self::None => "none",
        }
    }
}

/// What a target says: the methods that are accepted, or with `!` those that are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequireAuth {
    text: String,
    accepted: BTreeSet<Authentication>,
}

impl RequireAuth {
    /// What targets accepted before this setting existed; the registry's migration writes it for existing ones.
    pub const BEFORE: &str = "password,md5,scram-sha-256,none";

    /// The same with SCRAM, which reveals nothing to a server: the admin credential may use another method (a token,
    /// for example) than other roles.
    #[must_use]
    pub fn or_scram(mut self) -> Self {
        self.accepted.insert(Authentication::ScramSha256);
        self
    }

    /// Whether it comes from the migration, and was not chosen.
    pub fn is_from_before(&self) -> bool {
        self.text == Self::BEFORE
    }
}

/// Whether a client certificate is presented to the server, which may need nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCertificate {
    Shown,
    NotShown,
}

/// What is accepted at a host. By default SCRAM, which reveals nothing that a server could use elsewhere; and no
/// authentication (`peer`, `trust`) on this machine, and with a certificate.
pub fn accepted(
    said: Option<&RequireAuth>,
    host: &Hostname,
    certificate: ClientCertificate,
) -> BTreeSet<Authentication> {
    if let Some(said) = said {
        return said.accepted.clone();
    }
    let mut accepted = BTreeSet::from([Authentication::ScramSha256]);
    if host.is_local() || certificate == ClientCertificate::Shown {
        accepted.insert(Authentication::None);
    }
    accepted
}

impl FromStr for RequireAuth {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let refused = |what: String| {
            let known: Vec<_> = Authentication::ALL.map(Authentication::as_str).to_vec();
            Failure::usage(what).hint(format!(
                "give one or more of {}, separated by commas; or methods that are not accepted, each prefixed with \"!\"",
                known.join(", ")
            ))
        };
        let is_negative = text.starts_with('!');
        let mut named = BTreeSet::new();
        for word in text.split(',') {
            let name = word.strip_prefix('!');
            if name.is_some() != is_negative {
                return Err(refused(format!(
                    "{text:?} mixes methods that are accepted with methods that are not"
                )));
            }
            let name = name.unwrap_or(word);
            let method = Authentication::ALL
                .into_iter()
                .find(|method| method.as_str() == name)
                .ok_or_else(|| refused(format!("{name:?} is not a valid require_auth method")))?;
            if !named.insert(method) {
                return Err(refused(format!("{text:?} names {name} twice")));
            }
        }
        let accepted = Authentication::ALL.into_iter();
        let accepted = accepted.filter(|method| named.contains(method) != is_negative);
        Ok(Self {
            text: text.to_owned(),
            accepted: accepted.collect(),
        })
    }
}

impl fmt::Display for RequireAuth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::target::require_auth::Authentication::{Md5, Password, ScramSha256};

    fn at(said: Option<&str>, host: &str, certificate: ClientCertificate) -> Vec<Authentication> {
        let said: Option<RequireAuth> = said.map(|said| said.parse().unwrap());
        let accepted = accepted(said.as_ref(), &host.parse().unwrap(), certificate);
        accepted.into_iter().collect()
    }

    #[test]
    fn what_is_said_holds_everywhere() {
        for host in ["localhost", "10.0.0.1", "/tmp"] {
            for certificate in [ClientCertificate::Shown, ClientCertificate::NotShown] {
                let at = |said| at(Some(said), host, certificate);
                assert_eq!(at("password"), [Password]);
                assert_eq!(at("md5,password"), [Password, Md5]);
                assert_eq!(at("none"), [Authentication::None]);
                let all_but_two = at("!none,!password");
                assert_eq!(all_but_two.len(), 5);
                assert!(!all_but_two.contains(&Password));
            }
        }
    }

    #[test]
    fn nothing_said_is_scram_and_what_needs_no_password_here() {
        use ClientCertificate::{NotShown, Shown};
        let both = [ScramSha256, Authentication::None];
        assert_eq!(at(None, "10.0.0.1", NotShown), [ScramSha256]);
        assert_eq!(at(None, "10.0.0.1", Shown), both);
        assert_eq!(at(None, "127.0.0.1", NotShown), both);
        assert_eq!(at(None, "/run/postgresql", NotShown), both);
    }

    #[test]
    fn what_libpq_refuses_is_refused() {
        for text in [
            "",
            "scram",
            "!",
            "md5,!none",
            "!md5,none",
            "md5,md5",
            "md5,",
            "md5, none",
            "SCRAM-SHA-256",
        ] {
            assert!(text.parse::<RequireAuth>().is_err(), "{text:?}");
        }
    }
}
