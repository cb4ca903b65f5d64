//! A new password and its verifier: the one place where pgrole makes or takes one.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::thread::JoinHandle;

use anyhow::Result;
use rand::rngs::SysRng;

use crate::domain::password::given::check_given;
use crate::domain::password::scram::Verifier;
use crate::domain::password::secret::Secret;

/// A password that a role is about to get.
#[derive(Debug)]
pub struct NewPassword {
    secret: Secret,
    origin: Origin,
    ahead: Mutex<Option<Ahead>>,
}

/// A verifier that is being computed.
#[derive(Debug)]
struct Ahead {
    iterations: u32,
    thread: JoinHandle<Result<Verifier>>,
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
        Ok(Self {
            secret,
            origin,
            ahead: Mutex::default(),
        })
    }

    /// Begins to compute the verifier. Its thousands of iterations take as long as the server takes to answer what is
    /// asked before the change.
    pub fn compute_ahead(&self, servers: u32) {
        let secret = self.secret.clone();
        let compute = move || Verifier::new(&secret, servers, &mut SysRng);
        // Without a thread it is computed when it is needed.
        let thread = thread::Builder::new().spawn(compute).ok();
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = thread.map(|thread| Ahead {
            iterations: servers,
            thread,
        });
    }

    /// What a server gets of it: with so many iterations as the server itself would take, which it says in the login,
    /// and never with fewer than the role's verifier has now.
    ///
    /// # Errors
    /// Refused, where the server wants more than can be computed; where the random source fails.
    pub fn verifier(&self, servers: u32, previous: Option<&Verifier>) -> Result<Verifier> {
        let had = previous.and_then(Verifier::iterations).unwrap_or(0);
        let iterations = servers.max(had);
        let ahead = self
            .ahead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(ahead) = ahead.filter(|ahead| ahead.iterations == iterations)
            && let Ok(verifier) = ahead.thread.join()
        {
            return verifier;
        }
        Verifier::new(&self.secret, iterations, &mut SysRng)
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
    fn what_was_computed_ahead_serves_its_own_number_of_iterations_alone() {
        let password = given("correct horse").unwrap();
        password.compute_ahead(4_096);
        let stronger = Verifier::new(password.secret(), 8_192, &mut SysRng).unwrap();
        let made = password.verifier(4_096, Some(&stronger)).unwrap();
        assert_eq!(made.iterations(), Some(8_192));
        password.compute_ahead(4_096);
        let made = password.verifier(4_096, None).unwrap();
        assert_eq!(made.iterations(), Some(4_096));
        // None is used twice: each has a salt of its own.
        assert_ne!(made, password.verifier(4_096, None).unwrap());
    }

    #[test]
    fn a_given_password_is_not_reported_back() {
        assert!(given("correct horse").unwrap().to_report().is_none());
        let generated = NewPassword::new(None, 32).unwrap();
        assert_eq!(generated.to_report().unwrap().expose().len(), 32);
    }
}
