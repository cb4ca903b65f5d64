//! `user set`: connection limit, end and profile of a login that exists.

use anyhow::Result;
use clap::{ArgGroup, Args};

use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::term::ChangedTermArgs;
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::{AdoptGroupsArgs, PartialArgs, show_report};
use crate::domain::settings::Limit;
use crate::operations::rehearsal;
use crate::operations::user::set::{SetUser, set_user};
use crate::password::remembered::find_placed;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("attribute").required(true).multiple(true)
    .args(["connection_limit", "profile", "valid_for", "ends_on", "no_end"]))]
pub struct SetArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// The maximum number of concurrent sessions, or none for no limit
    #[arg(long, value_name = "COUNT")]
    connection_limit: Option<Limit>,

    #[command(flatten)]
    term: ChangedTermArgs,

    /// The profile: its connection limit, CREATEDB and CREATEROLE as it says, its mark, and at least its access level
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    #[command(flatten)]
    adopt: AdoptGroupsArgs,

    #[command(flatten)]
    partial: PartialArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

impl SetArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let settings = &context.run.settings;
        let profile = self.profile.as_deref();
        let profile = profile.map(|name| settings.profile(name, &target.env));
        let placed = find_placed(&context.run, &target, &role)?;
        let act = format!("change \"{role}\"");
        self.trial.confirm(context, &target, &act)?;
        let wanted = SetUser {
            rules: self.partial.rules(context, &target),
            target,
            role,
            connection_limit: self.connection_limit,
            term: self.term.term()?,
            profile: profile.transpose()?,
            adoption: self.adopt.adoption(),
            placed,
            protection: self.force.protection(),
            mode: self.trial.mode(),
        };
        let mut report = set_user(&context.run, &wanted)?;
        show_report(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}
