//! Reads every cluster before anything is changed on any.

use std::collections::BTreeMap;

use anyhow::Error;

use crate::domain::failure::{Kind, kind_of};
use crate::domain::role::RoleName;
use crate::domain::role::dual_state::refuse_dual;
use crate::domain::target::Target;
use crate::operations::user::drop::{DropPreview, DropRole, find};
use crate::run::Run;
use crate::run::fleet::{by_cluster, for_each, name_of_place};
use crate::run::progress::Attempt;

/// How many clusters to read at once.
const JOBS: usize = 16;

/// A role on one cluster, and what depends on it there.
pub struct Leaving {
    pub role: RoleName,
    pub preview: DropPreview,
    /// The names of the cluster's targets.
    pub targets: Vec<String>,
}

/// What is to be done where, and what stands in the way.
#[derive(Default)]
pub struct OffboardPlan {
    pub leaving: Vec<Leaving>,
    /// How many clusters there are.
    pub clusters: usize,
    /// The clusters that did not answer, by one of their targets.
    pub unreachable: Vec<(Target, Error)>,
    /// What must be seen to before anything is done.
    pub refused: Vec<Error>,
}

impl OffboardPlan {
    /// The places in [`Self::leaving`] that are wanted, those of one cluster together: two of its roles may have granted each
    /// other something, and are settled one after the other.
    pub fn places_by_cluster(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut clusters: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, leaving) in self.leaving.iter().enumerate().filter(|it| is_wanted(it.0)) {
            let cluster = clusters.entry(&leaving.preview.cluster_id).or_default();
            cluster.push(place);
        }
        clusters.into_values().collect()
    }
}

/// What one cluster showed.
struct Reading {
    leaving: Vec<Leaving>,
    unreachable: Option<(Target, Error)>,
    refused: Vec<Error>,
}

impl Attempt for Reading {
    fn has_failed(&self) -> bool {
        self.unreachable.is_some() || !self.refused.is_empty()
    }
}

/// Reads the roles on every cluster, in parallel. `drop_role` says what is wanted for a role on a target.
pub fn plan<'a>(
    run: &Run,
    targets: &'a [Target],
    names: &'a [RoleName],
    drop_role: impl Fn(&'a RoleName, &'a Target) -> DropRole<'a> + Sync,
) -> OffboardPlan {
    let clusters = by_cluster(targets);
    let mut plan = OffboardPlan {
        clusters: clusters.len(),
        ..OffboardPlan::default()
    };
    let mut readings: Vec<Option<Reading>> = clusters.iter().map(|_| None).collect();
    let watched = run.watch("servers", clusters.len());
    let look = |cluster: &Vec<&'a Target>| {
        let read = || read(run, cluster, names, &drop_role);
        watched.attempt(|| name_of_place(cluster), read)
    };
    for_each(&clusters, JOBS, look, |place, reading| {
        readings[place] = Some(reading);
    });
    for reading in readings.into_iter().flatten() {
        for leaving in reading.leaving {
            // Two names of one server, which was not known before.
            let is_same = |other: &&mut Leaving| {
                other.role == leaving.role && other.preview.cluster_id == leaving.preview.cluster_id
            };
            match plan.leaving.iter_mut().find(is_same) {
                Some(other) => other.targets.extend(leaving.targets),
                None => plan.leaving.push(leaving),
            }
        }
        plan.unreachable.extend(reading.unreachable);
        plan.refused.extend(reading.refused);
    }
    plan
}

fn read<'a>(
    run: &Run,
    cluster: &[&'a Target],
    names: &'a [RoleName],
    drop_role: &(impl Fn(&'a RoleName, &'a Target) -> DropRole<'a> + Sync),
) -> Reading {
    let mut reading = Reading {
        leaving: Vec::new(),
        unreachable: None,
        refused: Vec::new(),
    };
    let targets: Vec<_> = cluster.iter().map(|target| target.name()).collect();
    let Some(first) = cluster.first() else {
        return reading;
    };
    for role in names {
        match find(run, &drop_role(role, first)) {
            Ok(None) => {}
            Ok(Some(preview)) => match refuse(&preview, first) {
                Err(refused) => reading.refused.push(refused),
                Ok(()) => reading.leaving.push(Leaving {
                    role: role.clone(),
                    preview,
                    targets: targets.clone(),
                }),
            },
            Err(error) if is_out_of_contact(&error) => {
                reading.unreachable = Some(((*first).clone(), error));
                // What was read of others stays undone too: a cluster is done as a whole.
                reading.leaving.clear();
                break;
            }
            Err(error) => reading.refused.push(error),
        }
    }
    reading
}

/// Refuses dual logins, which are an application's.
fn refuse(preview: &DropPreview, target: &Target) -> Result<(), Error> {
    let main = preview.main.as_ref();
    let Some(role) = main.and_then(|main| main.server.role.as_ref()) else {
        return Ok(());
    };
    let refused = refuse_dual(&role.name, role.comment.as_deref());
    refused.map_err(|failure| failure.on(target).into())
}

/// Whether a server could not be asked, for whatever reason.
fn is_out_of_contact(error: &Error) -> bool {
    matches!(
        kind_of(error),
        Kind::Unreachable | Kind::NoCredential | Kind::LoginRefused
    )
}
