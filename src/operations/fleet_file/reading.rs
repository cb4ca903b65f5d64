//! What the servers have of the logins that a fleet file is about: one question a cluster.

use std::collections::BTreeMap;

use anyhow::{Error, Result};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::fleet_file::FoundLogin;
use crate::domain::target::Target;
use crate::run::fleet::{JOBS, by_cluster, for_each, name_of_place};
use crate::run::{Act, Run};
use crate::server::placed_logins::read_placed_logins;
use crate::store::PlacedRole;

/// A cluster that answered.
pub struct ClusterLogins {
    /// The targets that lead to it, in their order.
    pub targets: Vec<Target>,
    /// All of its logins, by name.
    pub logins: BTreeMap<String, FoundLogin>,
    /// Those that pgrole placed, by name.
    pub placed: BTreeMap<String, PlacedRole>,
}

impl ClusterLogins {
    pub fn has(&self, target: &Target) -> bool {
        self.targets.iter().any(|own| own.name() == target.name())
    }
}

/// Asks each cluster of the targets once, as one act.
///
/// # Errors
/// If the registry cannot be read or the audit log not written. What a cluster says against it is in the list.
pub fn read_clusters(
    run: &Run,
    targets: &[Target],
    (operation, cannot): (Operation, &str),
) -> Result<(Vec<ClusterLogins>, Vec<Error>)> {
    let by_server = by_cluster(targets);
    let reading = run.begin_reading(targets, Act::over(targets, operation, cannot))?;
    let mut answers: Vec<(usize, Vec<FoundLogin>)> = Vec::new();
    let mut failed = Vec::new();
    let mut count = 0;
    let watched = run.watch("servers", by_server.len());
    for_each(
        &by_server,
        JOBS,
        |place| {
            let ask = || reading.ask_place(place, |server| server.read(read_placed_logins));
            watched.attempt(|| name_of_place(place), ask)
        },
        |place, said| match said.answer {
            Some(logins) => {
                count += logins.len();
                answers.push((place, logins));
            }
            None => failed.extend(said.failed),
        },
    );
    reading.end(Status::UsersListed(count));
    answers.sort_by_key(|(place, _)| *place);
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let clusters = answers.into_iter().map(|(place, logins)| {
        let targets: Vec<Target> = by_server[place]
            .iter()
            .map(|target| (*target).clone())
            .collect();
        // What it answered may have been the first that is known of it.
        let cluster_id = match targets.first() {
            Some(target) => run.with_store(|store| store.find_cluster(target))?,
            None => None,
        };
        let is_here = |role: &&PlacedRole| Some(&role.cluster_id) == cluster_id.as_ref();
        let placed = placed.iter().filter(is_here);
        Ok(ClusterLogins {
            targets,
            logins: by_name(logins, |login| login.state.name.clone()),
            placed: by_name(placed.cloned(), |role| role.username.clone()),
        })
    });
    let clusters: Result<Vec<_>> = clusters.collect();
    Ok((clusters?, failed))
}

fn by_name<T>(
    all: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> String,
) -> BTreeMap<String, T> {
    all.into_iter().map(|one| (name(&one), one)).collect()
}
