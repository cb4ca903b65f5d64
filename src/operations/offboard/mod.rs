//! `offboard`: people leave, on every cluster of the fleet. Everything is read first; then all their logins are locked, which
//! ends the danger; then one cluster after another is settled.

mod evidence;
mod plan;
mod rehearsing;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Error, Result};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::user::drop::{
    DeliveredPassword, DropReport, DropRole, Heirs, carry_out, lock, report_of,
};
use crate::run::fleet::{for_each, role_on};
use crate::run::login_state::Protection;
use crate::run::{Act, Done, Run};

pub use evidence::Evidence;
pub use plan::{Leaving, OffboardPlan};
pub use rehearsing::rehearse;
pub use report::{ClusterReport, PersonReport};

/// How many clusters to work on at once: enough to hide the latency of distant servers.
const JOBS: usize = 16;

/// People who leave, and the fleet.
pub struct Offboard<'a> {
    pub names: &'a [RoleName],
    pub targets: &'a [Target],
    pub heirs: &'a Heirs,
    pub delivered: DeliveredPassword,
    pub protection: Protection,
    pub reason: &'a str,
}

impl Offboard<'_> {
    fn drop_role<'b>(&'b self, role: &'b RoleName, target: &'b Target) -> DropRole<'b> {
        DropRole {
            target,
            role,
            heirs: self.heirs,
            delivered: self.delivered,
            protection: self.protection,
            // Not yet known while what is there is looked at.
            reason: Some(self.reason).filter(|reason| !reason.is_empty()),
        }
    }
}

/// Reads what would be done, on every cluster.
pub fn plan<'a>(run: &Run, wanted: &'a Offboard<'a>) -> OffboardPlan {
    plan::plan(run, wanted.targets, wanted.names, |role, target| {
        wanted.drop_role(role, target)
    })
}

/// What would be done, without doing it.
pub fn reports_of(wanted: &Offboard<'_>, plan: &OffboardPlan) -> Vec<PersonReport> {
    let ended = plan.leaving.iter().map(|leaving| {
        let drop = wanted.drop_role(&leaving.role, &leaving.preview.target);
        ClusterReport::planned(leaving, report_of(&drop, &leaving.preview))
    });
    persons(wanted, plan, ended.collect(), &[])
}

/// Locks all, then drops all, each as far as it goes. The errors name their targets.
///
/// # Errors
/// If the intent cannot be recorded.
pub fn offboard(
    run: &Run,
    wanted: &Offboard<'_>,
    plan: &OffboardPlan,
) -> Result<(Vec<PersonReport>, Vec<Error>)> {
    let act = Act::here(Operation::Offboard)
        .reason(Some(wanted.reason))
        .targets(plan.leaving.iter().map(|leaving| &leaving.preview.target));
    let act = match wanted.names {
        [only] => act.role(only),
        _ => act,
    };
    run.audited_run(&act, || {
        let (ended, failed) = work(run, wanted, plan);
        let dropped = ended.iter().filter(|row| row.is_dropped()).count();
        let left = ended.len() - dropped + plan.unreachable.len();
        let evidence = evidence::read(run, wanted.names)?;
        let done = Done {
            status: Status::Offboarded { dropped, left },
            ..Done::default()
        };
        Ok(((persons(wanted, plan, ended, &evidence), failed), done))
    })
}

fn work(run: &Run, wanted: &Offboard<'_>, plan: &OffboardPlan) -> (Vec<ClusterReport>, Vec<Error>) {
    let mut rows: Vec<_> = plan
        .leaving
        .iter()
        .map(|leaving| {
            let drop = wanted.drop_role(&leaving.role, &leaving.preview.target);
            let mut report = report_of(&drop, &leaving.preview);
            report.statements = None;
            ClusterReport::planned(leaving, report)
        })
        .collect();
    let mut failed: BTreeMap<usize, Error> = BTreeMap::new();
    let watched = run.watch("logins to lock", plan.leaving.len());
    let lock_one = |leaving: &Leaving| {
        let drop = wanted.drop_role(&leaving.role, &leaving.preview.target);
        let name = || role_on(&leaving.role, &leaving.preview.target);
        watched.attempt(name, || lock(run, &drop, &leaving.preview))
    };
    for_each(&plan.leaving, JOBS, lock_one, |place, locked| {
        let row = &mut rows[place];
        match locked {
            Ok(locked) => {
                row.note_locked();
                if let Some(locked) = locked {
                    row.drop.sessions_ended = locked.sessions_ended;
                    row.drop.warnings.extend(locked.warnings);
                }
            }
            Err(error) => {
                row.note_failed(&error);
                failed.insert(place, error);
            }
        }
    });
    drop(watched);
    let clusters = plan.places_by_cluster(|place| !failed.contains_key(&place));
    let watched = run.watch("logins to drop", clusters.iter().map(Vec::len).sum());
    let drop_all = |places: &Vec<usize>| -> Vec<(usize, DropReport, Result<()>)> {
        let dropped = places.iter().map(|place| {
            let leaving = &plan.leaving[*place];
            let drop = wanted.drop_role(&leaving.role, &leaving.preview.target);
            let mut report = report_of(&drop, &leaving.preview);
            let name = || role_on(&leaving.role, &leaving.preview.target);
            let carry_out = || carry_out(run, &drop, &leaving.preview, &mut report);
            let result = watched.attempt(name, carry_out);
            (*place, report, result)
        });
        dropped.collect()
    };
    for_each(&clusters, JOBS, drop_all, |_, ended| {
        for (place, report, result) in ended {
            let row = &mut rows[place];
            let warned = plan.leaving[place].preview.warnings.len();
            row.note_work(report, warned);
            match result {
                Ok(()) => row.note_dropped(),
                Err(error) => {
                    row.note_blocked(&error);
                    failed.insert(place, error);
                }
            }
        }
    });
    (rows, failed.into_values().collect())
}

fn persons(
    wanted: &Offboard<'_>,
    plan: &OffboardPlan,
    rows: Vec<ClusterReport>,
    evidence: &[Evidence],
) -> Vec<PersonReport> {
    let mut persons: Vec<_> = wanted
        .names
        .iter()
        .map(|name| PersonReport::new(name, wanted.reason, evidence))
        .collect();
    for row in rows {
        let its = persons
            .iter_mut()
            .find(|it| it.username == row.drop.username);
        if let Some(person) = its {
            person.clusters.push(row);
        }
    }
    for person in &mut persons {
        let unreachable = plan.unreachable.iter();
        let rows = unreachable
            .map(|(target, error)| ClusterReport::unreachable(&person.username, target, error));
        person.clusters.extend(rows.collect::<Vec<_>>());
        person.settle();
    }
    persons
}

/// The error for people whom no cluster knows.
pub fn nobody(run: &Run, names: &[RoleName], clusters: usize) -> Failure {
    let near: BTreeSet<_> = names
        .iter()
        .filter_map(|name| run.nearest_role(name))
        .collect();
    let near: Vec<_> = near.iter().map(|name| format!("\"{name}\"")).collect();
    let before = "what was done before: pgrole audit list -u NAME";
    let hint = match near.as_slice() {
        [] => before.to_owned(),
        near => format!("did you mean {}? Else {before}", near.join(", ")),
    };
    let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    Failure::new(
        Kind::NotFound,
        format!(
            "no role {} on any of {clusters} clusters",
            names.join(" or ")
        ),
    )
    .sqlstate("42704")
    .hint(hint)
}
