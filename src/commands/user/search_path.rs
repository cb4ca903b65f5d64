//! `user search-path`: the schemas that a role looks in.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::show_report;
use crate::domain::role::check_identifier;
use crate::operations::rehearsal;
use crate::operations::user::search_path::{SetSearchPath, set_search_path};
use crate::output::prompt;

#[derive(Debug, Args)]
pub struct SearchPathArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// A schema, exactly as PostgreSQL stores it; may be repeated, in search order
    #[arg(long = "schema", value_name = "NAME", default_value = "public")]
    schemas: Vec<String>,

    /// Remove the role's setting in this database, so that the default applies (RESET search_path)
    #[arg(long, conflicts_with = "schemas")]
    reset: bool,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

impl SearchPathArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        for schema in &self.schemas {
            check_identifier("schema name", schema)?;
        }
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("set the search path of \"{role}\"");
        self.trial.confirm(context, &target, &act)?;
        let wanted = SetSearchPath {
            target,
            role,
            schemas: (!self.reset).then_some(self.schemas),
            ask: (!context.yes && prompt::can_ask()).then_some(prompt::confirm),
            protection: self.force.protection(),
            mode: self.trial.mode(),
        };
        let mut report = set_search_path(&context.run, &wanted)?;
        show_report(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}
