//! `offboard`: people leave, and every login of theirs goes, on every cluster.

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::{FleetArgs, TrialArgs};
use crate::commands::user::{ForceArgs, HeirArgs, warn_all};
use crate::domain::act::operation::Mode;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::offboard::{
    Offboard, OffboardPlan, PersonReport, nobody, offboard, plan, rehearse, reports_of,
};
use crate::output::{Column, Format, prompt};
use crate::run::login_state::Protection;

#[derive(Debug, Args)]
pub struct OffboardArgs {
    /// The roles' names, exactly as PostgreSQL stores them
    #[arg(value_name = "NAME", required = true)]
    names: Vec<RoleName>,

    /// Why, for the audit log and the report: a ticket, a sentence
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    selection: FleetArgs,

    #[command(flatten)]
    heirs: HeirArgs,

    /// Go on without the clusters that cannot be reached; they are named, and a later run finishes them
    #[arg(long)]
    skip_unreachable: bool,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    trial: TrialArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 10] = [
    Column::new("USERNAME", "username"),
    Column::new("ENV", "env"),
    Column::new("HOSTNAME", "hostname"),
    Column::new("PORT", "port"),
    Column::new("DATABASE", "database"),
    Column::new("OWNED", "owned"),
    Column::new("BECAME", "disposal"),
    Column::new("SESSIONS ENDED", "sessions_ended"),
    Column::new("OUTCOME", "outcome"),
    Column::new("ERROR", "error"),
];

const REASON: &str = "why, for the audit log and the report (--reason)";

const PEOPLE: [Column; 3] = [
    Column::new("USERNAME", "username"),
    Column::new("STATUS", "status"),
    Column::new("REASON", "reason"),
];

impl OffboardArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let mut names = self.names.clone();
        names.sort();
        names.dedup();
        let heirs = self.heirs.heirs();
        if let Some(heir) = heirs.role.as_ref().filter(|heir| names.contains(heir)) {
            return Err(
                Failure::usage(format!("\"{heir}\" leaves, and cannot be the heir")).into(),
            );
        }
        if self.reason.is_empty() && !prompt::can_ask() {
            let what = "the reason is empty";
            return Err(Failure::usage(what).hint("say why: --reason TEXT").into());
        }
        let (targets, invalid) = self.selection.fleet(context)?.split();
        let mut wanted = Offboard {
            names: &names,
            targets: &targets,
            heirs: &heirs,
            delivered: self.heirs.delivered(),
            protection: self.force.protection(),
            reason: &self.reason,
        };
        let mut found = plan(&context.run, &wanted);
        self.require_complete(context, &mut found, invalid)?;
        if found.leaving.is_empty() && found.unreachable.is_empty() {
            return Err(nobody(&context.run, &names, found.clusters).into());
        }
        let reason = self.reason_or_ask(context)?;
        wanted.reason = &reason;
        let mode = self.trial.mode();
        if mode == Mode::DryRun {
            return show(&reports_of(&wanted, &found), context);
        }
        let (reports, mut failed) = if mode == Mode::Rehearsal {
            if self.force.protection() == Protection::Overridden {
                confirm_locks(context, &wanted, &found)?;
            }
            rehearse(&context.run, &wanted, &found)?
        } else {
            confirm(context, &names, &wanted, &found)?;
            offboard(&context.run, &wanted, &found)?
        };
        show(&reports, context)?;
        let asked = found.leaving.len() + found.unreachable.len();
        let dead = found.unreachable.len();
        failed.extend(found.unreachable.into_iter().map(|(_, error)| error));
        if failed.len() == dead && dead > 0 {
            for error in &failed {
                context.ui.show_error(error);
            }
            let what = format!(
                "{dead} of {} could not be reached",
                counted(found.clusters, "cluster")
            );
            let hint = "once they can be reached, run the same command again to finish";
            return Err(Failure::new(Kind::Partial, what).hint(hint).into());
        }
        match outcome_of_many(failed, asked, "roles", context) {
            Err(error) if asked > 1 && mode == Mode::Run => {
                Err(error
                    .context("what was locked stays locked; run the same command again to finish"))
            }
            ended => ended,
        }
    }

    /// The reason; one that was not given is asked for only now, when it is known that there is something to do.
    fn reason_or_ask(&self, context: &Context) -> Result<String> {
        let mut reason = self.reason.clone();
        while reason.is_empty() {
            reason = prompt::ask(REASON, None)?;
        }
        if self.reason.is_empty() {
            let given = pasteable("--reason {}", &[&reason]);
            context.ui.note(&format!("without this question: {given}"));
        }
        Ok(reason)
    }

    /// Nothing is done anywhere while something stands in the way somewhere.
    fn require_complete(
        &self,
        context: &Context,
        found: &mut OffboardPlan,
        invalid: Vec<Error>,
    ) -> Result<()> {
        let mut stopping: Vec<Error> = std::mem::take(&mut found.refused);
        let refused = stopping.len();
        if !self.skip_unreachable {
            let unreachable = std::mem::take(&mut found.unreachable);
            stopping.extend(unreachable.into_iter().map(|(_, error)| error));
            stopping.extend(invalid);
        }
        if stopping.is_empty() {
            return Ok(());
        }
        let count = stopping.len();
        for error in &stopping {
            context.ui.show_error(error);
        }
        let (kind, hint) = if refused > 0 {
            (
                Kind::Refused,
                "see to what is named above, and run the command again",
            )
        } else {
            (
                Kind::Partial,
                "once they can be reached, run the command again; to go on without them: --skip-unreachable",
            )
        };
        let what = format!(
            "nothing was changed: {count} of {} {} in the way",
            counted(found.clusters, "cluster"),
            if count == 1 { "stands" } else { "stand" }
        );
        Err(Failure::new(kind, what).hint(hint).into())
    }
}

