//! `pgrole access`: the groups that carry access to a database.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::Context;
use crate::commands::selection::{ChangeArgs, TargetArgs};
use crate::commands::user::{AdoptGroupsArgs, PartialArgs};
use crate::domain::access::excess::count;
use crate::domain::access::rules::ChoiceDuration;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::operations::access::prepare::{
    ClosedRoutine, GroupReport, PrepareAccess, UnknownSchemas, prepare_access,
};
use crate::output::{Column, Format, Ui, prompt};

#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    /// Create and complete a database's access groups, and revoke privileges beyond their level
    #[command(after_help = "Examples:
  pgrole access prepare -e prod -d myapp_prod
  pgrole access prepare -e prod -d myapp_prod --dry-run
  pgrole access prepare -e prod -d myapp_prod --access readonly --admin deploy_admin")]
    Prepare(PrepareArgs),
}

#[derive(Debug, Args)]
pub struct PrepareArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Only this level; may be repeated [default: readonly, readwrite and ddl]
    #[arg(long, value_name = "LEVEL", value_enum)]
    access: Vec<AccessLevel>,

    /// Grant this role ADMIN OPTION on the groups: the admin credential that pgrole will use
    #[arg(long, value_name = "ROLE")]
    admin: Option<RoleName>,

    /// Only this schema; may be repeated [default: as the config file says, else all but system and extension schemas]
    #[arg(long, value_name = "SCHEMA")]
    schema: Vec<String>,

    #[command(flatten)]
    adopt: AdoptGroupsArgs,

    #[command(flatten)]
    partial: PartialArgs,

    #[command(flatten)]
    change: ChangeArgs,
}

const COLUMNS: [Column; 5] = [
    Column::new("GROUP", "group"),
    Column::new("ACCESS", "access"),
    Column::new("STATUS", "status"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
];

impl AccessCommand {
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Prepare(args) => args.run(context),
        }
    }
}

impl PrepareArgs {
    fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        self.change
            .confirm(context, &target, "prepare access groups")?;
        // In rising order, whatever the order of the options: what a later group creates is opened to the earlier ones.
        let mut levels = GROUP_LEVELS.to_vec();
        if !self.access.is_empty() {
            levels.retain(|level| self.access.contains(level));
        }
        let mut rules = self.partial.rules(context, &target);
        let mut unknown_schemas = UnknownSchemas::Warned;
        if !self.schema.is_empty() {
            rules.schemas = Some(self.schema);
            rules.selection = ChoiceDuration::ForNow;
            unknown_schemas = UnknownSchemas::Refused;
        }
        let name = target.name();
        let wanted = PrepareAccess {
            target,
            levels,
            administrator: self.admin,
            adoption: self.adopt.adoption(),
            rules,
            unknown_schemas,
            mode: self.change.mode(),
            confirm: &|closed| confirm_closing(context, &name, closed),
        };
        let reports = prepare_access(&context.run, &wanted)?;
        say_what_else(context, &reports);
        if self.change.dry_run && context.ui.format == Format::Table {
            let statements = reports.iter().flat_map(|report| &report.statements);
            let statements: Vec<_> = statements
                .map(|statement| format!("{statement};"))
                .collect();
            return Ui::show_text(&statements.join("\n"));
        }
        context.ui.show_rows(&reports, &COLUMNS)
    }
}

/// Tells a person what the table has no room for; scripts find it in the rows.
fn say_what_else(context: &Context, reports: &[GroupReport]) {
    if context.ui.format != Format::Table {
        return;
    }
    let mut said: Vec<&String> = Vec::new();
    for report in reports {
        for warning in &report.warnings {
            if !said.contains(&warning) {
                context.ui.warn(warning);
                said.push(warning);
            }
        }
        let (public, closed): (Vec<_>, Vec<_>) =
            report.closed.iter().partition(|routine| routine.public);
        for routine in closed {
            context.ui.note(&closing(routine));
        }
        if !public.is_empty() {
            context.ui.note(&format!(
                "\"{}\" loses its own EXECUTE on {}, which PUBLIC may execute anyway",
                report.group,
                count(public.len(), "routine")
            ));
        }
        for what in &report.left_open {
            let group = &report.group;
            context.ui.warn(&format!("\"{group}\" still has {what}"));
        }
        if !report.default_privileges_of.is_empty() {
            let roles = report.default_privileges_of.iter();
            let roles: Vec<_> = roles.map(RoleName::as_str).collect();
            context.ui.note(&format!(
                "default privileges for \"{}\" are set or revoked for objects of: {}",
                report.group,
                roles.join(", ")
            ));
        }
    }
}

fn closing(routine: &ClosedRoutine) -> String {
    let ClosedRoutine {
        routine,
        group,
        keep,
        ..
    } = routine;
    match keep {
        Some(keep) => format!("\"{group}\" loses EXECUTE on {routine}; to keep it: {keep}"),
        None => format!("\"{group}\" loses EXECUTE on {routine}, a member of an extension"),
    }
}

/// Asks before EXECUTE is revoked on routines that applications may be using.
fn confirm_closing(context: &Context, target: &str, closed: &[ClosedRoutine]) -> Result<()> {
    if context.yes {
        return Ok(());
    }
    let lines: Vec<_> = closed.iter().map(closing).collect();
    let what = format!(
        "EXECUTE on {} that PUBLIC may not execute would be revoked on {target}",
        count(closed.len(), "routine")
    );
    if prompt::can_ask() {
        for line in &lines {
            context.ui.note(line);
        }
        if prompt::confirm(&format!("{what}; continue?"))? {
            return Ok(());
        }
        return Err(Failure::new(Kind::Refused, format!("not confirmed: {what}")).into());
    }
    let causes = lines.into_iter().rev().fold(None, |below, line| {
        let line = Failure::new(Kind::Refused, line);
        Some(match below {
            Some(below) => line.caused_by(below),
            None => line,
        })
    });
    let failure = Failure::refused(format!("{what}, and there is no terminal to ask on"))
        .hint("to keep EXECUTE on a routine, add its line to the config file; to revoke the others, run the command again with --yes");
    Err(match causes {
        Some(causes) => failure.caused_by(causes).into(),
        None => failure.into(),
    })
}
