//! `access prepare`: the access groups of one database, or of several after one question.

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::rehearsal::show_rehearsal;
use crate::commands::selection::{FleetArgs, ReasonArgs, TrialArgs};
use crate::commands::user::{AdoptGroupsArgs, PartialArgs};
use crate::domain::access::rules::ChoiceDuration;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::act::operation::Mode;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::access::prepare::{
    AbsentGroups, ClosedRoutine, GroupReport, PrepareAccess, UnknownSchemas, prepare_access,
};
use crate::operations::access::prepare_fleet::{PreparedTarget, plan_fleet, prepare_fleet};
use crate::operations::rehearsal;
use crate::output::{Column, Format, Ui, prompt};

#[derive(Debug, Args)]
pub struct PrepareArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Only this level; may be repeated [default: readonly, readwrite and ddl]
    #[arg(long, visible_alias = "level", value_name = "LEVEL", value_enum)]
    access: Vec<AccessLevel>,

    /// Only groups that exist; create none
    #[arg(long)]
    existing: bool,

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
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 5] = [
    Column::new("GROUP", "group"),
    Column::new("ACCESS", "access"),
    Column::new("STATUS", "status"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
];

impl PrepareArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let context = &self.arrange.on(context);
        if self.selection.is_every_target() {
            let what =
                "neither an environment nor a database is named: this would prepare every target";
            return Err(Failure::usage(what)
                .hint("name them with -e and -d; to prepare every target: -d '*'")
                .into());
        }
        let fleet = self.selection.fleet(context)?;
        if self.selection.is_one_target() {
            let (targets, invalid) = fleet.split();
            return match targets.as_slice() {
                [target] => self.prepare(target, context),
                _ => outcome_of_many(invalid, 1, "targets", context),
            };
        }
        let asked = fleet.asked();
        let (targets, invalid) = fleet.split();
        self.prepare_all(&targets, (invalid, asked), context)
    }

    /// One target, whose routines are asked about when they are found.
    fn prepare(&self, target: &Target, context: &Context) -> Result<()> {
        self.trial
            .confirm(context, target, "prepare access groups")?;
        let name = target.name();
        let wanted = PrepareAccess {
            confirm: &|closed| confirm_closing(context, &name, closed),
            ..self.wish(target, context)
        };
        let mut reports = prepare_access(&context.run, &wanted)?;
        self.show(&reports, context)?;
        verdict(&mut reports, target)
    }

    /// Several targets: all are planned, the plan is shown, and one question is asked.
    fn prepare_all(
        &self,
        targets: &[Target],
        (mut failed, asked): (Vec<Error>, usize),
        context: &Context,
    ) -> Result<()> {
        let wish = |target: &Target| self.wish(target, context);
        let mut prepared = match targets {
            [] => Vec::new(),
            targets => plan_fleet(&context.run, targets, &wish)?,
        };
        if self.trial.mode() == Mode::Run {
            confirm(&prepared, context)?;
        }
        if self.trial.mode() != Mode::DryRun {
            prepared = prepare_fleet(&context.run, prepared, &wish);
        }
        let mut reports = Vec::new();
        for PreparedTarget {
            target,
            reports: of_target,
        } in prepared
        {
            match of_target {
                Ok(mut of_target) => {
                    let refused = verdict(&mut of_target, &target);
                    failed.extend(refused.err());
                    reports.extend(of_target);
                }
                Err(error) => failed.push(error),
            }
        }
        self.show(&reports, context)?;
        outcome_of_many(failed, asked, "targets", context)
    }

    fn wish(&self, target: &Target, context: &Context) -> PrepareAccess<'static> {
        // In rising order, whatever the order of the options: what a later group creates is opened to the earlier ones.
        let mut levels = GROUP_LEVELS.to_vec();
        if !self.access.is_empty() {
            levels.retain(|level| self.access.contains(level));
        }
        let mut rules = self.partial.rules(context, target);
        let mut unknown_schemas = UnknownSchemas::Warned;
        if !self.schema.is_empty() {
            rules.schemas = Some(self.schema.clone());
            rules.selection = ChoiceDuration::ForNow;
            unknown_schemas = UnknownSchemas::Refused;
        }
        PrepareAccess {
            target: target.clone(),
            levels,
            administrator: self.admin.clone(),
            adoption: self.adopt.adoption(),
            rules,
            unknown_schemas,
            absent: if self.existing {
                AbsentGroups::LeftOut
            } else {
                AbsentGroups::Created
            },
            mode: self.trial.mode(),
            confirm: &|_| Ok(()),
        }
    }

    fn show(&self, reports: &[GroupReport], context: &Context) -> Result<()> {
        say_what_else(context, reports);
        let is_for_people = context.ui.format == Format::Table && !context.ui.is_arranged();
        if self.trial.mode() == Mode::Rehearsal && is_for_people {
            return self.show_rehearsals(reports, context);
        }
        if self.trial.mode() == Mode::DryRun && is_for_people {
            return Ui::show_text(&statements(reports, self.selection.is_one_target()));
        }
        context.ui.show_rows(reports, &COLUMNS)
    }

    /// A table for each group that would be changed; where there are several databases, named before.
    fn show_rehearsals(&self, reports: &[GroupReport], context: &Context) -> Result<()> {
        for report in reports {
            let Some(rehearsal) = &report.rehearsal else {
                continue;
            };
            if !self.selection.is_one_target() {
                let GroupReport {
                    env,
                    database,
                    group,
                    ..
                } = report;
                context.ui.note(&format!("{env}/{database}, \"{group}\":"));
            }
            show_rehearsal(rehearsal, context)?;
        }
        Ok(())
    }
}

