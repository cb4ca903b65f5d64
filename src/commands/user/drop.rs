//! `user drop`: the end of a role on one cluster.

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::global::Context;
use crate::commands::rehearsal::show_rehearsal;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs, confirm};
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::{show_statements, warn_all};
use crate::domain::act::operation::Mode;
use crate::domain::counted::counted;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::user::drop::{
    DeliveredPassword, DropReport, DropRole, Heirs, carry_out, drop_logins, lock, logins_of,
    preview, preview_in_earnest, refuse_one_of_two, rehearse_drop, report_of,
};
use crate::output::{Format, prompt};
use crate::run::login_state::Protection;

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
    trial: TrialArgs,
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
        self.reason.note(context);
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
        let mode = self.trial.mode();
        let found = match mode {
            Mode::Run => preview_in_earnest(run, &wanted),
            Mode::DryRun | Mode::Rehearsal => preview(run, &wanted),
        }?;
        refuse_one_of_two(&wanted, &found)?;
        let mut report = report_of(&wanted, &found);
        let logins = logins_of(&wanted, &found);
        if !logins.is_empty() {
            let names: Vec<_> = logins.iter().map(|login| format!("\"{login}\"")).collect();
            let what = format!("its dual logins are dropped with it: {}", names.join(", "));
            report.warnings.push(what);
        }
        if mode == Mode::Rehearsal {
            confirm_rehearsal(context, self.force, &target, &role)?;
            let failed = rehearse_drop(run, &wanted, &found, &mut report)?;
            show_rehearsed(&report, context)?;
            return first_of(failed, context);
        }
        if mode == Mode::DryRun {
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
        drop_logins(run, &wanted, &found)?;
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

/// A rehearsal asks for nothing, unless it is to lock more than others would not notice.
fn confirm_rehearsal(
    context: &Context,
    force: ForceArgs,
    target: &Target,
    role: &RoleName,
) -> Result<()> {
    if force.protection() == Protection::Respected {
        return Ok(());
    }
    let act = format!("lock what \"{role}\" owns exclusively, to rehearse its drop");
    confirm(context, target, &act)
}

/// Prints what the server said: a table for each database, or the row.
fn show_rehearsed(report: &DropReport, context: &Context) -> Result<()> {
    warn_all(&report.warnings, context);
    if context.ui.format != Format::Table {
        return context.ui.show_record(report);
    }
    say_preview(report, context);
    for database in &report.databases {
        if let Some(rehearsal) = &database.rehearsal {
            context
                .ui
                .note(&format!("in database \"{}\":", database.database));
            show_rehearsal(rehearsal, context)?;
        }
    }
    Ok(())
}

/// The real run would not come further than to the first.
fn first_of(failed: Vec<Error>, context: &Context) -> Result<()> {
    let mut failed = failed.into_iter();
    let Some(first) = failed.next() else {
        return Ok(());
    };
    for other in failed {
        context.ui.show_error(&other);
    }
    Err(first)
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
