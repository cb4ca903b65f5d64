//! The question before a change of many roles: it counts what was planned, and names the protected environments.

use anyhow::Result;

use crate::commands::global::Context;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::{Environment, Target};
use crate::output::prompt;

/// What a run over the fleet is about to do.
pub struct CountedPlan<'a> {
    /// A verb: "rotate".
    pub act: &'a str,
    /// What is counted, in the singular: "role".
    pub noun: &'a str,
    /// The target of each.
    pub places: Vec<&'a Target>,
    /// How many targets the change affects, if more than there are places.
    pub targets: Option<usize>,
    pub unattended: Unattended,
}

/// What applies in a protected environment if there is no terminal to ask on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unattended {
    NeedsYes,
    /// The change was confirmed when it was begun: only its end is left.
    GoesOn,
}

impl CountedPlan<'_> {
    /// Asks at a terminal; a protected environment is confirmed by typing its name. An empty plan needs no
    /// confirmation.
    ///
    /// # Errors
    /// Refused, if the answer is no, or if there is no terminal to confirm a protected environment on and `--yes` was
    /// not given. Interrupted.
    pub fn confirm(&self, context: &Context) -> Result<()> {
        if context.yes || self.places.is_empty() {
            return Ok(());
        }
        let protected = self.protected(context);
        let what = self.text(&protected);
        if !prompt::can_ask() {
            return match protected.first() {
                Some((env, _)) if self.unattended == Unattended::NeedsYes => {
                    Err(unasked(env, &what).into())
                }
                _ => Ok(()),
            };
        }
        let is_confirmed = if protected.is_empty() {
            prompt::confirm(&format!("{what}?"))?
        } else {
            confirm_by_name(&protected, &what)?
        };
        if is_confirmed {
            return Ok(());
        }
        Err(Failure::new(Kind::Refused, format!("not confirmed: {what}")).into())
    }

    /// The protected environments, and how many of the plan are in each.
    fn protected(&self, context: &Context) -> Vec<(&Environment, usize)> {
        let mut protected: Vec<(&Environment, usize)> = Vec::new();
        for place in &self.places {
            if !context.run.settings.is_protected(&place.env) {
                continue;
            }
            match protected.iter_mut().find(|(env, _)| *env == &place.env) {
                Some((_, count)) => *count += 1,
                None => protected.push((&place.env, 1)),
            }
        }
        protected
    }

    /// "rotate 14 roles on 3 targets, 2 in prod"
    fn text(&self, protected: &[(&Environment, usize)]) -> String {
        let mut distinct: Vec<String> = self.places.iter().map(|place| place.name()).collect();
        distinct.sort();
        distinct.dedup();
        let targets = self.targets.unwrap_or(0).max(distinct.len());
        let mut text = format!(
            "{} {} on {}",
            self.act,
            counted(self.places.len(), self.noun),
            counted(targets, "target")
        );
        for (env, count) in protected {
            text += &format!(", {count} in {env}");
        }
        text
    }
}

fn confirm_by_name(protected: &[(&Environment, usize)], what: &str) -> Result<bool> {
    for (env, _) in protected {
        if !prompt::confirm_by_typing(&format!("{what}?"), env.as_str())? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn unasked(env: &Environment, what: &str) -> Failure {
    Failure::refused(format!(
        "environment \"{env}\" is protected, and there is no terminal to ask on: {what}"
    ))
    .hint("use --yes to skip the confirmation, or name other environments with -e")
}
