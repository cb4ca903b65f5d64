//! The parts of a request to a channel.

use serde::Serialize;

use crate::domain::message::channel::{SecretName, Secrets};
use crate::domain::password::secret::Secret;
use crate::notify::refusal::MessageRefusal;

/// The URL of a channel, which is a secret.
///
/// # Errors
/// If it has none.
pub fn url(secrets: &Secrets) -> Result<&str, MessageRefusal> {
    let url = secrets.get(&SecretName::Url);
    url.map(Secret::expose)
        .ok_or_else(|| MessageRefusal::lasting("it has no URL"))
}

/// The JSON text of a body.
///
/// # Errors
/// Not expected to fail.
pub fn json(body: &impl Serialize) -> Result<String, MessageRefusal> {
    serde_json::to_string(body).map_err(|error| MessageRefusal::lasting(error.to_string()))
}
