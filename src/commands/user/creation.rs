//! Options of the commands that create logins which say how: `--adopt`, `--partial`, `--ensure`, `--reason`, `--dry-run`,
//! `--rehearse`.

use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::{ReasonArgs, TrialArgs};
use crate::domain::access::rules::{AccessRules, Completeness};
use crate::domain::target::Target;
use crate::operations::user::request::Ensure;

/// The options that say how logins are created.
#[derive(Debug, Args)]
pub struct CreationArgs {
    #[command(flatten)]
    pub adopt: AdoptGroupsArgs,

    #[command(flatten)]
    pub partial: PartialArgs,

    /// Grant an existing login the access that it lacks; change nothing else about it
    #[arg(long)]
    pub ensure: bool,

    #[command(flatten)]
    pub reason: ReasonArgs,

    #[command(flatten)]
    pub trial: TrialArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct AdoptGroupsArgs {
    /// Adopt an existing role that has the name of an access group, although pgrole did not create it
    #[arg(long)]
    pub adopt: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct PartialArgs {
    /// If the admin credential may not grant something, leave it out and report it, instead of changing nothing
    #[arg(long)]
    pub partial: bool,
}

impl PartialArgs {
    /// The rules in force on a target.
    pub fn rules(self, context: &Context, target: &Target) -> AccessRules {
        let settings = &context.run.settings;
        let mut rules = settings.access_rules(&target.env, &target.database);
        if self.partial {
            rules.completeness = Completeness::Partial;
        }
        rules
    }
}

impl CreationArgs {
    /// How an existing login on a target is treated.
    pub fn ensure(&self, context: &Context, target: &Target) -> Ensure {
        let settings = &context.run.settings.access;
        if self.ensure || settings.ensures(&target.env, &target.database) {
            Ensure::Access
        } else {
            Ensure::Nothing
        }
    }
}
