//! A generic webhook: the message as JSON, signed if there is a secret.
//!
//! `X-Pgrole-Signature` is `sha256=` and the hex digits of HMAC-SHA-256, keyed with the secret, over
//! `X-Pgrole-Timestamp`, a full stop and the body: a receiver that checks both rejects forged and replayed requests.

use std::time::Instant;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::message::channel::{Channel, SecretName, Secrets};
use crate::domain::message::notification::Message;
use crate::domain::password::secret::Secret;
use crate::domain::timestamp::Timestamp;
use crate::notify::body::{json, url};
use crate::notify::http::{Post, post};
use crate::notify::refusal::MessageRefusal;

pub fn send(
    channel: &Channel,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<(), MessageRefusal> {
    let body = json(message)?;
    let timestamp = Timestamp::now().unix_seconds().to_string();
    let mut headers = vec![
        ("X-Pgrole-Id", message.id.clone()),
        ("X-Pgrole-Timestamp", timestamp.clone()),
    ];
    if let Some(secret) = secrets.get(&SecretName::Secret) {
        headers.push(("X-Pgrole-Signature", signature(secret, &timestamp, &body)));
    }
    let url = url(secrets)?;
    let request = Post {
        headers,
        body: &body,
    };
    post(channel, url, &request, deadline)
}

fn signature(secret: &Secret, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .expect("HMAC accepts keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let digits = mac.finalize().into_bytes();
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_openssl_says() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
        let secret = Secret::new("key".into());
        assert_eq!(
            signature(&secret, "1700000000", "{\"a\":1}"),
            "sha256=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"
        );
    }
}
