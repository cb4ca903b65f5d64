//! `config check`: all that is wrong with a config file, each mistake with its place.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::text::examine;

/// A mistake in the config file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConfigProblem {
    /// The line, from 1; null if the mistake is not in one place.
    pub line: Option<usize>,
    /// The column of that line, in characters, from 1; null if there is no line.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: String,
    /// What was probably meant, or what to do; null if nobody knows.
    pub hint: Option<String>,
}

/// Finds the mistakes in the text of a config file.
pub fn find_problems(text: &str) -> Vec<ConfigProblem> {
    let (_, problems) = examine(text);
    let problems = problems.into_iter().map(|problem| ConfigProblem {
        line: problem.line,
        column: problem.column,
        problem: problem.message,
        hint: problem.hint,
    });
    problems.collect()
}
