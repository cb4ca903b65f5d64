//! Sends outcomes to the system's log, with the event's anchor: a copy that nobody who can write the registry can
//! alter.
//!
//! One datagram per event, as syslog(3) sends it (RFC 3164), to a socket where rsyslog or journald listens. It never
//! blocks, and what cannot be sent is dropped.

use std::os::unix::net::UnixDatagram;
use std::path::Path;

use crate::domain::timestamp::Timestamp;
use crate::store::RecordedEvent;

/// Facility "authpriv", and the severities "warning" and "notice".
const AUTHPRIV: u8 = 10 * 8;
const WARNING: u8 = 4;
const NOTICE: u8 = 5;

/// Sends an event as a line.
///
/// # Errors
/// Why it could not be sent: nobody listens, or the listener's buffer is full.
pub fn send(socket: &Path, event: &RecordedEvent) -> std::io::Result<()> {
    let sender = UnixDatagram::unbound()?;
    sender.set_nonblocking(true)?;
    sender.send_to(line(event, Timestamp::now()).as_bytes(), socket)?;
    Ok(())
}

fn line(event: &RecordedEvent, now: Timestamp) -> String {
    let severity = if event.error.is_some() {
        WARNING
    } else {
        NOTICE
    };
    let subject = &event.subject;
    let pid = std::process::id();
    let mut line = format!(
        "<{}>{} pgrole[{pid}]: anchor={}",
        AUTHPRIV + severity,
        now.syslog_text(),
        event.anchor
    );
    for (key, value) in [
        ("operation", Some(event.operation.as_str())),
        ("status", Some(event.status.as_str())),
        ("env", subject.env.as_deref()),
        ("database", subject.database.as_deref()),
        ("username", subject.username.as_deref()),
        ("operator", Some(event.os_user.as_str())),
        ("operation_id", Some(event.operation_id.as_str())),
        ("error", event.error.as_deref()),
    ] {
        if let Some(value) = value {
            line.push_str(&format!(" {key}={}", quoted(value)));
        }
    }
    line
}

/// A plain word as it is, anything else in quotes, with control characters escaped.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-.:/@".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => quoted.extend(letter.escape_default()),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_is_quoted_and_stays_on_its_line() {
        assert_eq!(quoted("web01_8080"), "web01_8080");
        assert_eq!(quoted("user created"), "\"user created\"");
        assert_eq!(quoted("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
