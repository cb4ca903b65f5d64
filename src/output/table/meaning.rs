//! What the values of reports mean to a reader, by their keys: which is a failure, a warning, a time, prose. A mark
//! beside the word, never instead of it.

use serde_json::Value;

use crate::domain::relative_time::relative;
use crate::domain::timestamp::{Span, Timestamp};
use crate::output::painted::Tone;
use crate::output::screen::Screen;

/// Keys of texts that may be broken between words: nobody copies a word of them.
const PROSE: [&str; 14] = [
    "notes",
    "detail",
    "reason",
    "problem",
    "error",
    "last_error",
    "message",
    "hint",
    "statements",
    "undo",
    "grants",
    "missing",
    "age_unknown",
    "not_undone",
];

/// Keys of times besides those that end in `_at`.
const TIMES: [&str; 5] = ["valid_until", "keep_until", "ends_on", "since", "until"];

/// Keys of words that say how something ended, or how it stands.
const OUTCOMES: [&str; 7] = [
    "status",
    "state",
    "outcome",
    "last_result",
    "verdict",
    "result",
    "disposal",
];

/// How words begin that say that something is broken, in any case.
const BAD: [&str; 16] = [
    "failed",
    "error",
    "refused",
    "interrupted",
    "unreachable",
    "login failed",
    "query failed",
    "wrong server",
    "no credential",
    "invalid entry",
    "altered",
    "cut off",
    "stuck",
    "undelivered",
    "unknown",
    "expired",
];

/// The same for what is to be looked at.
const DOUBTFUL: [&str; 15] = [
    "open:",
    "warning",
    "rights missing",
    "missing",
    "overdue",
    "differs",
    "target differs",
    "read-only",
    "pooler",
    "standby",
    "no outcome on record",
    "not found",
    "user not found",
    "applying",
    "sealed",
];

/// From how far away the end of a login is a warning.
const SOON: Span = Span::days(14);

/// Whether a text may be broken between its words.
pub fn is_prose(key: &str) -> bool {
    PROSE.contains(&key)
}

fn is_time(key: &str) -> bool {
    key.ends_with("_at") || TIMES.contains(&key)
}

/// A time as a person says it, and exactly if there is room for it; `None` if the value is none, or nobody reads it.
pub fn time_text(key: &str, value: &Value, screen: &Screen) -> Option<String> {
    Some(relative(time_of(key, value, screen)?, screen.now))
}

fn time_of(key: &str, value: &Value, screen: &Screen) -> Option<Timestamp> {
    if !screen.is_terminal() || !is_time(key) {
        return None;
    }
    Timestamp::parse(value.as_str()?)
}

/// What a person reads instead of `yes`.
pub fn word_for_yes(key: &str, screen: &Screen) -> &'static str {
    if key == "due" && screen.is_terminal() {
        "overdue"
    } else {
        "yes"
    }
}

/// The mark of a protected environment behind the name of one, or of a target in one.
pub fn is_marked(key: &str, name: &str, screen: &Screen) -> bool {
    let env = match key {
        "env" => Some(name),
        "databases" | "target" | "targets" => name.split_once('/').map(|(env, _)| env),
        _ => None,
    };
    screen.is_terminal() && env.is_some_and(|env| screen.is_protected(env))
}

/// What a value means.
pub fn tone_of(key: &str, value: &Value, screen: &Screen) -> Tone {
    match value {
        Value::String(text) if is_marked(key, text, screen) => Tone::Protected,
        Value::String(text) if OUTCOMES.contains(&key) => tone_of_outcome(text),
        Value::String(_) if key == "valid_until" => tone_of_end(key, value, screen),
        Value::String(text) if key == "problem" && !text.is_empty() => Tone::Bad,
        Value::Bool(true) if key == "due" => Tone::Doubtful,
        Value::Bool(false) if ["active", "login", "usable"].contains(&key) => Tone::Doubtful,
        Value::Array(items) if key == "missing" && !items.is_empty() => Tone::Doubtful,
        Value::Array(items) => {
            let mut names = items.iter().filter_map(Value::as_str);
            if names.any(|name| is_marked(key, name, screen)) {
                Tone::Protected
            } else {
                Tone::Plain
            }
        }
        Value::Number(count) if ["failed", "given_up", "gaps"].contains(&key) => {
            if count.as_u64().unwrap_or(0) > 0 {
                Tone::Bad
            } else {
                Tone::Plain
            }
        }
        _ => Tone::Plain,
    }
}

fn tone_of_outcome(text: &str) -> Tone {
    let text = text.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(&BAD) {
        Tone::Bad
    } else if begins(&DOUBTFUL) {
        Tone::Doubtful
    } else {
        Tone::Plain
    }
}

fn tone_of_end(key: &str, value: &Value, screen: &Screen) -> Tone {
    let Some(end) = time_of(key, value, screen) else {
        return Tone::Plain;
    };
    if end <= screen.now {
        Tone::Bad
    } else if screen.now.after(SOON).is_ok_and(|soon| end <= soon) {
        Tone::Doubtful
    } else {
        Tone::Plain
    }
}
