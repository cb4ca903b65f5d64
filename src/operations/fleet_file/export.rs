//! `export`: the logins that pgrole placed, as the servers have them, as a file for `apply`. Without passwords.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Error, Result};

use crate::delivery::replace::write_new;
use crate::domain::access::AccessLevel;
use crate::domain::act::operation::Operation;
use crate::domain::fleet_file::{FleetFile, FleetLogin, FoundLogin, LimitValue, held_level};
use crate::domain::password::destination::FileFormat;
use crate::domain::role::mark::Mark;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::operations::fleet_file::reading::{ClusterLogins, read_clusters};
use crate::run::Run;
use crate::store::PlacedRole;

/// What was written down, and what was not.
pub struct Exported {
    pub file: FleetFile,
    /// Clusters that did not answer: their logins are not in the file.
    pub failed: Vec<Error>,
    /// Logins that pgrole placed and that are no longer there.
    pub gone: Vec<String>,
}

/// Reads the logins that pgrole placed on the clusters of the targets.
///
/// # Errors
/// If the registry cannot be read, or the audit log not written.
pub fn export(run: &Run, targets: &[Target]) -> Result<Exported> {
    let act = (Operation::Export, "cannot read the logins");
    let (clusters, failed) = read_clusters(run, targets, act)?;
    let (mut logins, mut gone) = (Vec::new(), Vec::new());
    for cluster in &clusters {
        for (name, placed) in &cluster.placed {
            match cluster.logins.get(name) {
                Some(found) if matches!(found.state.mark(), Some(Mark::Dual(_))) => run.warn(format!(
                    "\"{name}\" on {}/{} has dual logins, which the file cannot say: it is left out",
                    placed.env, placed.database
                )),
                Some(found) => logins.extend(login(cluster, placed, found)),
                None => gone.push(format!("\"{name}\" on {}/{}", placed.env, placed.database)),
            }
        }
    }
    Ok(Exported {
        file: FleetFile::of(logins),
        failed,
        gone,
    })
}

/// Writes a file that only its owner may read, replacing an existing one.
///
/// # Errors
/// If it cannot be written.
pub fn write_export(path: &Path, text: &str) -> Result<()> {
    write_new(path, 0o600, text.as_bytes())
}

/// `None` if the registry has no target of its cluster any more.
fn login(cluster: &ClusterLogins, placed: &PlacedRole, found: &FoundLogin) -> Option<FleetLogin> {
    let is_own = |target: &&Target| {
        target.env.as_str() == placed.env && target.database.as_str() == placed.database
    };
    let mut targets = cluster.targets.iter();
    let own = targets.clone().find(is_own).or_else(|| targets.next())?;
    let state = &found.state;
    let marked = state.mark().and_then(Mark::into_profile);
    let (valid_for, ends_on) = validity(placed, state.valid_until.as_deref());
    let deliver = placed.deliver.clone().filter(|_| placed.is_recorded);
    let deliver = deliver.filter(|deliver| deliver != "stdout");
    let file_format = placed.file_format.clone();
    let is_default = |format: &String| format == FileFormat::default().as_str();
    Some(FleetLogin {
        env: own.env.to_string(),
        database: own.database.to_string(),
        username: state.name.clone(),
        profile: placed.profile.clone().or(marked),
        login: (!state.login).then_some(false),
        createdb: Some(state.createdb),
        createrole: Some(state.createrole),
        connection_limit: Some(LimitValue::from(u32::try_from(state.connection_limit).ok())),
        valid_for,
        ends_on,
        file_format: file_format.filter(|format| deliver.is_some() && !is_default(format)),
        deliver,
        reason: None,
        access: Some(access(cluster, own, found)),
        search_path: Some(search_path(cluster, own, found)),
    })
}

/// A span if rotation renews it, else the day on which the account ends.
fn validity(placed: &PlacedRole, until: Option<&str>) -> (Option<String>, Option<String>) {
    let term: Option<Term> = placed.term.as_deref().and_then(|term| term.parse().ok());
    match (term, until) {
        (_, None) => (Some("none".to_owned()), None),
        (Some(Term::Renewed(span)), Some(_)) => (Some(span.to_string()), None),
        (Some(Term::Configured), Some(_)) => (None, None),
        (Some(Term::EndsOn(_) | Term::ForEver) | None, Some(until)) => {
            (None, Some(until.to_owned()))
        }
    }
}

/// The targets of the cluster, each database once, the login's own target first.
fn databases<'a>(cluster: &'a ClusterLogins, own: &'a Target) -> BTreeMap<&'a str, &'a Target> {
    let mut databases = BTreeMap::from([(own.database.as_str(), own)]);
    for target in &cluster.targets {
        databases.entry(target.database.as_str()).or_insert(target);
    }
    databases
}

fn access(
    cluster: &ClusterLogins,
    own: &Target,
    found: &FoundLogin,
) -> BTreeMap<String, AccessLevel> {
    let levels = databases(cluster, own).into_values().map(|target| {
        let level = held_level(&found.state, &target.database);
        (target.name(), level)
    });
    levels
        .filter(|(_, level)| *level != AccessLevel::None)
        .collect()
}

fn search_path(
    cluster: &ClusterLogins,
    own: &Target,
    found: &FoundLogin,
) -> BTreeMap<String, Vec<String>> {
    let databases = databases(cluster, own);
    let paths = found.search_paths.iter().filter_map(|path| {
        let target = databases.get(path.database.as_str())?;
        Some((target.name(), path.schemas()))
    });
    paths.collect()
}
