//! What can be chosen from without asking a server: the registry's targets, and the roles that were last seen there.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::run::Run;
use crate::run::targets::TargetSelection;
use crate::store::RegistryEntry;

/// A target as a person chooses it, whether its entry is valid or not.
#[derive(Debug, Clone)]
pub struct KnownTarget {
    pub env: String,
    pub database: String,
    /// Host and port, or the service.
    pub place: String,
    pub is_active: bool,
    pub is_protected: bool,
}

/// A role, and its profile if it is on record.
#[derive(Debug, Clone)]
pub struct KnownRole {
    pub name: String,
    pub profile: Option<String>,
}

/// All targets, in rollout order; none if there is no registry, which is not created.
///
/// # Errors
/// If the registry cannot be read.
pub fn known_targets(run: &Run) -> Result<Vec<KnownTarget>> {
    let settings = &run.settings;
    let known = entries(run)?.into_iter().map(|entry| KnownTarget {
        place: place(&entry),
        is_active: entry.active,
        is_protected: settings
            .protected
            .iter()
            .any(|env| env.as_str() == entry.env),
        env: entry.env,
        database: entry.database,
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|target| settings.rollout_rank(&target.env));
    Ok(known)
}

/// The roles that were last seen on the targets of a selection, by name.
///
/// # Errors
/// If the registry cannot be read.
pub fn known_roles(run: &Run, selection: &TargetSelection) -> Result<Vec<KnownRole>> {
    let mut entries = entries(run)?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    entries.retain(|entry| selection.fits(&entry.env, &entry.database));
    let targets = entries
        .into_iter()
        .filter_map(|entry| run.target_of(entry).ok());
    let clusters: BTreeSet<String> = targets.filter_map(|target| target.cluster_id).collect();
    let mut profiles: BTreeMap<String, Option<String>> = BTreeMap::new();
    run.with_store(|store| {
        for cluster in &clusters {
            let listed = store.last_listed_logins(cluster)?;
            for login in listed.into_iter().flat_map(|listed| listed.logins) {
                profiles.insert(login.name, None);
            }
        }
        let seen = store.list_seen_roles()?.into_iter();
        let seen = seen.map(|role| (role.cluster_id, role.username, role.profile));
        let placed = store.list_placed_roles()?.into_iter();
        let placed = placed.map(|role| (role.cluster_id, role.username, role.profile));
        for (cluster, name, profile) in seen.chain(placed) {
            if clusters.contains(&cluster) {
                let known = profiles.entry(name).or_default();
                *known = profile.or(known.take());
            }
        }
        Ok(())
    })?;
    let roles = profiles.into_iter();
    Ok(roles
        .map(|(name, profile)| KnownRole { name, profile })
        .collect())
}

/// The roles that are on record, each with the target that it is on: `NAME@ENV/DATABASE`.
///
/// # Errors
/// If the registry cannot be read.
pub fn located_roles(run: &Run) -> Result<Vec<KnownRole>> {
    if !run.registry().exists() {
        return Ok(Vec::new());
    }
    let mut located = BTreeMap::new();
    run.with_store(|store| {
        for role in store.list_seen_roles()? {
            let name = format!("{}@{}/{}", role.username, role.env, role.database);
            located.insert(name, role.profile);
        }
        for role in store.list_placed_roles()? {
            let name = format!("{}@{}/{}", role.username, role.env, role.database);
            located.insert(name, role.profile);
        }
        Ok(())
    })?;
    let roles = located.into_iter();
    Ok(roles
        .map(|(name, profile)| KnownRole { name, profile })
        .collect())
}

/// Checks that a new target is new.
///
/// # Errors
/// Refused, if the registry has it already.
pub fn require_new_target(run: &Run, env: &str, database: &str) -> Result<()> {
    let known = entries(run)?;
    let is_it = |entry: &&RegistryEntry| entry.env == env && entry.database == database;
    let Some(found) = known.iter().find(is_it) else {
        return Ok(());
    };
    let what = format!(
        "target {env}/{database} is already in the registry, on {}",
        place(found)
    );
    Err(Failure::refused(what)
        .hint(pasteable(
            "pgrole registry show -e {} -d {}",
            &[&env, &database],
        ))
        .into())
}

fn entries(run: &Run) -> Result<Vec<RegistryEntry>> {
    if !run.registry().exists() {
        return Ok(Vec::new());
    }
    run.with_store(|store| store.list_entries())
}

fn place(entry: &RegistryEntry) -> String {
    let port = entry.port.map(|port| port.to_string());
    match entry.ports.clone().or(port) {
        Some(ports) => format!("{}:{ports}", entry.hostname),
        None => entry.hostname.clone(),
    }
}
