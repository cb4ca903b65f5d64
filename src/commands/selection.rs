//! Options that several commands share: the target, the dry run, and the confirmation before a dangerous act.

use anyhow::Result;
use clap::Args;

use crate::commands::Context;
use crate::domain::act::operation::Mode;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::output::prompt;
use crate::run::fleet::Fleet;

/// One target.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// The environment: dev, qa, uat, prod, or one added in the config file
    #[arg(short, long)]
    pub env: Environment,

    /// The database
    #[arg(short, long)]
    pub database: DatabaseName,
}

/// Some targets, or all.
#[derive(Debug, Clone, Args)]
pub struct FleetArgs {
    /// Only this environment [default: all]
    #[arg(short, long)]
    pub env: Option<Environment>,

    /// Only databases with this name [default: all]
    #[arg(short, long)]
    pub database: Option<DatabaseName>,
}

/// The options of all commands that change a server.
#[derive(Debug, Clone, Copy, Args)]
pub struct ChangeArgs {
    /// Show the SQL that would run, without changing anything
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

impl TargetArgs {
    /// The enabled target of that name.
    pub fn target(&self, context: &Context) -> Result<Target> {
        context.run.target(&self.env, &self.database)
    }
}

impl FleetArgs {
    /// The enabled targets that match.
    pub fn fleet(&self, context: &Context) -> Result<Fleet> {
        let (env, database) = (self.env.as_ref(), self.database.as_ref());
        context.run.fleet(env, database)
    }

    /// Whether exactly one target is named.
    pub fn is_one_target(&self) -> bool {
        self.env.is_some() && self.database.is_some()
    }
}

impl ChangeArgs {
    pub fn mode(self) -> Mode {
        if self.dry_run {
            Mode::DryRun
        } else {
            Mode::Run
        }
    }

    /// Asks before a change in a protected environment; a dry run changes nothing.
    pub fn confirm(self, context: &Context, target: &Target, act: &str) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        confirm(context, target, act)
    }
}

/// Asks before an act in a protected environment.
///
/// # Errors
/// Refused, if the answer is no, or if there is no terminal to ask on and `--yes` was not given.
pub fn confirm(context: &Context, target: &Target, act: &str) -> Result<()> {
    let what = format!(
        "{act} on {} ({}:{})",
        target.name(),
        target.hostname,
        target.port
    );
    confirm_in(context, &target.env, &what)
}

/// Asks before an act in an environment, if that is protected.
///
/// # Errors
/// As [`confirm`].
pub fn confirm_in(context: &Context, env: &Environment, what: &str) -> Result<()> {
    if context.yes || !context.run.settings.is_protected(env) {
        return Ok(());
    }
    if !prompt::can_ask() {
        return Err(Failure::refused(format!(
            "environment \"{env}\" is protected, and there is no terminal to ask on: {what}"
        ))
        .hint("use --yes to skip the confirmation")
        .into());
    }
    if prompt::confirm(&format!("{what}?"))? {
        return Ok(());
    }
    Err(Failure::new(Kind::Refused, format!("not confirmed: {what}")).into())
}
