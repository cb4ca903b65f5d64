//! Sends a message to a channel, formatted and escaped for that channel. `operations` decides which messages and when;
//! `credentials` provides the secrets.

mod body;
mod command;
mod email;
mod http;
mod proxy;
mod refusal;
mod slack;
mod teams;
mod webex;
mod webhook;

use std::time::Instant;

use crate::domain::message::channel::{Channel, ChannelKind, Secrets};
use crate::domain::message::notification::Message;
use crate::notify::webex::Room;

pub use refusal::MessageRefusal;

/// Anything shorter is not a secret, but an ordinary part of a path.
const SHORTEST_SECRET: usize = 8;

/// A message that was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Which of several recipients did not get it, and why.
    pub remarks: Vec<String>,
}

/// Sends a message; when this returns `Ok`, the channel has accepted it.
///
/// # Errors
/// Why the channel did not accept it by the deadline. The reason contains no secret.
pub fn send(
    channel: &Channel,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<Taken, MessageRefusal> {
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

/// A server may echo what it was sent: a token, a URL, or the secret part of a URL.
fn without_secrets(mut refusal: MessageRefusal, secrets: &Secrets) -> MessageRefusal {
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
