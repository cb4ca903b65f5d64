//! Which targets are the same server, judging by the servers that answered in this run, and the locks of the roles
//! there.

use std::sync::PoisonError;

use anyhow::{Context, Result, bail};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::change::{PasswordChange, name_of_role_lock};
use crate::domain::target::Target;
use crate::domain::target::cluster::{Kinship, Sighting};
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::run::observed_server::ObservedServer;
use crate::run::{Act, Done, Run};
use crate::server::catalog;
use crate::store::{ClusterPlace, Locked, Sealing};

/// How often to retry the lock of a role because its cluster was joined with another meanwhile.
const LOCK_TRIES: u32 = 20;

impl Run {
    /// Records what answered for a target, and compares it with everything that answered in this run: places of one
    /// server become one cluster, places of different servers are separated.
    ///
    /// # Errors
    /// If the registry cannot be written.
    pub(super) fn meet(&self, sighting: &Sighting) -> Result<()> {
        let target = &sighting.target;
        let noted = self.with_store(|store| store.note_sighting(sighting, Timestamp::now()))?;
        self.note_observed(sighting, noted.cluster_id.clone());
        // One at a time: joining this place to one of the others mostly joins it to all of them.
        let mut settled = Vec::new();
        while let Some((other, kinship)) = self.find_news(sighting, &settled) {
            self.settle_kinship(target, &other, kinship)?;
            settled.push(other);
        }
        let mut doubtful = self.with_store(|store| store.find_twins(sighting))?;
        if noted.is_restarted {
            // Or the name now leads to another server, a copy: the other places show whether they see the same.
            let id = &noted.cluster_id;
            doubtful.extend(self.with_store(|store| store.find_other_places(target, id))?);
        }
        self.ask(target, &doubtful)
    }

    fn note_observed(&self, sighting: &Sighting, cluster_id: String) {
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        observed.retain(|other| !other.sighting.target.is_at_place_of(&sighting.target));
        observed.push(ObservedServer {
            sighting: sighting.clone(),
            cluster_id,
        });
    }

    /// Another place that answered in this run and whose relation to this one the registry must learn.
    fn find_news(&self, sighting: &Sighting, settled: &[Target]) -> Option<(Target, Kinship)> {
        let observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = observed.iter();
        let own = places.find(|seen| seen.sighting.target.is_at_place_of(&sighting.target))?;
        let mut news = observed.iter().filter_map(|other| {
            let kinship = sighting.kinship(&other.sighting);
            let is_news = match kinship {
                Kinship::Same => other.cluster_id != own.cluster_id,
                Kinship::Different => other.cluster_id == own.cluster_id,
                Kinship::CannotTell => false,
            };
            let target = &other.sighting.target;
            let is_settled = || settled.iter().any(|done| done.is_at_place_of(target));
            let is_own = target.is_at_place_of(&sighting.target);
            (is_news && !is_own && !is_settled()).then_some((target, kinship))
        });
        news.next()
            .map(|(target, kinship)| (target.clone(), kinship))
    }

    /// What answered for a target's place in this run.
    pub fn sighting_of(&self, target: &Target) -> Option<Sighting> {
        let observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |seen: &&ObservedServer| seen.sighting.target.is_at_place_of(target);
        observed
            .iter()
            .find(is_it)
            .map(|seen| seen.sighting.clone())
    }

    /// Records in the registry how two targets are related.
    fn settle_kinship(&self, target: &Target, other: &Target, kinship: Kinship) -> Result<()> {
        let now = Timestamp::now();
        if kinship == Kinship::Same {
            self.with_store(|store| store.join_clusters(target, other, now))?;
        } else if self.with_store(|store| store.split_clusters(target, other, now))? {
            self.warn_once(format!(
                "{} and {} were one server, and are two now: from now on each has its own roles",
                target.name(),
                other.name()
            ));
        }
        // Joining or separating affects other places of the clusters too.
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        for seen in observed.iter_mut() {
            let target = &seen.sighting.target;
            if let Some(found) = self.with_store(|store| store.find_cluster(target))? {
                seen.cluster_id = found;
            }
        }
        Ok(())
    }

    /// Queries the targets at places where the very same server answered before, or should: whether it does decides
    /// whose roles these are, before any is changed.
    fn ask(&self, target: &Target, places: &[ClusterPlace]) -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let targets = self.all_targets()?;
        for place in places {
            let is_there = |other: &&Target| {
                other.active
                    && other.hostname.to_string() == place.hostname
                    && other.port.to_string() == place.port
            };
            let Some(other) = targets.iter().find(is_there) else {
                continue;
            };
            if self.sighting_of(other).is_none()
                && let Err(error) = self.look_at(other)
            {
                self.warn_once(format!(
                    "cannot tell whether {} and {} are still one server: {error:#}",
                    target.name(),
                    other.name()
                ));
            }
        }
        Ok(())
    }

    /// Queries a target only for which server it is.
    fn look_at(&self, target: &Target) -> Result<()> {
        let cannot = "cannot determine which server answers";
        let act = Act::on(target, Operation::RegistryContact, cannot);
        self.audited(&act, target, |server| {
            server.read(catalog::read_contact)?;
            let done = Done {
                status: Status::ServerSeen,
                ..Done::default()
            };
            Ok(((), done))
        })
    }

    /// The registry's ID of the cluster that answered for a target.
    ///
    /// # Errors
    /// If nothing answered for it yet, or the registry cannot be read.
    pub fn cluster_id_of(&self, target: &Target) -> Result<String> {
        let found = self.with_store(|store| store.find_cluster(target))?;
        found.context("it is not known yet which cluster answers")
    }

    /// Puts a change on record that is about to be sent, under the lock of its role on its cluster, which is returned.
    ///
    /// # Errors
    /// Busy, where another process holds the lock for longer; when the journal cannot be written.
    pub fn start_apply(
        &self,
        change: &PasswordChange,
        key_id: &str,
        sealed: &[u8],
    ) -> Result<Lock> {
        let mut found_free = Vec::new();
        for _ in 0..LOCK_TRIES {
            let found = self.with_store(|store| store.find_cluster(&change.target))?;
            let Some(cluster_id) = found else {
                bail!("a server must not be changed before it is known which cluster it is");
            };
            let name = name_of_role_lock(&cluster_id, &change.role);
            let lock = self.lock(&name)?;
            let locked = Locked {
                change,
                cluster_id: &cluster_id,
                lock: &name,
                found_free: &found_free,
            };
            let sealing = self
                .with_store(|store| store.start_apply(&locked, key_id, sealed, Timestamp::now()))?;
            match sealing {
                Sealing::Done => return Ok(lock),
                Sealing::Moved => found_free.clear(),
                Sealing::HeldBy(other) => {
                    drop(lock);
                    drop(self.lock(&other)?);
                    found_free.push(other);
                }
            }
        }
        bail!("the cluster of \"{}\" keeps changing", change.role)
    }
}
