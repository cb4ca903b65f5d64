//! A new password and its verifier: the one place where pgrole makes or takes one.

use anyhow::Result;
use rand::rngs::SysRng;

use crate::domain::failure::Failure;
use crate::domain::scram::Verifier;
use crate::domain::secret::Secret;

/// The longest password that libpq and the server take in a login, in bytes.
const LONGEST: usize = 1023;

/// A password that a role is about to get.
#[derive(Debug)]
pub struct NewPassword {
    secret: Secret,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Generated,
    Given,
}

impl NewPassword {
    /// The operator's own, where given; else a generated one of `length` characters.
    ///
    /// # Errors
    /// Where the given one cannot be a password, or the random source fails.
    pub fn new(given: Option<Secret>, length: usize) -> Result<Self> {
        let (secret, origin) = match given {
            Some(secret) => {
                check_given(&secret)?;
                (secret, Origin::Given)
            }
            None => (Secret::generate(length, &mut SysRng)?, Origin::Generated),
        };
        Ok(Self { secret, origin })
    }

    /// What a server gets of it: with so many iterations as the server itself would take, which it says in the login,
    /// and never with fewer than the role's verifier has now.
    ///
    /// # Errors
    /// Refused, where the server wants more than can be computed; where the random source fails.
    pub fn verifier(&self, servers: u32, previous: Option<&Verifier>) -> Result<Verifier> {
        let had = previous.and_then(Verifier::iterations).unwrap_or(0);
        Verifier::new(&self.secret, servers.max(had), &mut SysRng)
    }

    /// The password itself, to be sealed and delivered.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The password to report: none where the operator gave it, and so has it.
    pub fn to_report(&self) -> Option<Secret> {
        (self.origin == Origin::Generated).then(|| self.secret.clone())
    }
}

fn check_given(secret: &Secret) -> Result<(), Failure> {
    let text = secret.expose();
    if text.is_empty() {
        return Err(Failure::usage("the password on standard input is empty"));
    }
    if text.len() > LONGEST {
        return Err(Failure::usage(format!(
            "the password on standard input is longer than {LONGEST} bytes"
        )));
    }
    if text.contains(['\0', '\n', '\r']) {
        return Err(Failure::usage(
            "the password on standard input has more than one line, or a NUL byte",
        ));
    }
    if is_hash_shaped(text) {
        return Err(Failure::usage(
            "what came on standard input is a password's hash, not a password",
        )
        .hint("give the password itself: pgrole makes the verifier"));
    }
    Ok(())
}

/// Whether PostgreSQL would take the text for a hash (`get_password_type` in `src/backend/libpq/crypt.c`).
fn is_hash_shaped(text: &str) -> bool {
    let is_md5 = text.len() == 35
        && text
            .strip_prefix("md5")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_md5 || text.starts_with("SCRAM-SHA-256$")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Result<NewPassword> {
        NewPassword::new(Some(Secret::new(text.to_owned())), 32)
    }

    #[test]
    fn what_cannot_be_a_password_is_refused() {
        for text in [
            "",
            "two\nlines",
            "md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "SCRAM-SHA-256$4096:x$y:z",
            &"x".repeat(1024),
        ] {
            assert!(given(text).is_err(), "{text}");
        }
        assert!(given("md5 is not a hash").is_ok());
    }

    #[test]
    fn a_given_password_is_not_reported_back() {
        assert!(given("correct horse").unwrap().to_report().is_none());
        let generated = NewPassword::new(None, 32).unwrap();
        assert_eq!(generated.to_report().unwrap().expose().len(), 32);
    }
}
