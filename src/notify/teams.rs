//! Microsoft Teams, by a workflow with the trigger "when a Teams webhook request is received": an Adaptive Card.
//!
//! Text is put in text runs, in which Adaptive Cards have no Markdown: only line ends need escaping.

use std::time::Instant;

use serde_json::{Value, json};

use crate::domain::message::channel::{Channel, Secrets};
use crate::domain::message::notification::{Message, on_one_line};
use crate::notify::body::{json, url};
use crate::notify::http::{Post, post};
use crate::notify::refusal::MessageRefusal;

pub fn send(
    channel: &Channel,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<(), MessageRefusal> {
    let body = json(&envelope(message))?;
    let request = Post {
        headers: Vec::new(),
        body: &body,
    };
    post(channel, url(secrets)?, &request, deadline)
}

fn envelope(message: &Message) -> Value {
    let mut lines = vec![line(&message.event, &message.subject(), "large")];
    for (label, text) in message.facts() {
        lines.push(line(label, &text, "default"));
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.2",
                "body": lines,
            },
        }],
    })
}

fn line(label: &str, text: &str, size: &str) -> Value {
    json!({
        "type": "RichTextBlock",
        "inlines": [
            { "type": "TextRun", "text": format!("{label}: "), "weight": "bolder", "size": size },
            { "type": "TextRun", "text": on_one_line(text), "size": size },
        ],
    })
}
