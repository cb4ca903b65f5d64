//! Sends a message to a channel, in the words and with the escapes of that channel. Which messages, and when, is
//! the operations' affair; where the secrets come from the credentials'.

mod command;
mod email;
mod http;
mod proxy;
mod slack;
mod teams;
mod webex;
mod webhook;

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::domain::channel::{Channel, ChannelKind, SecretName, Secrets};
use crate::domain::notification::Message;
use crate::domain::secret::Secret;
use crate::notify::webex::Room;

/// What is shorter is no secret by itself, but a word of a path.
const SHORTEST_SECRET: usize = 8;

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: String,
    /// Whether trying again soon is of no use: somebody must mend something first.
    pub is_lasting: bool,
    /// How long the channel wants to be left alone.
    pub retry_after: Option<Duration>,
}

/// A message that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Who of several recipients did not get it, and why.
    pub remarks: Vec<String>,
}

impl Refusal {
    pub fn passing(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_lasting: false,
            retry_after: None,
        }
    }

    pub fn lasting(reason: impl Into<String>) -> Self {
        Self {
            is_lasting: true,
            ..Self::passing(reason)
        }
    }
}

/// Sends a message; the channel has taken it when this returns well.
///
/// # Errors
/// Why the channel did not take it by the deadline. The reason holds no secret.
pub fn send(
    channel: &Channel,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<Taken, Refusal> {
    let sent = match &channel.kind {
        ChannelKind::Webhook => webhook::send(channel, secrets, message, deadline),
        ChannelKind::Slack => slack::send(channel, secrets, message, deadline),
        ChannelKind::Teams => teams::send(channel, secrets, message, deadline),
        ChannelKind::Webex { room_id, api } => {
            let room = Room { id: room_id, api };
            webex::send(channel, &room, secrets, message, deadline)
        }
        ChannelKind::Email(mail) => {
            let taken = email::send(channel, mail, secrets, message, deadline);
            return taken.map_err(|refusal| without_secrets(refusal, secrets));
        }
        ChannelKind::Command(words) => command::send(words, message, deadline),
    };
    sent.map(|()| Taken::default())
        .map_err(|refusal| without_secrets(refusal, secrets))
}

/// A server may repeat what it was sent: a token, a URL, or the part of a URL that makes it a secret.
fn without_secrets(mut refusal: Refusal, secrets: &Secrets) -> Refusal {
    for secret in secrets.values() {
        let text = secret.expose();
        let parts = text.split(['/', '?', '&', '=']);
        let long_parts = parts.filter(|part| part.len() >= SHORTEST_SECRET && text.contains('/'));
        for part in [text].into_iter().chain(long_parts) {
            if !part.is_empty() {
                refusal.reason = refusal.reason.replace(part, "[secret]");
            }
        }
    }
    refusal
}

fn url(secrets: &Secrets) -> Result<&str, Refusal> {
    let url = secrets.get(&SecretName::Url);
    url.map(Secret::expose)
        .ok_or_else(|| Refusal::lasting("it has no URL"))
}

fn json(body: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(body).map_err(|error| Refusal::lasting(error.to_string()))
}
