//! `access prepare` on several targets: all are planned first, then those that need it are changed, in parallel.

use anyhow::{Error, Result};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::Target;
use crate::operations::access::prepare::{
    CANNOT, ClosedRoutine, GroupReport, PrepareAccess, plan_preparation, prepare_access,
};
use crate::run::fleet::for_each_target;
use crate::run::{Act, Run};

/// What is wanted on a target.
pub type Wish<'a> = &'a (dyn Fn(&Target) -> PrepareAccess<'static> + Sync);

/// What there is to do on one target, or what was done.
pub struct PreparedTarget {
    pub target: Target,
    pub reports: Result<Vec<GroupReport>>,
}

impl PreparedTarget {
    /// How many groups are to be changed.
    pub fn changed_groups(&self) -> usize {
        let reports = self.reports.iter().flatten();
        let changed = reports.filter(|report| !report.statements.is_empty());
        changed.count()
    }

    /// The routines that somebody may lose.
    pub fn cut_off(&self) -> Vec<ClosedRoutine> {
        let reports = self.reports.iter().flatten();
        let closed = reports.flat_map(|report| &report.closed);
        closed.filter(|routine| !routine.public).cloned().collect()
    }
}

/// Plans all targets, and returns the plans in their order; nothing is changed.
///
/// # Errors
/// If the audit log cannot be written.
pub fn plan_fleet(run: &Run, targets: &[Target], wish: Wish<'_>) -> Result<Vec<PreparedTarget>> {
    let act = Act::over(targets, Operation::AccessPrepare, CANNOT).in_mode(Mode::DryRun);
    let reading = run.begin_reading(targets, act)?;
    let all: Vec<_> = targets.iter().collect();
    let planned = on_each(run, &all, |target| {
        let dry = PrepareAccess {
            mode: Mode::DryRun,
            ..wish(target)
        };
        reading.ask(target, |server| plan_preparation(run, server, &dry))
    });
    reading.end(Status::Unchanged);
    Ok(planned)
}

/// Makes the planned changes. A target where routines would be closed that its plan does not name is refused.
pub fn prepare_fleet(
    run: &Run,
    planned: Vec<PreparedTarget>,
    wish: Wish<'_>,
) -> Vec<PreparedTarget> {
    let to_change = planned.iter().filter(|plan| plan.changed_groups() > 0);
    let targets: Vec<_> = to_change.map(|plan| &plan.target).collect();
    let changed = on_each(run, &targets, |target| {
        let plan = planned.iter().find(|plan| plan.target == *target);
        let named = plan.map(PreparedTarget::cut_off).unwrap_or_default();
        let confirm = |closed: &[ClosedRoutine]| refuse_unnamed(closed, &named);
        let wanted = PrepareAccess {
            confirm: &confirm,
            ..wish(target)
        };
        prepare_access(run, &wanted)
    });
    let mut changed = changed.into_iter().peekable();
    let ended = planned.into_iter().map(|plan| {
        let is_changed = changed.next_if(|done| done.target == plan.target);
        is_changed.unwrap_or(plan)
    });
    ended.collect()
}

/// The results in the order of the targets.
fn on_each(
    run: &Run,
    targets: &[&Target],
    act: impl Fn(&Target) -> Result<Vec<GroupReport>> + Sync,
) -> Vec<PreparedTarget> {
    let targets: Vec<Target> = targets.iter().map(|target| (*target).clone()).collect();
    let mut results: Vec<(usize, PreparedTarget)> = Vec::new();
    for_each_target(run, &targets, act, |place, reports| {
        let target = targets[place].clone();
        results.push((place, PreparedTarget { target, reports }));
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn refuse_unnamed(closed: &[ClosedRoutine], named: &[ClosedRoutine]) -> Result<()> {
    let Some(routine) = closed.iter().find(|routine| !named.contains(routine)) else {
        return Ok(());
    };
    let what = format!(
        "\"{}\" would lose EXECUTE on {}, which the plan did not name",
        routine.group, routine.routine
    );
    let failure = Failure::new(Kind::Refused, what).hint("run the command again");
    Err(Error::from(failure))
}
