//! `offboard --rehearse`: what each server says of the drop, on each cluster by itself. Nothing is locked before, and what the
//! drop of one person changes is not there for the next.

use std::collections::BTreeMap;

use anyhow::{Error, Result};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::operations::offboard::report::{ClusterReport, PersonReport};
use crate::operations::offboard::{JOBS, Offboard, OffboardPlan, persons};
use crate::operations::user::drop::{DropReport, rehearse_drop, report_of};
use crate::run::fleet::{for_each, role_on};
use crate::run::{Act, Done, Run};

/// Rehearses all, the roles of one cluster one after the other. The errors name their targets.
///
/// # Errors
/// If the intent cannot be recorded.
pub fn rehearse(
    run: &Run,
    wanted: &Offboard<'_>,
    plan: &OffboardPlan,
) -> Result<(Vec<PersonReport>, Vec<Error>)> {
    let act = Act::here(Operation::Offboard)
        .in_mode(Mode::Rehearsal)
        .reason(Some(wanted.reason))
        .targets(plan.leaving.iter().map(|leaving| &leaving.preview.target));
    let act = match wanted.names {
        [only] => act.role(only),
        _ => act,
    };
    run.audited_run(&act, || {
        let (rows, failed) = rehearse_all(run, wanted, plan);
        let done = Done {
            status: Status::Rehearsed,
            ..Done::default()
        };
        Ok(((persons(wanted, plan, rows, &[]), failed), done))
    })
}

fn rehearse_all(
    run: &Run,
    wanted: &Offboard<'_>,
    plan: &OffboardPlan,
) -> (Vec<ClusterReport>, Vec<Error>) {
    let clusters = plan.places_by_cluster(|_| true);
    let watched = run.watch("drops to rehearse", plan.leaving.len());
    let rehearse_each = |places: &Vec<usize>| -> Vec<(usize, DropReport, Result<Vec<Error>>)> {
        let rehearsed = places.iter().map(|place| {
            let leaving = &plan.leaving[*place];
            let drop = wanted.drop_role(&leaving.role, &leaving.preview.target);
            let mut report = report_of(&drop, &leaving.preview);
            let name = || role_on(&leaving.role, &leaving.preview.target);
            let rehearse = || rehearse_drop(run, &drop, &leaving.preview, &mut report);
            let result = watched.attempt(name, rehearse);
            (*place, report, result)
        });
        rehearsed.collect()
    };
    let mut rows: BTreeMap<usize, ClusterReport> = BTreeMap::new();
    let mut failed: BTreeMap<usize, Vec<Error>> = BTreeMap::new();
    for_each(&clusters, JOBS, rehearse_each, |_, ended| {
        for (place, report, result) in ended {
            let mut row = ClusterReport::planned(&plan.leaving[place], report);
            match result {
                Ok(errors) => {
                    row.note_rehearsed(&errors);
                    failed.insert(place, errors);
                }
                Err(error) => {
                    row.note_failed(&error);
                    failed.insert(place, vec![error]);
                }
            }
            rows.insert(place, row);
        }
    });
    let failed = failed.into_values().flatten();
    (rows.into_values().collect(), failed.collect())
}
