//! Asks the servers: each cluster once for its logins and their sessions, then, if rights are wanted, each database once.
//! The sessions that are seen on the way are kept, because PostgreSQL keeps none.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Error, Result};

use crate::domain::fleet_report::reading::{ClusterReading, RightsReading};
use crate::domain::password::secret::Secret;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::run::fleet::{JOBS, by_place, for_each, name_of_place};
use crate::run::{FleetReading, Run, TargetSession};
use crate::server::report::{read_cluster, read_rights, read_verifiers};
use crate::store::SessionSample;

/// What is asked of each database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Nothing: logins belong to clusters.
    Clusters,
    /// Nothing; of the logins also whether their passwords are their names.
    Passwords,
    Rights,
}

/// What the servers said.
#[derive(Default)]
pub struct Readings {
    pub clusters: Vec<ReadCluster>,
    /// In the order of the targets.
    pub targets: Vec<ReadTarget>,
    pub failed: Vec<Error>,
    /// The targets that nothing is known of, as indexes in the list.
    pub silent: Vec<usize>,
}

impl Readings {
    /// Each cluster once, with the place of the first of its targets in the list.
    pub fn each_cluster(&self) -> impl Iterator<Item = (usize, &ReadCluster)> {
        let mut seen = BTreeSet::new();
        self.targets.iter().filter_map(move |read| {
            let cluster = &self.clusters[read.cluster];
            seen.insert(cluster.key.as_str())
                .then_some((read.place, cluster))
        })
    }
}

/// A cluster that answered.
pub struct ReadCluster {
    /// What it is known by: its ID in the registry, else its place.
    pub key: String,
    pub reading: ClusterReading,
    /// Whether the password is the login's own name, as far as that was asked for and can be told.
    pub own_names: HashMap<String, bool>,
}

/// A target that answered.
pub struct ReadTarget {
    /// Its index in the list.
    pub place: usize,
    /// The index of its cluster.
    pub cluster: usize,
    /// `None` if they were not asked for.
    pub rights: Option<RightsReading>,
}

/// Asks all servers of the targets, in parallel.
///
/// # Errors
/// If the registry cannot be read.
pub fn read_fleet(
    run: &Run,
    reading: &FleetReading<'_>,
    targets: &[Target],
    depth: Depth,
) -> Result<Readings> {
    let mut found = read_clusters(run, reading, targets, depth)?;
    if let Err(error) = keep_sample(run, &found.clusters) {
        run.warn(format!(
            "which sessions were seen cannot be kept: {error:#}"
        ));
    }
    if depth == Depth::Rights {
        read_databases(run, reading, targets, &mut found);
    }
    found.targets.sort_by_key(|target| target.place);
    found.silent.sort_unstable();
    Ok(found)
}

fn read_clusters(
    run: &Run,
    reading: &FleetReading<'_>,
    targets: &[Target],
    depth: Depth,
) -> Result<Readings> {
    let mut found = Readings::default();
    let places = by_place(targets);
    let watched = run.watch("servers", places.len());
    let mut answers = Vec::new();
    for_each(
        &places,
        JOBS,
        |place| {
            let here: Vec<_> = place.iter().map(|index| &targets[*index]).collect();
            let ask = || reading.ask_place(&here, |server| look(server, depth));
            watched.attempt(|| name_of_place(&here), ask)
        },
        |place, said| {
            let (silent, served) = places[place].split_at(said.silent);
            found.silent.extend(silent);
            found.failed.extend(said.failed);
            if let Some(answer) = said.answer {
                answers.push((served.to_vec(), answer));
            }
        },
    );
    answers.sort_by_key(|(served, _)| served.first().copied());
    for (served, (reading, own_names)) in answers {
        let Some(first) = served.first() else {
            continue;
        };
        let target = &targets[*first];
        let id = run.with_store(|store| store.find_cluster(target))?;
        let key = id.unwrap_or_else(|| format!("{}:{}", target.hostname, target.port));
        let cluster = found.clusters.len();
        found.clusters.push(ReadCluster {
            key,
            reading,
            own_names,
        });
        found
            .targets
            .extend(served.into_iter().map(|place| ReadTarget {
                place,
                cluster,
                rights: None,
            }));
    }
    Ok(found)
}

/// The verifiers are read only where they are compared, and are gone with this session.
fn look(
    server: &mut TargetSession<'_>,
    depth: Depth,
) -> Result<(ClusterReading, HashMap<String, bool>)> {
    let reading = server.read(read_cluster)?;
    let mut own_names = HashMap::new();
    if depth == Depth::Passwords {
        let by_md5 = reading.logins.iter();
        let by_md5 =
            by_md5.filter_map(|login| Some((login.state.name.clone(), login.is_name_by_md5?)));
        own_names.extend(by_md5);
        let by_scram = reading
            .logins
            .iter()
            .filter(|login| login.verifier.starts_with("scram-"));
        let names: Vec<_> = by_scram.map(|login| login.state.name.clone()).collect();
        let verifiers = server.read(|connection| read_verifiers(connection, &names))?;
        for (name, verifier) in verifiers {
            if let Some(is_own) = verifier.is_of(&Secret::new(name.clone())) {
                own_names.insert(name, is_own);
            }
        }
    }
    Ok((reading, own_names))
}

fn read_databases(run: &Run, reading: &FleetReading<'_>, targets: &[Target], found: &mut Readings) {
    let asked: Vec<usize> = found.targets.iter().map(|target| target.place).collect();
    let mut rights: Vec<Option<RightsReading>> = asked.iter().map(|_| None).collect();
    let watched = run.watch("targets", asked.len());
    for_each(
        &asked,
        JOBS,
        |place| {
            let target = &targets[*place];
            let ask = || reading.ask(target, |server| server.read(read_rights));
            watched.attempt(|| target.name(), ask)
        },
        |index, said| match said {
            Ok(read) => rights[index] = Some(read),
            Err(error) => found.failed.push(error),
        },
    );
    for (target, rights) in found.targets.iter_mut().zip(rights) {
        target.rights = rights;
    }
    let unread = found
        .targets
        .extract_if(.., |target| target.rights.is_none());
    let unread: Vec<_> = unread.map(|target| target.place).collect();
    found.silent.extend(unread);
}

/// Two places may be one cluster: it was looked at once.
fn keep_sample(run: &Run, clusters: &[ReadCluster]) -> Result<()> {
    let mut samples: Vec<SessionSample> = Vec::new();
    for cluster in clusters {
        if samples
            .iter()
            .any(|sample| sample.cluster_id == cluster.key)
        {
            continue;
        }
        let logins = cluster.reading.logins.iter().map(|login| {
            let is_own = login.state.name == cluster.reading.session_user;
            let sessions = login.sessions + u32::from(is_own);
            (login.state.name.clone(), sessions)
        });
        samples.push(SessionSample {
            cluster_id: cluster.key.clone(),
            used: cluster.reading.used,
            logins: logins.collect(),
        });
    }
    run.with_store(|store| store.keep_session_samples(&samples, Timestamp::now()))
}