/// At a terminal the name is typed, or how many there are; elsewhere a protected environment needs `--yes`.
fn confirm(
    context: &Context,
    names: &[RoleName],
    wanted: &Offboard<'_>,
    found: &OffboardPlan,
) -> Result<()> {
    if context.yes {
        return Ok(());
    }
    let places: Vec<&Target> = found.leaving.iter().map(|it| &it.preview.target).collect();
    if !prompt::can_ask() {
        return counted_plan("offboard", wanted, found, context).confirm(context);
    }
    for report in reports_of(wanted, found) {
        for cluster in report.clusters {
            for line in cluster.drop.lines() {
                context.ui.note(&format!(
                    "\"{}\" on {}:{}: {line}",
                    report.username, cluster.drop.hostname, cluster.drop.port
                ));
            }
            warn_all(&cluster.drop.warnings, context);
        }
    }
    let word = match names {
        [only] => only.to_string(),
        many => many.len().to_string(),
    };
    let who = names.iter().map(|name| format!("\"{name}\""));
    let what = format!(
        "lock and drop {} on {}",
        who.collect::<Vec<_>>().join(", "),
        counted(places.len(), "cluster")
    );
    if prompt::confirm_by_typing(&format!("{what}?"), &word)? {
        return Ok(());
    }
    Err(Failure::refused(format!("not confirmed: {what}")).into())
}

/// A rehearsal asks for nothing, unless it is to lock more than others would not notice.
fn confirm_locks(context: &Context, wanted: &Offboard<'_>, found: &OffboardPlan) -> Result<()> {
    let act = "lock exclusively, to rehearse their drop, what is owned by";
    counted_plan(act, wanted, found, context).confirm(context)
}

/// The roles, where they are. If one of a cluster's names is protected, all are.
fn counted_plan<'a>(
    act: &'static str,
    wanted: &Offboard<'a>,
    found: &'a OffboardPlan,
    context: &Context,
) -> CountedPlan<'a> {
    let places: Vec<&Target> = found.leaving.iter().map(|it| &it.preview.target).collect();
    let is_protected = |target: &&Target| context.run.settings.is_protected(&target.env);
    let candidates = wanted.targets.iter().filter(is_protected);
    let protected =
        candidates.filter(|target| places.iter().any(|place| place.is_on_cluster_of(target)));
    CountedPlan {
        act,
        noun: "role",
        places: places.iter().copied().chain(protected).collect(),
        targets: None,
        unattended: Unattended::NeedsYes,
    }
}

fn show(reports: &[PersonReport], context: &Context) -> Result<()> {
    if context.ui.format == Format::Table {
        let lines: Vec<_> = reports.iter().flat_map(PersonReport::lines).collect();
        for cluster in reports.iter().flat_map(|report| &report.clusters) {
            warn_all(&cluster.drop.warnings, context);
        }
        if !context.ui.is_arranged() {
            return context.ui.show_rows(&lines, &COLUMNS);
        }
    }
    // What can be named are the keys of a person's row, not those of the lines that people are shown.
    context.ui.show_rows(reports, &PEOPLE)
}
