//! A signed statement of where the audit log stood, for those who keep it elsewhere: Ed25519 (RFC 8032).

use std::str::FromStr;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::audit::anchor::Anchor;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;

/// What precedes the 32 bytes of a public key in its SubjectPublicKeyInfo (RFC 8410).
const SPKI: [u8; 12] = [48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0];
const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const PEM_END: &str = "-----END PUBLIC KEY-----";

/// The key that signs checkpoints.
pub struct SigningKey(Ed25519KeyPair);

/// The key that verifies them, which may be public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// Where the log stood. Three lines are signed, each with its line break: `pgrole audit checkpoint 1`, the anchor, the
/// time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Checkpoint {
    /// The last event of the log: its number and its hash.
    #[serde(rename = "checkpoint")]
    pub anchor: Anchor,
    /// How many events were checked before it was signed.
    pub events: u64,
    /// When it was signed, as RFC 3339.
    pub signed_at: String,
    /// The 32 bytes of the public key, in base64.
    pub public_key: String,
    /// The 64 bytes of the signature, in base64.
    pub signature: String,
}

impl SigningKey {
    /// Makes a key from the 32 bytes of a private key.
    ///
    /// # Errors
    /// Never, for 32 bytes.
    pub fn new(seed: &[u8; 32]) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed);
        Ok(Self(pair.ok().context("the signing key is not valid")?))
    }

    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    /// Signs where the log stands.
    pub fn sign(&self, anchor: Anchor, events: u64, now: Timestamp) -> Checkpoint {
        let signed_at = now.to_string();
        let signature = self.0.sign(signed_text(&anchor, &signed_at).as_bytes());
        Checkpoint {
            anchor,
            events,
            signed_at,
            public_key: BASE64_STANDARD.encode(self.public_key().0),
            signature: BASE64_STANDARD.encode(signature.as_ref()),
        }
    }
}

impl Checkpoint {
    /// The anchor, if the owner of the private key signed it.
    ///
    /// # Errors
    /// Differences, if another key signed it, or if it was altered since.
    pub fn verified(&self, key: &PublicKey) -> Result<Anchor, Failure> {
        if self.public_key != BASE64_STANDARD.encode(key.0) {
            return Err(Failure::new(
                Kind::Differences,
                "the checkpoint was signed with another key than the one given",
            )
            .hint("show this machine's key: pgrole audit checkpoint --public-key"));
        }
        let text = signed_text(&self.anchor, &self.signed_at);
        let signature = BASE64_STANDARD.decode(&self.signature).unwrap_or_default();
        UnparsedPublicKey::new(&ED25519, key.0)
            .verify(text.as_bytes(), &signature)
            .map_err(|_| {
                Failure::new(
                    Kind::Differences,
                    "the checkpoint was altered: its signature does not match its content",
                )
            })?;
        Ok(self.anchor)
    }
}

fn signed_text(anchor: &Anchor, signed_at: &str) -> String {
    format!("pgrole audit checkpoint 1\n{anchor}\n{signed_at}\n")
}

impl PublicKey {
    /// As `openssl pkey -pubin` reads it.
    pub fn pem(&self) -> String {
        let key = BASE64_STANDARD.encode([&SPKI[..], &self.0].concat());
        format!("{PEM_BEGIN}\n{key}\n{PEM_END}\n")
    }
}

impl FromStr for PublicKey {
    type Err = Failure;

    /// Reads PEM, or the bare 32 bytes in base64.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let inside = text
            .strip_prefix(PEM_BEGIN)
            .and_then(|text| text.strip_suffix(PEM_END))
            .unwrap_or(text);
        let bytes = BASE64_STANDARD.decode(inside.trim()).unwrap_or_default();
        let key = bytes.strip_prefix(&SPKI[..]).unwrap_or(&bytes);
        key.try_into().map(Self).map_err(|_| {
            Failure::usage("not an Ed25519 public key")
                .hint("export this machine's key: pgrole audit checkpoint --public-key > FILE")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor() -> Anchor {
        format!("57:{}", "0a".repeat(32)).parse().unwrap()
    }

    #[test]
    fn only_the_right_key_and_the_whole_content_are_taken() {
        let key = SigningKey::new(&[7; 32]).unwrap();
        let other = SigningKey::new(&[8; 32]).unwrap();
        let checkpoint = key.sign(anchor(), 57, Timestamp::now());
        assert_eq!(checkpoint.verified(&key.public_key()).unwrap(), anchor());
        assert!(checkpoint.verified(&other.public_key()).is_err());
        let forged = Checkpoint {
            public_key: other.sign(anchor(), 57, Timestamp::now()).public_key,
            ..checkpoint.clone()
        };
        assert!(forged.verified(&other.public_key()).is_err());
        let later = Checkpoint {
            signed_at: "2030-01-01T00:00:00.000000Z".into(),
            ..checkpoint
        };
        assert!(later.verified(&key.public_key()).is_err());
    }

    #[test]
    fn a_public_key_is_read_as_it_is_written() {
        let key = SigningKey::new(&[7; 32]).unwrap().public_key();
        assert_eq!(key.pem().parse::<PublicKey>().unwrap(), key);
        let bare = BASE64_STANDARD.encode(key.0);
        assert_eq!(bare.parse::<PublicKey>().unwrap(), key);
        for text in ["", "x", "AAAA", PEM_BEGIN] {
            assert!(text.parse::<PublicKey>().is_err(), "{text}");
        }
    }
}
