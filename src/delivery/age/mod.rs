//! Files in the format of age (age-encryption.org/v1), which `age -d` and `rage -d` open; only the writing of them, to
//! public keys. The primitives are ring's and those that seal the journal.
//!
//! Not the `age` crate: it reads and translates as well, and adds 108 crates to what holds the keys of production; the
//! format is frozen, and the tests open each file with age itself.
//!
//! - `wrap`: the key of a file for each recipient
//! - `stanza`, `armor`: the texts
//! - `curve25519`, `rsa`: what keys of SSH need

mod armor;
mod curve25519;
mod rsa;
mod stanza;
mod wrap;

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use rand::TryRng;
use rand::rngs::SysRng;
use ring::hmac;
use zeroize::Zeroizing;

use crate::delivery::age::stanza::{Stanza, encoded};
use crate::delivery::age::wrap::{FILE_KEY_LENGTH, derived, wrap};
use crate::domain::password::recipient::Recipient;

const VERSION: &str = "age-encryption.org/v1";
const NONCE_LENGTH: usize = 16;
/// Bytes of a file that are encrypted in one piece.
const CHUNK_LENGTH: usize = 65_536;
/// What a reader of age passes over: whose login the file holds. It is signed like the rest of the header, and not secret.
const LABEL: &str = "pgrole/login";

/// Encrypts a text to some recipients, each of whom can open it, with a label that can be read without opening it.
///
/// # Errors
/// If a recipient is not a valid key, or the random source fails.
pub fn encrypt(text: &[u8], recipients: &[Recipient], label: &[u8]) -> Result<String> {
    let file_key: Zeroizing<[u8; FILE_KEY_LENGTH]> = random()?;
    let mut stanzas = recipients
        .iter()
        .map(|recipient| wrap(&file_key, recipient))
        .collect::<Result<Vec<_>>>()?;
    stanzas.push(Stanza::new(&[LABEL], label));
    let mut file = header(&stanzas, &file_key).into_bytes();
    let nonce: Zeroizing<[u8; NONCE_LENGTH]> = random()?;
    file.extend(nonce.as_slice());
    file.extend(payload(text, &file_key, &nonce)?);
    Ok(armor::armored(&file))
}

/// The label of an encrypted file; `None` if it is not one, or has none.
pub fn label_of(text: &str) -> Option<Vec<u8>> {
    let file = armor::unarmored(text)?;
    let end = file.windows(5).position(|part| part == b"\n--- ")?;
    let header = std::str::from_utf8(&file[..=end]).ok()?;
    let stanza = stanzas(header)?
        .into_iter()
        .find(|stanza| stanza.arguments == [LABEL])?;
    Some(stanza.body)
}

/// Whether a file is encrypted, judging by how it begins.
pub fn is_encrypted(text: &str) -> bool {
    armor::is_armored(text)
}

fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    SysRng
        .try_fill_bytes(bytes.as_mut_slice())
        .context("the operating system's random source failed")?;
    Ok(bytes)
}

fn header(stanzas: &[Stanza], file_key: &[u8; FILE_KEY_LENGTH]) -> String {
    let stanzas: String = stanzas.iter().map(Stanza::to_text).collect();
    let header = format!("{VERSION}\n{stanzas}---");
    let key = derived(file_key, &[], "header");
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
    let tag = hmac::sign(&key, header.as_bytes());
    format!("{header} {}\n", encoded(tag.as_ref()))
}

/// All stanzas of a header without its last line.
fn stanzas(header: &str) -> Option<Vec<Stanza>> {
    let mut lines = header.lines();
    if lines.next()? != VERSION {
        return None;
    }
    let mut found = Vec::new();
    while let Some(first) = lines.next() {
        found.push(Stanza::parse(first, &mut lines)?);
    }
    Some(found)
}

/// STREAM: the nonce of a chunk is its number in 11 bytes, and whether it is the last one.
fn payload(
    text: &[u8],
    file_key: &[u8; FILE_KEY_LENGTH],
    nonce: &[u8; NONCE_LENGTH],
) -> Result<Vec<u8>> {
    let cipher = ChaCha20Poly1305::new(&(*derived(file_key, nonce, "payload")).into());
    // An empty text is one empty chunk.
    let chunks = text.len().div_ceil(CHUNK_LENGTH).max(1);
    let mut encrypted = Vec::new();
    for number in 0..chunks {
        let start = number * CHUNK_LENGTH;
        let chunk = &text[start..text.len().min(start + CHUNK_LENGTH)];
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&(number as u64).to_be_bytes());
        nonce[11] = u8::from(number + 1 == chunks);
        let sealed = cipher.encrypt(&Nonce::from(nonce), chunk);
        encrypted.extend(sealed.map_err(|_| anyhow!("cannot encrypt a file"))?);
    }
    Ok(encrypted)
}

#[cfg(test)]
mod tests;
