//! A Webex room, by a bot's token (developer.webex.com, "Create a Message").

use std::time::Instant;

use serde_json::json;

use crate::domain::message::channel::{Channel, SecretName, Secrets};
use crate::domain::message::notification::{Message, on_one_line};
use crate::domain::password::secret::Secret;
use crate::notify::body::json;
use crate::notify::http::{Post, post};
use crate::notify::refusal::MessageRefusal;

/// The longest text that Webex accepts, in bytes.
const LONGEST: usize = 7_439;

/// The room that a message goes to.
pub struct Room<'a> {
    pub id: &'a str,
    pub api: &'a str,
}

pub fn send(
    channel: &Channel,
    room: &Room<'_>,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<(), MessageRefusal> {
    let token = secrets.get(&SecretName::Token).map_or("", Secret::expose);
    let body = json!({ "roomId": room.id, "markdown": markdown(message) });
    let body = json(&body)?;
    let request = Post {
        headers: vec![("Authorization", format!("Bearer {token}"))],
        body: &body,
    };
    post(channel, room.api, &request, deadline)
}

fn markdown(message: &Message) -> String {
    let mut text = format!("**{}**: {}", message.event, escape(&message.subject()));
    for (label, value) in message.facts() {
        let line = format!("  \n{label}: {}", escape(&value));
        // Shorter lines may still fit.
        if text.len() + line.len() <= LONGEST {
            text.push_str(&line);
        }
    }
    text
}

/// Escapes every character that is special in Markdown with a backslash (CommonMark, 2.4); mentions are written as
/// tags, so their characters need entities.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in on_one_line(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|'
            | '~' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_mentions_or_formats() {
        assert_eq!(
            escape("<@all> *x* [y](z) `a_b`"),
            r"&lt;@all&gt; \*x\* \[y\]\(z\) \`a\_b\`"
        );
    }
}
