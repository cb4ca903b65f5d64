//! Passwords: wiped when dropped, never printed by accident, generated from the system's random source.

use std::fmt;

use anyhow::{Context, Result};
use rand::TryRng;
use zeroize::Zeroizing;

/// Letters and digits: safe in URLs, shells, `.pgpass` and JDBC without quoting.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A password. It has no Display and no Serialize; its Debug says REDACTED; its memory is zeroed on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Whether every client prepares it alike for a login: SASLprep does not change printable ASCII.
    pub fn is_printable_ascii(&self) -> bool {
        let mut letters = self.expose().bytes();
        letters.all(|letter| (b' '..=b'~').contains(&letter))
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, for `credentials/`, `server/`, `delivery/` and the one place that prints.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Makes a password of `length` characters of `[A-Za-z0-9]`, each equally likely, from `random`.
    ///
    /// # Errors
    /// If the random source fails.
    pub fn generate<R: TryRng>(length: usize, random: &mut R) -> Result<Self>
    where
        R::Error: std::error::Error + Send + Sync + 'static,
    {
        // The largest multiple of 62 that fits in a byte: higher values would favor the first letters.
        let fair = 248;
        let mut text = Zeroizing::new(String::with_capacity(length));
        let mut block = Zeroizing::new([0_u8; 64]);
        while text.len() < length {
            random
                .try_fill_bytes(block.as_mut_slice())
                .context("the operating system's random source failed")?;
            let letters = block
                .iter()
                .filter(|byte| **byte < fair)
                .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
            let missing = length - text.len();
            text.extend(letters.take(missing));
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("REDACTED")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rand::rngs::SysRng;

    use super::*;

    #[test]
    fn a_generated_password_has_the_length_and_the_letters_asked_for() {
        let password = Secret::generate(32, &mut SysRng).unwrap();
        assert_eq!(password.expose().len(), 32);
        assert!(
            password
                .expose()
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric())
        );
    }

    #[test]
    fn every_letter_is_about_equally_likely() {
        let password = Secret::generate(62_000, &mut SysRng).unwrap();
        let mut counts: HashMap<char, usize> = HashMap::new();
        for letter in password.expose().chars() {
            *counts.entry(letter).or_default() += 1;
        }
        assert_eq!(counts.len(), 62);
        // Expected 1,000 each, standard deviation 31: eight of them either way.
        assert!(
            counts.values().all(|count| (750..1_250).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn debug_does_not_show_the_password() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "REDACTED");
    }
}
