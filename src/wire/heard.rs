//! What a session heard beside the answers: the server's warnings, and why the stream was given up.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::message::notification::on_one_line;
use crate::domain::password::secret::Secret;

/// How many different warnings of a session are kept. The rest is counted.
const MOST_WARNINGS: usize = 10;
/// How much of a warning is kept, in characters.
const LONGEST_WARNING: usize = 300;
/// The class of a warning's SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes").
const WARNING_CLASS: &str = "01";
/// How the verifiers of passwords begin.
const VERIFIERS: [&str; 2] = ["SCRAM-SHA-256$", "md5"];

/// Shared by the stream of a session and those who ask.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    warnings: Vec<String>,
    /// How many more there were.
    more: usize,
    violation: Option<String>,
    /// The password of the login, which no warning may repeat.
    password: Option<Secret>,
}

impl fmt::Debug for Heard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Heard").finish_non_exhaustive()
    }
}

impl Heard {
    pub fn of_login(password: Option<&Secret>) -> Self {
        let heard = Self::default();
        heard.state().password = password.cloned();
        heard
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a notice if it is a warning. `fields` is the body of a `NoticeResponse`, or how much of it is kept.
    pub fn note_notice(&self, fields: &[u8]) {
        let Some(warning) = warning(fields) else {
            return;
        };
        let mut state = self.state();
        let is_secret = may_contain_verifier(&warning)
            || (state.password.as_ref())
                .is_some_and(|it| !it.is_empty() && warning.contains(it.expose()));
        let warning = if is_secret {
            "a warning that contains a password or its verifier, and is not shown".to_owned()
        } else {
            shortened(on_one_line(&warning))
        };
        if state.warnings.contains(&warning) {
            return;
        }
        if state.warnings.len() < MOST_WARNINGS {
            state.warnings.push(warning);
        } else {
            state.more += 1;
        }
    }

    /// Takes the warnings since the last time, each once.
    pub fn take_warnings(&self) -> Vec<String> {
        let mut state = self.state();
        let mut warnings = std::mem::take(&mut state.warnings);
        match std::mem::take(&mut state.more) {
            0 => {}
            more => warnings.push(format!("{more} more")),
        }
        warnings
    }

    pub fn note_violation(&self, violation: String) {
        self.state().violation.get_or_insert(violation);
    }

    /// How the server broke the protocol, if that is why the session ended.
    pub fn violation(&self) -> Option<String> {
        self.state().violation.clone()
    }
}

/// The text of a notice, if it is a warning.
fn warning(fields: &[u8]) -> Option<String> {
    let field = |kind: u8| {
        let mut fields = fields.split(|byte| *byte == 0);
        let text = fields.find_map(|field| match field.split_first() {
            Some((found, text)) if *found == kind => Some(text),
            _ => None,
        })?;
        Some(String::from_utf8_lossy(text).into_owned())
    };
    let code = field(b'C').filter(|code| code.starts_with(WARNING_CLASS))?;
    let detail = field(b'D').map_or_else(String::new, |detail| format!(": {detail}"));
    Some(format!("{}{detail} (SQLSTATE {code})", field(b'M')?))
}

/// Whether a text may contain what a server stores of a password.
fn may_contain_verifier(text: &str) -> bool {
    let [scram, md5] = VERIFIERS;
    let is_md5 = |after: &str| {
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit);
        digits.count() >= 32
    };
    text.contains(scram) || text.split(md5).skip(1).any(is_md5)
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_WARNING) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(notices: &[&[u8]]) -> Vec<String> {
        let heard = Heard::of_login(Some(&Secret::new("hunter2".to_owned())));
        for notice in notices {
            heard.note_notice(notice);
        }
        heard.take_warnings()
    }

    #[test]
    fn warnings_are_kept_once_and_nothing_else_is() {
        let warning = b"SWARNING\0VWARNING\0C01007\0Mno privileges were granted for \"x\"\0\0";
        let notice = b"SNOTICE\0VNOTICE\0C00000\0Mso what\0\0";
        assert_eq!(
            heard(&[notice, warning, warning]),
            ["no privileges were granted for \"x\" (SQLSTATE 01007)"]
        );
        assert_eq!(
            heard(&[b"C01000\0Mred\x1b[31m\0Dand\nthen\0\0"]),
            [r"red\u{1b}[31m: and\nthen (SQLSTATE 01000)"]
        );
    }

    #[test]
    fn many_and_long_warnings_are_bounded() {
        let notices: Vec<_> = (0..1000)
            .map(|number| format!("C01000\0M{number}{}\0\0", "x".repeat(5000)))
            .collect();
        let notices: Vec<_> = notices.iter().map(String::as_bytes).collect();
        let heard = heard(&notices);
        assert_eq!(heard.len(), MOST_WARNINGS + 1);
        assert_eq!(heard[MOST_WARNINGS], "990 more");
        assert!(
            heard
                .iter()
                .all(|it| it.chars().count() <= LONGEST_WARNING + 1)
        );
    }

    #[test]
    fn no_warning_repeats_a_secret() {
        for secret in [
            "ALTER ROLE a PASSWORD 'SCRAM-SHA-256$4096:x$y:z'",
            "md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "you said hunter2",
        ] {
            let heard = heard(&[format!("C01000\0M{secret}\0\0").as_bytes()]);
            assert!(heard[0].ends_with("is not shown"), "{heard:?}");
        }
        assert_eq!(
            heard(&[b"C01000\0Mmd5 is old\0\0"]),
            ["md5 is old (SQLSTATE 01000)"]
        );
    }
}
