//! The steps of a run, each as a line on stderr when it has ended.

use crate::domain::trace::TracedStep;
use crate::output::Ui;
use crate::output::json::json_text;
use crate::output::{Format, terminal::say, text::escape};

impl Ui {
    /// Shows a step: as a line for people, as an object for scripts.
    pub fn show_step(&self, step: &TracedStep) {
        match self.said_as() {
            Format::Table => say(&escape(&in_words(step))),
            Format::Json | Format::Jsonl => {
                say(&json_text(&serde_json::json!({ "step": step }).to_string()));
            }
        }
    }
}

fn in_words(step: &TracedStep) -> String {
    let target = step.env.iter().zip(&step.database);
    let mut text: String = target
        .map(|(env, database)| format!("{env}/{database}: "))
        .collect();
    text += step.name;
    if let Some(detail) = &step.detail {
        text += &format!(" {detail}");
    }
    text += &format!(": {:.1} ms", step.ms);
    match step.round_trips {
        None | Some(0) => {}
        Some(1) => text += ", 1 round trip",
        Some(count) => text += &format!(", {count} round trips"),
    }
    if step.failed {
        text += ", failed";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_where_what_how_long_and_whether_it_failed() {
        let step = TracedStep {
            name: "dial",
            env: Some("dev".to_owned()),
            database: Some("app".to_owned()),
            detail: Some("127.0.0.1:5432".to_owned()),
            ms: 1_000.26,
            round_trips: Some(1),
            failed: true,
        };
        let text = "dev/app: dial 127.0.0.1:5432: 1000.3 ms, 1 round trip, failed";
        assert_eq!(in_words(&step), text);
        let local = TracedStep {
            name: "open the registry",
            env: None,
            database: None,
            detail: None,
            ms: 0.0,
            round_trips: None,
            failed: false,
        };
        assert_eq!(in_words(&local), "open the registry: 0.0 ms");
    }
}
