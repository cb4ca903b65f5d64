//! What a request to a channel is made of.

use serde::Serialize;

use crate::domain::message::channel::{SecretName, Secrets};
use crate::domain::password::secret::Secret;
use crate::notify::refusal::Refusal;

/// The URL of a channel, which is a secret.
///
/// # Errors
/// Where there is none.
pub fn url(secrets: &Secrets) -> Result<&str, Refusal> {
    let url = secrets.get(&SecretName::Url);
    url.map(Secret::expose)
        .ok_or_else(|| Refusal::lasting("it has no URL"))
}

/// The text of a body.
///
/// # Errors
/// None that is expected.
pub fn json(body: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(body).map_err(|error| Refusal::lasting(error.to_string()))
}
