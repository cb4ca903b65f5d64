//! How a run over many targets ends: which failures are shown, and the exit status.

use anyhow::Result;

use crate::commands::global::Context;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::interrupt;
use crate::output::Format;

/// Says how many had answered when the operator stopped a run; `None` if it was not stopped or all had answered.
fn stopped(failed: &[anyhow::Error], count: usize, asked: usize, noun: &str) -> Option<Failure> {
    if !interrupt::is_raised() || failed.is_empty() {
        return None;
    }
    Some(was_stopped(asked - count.min(asked), asked, noun))
}

pub fn was_stopped(answered: usize, asked: usize, noun: &str) -> Failure {
    let what = format!("interrupted: {answered} of {asked} {noun} had answered");
    Failure::new(Kind::Interrupted, what)
}

/// Whether a person is not shown the row: the run was stopped before its target answered, and how many there are is said
/// at the end.
pub fn is_left_out(error: Option<&anyhow::Error>, context: &Context) -> bool {
    let is_stopped = error.is_some_and(|error| kind_of(error) == Kind::Interrupted);
    is_stopped && context.ui.format == Format::Table
}

/// The outcome of a run over many targets: each failure is shown, and their number decides the exit status.
///
/// # Errors
/// Interrupted, if the operator stopped it before all had answered; the failure itself, if one target was asked; else
/// partial, or failed if all failed.
pub fn outcome_of_many(
    failed: Vec<anyhow::Error>,
    asked: usize,
    noun: &str,
    context: &Context,
) -> Result<()> {
    let count = failed.len();
    outcome_of_groups((failed, count), asked, noun, context)
}

/// The same where one failure may stand for several: their number comes with them.
pub fn outcome_of_groups(
    (mut failed, count): (Vec<anyhow::Error>, usize),
    asked: usize,
    noun: &str,
    context: &Context,
) -> Result<()> {
    let stopped = stopped(&failed, count, asked, noun);
    if asked == 1 && stopped.is_none() {
        return failed.pop().map_or(Ok(()), Err);
    }
    let is_own = |error: &&anyhow::Error| kind_of(error) != Kind::Interrupted;
    context
        .ui
        .show_errors(&failed.iter().filter(is_own).collect::<Vec<_>>());
    if let Some(stopped) = stopped {
        return Err(stopped.into());
    }
    let kind = match count {
        0 => return Ok(()),
        count if count == asked => Kind::Failed,
        _ => Kind::Partial,
    };
    Err(Failure::new(kind, format!("{count} of {asked} {noun} failed")).into())
}
