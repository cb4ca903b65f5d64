//! Sealing a password for the journal: XChaCha20-Poly1305 with the row's identity as associated data, so that the
//! SQLite file alone yields no password, and a row that is moved elsewhere cannot be opened.

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::TryRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::password::scram::Verifier;
use crate::domain::password::secret::Secret;

/// Length of a key, in bytes.
pub const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// The sealed part of a password change.
#[derive(Debug, Clone)]
pub struct Contents {
    /// On one line: line breaks separate it from what follows.
    pub password: Secret,
    pub verifier: Verifier,
    /// The role's previous verifier, if the admin credential may read it.
    pub previous_verifier: Option<Verifier>,
}

impl Contents {
    fn to_text(&self) -> Zeroizing<String> {
        let previous = self.previous_verifier.as_ref().map_or("", Verifier::as_str);
        let (password, verifier) = (self.password.expose(), self.verifier.as_str());
        Zeroizing::new(format!("{password}\n{verifier}\n{previous}"))
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().map(str::to_owned);
        Some(Self {
            password: Secret::new(next()?),
            verifier: Verifier::from_server(next()?),
            previous_verifier: next()
                .filter(|line| !line.is_empty())
                .map(Verifier::from_server),
        })
    }
}

/// The key that opens the journal.
pub struct SealingKey(Zeroizing<[u8; KEY_LENGTH]>);

impl SealingKey {
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Makes a key from the operating system's random source.
    ///
    /// # Errors
    /// If the source fails.
    pub fn generate<R: TryRng>(random: &mut R) -> Result<Self>
    where
        R::Error: std::error::Error + Send + Sync + 'static,
    {
        let mut bytes = Zeroizing::new([0; KEY_LENGTH]);
        random
            .try_fill_bytes(bytes.as_mut_slice())
            .context("the operating system's random source failed")?;
        Ok(Self(bytes))
    }

    /// The key itself, for the place that stores it.
    pub fn bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// Identifies the key that sealed a row without revealing it: 16 hex digits of its SHA-256.
    pub fn id(&self) -> String {
        let digest = Sha256::digest(self.0.as_slice());
        digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Seals a password and its verifiers: nonce, then ciphertext with its tag.
    ///
    /// # Errors
    /// If the random source fails.
    pub fn seal<R: TryRng>(
        &self,
        contents: &Contents,
        associated: &str,
        random: &mut R,
    ) -> Result<Vec<u8>>
    where
        R::Error: std::error::Error + Send + Sync + 'static,
    {
        let mut nonce = [0; NONCE_LENGTH];
        random
            .try_fill_bytes(&mut nonce)
            .context("the operating system's random source failed")?;
        let text = contents.to_text();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: associated.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| anyhow!("the password cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`SealingKey::seal`] made with the same key and associated data.
    ///
    /// # Errors
    /// If the key, the data or the associated data differ.
    pub fn open(&self, sealed: &[u8], associated: &str) -> Result<Contents> {
        let damaged = || {
            anyhow!("the sealed password cannot be opened with this key: it was altered or moved")
        };
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LENGTH).ok_or_else(damaged)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| damaged())?;
        let payload = Payload {
            msg: ciphertext,
            aad: associated.as_bytes(),
        };
        let opened = self.cipher().decrypt(&XNonce::from(nonce), payload);
        let opened = Zeroizing::new(opened.map_err(|_| damaged())?);
        let text = std::str::from_utf8(&opened).map_err(|_| damaged())?;
        Contents::from_text(text).ok_or_else(damaged)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::SysRng;

    use super::*;

    #[test]
    fn a_sealed_password_opens_with_the_same_key_and_place_only() {
        let key = SealingKey::generate(&mut SysRng).unwrap();
        let contents = Contents {
            password: Secret::new("correct horse".into()),
            verifier: Verifier::from_server("SCRAM-SHA-256$new".into()),
            previous_verifier: None,
        };
        let sealed = key.seal(&contents, "1 dev/app web", &mut SysRng).unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"correct"));
        let opened = key.open(&sealed, "1 dev/app web").unwrap();
        assert_eq!(opened.password.expose(), "correct horse");
        assert_eq!(opened.verifier.as_str(), "SCRAM-SHA-256$new");
        assert!(opened.previous_verifier.is_none());
        assert!(key.open(&sealed, "2 dev/app web").is_err());
        let other = SealingKey::generate(&mut SysRng).unwrap();
        assert!(other.open(&sealed, "1 dev/app web").is_err());
        assert!(key.open(&sealed[..10], "1 dev/app web").is_err());
    }
}
