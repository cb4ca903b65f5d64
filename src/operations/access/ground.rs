//! The rules by which access is planned on a target, and who may administer its groups.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::access::boxes::is_box;
use crate::domain::access::group::Judge;
use crate::domain::access::planner::{Ground, GroupAdoption};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::state::{DatabaseState, GroupState};
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::{DatabaseName, Target};
use crate::run::{Run, TargetSession};

/// What is known about a target besides its server's state.
pub struct AccessGround {
    pub rules: AccessRules,
    trusted: BTreeSet<String>,
    cluster: Option<String>,
}

impl AccessGround {
    /// Looks up which roles with ADMIN OPTION on the groups are known to the registry.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn survey(
        run: &Run,
        server: &TargetSession<'_>,
        rules: AccessRules,
        found: &ServerState,
    ) -> Result<Self> {
        Self::of_groups(
            run,
            server,
            rules,
            (&found.admin.name, &found.access.groups),
        )
    }

    /// The same from the groups alone, and the role whose rights count.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn of_groups(
        run: &Run,
        server: &TargetSession<'_>,
        rules: AccessRules,
        (admin, groups): (&str, &[GroupState]),
    ) -> Result<Self> {
        let mut trusted = BTreeSet::from([server.admin.clone(), admin.to_owned()]);
        trusted.extend(rules.trusted_admins.iter().cloned());
        let admins = groups.iter().flat_map(|group| &group.admins);
        for admin in admins.filter(|admin| !admin.superuser) {
            if !trusted.contains(&admin.name)
                && run.with_store(|store| store.knows_admin(&admin.name))?
            {
                trusted.insert(admin.name.clone());
            }
        }
        Ok(Self {
            rules,
            trusted,
            cluster: server.cluster().map(str::to_owned),
        })
    }

    /// What groups are judged by.
    pub fn judge<'a>(&'a self, database: &'a DatabaseName, state: &'a DatabaseState) -> Judge<'a> {
        Judge {
            database,
            state,
            cluster: self.cluster.as_deref(),
            trusted: &self.trusted,
        }
    }

    pub fn ground<'a>(
        &'a self,
        target: &'a Target,
        found: &'a ServerState,
        adoption: GroupAdoption,
    ) -> Ground<'a> {
        Ground {
            target,
            found,
            rules: &self.rules,
            trusted: &self.trusted,
            cluster: self.cluster.as_deref(),
            adoption,
        }
    }
}

/// Members of groups that pgrole did not create, according to its records.
///
/// # Errors
/// If the registry cannot be read.
pub fn unplaced(run: &Run, target: &Target, members: &[RoleName]) -> Result<Vec<RoleName>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let (hostname, port) = (target.hostname.to_string(), target.port.to_string());
    let placed: BTreeSet<_> = placed
        .into_iter()
        .filter(|role| role.hostname == hostname && role.port == port)
        .map(|role| role.username)
        .collect();
    let unplaced = members
        .iter()
        .filter(|role| !placed.contains(role.as_str()) && !is_box(role.as_str()));
    Ok(unplaced.cloned().collect())
}
