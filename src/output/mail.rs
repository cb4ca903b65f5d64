//! What cron mails: errors as text, those of one cause together, so that a missing directory is one line and not a
//! hundred.

use std::sync::{Mutex, PoisonError};

use anyhow::Error;

use crate::domain::failure::hint_of;
use crate::output::text::escape;
use crate::output::{Ui, say};

/// How many errors of one cause are named.
const NAMED: usize = 3;

/// Errors that are kept until the end of the run.
#[derive(Debug, Default)]
pub(super) struct CronMail {
    kept: Mutex<Vec<HeldError>>,
}

#[derive(Debug)]
struct HeldError {
    /// What failed, on what.
    what: String,
    /// The innermost cause; the same as `what` if there is no other.
    cause: String,
    hint: Option<String>,
    /// How it is shown if it is the only one of its cause.
    alone: String,
}

impl CronMail {
    pub fn keep(&self, error: &Error, alone: String) {
        let cause = error.chain().last().map(ToString::to_string);
        let what = error.to_string();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(HeldError {
            cause: cause.unwrap_or_else(|| what.clone()),
            what,
            hint: hint_of(error).map(str::to_owned),
            alone,
        });
    }
}

impl Ui {
    /// Prints the kept errors, each cause once, in the order in which they occurred.
    pub fn say_kept_errors(&self) {
        let Some(mail) = &self.mail else {
            return;
        };
        let kept = {
            let mut kept = mail.kept.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *kept)
        };
        let mut causes: Vec<&str> = Vec::new();
        for error in &kept {
            if !causes.contains(&error.cause.as_str()) {
                causes.push(&error.cause);
            }
        }
        for cause in causes {
            let same = kept.iter().filter(|error| error.cause == cause);
            say(&in_text(&same.collect::<Vec<_>>()));
        }
    }
}

fn in_text(same: &[&HeldError]) -> String {
    let [first, others @ ..] = same else {
        return String::new();
    };
    if others.is_empty() {
        return first.alone.clone();
    }
    let named = same.iter().take(NAMED).map(|error| escape(&error.what));
    let named = named.collect::<Vec<_>>().join("; ");
    let more = match same.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let mut text = format!(
        "error: {} times: {} ({named}{more})",
        same.len(),
        escape(&first.cause)
    );
    let is_common = others.iter().all(|error| error.hint == first.hint);
    if let Some(hint) = first.hint.as_ref().filter(|_| is_common) {
        text += &format!("\nhint: {}", escape(hint));
    }
    text
}
