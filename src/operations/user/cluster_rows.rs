//! Roles belong to clusters: one row for each role of a cluster, with the selected databases there.

use std::collections::HashMap;

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::role::report::RoleDescription;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::operations::user::find::ServerRoles;
use crate::run::Run;

/// A role of a cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClusterRow {
    /// The role.
    pub username: String,
    /// `user found`.
    pub status: Status,
    /// The host of the cluster.
    pub hostname: String,
    /// The port, as text.
    pub port: String,
    /// The selected targets there, each as `ENV/DATABASE`.
    pub databases: Vec<String>,
    #[serde(flatten)]
    pub found: RoleDescription,
    /// When the server said so, as RFC 3339, if it was not asked now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
}

/// What the servers said, put together by cluster.
#[derive(Default, Clone)]
pub struct ClusterRows {
    clusters: Vec<ClusterRoles>,
    known: HashMap<String, usize>,
}

#[derive(Clone)]
struct ClusterRoles {
    /// Indexes of targets.
    served: Vec<usize>,
    roles: Vec<RoleState>,
    answered_at: Option<String>,
}

impl ClusterRows {
    /// Adds what a server said. Two names of one server are one cluster.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn add(&mut self, run: &Run, targets: &[Target], said: ServerRoles) -> Result<()> {
        let Some(first) = said.served.first() else {
            return Ok(());
        };
        let target = &targets[*first];
        // What was just asked is known by now.
        let cluster_id = run.with_store(|store| store.find_cluster(target))?;
        let key = cluster_id.unwrap_or_else(|| format!("{}:{}", target.hostname, target.port));
        let index = *self.known.entry(key).or_insert(self.clusters.len());
        match self.clusters.get_mut(index) {
            Some(cluster) => cluster.served.extend(said.served),
            None => self.clusters.push(ClusterRoles {
                served: said.served,
                roles: said.roles,
                answered_at: said.answered_at,
            }),
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }

    /// The same, with targets that are known to lead to the first of the clusters.
    #[must_use]
    pub fn with_known(mut self, known: &[usize]) -> Self {
        if let Some(first) = self.clusters.first_mut() {
            first.served.extend(known);
        }
        self
    }

    /// The rows, in the order of the targets.
    pub fn rows(mut self, targets: &[Target]) -> Vec<ClusterRow> {
        for cluster in &mut self.clusters {
            cluster.served.sort_unstable();
        }
        self.clusters
            .sort_by_key(|cluster| cluster.served.first().copied());
        let rows = self.clusters.into_iter().flat_map(|cluster| {
            let here: Vec<_> = cluster
                .served
                .iter()
                .map(|index| &targets[*index])
                .collect();
            let databases: Vec<_> = here.iter().map(|target| target.name()).collect();
            let (hostname, port) = here.first().map_or_else(Default::default, |target| {
                (target.hostname.to_string(), target.port.to_string())
            });
            cluster.roles.into_iter().map(move |role| ClusterRow {
                username: role.name.clone(),
                status: Status::UserFound,
                hostname: hostname.clone(),
                port: port.clone(),
                databases: databases.clone(),
                found: RoleDescription::from(role),
                answered_at: cluster.answered_at.clone(),
            })
        });
        rows.collect()
    }
}
