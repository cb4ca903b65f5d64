//! SSH public keys, as `.pub` and `authorized_keys` files have them (RFC 4253, section 6.6; RFC 8709).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::failure::Failure;

/// age refuses shorter ones.
const SHORTEST_MODULUS: usize = 2_048;
/// Whoever writes the file does not decide how long this takes.
const LONGEST_MODULUS: usize = 8_192;

/// A public key that age can encrypt to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SshKey {
    Ed25519 {
        blob: Vec<u8>,
        point: [u8; 32],
    },
    Rsa {
        blob: Vec<u8>,
        modulus: Vec<u8>,
        exponent: u32,
    },
}

impl SshKey {
    /// The key as it is hashed for its fingerprint.
    pub fn blob(&self) -> &[u8] {
        match self {
            Self::Ed25519 { blob, .. } | Self::Rsa { blob, .. } => blob,
        }
    }
}

/// Whether a word is the name of a type of key.
pub(super) fn is_type(word: &str) -> bool {
    let beginnings = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
    beginnings.iter().any(|begin| word.starts_with(begin))
}

/// Reads the key of a line; `None` if the line contains none. Options may stand before it, and a comment after it.
pub(super) fn read(line: &str) -> Option<Result<SshKey, Failure>> {
    let mut words = line.split_whitespace();
    let of_type = words.find(|word| is_type(word))?;
    let encoded = words.next().unwrap_or_default();
    let blob = STANDARD.decode(encoded).ok();
    Some(match blob {
        Some(blob) => key(of_type, blob),
        None => Err(damaged(of_type)),
    })
}

fn damaged(of_type: &str) -> Failure {
    Failure::usage(format!("the {of_type} key is not complete"))
        .hint("copy the whole line of the .pub file: ssh-ed25519 AAAA…")
}

fn key(of_type: &str, blob: Vec<u8>) -> Result<SshKey, Failure> {
    let mut fields = Fields(&blob);
    if !matches!(of_type, "ssh-ed25519" | "ssh-rsa") {
        return Err(Failure::usage(format!(
            "age cannot encrypt to a key of the type {of_type}; it can to ssh-ed25519, ssh-rsa and its own age1…"
        ))
        .hint("let its owner make another key: age-keygen -o key.txt, or ssh-keygen -t ed25519"));
    }
    let key = match (fields.next(), of_type) {
        (Some(b"ssh-ed25519"), "ssh-ed25519") => ed25519(&mut fields).map(|point| (point, None)),
        (Some(b"ssh-rsa"), "ssh-rsa") => rsa(&mut fields).map(|key| ([0; 32], Some(key))),
        _ => None,
    };
    let key = key.filter(|_| fields.0.is_empty());
    match key.ok_or_else(|| damaged(of_type))? {
        (point, None) => Ok(SshKey::Ed25519 { blob, point }),
        (_, Some((modulus, exponent))) => {
            let bits = bit_length(&modulus);
            if !(SHORTEST_MODULUS..=LONGEST_MODULUS).contains(&bits) {
                return Err(Failure::usage(format!(
                    "the ssh-rsa key has {bits} bits; expected {SHORTEST_MODULUS} to {LONGEST_MODULUS}"
                ))
                .hint("let its owner make another key: ssh-keygen -t ed25519"));
            }
            Ok(SshKey::Rsa {
                blob,
                modulus,
                exponent,
            })
        }
    }
}

fn ed25519(fields: &mut Fields<'_>) -> Option<[u8; 32]> {
    fields.next()?.try_into().ok()
}

fn rsa(fields: &mut Fields<'_>) -> Option<(Vec<u8>, u32)> {
    let exponent = positive(fields.next()?)?;
    let modulus = positive(fields.next()?)?;
    let padded = exponent
        .len()
        .le(&4)
        .then(|| [&[0; 4], exponent].concat())?;
    let exponent = u32::from_be_bytes(*padded.last_chunk()?);
    let is_odd = modulus.last()? & exponent.to_le_bytes()[0] & 1 == 1;
    (is_odd && exponent >= 3).then(|| (modulus.to_vec(), exponent))
}

/// A positive number without its leading zero (RFC 4251, section 5).
fn positive(number: &[u8]) -> Option<&[u8]> {
    match number {
        [0, rest @ ..] if rest.first()? >= &0x80 => Some(rest),
        [1..=0x7f, ..] => Some(number),
        _ => None,
    }
}

fn bit_length(number: &[u8]) -> usize {
    let first = number.first().copied().unwrap_or_default();
    number.len() * 8 - first.leading_zeros() as usize
}

/// Fields, each after its length in four bytes.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (field, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(field)
    }
}
