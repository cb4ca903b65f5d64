//! `user find` and `user list` for people: the rows of a cluster are shown once all names that are known to lead to it
//! have been asked, or, if one of these is silent, with those that have answered and those that may.

use std::collections::HashMap;
use std::mem::take;

use anyhow::Result;

use crate::domain::target::Target;
use crate::operations::user::cluster_rows::{ClusterRow, ClusterRows};
use crate::operations::user::find::ServerRoles;
use crate::output::{Column, List, Ui};
use crate::run::Run;
use crate::run::fleet::by_cluster;

/// A table that is being shown.
pub struct ClusterTable<'a> {
    list: List<'a, ClusterRow>,
    clusters: Vec<AskedCluster>,
    /// The cluster of each target.
    cluster_of: Vec<usize>,
}

#[derive(Default)]
struct AskedCluster {
    /// The indexes of its targets that have not been asked.
    left: Vec<usize>,
    /// The index of its first target.
    place: usize,
    rows: ClusterRows,
}

impl<'a> ClusterTable<'a> {
    pub fn begin(targets: &[Target], columns: &[Column], ui: &'a Ui) -> Self {
        let mut list = ui.list(columns);
        let hosts: Vec<_> = targets.iter().map(|it| it.hostname.to_string()).collect();
        list.expect("hostname", hosts.iter().map(String::as_str));
        let mut numbers = HashMap::new();
        for (number, cluster) in by_cluster(targets).into_iter().enumerate() {
            numbers.extend(cluster.into_iter().map(|target| (target.name(), number)));
        }
        let mut clusters: Vec<AskedCluster> = Vec::new();
        let mut cluster_of = Vec::new();
        for (place, target) in targets.iter().enumerate() {
            let number = numbers.get(&target.name()).copied().unwrap_or_default();
            if number >= clusters.len() {
                clusters.resize_with(number + 1, AskedCluster::default);
            }
            let cluster = &mut clusters[number];
            if cluster.left.is_empty() {
                cluster.place = place;
            }
            cluster.left.push(place);
            cluster_of.push(number);
        }
        list.await_places(clusters.iter().map(|cluster| cluster.place));
        Self {
            list,
            clusters,
            cluster_of,
        }
    }

    /// Adds what a server said, which stands for targets of one cluster.
    ///
    /// # Errors
    /// If the registry cannot be read, or stdout not be written.
    pub fn add(&mut self, run: &Run, targets: &[Target], said: &ServerRoles) -> Result<()> {
        let asked = || said.served.iter().chain(&said.silent);
        let Some(first) = asked().next() else {
            return Ok(());
        };
        let cluster = &mut self.clusters[self.cluster_of[*first]];
        let copy = ServerRoles {
            served: said.served.clone(),
            roles: said.roles.clone(),
            answered_at: said.answered_at.clone(),
            ..ServerRoles::default()
        };
        let is_first = cluster.rows.is_empty();
        cluster.rows.add(run, targets, copy)?;
        cluster
            .left
            .retain(|left| !asked().any(|asked| asked == left));
        let place = cluster.place;
        if cluster.left.is_empty() {
            let rows = take(&mut cluster.rows).rows(targets);
            self.list.draw_early(place, rows)?;
            self.list.settle(place);
        } else if (is_first || said.served.is_empty()) && !self.list.has_drawn(place) {
            let rows = cluster.rows.clone().with_known(&cluster.left);
            self.list.draw_early(place, rows.rows(targets))?;
        }
        Ok(())
    }

    /// Shows these rows and columns, unless rows were shown as they arrived.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn end_with(self, rows: &[ClusterRow], columns: &[Column]) -> Result<()> {
        self.list.end_with(rows, columns)
    }
}
