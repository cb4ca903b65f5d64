//! The key of a file, encrypted to each recipient: X25519, and the keys of SSH as age has them.

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use rand::rngs::SysRng;
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::hkdf;
use ring::rand::SystemRandom;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::delivery::age::stanza::{Stanza, encoded};
use crate::delivery::age::{curve25519, rsa};
use crate::domain::failure::Failure;
use crate::domain::password::recipient::{Recipient, SshKey};

const OF_X25519: &str = "age-encryption.org/v1/X25519";
const OF_ED25519: &str = "age-encryption.org/v1/ssh-ed25519";
const OF_RSA: &str = "age-encryption.org/v1/ssh-rsa";

pub(super) const FILE_KEY_LENGTH: usize = 16;
/// Of its fingerprint, a key is named by so many bytes.
const NAME_LENGTH: usize = 4;

pub(super) type Key = Zeroizing<[u8; 32]>;

/// Encrypts the key of a file to a recipient.
pub(super) fn wrap(file_key: &[u8; FILE_KEY_LENGTH], recipient: &Recipient) -> Result<Stanza> {
    match recipient {
        Recipient::X25519(point) => {
            let (share, shared) = agree(point)?;
            let key = wrapping_key(&shared, &share, point, OF_X25519);
            let body = sealed(&key, file_key)?;
            Ok(Stanza::new(&["X25519", &encoded(&share)], &body))
        }
        Recipient::Ssh(key @ SshKey::Ed25519 { point, .. }) => {
            let point = curve25519::of_ed25519(*point)
                .ok_or_else(|| Failure::usage("the ssh-ed25519 key is not a valid key"))?;
            // Whoever wrote the format multiplies by the secret first, and then by this; the order does not matter.
            let tweak = derived(&[], key.blob(), OF_ED25519);
            let (share, shared) = agree(&curve25519::multiple(*tweak, point))?;
            let wrapping = wrapping_key(&shared, &share, &point, OF_ED25519);
            let body = sealed(&wrapping, file_key)?;
            let arguments = ["ssh-ed25519", &name(key), &encoded(&share)];
            Ok(Stanza::new(&arguments, &body))
        }
        Recipient::Ssh(
            key @ SshKey::Rsa {
                modulus, exponent, ..
            },
        ) => {
            let body = rsa::encrypt((modulus, *exponent), file_key, OF_RSA, &mut SysRng)?;
            Ok(Stanza::new(&["ssh-rsa", &name(key)], &body))
        }
    }
}

/// A new secret's public half, and what it has in common with a point.
fn agree(point: &[u8; 32]) -> Result<([u8; 32], Key)> {
    let random = SystemRandom::new();
    let failed = |_| anyhow!("the operating system's random source failed");
    let private = EphemeralPrivateKey::generate(&X25519, &random).map_err(failed)?;
    let share = private.compute_public_key().map_err(failed)?;
    let share = share.as_ref().try_into().context("X25519 has 32 bytes")?;
    let mut shared = Key::default();
    let taken = agree_ephemeral(private, &UnparsedPublicKey::new(&X25519, point), |agreed| {
        shared.copy_from_slice(agreed);
    });
    // A point of low order, with which everybody has the same in common.
    taken.map_err(|_| Failure::usage("the recipient is not a valid key"))?;
    Ok((share, shared))
}

pub(super) fn wrapping_key(shared: &Key, share: &[u8], point: &[u8; 32], label: &str) -> Key {
    derived(shared.as_slice(), &[share, point].concat(), label)
}

/// HKDF with SHA-256.
pub(super) fn derived(secret: &[u8], salt: &[u8], label: &str) -> Key {
    let mut key = Key::default();
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|derived| derived.fill(key.as_mut_slice()))
        .expect("HKDF can make 32 bytes");
    key
}

/// A key encrypts one file key: its nonce is zero.
fn sealed(key: &Key, file_key: &[u8; FILE_KEY_LENGTH]) -> Result<Vec<u8>> {
    ChaCha20Poly1305::new(&(**key).into())
        .encrypt(&Nonce::default(), file_key.as_slice())
        .map_err(|_| anyhow!("cannot encrypt the key of a file"))
}

fn name(key: &SshKey) -> String {
    encoded(&Sha256::digest(key.blob())[..NAME_LENGTH])
}
