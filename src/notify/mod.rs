//! Sends a message to a channel, in the words and with the escapes of that channel. Which messages, and when, is
//! the operations' affair; where the secrets come from the credentials'.

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

/// What is shorter is no secret by itself, but a word of a path.
const SHORTEST_SECRET: usize = 8;

/// A message that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Who of several recipients did not get it, and why.
    pub remarks: Vec<String>,
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

/// A server may repeat what it was sent: a token, a URL, or the part of a URL that makes it a secret.
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