/// The failure that the real run would have on a target, if the server refused in a rehearsal.
fn verdict(reports: &mut [GroupReport], target: &Target) -> Result<()> {
    let mut rehearsed = reports.iter_mut().filter_map(|it| it.rehearsal.as_mut());
    rehearsed.try_for_each(|it| rehearsal::verdict(Some(it), target))
}

/// The SQL of a dry run; where there are several databases, each begins with a comment that names it.
fn statements(reports: &[GroupReport], is_one_target: bool) -> String {
    let mut lines = Vec::new();
    let mut place = None;
    for report in reports {
        let here = (&report.env, &report.database);
        if !is_one_target && !report.statements.is_empty() && place != Some(here) {
            lines.push(format!("-- {}/{}", report.env, report.database));
            place = Some(here);
        }
        let statements = report.statements.iter();
        lines.extend(statements.map(|statement| format!("{statement};")));
    }
    lines.join("\n")
}

/// Shows the plan, and asks once for all targets.
fn confirm(planned: &[PreparedTarget], context: &Context) -> Result<()> {
    let closed: Vec<_> = planned.iter().flat_map(PreparedTarget::cut_off).collect();
    if !closed.is_empty() && !context.yes && !prompt::can_ask() {
        let targets = planned.iter().filter(|plan| !plan.cut_off().is_empty());
        return confirm_closing(context, &counted(targets.count(), "target"), &closed);
    }
    let to_change = planned.iter().filter(|plan| plan.changed_groups() > 0);
    for plan in to_change.clone() {
        show_plan(plan, context);
    }
    let places = to_change.flat_map(|plan| {
        let groups = plan.changed_groups();
        std::iter::repeat_n(&plan.target, groups)
    });
    let counted = CountedPlan {
        act: "prepare",
        noun: "access group",
        places: places.collect(),
        targets: None,
        unattended: Unattended::NeedsYes,
    };
    counted.confirm(context)
}

/// What is about to happen on a target, for a person.
fn show_plan(plan: &PreparedTarget, context: &Context) {
    if context.ui.format != Format::Table {
        return;
    }
    for report in plan.reports.iter().flatten() {
        if !report.statements.is_empty() {
            context.ui.note(&format!(
                "{}: \"{}\", {}",
                plan.target.name(),
                report.group,
                counted(report.statements.len(), "statement")
            ));
        }
    }
    for routine in plan.cut_off() {
        context.ui.note(&closing(&routine));
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
                counted(public.len(), "routine")
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
        counted(closed.len(), "routine")
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
