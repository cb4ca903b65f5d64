//! SCRAM-SHA-256 verifiers as PostgreSQL stores them (RFC 5802, RFC 7677; `src/common/scram-common.c`).

use std::fmt;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::failure::Failure;
use crate::domain::password::secret::Secret;

/// PostgreSQL's default for `scram_iterations`, and what servers before 16 always use.
pub const DEFAULT_ITERATIONS: u32 = 4096;
/// A few seconds of computation. A server may demand hundreds of times that, and no login would finish in time.
pub const MOST_ITERATIONS: u32 = 10_000_000;
/// PostgreSQL's `SCRAM_DEFAULT_SALT_LEN`.
const SALT_LENGTH: usize = 16;

/// `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`: what the server gets instead of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// Makes the verifier of a password with a fresh salt from `random`.
    ///
    /// # Errors
    /// Refused, if that many iterations take too long. If the random source fails.
    pub fn new<R: TryRng>(password: &Secret, iterations: u32, random: &mut R) -> Result<Self>
    where
        R::Error: std::error::Error + Send + Sync + 'static,
    {
        if iterations > MOST_ITERATIONS {
            let what = format!("the server's scram_iterations is too high: {iterations}");
            return Err(Failure::refused(what)
                .hint(format!("set it to at most {MOST_ITERATIONS}"))
                .into());
        }
        let mut salt = [0_u8; SALT_LENGTH];
        random
            .try_fill_bytes(&mut salt)
            .context("the operating system's random source failed")?;
        Ok(Self::with_salt(password, &salt, iterations))
    }

    /// A verifier of no password that anybody knows: 32 random bytes each for the keys that a password would give.
    ///
    /// # Errors
    /// If the random source fails.
    pub fn of_nothing<R: TryRng>(random: &mut R) -> Result<Self>
    where
        R::Error: std::error::Error + Send + Sync + 'static,
    {
        let mut bytes = [0_u8; SALT_LENGTH + 64];
        random
            .try_fill_bytes(&mut bytes)
            .context("the operating system's random source failed")?;
        let (salt, keys) = bytes.split_at(SALT_LENGTH);
        let (stored, server) = keys.split_at(32);
        Ok(Self(format!(
            "SCRAM-SHA-256${DEFAULT_ITERATIONS}:{}${}:{}",
            BASE64_STANDARD.encode(salt),
            BASE64_STANDARD.encode(stored),
            BASE64_STANDARD.encode(server),
        )))
    }

    fn with_salt(password: &Secret, salt: &[u8], iterations: u32) -> Self {
        let salted = salted_password(password, salt, iterations);
        let client_key = hmac(salted.as_slice(), &[b"Client Key"]);
        let stored_key = Sha256::digest(client_key.as_slice());
        let server_key = hmac(salted.as_slice(), &[b"Server Key"]);
        Self(format!(
            "SCRAM-SHA-256${iterations}:{}${}:{}",
            BASE64_STANDARD.encode(salt),
            BASE64_STANDARD.encode(stored_key),
            BASE64_STANDARD.encode(server_key.as_slice()),
        ))
    }

    /// A verifier that a server or the journal stored.
    pub fn from_server(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many iterations it was made with; `None` for an MD5 hash, or anything that PostgreSQL does not write.
    pub fn iterations(&self) -> Option<u32> {
        let rest = self.0.strip_prefix("SCRAM-SHA-256$")?;
        rest.split_once(':')?.0.parse().ok()
    }

    /// Whether it is that of this password; `None` if that takes too long to find out, or it is nothing that PostgreSQL
    /// writes.
    pub fn is_of(&self, password: &Secret) -> Option<bool> {
        let iterations = self.iterations()?;
        let rest = self.0.strip_prefix("SCRAM-SHA-256$")?;
        let (_, rest) = rest.split_once(':')?;
        let (salt, _) = rest.split_once('$')?;
        let salt = BASE64_STANDARD.decode(salt).ok()?;
        // Each of many is tried.
        let takes_long = iterations > 100 * DEFAULT_ITERATIONS;
        (!takes_long).then(|| Self::with_salt(password, &salt, iterations) == *self)
    }

    /// Its SHA-256 in hex, which identifies it and reveals nothing about the password.
    pub fn digest(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("REDACTED")
    }
}

/// Hi() of RFC 5802 over the SASLprep'd password.
fn salted_password(password: &Secret, salt: &[u8], iterations: u32) -> Zeroizing<[u8; 32]> {
    let prepared = prepare(password.expose());
    let keyed = keyed(prepared.as_bytes());
    let mut block = hmac_with(&keyed, &[salt, &1_u32.to_be_bytes()]);
    let mut sum = block.clone();
    for _ in 1..iterations {
        block = hmac_with(&keyed, &[block.as_slice()]);
        for (byte, next) in sum.iter_mut().zip(block.iter()) {
            *byte ^= next;
        }
    }
    sum
}

/// SASLprep as libpq does it (`pg_saslprep` in `src/common/saslprep.c`): text that it forbids is used unchanged.
fn prepare(text: &str) -> Zeroizing<String> {
    // libpq looks for forbidden characters before it normalizes, which would change these two.
    let is_forbidden = text.contains(['\u{340}', '\u{341}']);
    match stringprep::saslprep(text) {
        Ok(prepared) if !prepared.is_empty() && !is_forbidden => {
            Zeroizing::new(prepared.into_owned())
        }
        _ => Zeroizing::new(text.to_owned()),
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    hmac_with(&keyed(key), parts)
}

fn hmac_with(keyed: &Hmac<Sha256>, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut mac = keyed.clone();
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7677_gives_its_keys() {
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let verifier = Verifier::with_salt(&Secret::new("pencil".into()), &salt, 4096);
        assert_eq!(
            verifier.as_str(),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==\
             $WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn a_password_is_told_from_another() {
        let verifier = Verifier::with_salt(&Secret::new("jane".into()), b"salt", 4096);
        assert_eq!(verifier.is_of(&Secret::new("jane".into())), Some(true));
        assert_eq!(verifier.is_of(&Secret::new("Jane".into())), Some(false));
        let slow = Verifier::from_server("SCRAM-SHA-256$9999999:c2FsdA==$a:b".into());
        assert_eq!(slow.is_of(&Secret::new("jane".into())), None);
    }

    #[test]
    fn a_verifier_says_how_many_iterations_it_took() {
        let iterations = |text: &str| Verifier::from_server(text.to_owned()).iterations();
        assert_eq!(iterations("SCRAM-SHA-256$20000:c2FsdA==$a:b"), Some(20_000));
        assert_eq!(iterations("md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), None);
    }

    #[test]
    fn the_two_ways_of_writing_an_accent_give_one_verifier() {
        let verifier =
            |text: &str| Verifier::with_salt(&Secret::new(text.into()), b"0123456789abcdef", 4096);
        assert_eq!(
            verifier("caf\u{e9}").as_str(),
            verifier("cafe\u{301}").as_str()
        );
        // A private-use character is forbidden by SASLprep: its bytes count.
        assert_ne!(
            verifier("\u{e000}e\u{301}").as_str(),
            verifier("\u{e000}\u{e9}").as_str()
        );
    }
}
