//! `user drop`: the end of a role on one cluster.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::{ChangeArgs, NameArgs, ReasonArgs, TargetArgs, confirm};
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::{show_statements, warn_all};
use crate::domain::counted::counted;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::user::drop::{
    DeliveredPassword, DropReport, DropRole, Heirs, carry_out, lock, preview, preview_in_earnest,
    report_of,
};
use crate::output::{Format, prompt};

#[derive(Debug, Args)]
pub struct DropArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    heirs: HeirArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    change: ChangeArgs,
}

/// What becomes of what a role owns, and of its password where it was delivered.
#[derive(Debug, Clone, Args)]
pub struct HeirArgs {
    /// Who gets the objects that it owns
    #[arg(long, value_name = "ROLE")]
    reassign_to: Option<RoleName>,

    /// Give the objects in each database to the owner of the database
    #[arg(long, conflicts_with = "drop_owned")]
    reassign_to_owner: bool,

    /// Drop the objects that it owns, as the preview lists them; databases and tablespaces need --reassign-to
    #[arg(long)]
    drop_owned: bool,

    /// Remove its password from the file, .pgpass or keyring entry where pgrole delivered it
    #[arg(long)]
    remove_delivery: bool,
}

impl HeirArgs {
    pub fn heirs(&self) -> Heirs {
        Heirs {
            role: self.reassign_to.clone(),
            database_owners: self.reassign_to_owner,
            drop_owned: self.drop_owned,
        }
    }

    pub fn delivered(&self) -> DeliveredPassword {
        if self.remove_delivery {
            DeliveredPassword::Removed
        } else {
            DeliveredPassword::Kept
        }
    }
}

impl DropArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let heirs = self.heirs.heirs();
        let wanted = DropRole {
            target: &target,
            role: &role,
            heirs: &heirs,
            delivered: self.heirs.delivered(),
            protection: self.force.protection(),
            reason: self.reason.reason.as_deref(),
        };
        let run = &context.run;
        let found = if self.change.dry_run {
            preview(run, &wanted)
        } else {
            preview_in_earnest(run, &wanted)
        }?;
        let mut report = report_of(&wanted, &found);
        if self.change.dry_run {
            warn_all(&report.warnings, context);
            say_preview(&report, context);
            if !show_statements(report.statements.as_deref(), context)? {
                context.ui.show_record(&report)?;
            }
            return Ok(());
        }
        confirm_drop(context, &target, &role, &report)?;
        report.statements = None;
        if let Some(locked) = lock(run, &wanted, &found)? {
            report.sessions_ended = locked.sessions_ended;
            report.warnings.extend(locked.warnings);
        }
        carry_out(run, &wanted, &found, &mut report)?;
        warn_all(&report.warnings, context);
        context.ui.show_record(&report)
    }
}

fn say_preview(report: &DropReport, context: &Context) {
    if context.ui.format == Format::Table {
        for line in report.lines() {
            context.ui.note(&line);
        }
    }
}

/// At a terminal the name is typed, whatever the environment: nothing brings a role back.
fn confirm_drop(
    context: &Context,
    target: &Target,
    role: &RoleName,
    report: &DropReport,
) -> Result<()> {
    let act = format!("drop \"{role}\"");
    if context.yes || !prompt::can_ask() {
        return confirm(context, target, &act);
    }
    say_preview(report, context);
    warn_all(&report.warnings, context);
    let what = format!(
        "{act} on {} ({}:{}), with what it has in {}",
        target.name(),
        target.hostname,
        target.port,
        counted(report.databases.len(), "database")
    );
    if prompt::confirm_by_typing(&format!("{what}?"), role.as_str())? {
        return Ok(());
    }
    Err(Failure::refused(format!("not confirmed: {what}")).into())
}
