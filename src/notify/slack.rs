//! Slack's incoming webhook (api.slack.com, "Sending messages using incoming webhooks").
//!
//! Everything from outside is put in code spans, where neither `*bold*` nor `@name` has a meaning. `&`, `<` and `>` are
//! Slack's control characters even there: `<!channel>` would notify everybody.

use std::time::Instant;

use serde_json::json;

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
    let body = json(&json!({ "text": text(message) }))?;
    let request = Post {
        headers: Vec::new(),
        body: &body,
    };
    post(channel, url(secrets)?, &request, deadline)
}

fn text(message: &Message) -> String {
    let mut lines = vec![format!("*{}*: {}", message.event, code(&message.subject()))];
    for (label, text) in message.facts() {
        lines.push(format!("{label}: {}", code(&text)));
    }
    lines.join("\n")
}

/// A code span. It cannot contain a backquote, and there is no escape for one: a look-alike replaces it.
fn code(text: &str) -> String {
    let text = on_one_line(text)
        .replace('`', "\u{2cb}")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_rings_or_formats() {
        assert_eq!(
            code("<!channel> *x* & `y`"),
            "`&lt;!channel&gt; *x* &amp; ˋyˋ`"
        );
        assert_eq!(code("a\nb"), "`a\\nb`");
    }
}
