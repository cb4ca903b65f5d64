//! Errors: three parts for people (what failed on what, the causes, a hint), one object for scripts.

use std::borrow::Cow;

use anyhow::Error;
use clap::error::ErrorKind;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::failure::{Kind, hint_of, kind_of, sqlstate_of, target_of};
use crate::domain::password::recipient::without_secret_keys;
use crate::output::facts::{Fact, counted_names, counted_of, put_together};
use crate::output::json::json_text;
use crate::output::terminal::{CYAN, RED, say};
use crate::output::text::{escape, escape_lines};
use crate::output::{Format, Ui};

/// What failed.
#[derive(Serialize, JsonSchema)]
pub struct ErrorObject<'a> {
    /// What kind of failure it is; each has its exit status.
    kind: Kind,
    /// What failed, on what.
    message: String,
    /// The causes, outermost first.
    causes: Vec<String>,
    /// The server's SQLSTATE; null if the server reported none.
    sqlstate: Option<&'a str>,
    /// What to do next, usually a command; null if there is no advice.
    hint: Option<&'a str>,
    /// The environment of the target; null if it is not about one target.
    env: Option<&'a str>,
    /// The database of the target; null if it is not about one target.
    database: Option<&'a str>,
}

impl Ui {
    /// Prints an error on stderr, in the format of the results.
    pub fn show_error(&self, error: &Error) {
        if let Some(mail) = &self.mail {
            return mail.keep(error, self.error_text(error));
        }
        match self.format {
            Format::Table => say(&self.error_text(error)),
            Format::Json | Format::Jsonl => say(&error_json(error)),
        }
    }

    /// Prints errors of several targets: to people, what is the same for many is said once.
    pub fn show_errors(&self, errors: &[&Error]) {
        let errors: Vec<_> = errors.iter().map(|error| (None, *error)).collect();
        self.show_errors_of(&errors);
    }

    /// The same for errors of several roles.
    pub fn show_errors_of(&self, errors: &[(Option<&str>, &Error)]) {
        if Self::was_stopped_without_reader() {
            return;
        }
        // They arrive in any order.
        let settings = self.run.as_ref().map(|run| &run.settings);
        let rank = |env: &str| settings.map_or(0, |settings| settings.rollout_rank(env));
        let mut errors = errors.to_vec();
        errors.sort_by_key(|(_, error)| {
            target_of(error).map(|(env, database)| (rank(env), env.to_owned(), database.to_owned()))
        });
        if self.format != Format::Table || self.is_mailed() {
            for (_, error) in errors {
                self.show_error(error);
            }
            return;
        }
        let sayings = errors.iter().map(|(role, error)| {
            let links = error.chain().map(ToString::to_string);
            let hint = hint_of(error).unwrap_or_default().to_owned();
            let texts = links.chain([hint]).map(|text| match role {
                Some(role) => Cow::Owned(text.replace(&format!("\"{role}\""), "ROLE")),
                None => Cow::Owned(text),
            });
            (target_of(error), texts.collect(), (*role, *error))
        });
        for fact in put_together(sayings) {
            match fact.sayings.as_slice() {
                [(_, (_, only))] => self.show_error(only),
                _ => say(&self.fact_text(&fact)),
            }
        }
    }

    fn fact_text(&self, fact: &Fact<'_, (Option<&str>, &Error)>) -> String {
        let names = counted_names(&fact.names());
        let roles = fact.sayings.iter().filter_map(|(place, (role, _))| {
            let (env, database) = place.as_ref()?;
            role.map(|role| format!("\"{role}\" on {env}/{database}"))
        });
        let roles: Vec<_> = roles.collect();
        let (hint, texts) = fact
            .texts
            .split_last()
            .expect("the hint is there, if empty");
        let (first, causes) = texts.split_first().expect("an error says something");
        // What failed names the target last: "the check failed on dev/a".
        let first = match first.strip_suffix("ENV/DATABASE") {
            _ if !roles.is_empty() => format!("{}: {first}", counted_of(&roles, "roles")),
            Some(before) => format!("{before}{names}"),
            None => format!("{names}: {first}"),
        };
        let mut lines = vec![format!(
            "{} {}",
            self.paint("error:", RED),
            escape_lines(&first)
        )];
        for cause in causes {
            lines.push(format!("caused by: {}", escape(cause)));
        }
        if !hint.is_empty() {
            lines.push(format!("{} {}", self.paint("hint:", CYAN), escape(hint)));
        }
        lines.join("\n")
    }

    fn error_text(&self, error: &Error) -> String {
        let mut lines = vec![format!(
            "{} {}",
            self.paint("error:", RED),
            escape_lines(&error.to_string())
        )];
        for cause in error.chain().skip(1) {
            lines.push(format!("caused by: {}", escape(&cause.to_string())));
        }
        if let Some(hint) = hint_of(error) {
            lines.push(format!("{} {}", self.paint("hint:", CYAN), escape(hint)));
        }
        lines.join("\n")
    }
}

fn error_json(error: &Error) -> String {
    let target = target_of(error);
    let object = ErrorObject {
        kind: kind_of(error),
        message: error.to_string(),
        causes: error.chain().skip(1).map(ToString::to_string).collect(),
        sqlstate: sqlstate_of(error),
        hint: hint_of(error),
        env: target.map(|(env, _)| env),
        database: target.map(|(_, database)| database),
    };
    json_text(&serde_json::json!({ "error": object }).to_string())
}

/// The command whose help says more: the one in the usage line, if there is one.
fn help_command(text: &str) -> String {
    let usage = text.lines().find_map(|line| line.strip_prefix("Usage: "));
    let words = usage.unwrap_or("pgrole").split(' ');
    let command = words.take_while(|word| !word.starts_with(['[', '<', '-']));
    let command: Vec<_> = command.collect();
    format!("see {} --help", command.join(" "))
}

/// Prints a usage error of clap: unchanged for people, as an object for scripts. A hint replaces the last line, which
/// names the help.
pub fn show_usage_error(format: Format, error: &clap::Error, hint: Option<String>) {
    // Where a tip was taken out, its empty line stays.
    let text = error.render().to_string().replace("\n\n\n", "\n\n");
    let text = without_secret_keys(&text);
    if format == Format::Table {
        let text = match &hint {
            Some(hint) => format!("{}hint: {hint}", without_last_line(&text)),
            None => text,
        };
        say(escape_lines(&text).trim_end());
        return;
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let message = lines.next().unwrap_or_default();
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let (message, causes) = if is_help {
        ("a command is missing", Vec::new())
    } else {
        let causes = lines.take_while(|line| !line.starts_with(LAST_LINE));
        let message = message.trim_start_matches("error: ");
        (message, causes.map(|line| line.trim().to_owned()).collect())
    };
    let object = ErrorObject {
        kind: Kind::Usage,
        message: message.to_owned(),
        causes,
        sqlstate: None,
        hint: Some(&hint.unwrap_or_else(|| help_command(&text))),
        env: None,
        database: None,
    };
    say(&json_text(
        &serde_json::json!({ "error": object }).to_string(),
    ));
}

const LAST_LINE: &str = "For more information";

fn without_last_line(text: &str) -> &str {
    text.find(LAST_LINE).map_or(text, |at| &text[..at])
}
