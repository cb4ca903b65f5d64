//! The targets of a selection, and running one act on many of them in parallel, each in its own thread, with results
//! passed on as they come.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use anyhow::{Error, Result};

use crate::domain::failure::OnTarget;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::target::address::{Hosts, Ports};
use crate::run::Run;
use crate::run::progress::Attempt;
use crate::store::{PlacedRole, RegistryEntry};

/// The targets of a selection. An invalid entry, such as one written by hand, is a failure of its own, and does not
/// affect the others.
#[derive(Debug, Default)]
pub struct Fleet {
    pub targets: Vec<Target>,
    pub invalid: Vec<InvalidEntry>,
}

/// An enabled entry of the registry that is not a valid target.
#[derive(Debug)]
pub struct InvalidEntry {
    pub entry: RegistryEntry,
    pub error: Error,
}

impl Fleet {
    /// Adds an entry, with the target or error that came of parsing it.
    pub fn add(&mut self, entry: RegistryEntry, target: Result<Target>) {
        match target {
            Ok(target) => self.targets.push(target),
            Err(error) => {
                let what = "nothing can be done".to_owned();
                let error = error.context(OnTarget {
                    env: entry.env.clone(),
                    database: entry.database.clone(),
                    message: what,
                });
                self.invalid.push(InvalidEntry { entry, error });
            }
        }
    }

    /// How many targets were selected, invalid ones included.
    pub fn asked(&self) -> usize {
        self.targets.len() + self.invalid.len()
    }

    /// The targets, and the errors of the invalid entries.
    pub fn split(self) -> (Vec<Target>, Vec<Error>) {
        let failed = self.invalid.into_iter().map(|invalid| invalid.error);
        (self.targets, failed.collect())
    }
}

/// Enough to hide the latency of distant servers, few enough for one SQLite file.
pub const JOBS: usize = 16;

/// Runs `act` on each target, and passes each result to `take` in the caller's thread. Progress is shown.
pub fn for_each_target<T: Send + Attempt>(
    run: &Run,
    targets: &[Target],
    act: impl Fn(&Target) -> T + Sync,
    take: impl FnMut(usize, T),
) {
    let watched = run.watch("targets", targets.len());
    let act = |target: &Target| watched.attempt(|| target.name(), || act(target));
    for_each(targets, JOBS, act, take);
}

/// Runs `act` on up to `jobs` items at once, and passes each result to `take` in the caller's thread.
pub fn for_each<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    act: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(usize, T),
) {
    let indices: Vec<usize> = (0..items.len()).collect();
    let act = |index: &usize, pass: &dyn Fn((usize, T))| {
        if let Some(item) = items.get(*index) {
            pass((*index, act(item)));
        }
    };
    stream_each(&indices, jobs, act, |(index, result)| take(index, result));
}

/// Runs `act` on up to `jobs` items at once. What it passes on, none or many for each item, comes to `take` in the
/// caller's thread as it arises.
pub fn stream_each<I: Sync, T: Send>(
    items: &[I],
    jobs: usize,
    act: impl Fn(&I, &dyn Fn(T)) + Sync,
    mut take: impl FnMut(T),
) {
    if let [only] = items {
        let take = RefCell::new(take);
        return act(only, &|result| (take.borrow_mut())(result));
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..items.len().min(jobs) {
            let sender = sender.clone();
            let (next, act) = (&next, &act);
            scope.spawn(move || {
                // The receiver outlives all senders: it is drained below.
                let pass = |result| drop(sender.send(result));
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else {
                        return;
                    };
                    act(item, &pass);
                }
            });
        }
        drop(sender);
        for result in receiver {
            take(result);
        }
    });
}

/// One target of each cluster: roles belong to clusters.
pub fn clusters<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Vec<&'a Target> {
    let mut clusters: Vec<&Target> = Vec::new();
    for target in targets {
        let is_same = |other: &&Target| other.is_on_cluster_of(target);
        if !clusters.iter().any(is_same) {
            clusters.push(target);
        }
    }
    clusters
}

/// The indexes of the targets, grouped by the host and port at which they are reached: one server answers for all of a
/// group.
pub fn by_place(targets: &[Target]) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<(&Hosts, &Ports), usize> = HashMap::new();
    for (index, target) in targets.iter().enumerate() {
        let place = *known
            .entry((&target.hostname, &target.port))
            .or_insert(places.len());
        match places.get_mut(place) {
            Some(indexes) => indexes.push(index),
            None => places.push(vec![index]),
        }
    }
    places
}

/// What the targets of one server are called together while it is waited for.
pub fn name_of_place(targets: &[&Target]) -> String {
    match targets {
        [] => String::new(),
        [only] => only.name(),
        [first, others @ ..] => format!("{} (+{})", first.name(), others.len()),
    }
}

/// What a role is called while it is waited for.
pub fn role_on(role: &RoleName, target: &Target) -> String {
    format!("\"{role}\" on {}", target.name())
}

/// Targets grouped by the cluster that they lead to, as far as the registry knows, in their order.
pub fn by_cluster(targets: &[Target]) -> Vec<Vec<&Target>> {
    let mut clusters: Vec<Vec<&Target>> = Vec::new();
    // By id and by place: a fleet of thousands is not compared pair by pair.
    let mut known: HashMap<ClusterKey<'_>, usize> = HashMap::new();
    for target in targets {
        let place = ClusterKey::Place(&target.hostname, &target.port);
        let id = target.cluster_id.as_deref().map(ClusterKey::Id);
        let keys = id.into_iter().chain([place]);
        let found = keys.clone().find_map(|key| known.get(&key).copied());
        let index = found.unwrap_or(clusters.len());
        for key in keys {
            known.insert(key, index);
        }
        match clusters.get_mut(index) {
            Some(cluster) => cluster.push(target),
            None => clusters.push(vec![target]),
        }
    }
    clusters
}

#[derive(PartialEq, Eq, Hash, Clone)]
enum ClusterKey<'a> {
    Id(&'a str),
    Place(&'a Hosts, &'a Ports),
}

/// Whether a placed role belongs to the target's cluster.
pub fn is_on(role: &PlacedRole, target: &Target) -> bool {
    target.cluster_id.as_ref() == Some(&role.cluster_id)
}
