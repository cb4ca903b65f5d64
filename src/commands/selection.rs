//! Options that several commands share: the target, the dry run, and the confirmation before a dangerous act.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::domain::act::operation::Mode;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::output::prompt;
use crate::run::fleet::Fleet;
use crate::run::targets::TargetSelection;

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
    /// Only these environments; * matches any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    env: Vec<String>,

    /// Only these databases; * matches any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    database: Vec<String>,
}

/// One role, by a name that stands alone or after `-u`.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct NameArgs {
    /// The role's name, exactly as PostgreSQL stores it
    #[arg(value_name = "NAME")]
    name: Option<RoleName>,

    /// The same, as an option
    #[arg(short, long, value_name = "NAME")]
    username: Option<RoleName>,
}

/// Why something is done.
#[derive(Debug, Clone, Args)]
pub struct ReasonArgs {
    /// Why, for the audit log: a ticket, a sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// The options of all commands that change a server.
#[derive(Debug, Clone, Copy, Args)]
pub struct ChangeArgs {
    /// Show what would be done, without changing anything
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// The options of the commands whose changes can be rehearsed.
#[derive(Debug, Clone, Copy, Args)]
pub struct TrialArgs {
    #[command(flatten)]
    change: ChangeArgs,

    /// Let the server run the statements in a transaction that is rolled back, and report what it says: locks and log
    /// entries are real for its duration, nothing is delivered
    #[arg(long, conflicts_with = "dry_run")]
    rehearse: bool,
}

impl ReasonArgs {
    /// Makes it the reason of all that the run does.
    pub fn note(&self, context: &Context) {
        context.run.note_reason(self.reason.as_deref());
    }
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
        context.run.fleet(&self.selection())
    }

    pub fn selection(&self) -> TargetSelection {
        TargetSelection {
            environments: self.env.clone(),
            databases: self.database.clone(),
        }
    }

    /// Whether nothing is named, so that all targets match.
    pub fn is_every_target(&self) -> bool {
        self.env.is_empty() && self.database.is_empty()
    }

    /// Whether exactly one target is named.
    pub fn is_one_target(&self) -> bool {
        self.selection().only_one().is_some()
    }
}

impl NameArgs {
    /// The name, which clap requires once.
    pub fn role(&self) -> Result<RoleName> {
        let name = self.name.as_ref().or(self.username.as_ref());
        let missing = || Failure::usage("name the role: NAME, or -u NAME");
        Ok(name.cloned().ok_or_else(missing)?)
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

impl TrialArgs {
    pub fn mode(self) -> Mode {
        if self.rehearse {
            Mode::Rehearsal
        } else {
            self.change.mode()
        }
    }

    /// Asks before a change in a protected environment; what is rolled back changes nothing.
    pub fn confirm(self, context: &Context, target: &Target, act: &str) -> Result<()> {
        self.as_change().confirm(context, target, act)
    }

    /// The same for what asks only whether something is changed.
    pub fn as_change(self) -> ChangeArgs {
        ChangeArgs {
            dry_run: self.mode() != Mode::Run,
        }
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
