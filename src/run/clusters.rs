//! Which targets are one server, from what the servers of this run say, and the locks of the roles there.

use std::sync::PoisonError;

use anyhow::{Result, bail};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::change::{PasswordChange, name_of_role_lock};
use crate::domain::target::Target;
use crate::domain::target::cluster::{Kinship, Sighting};
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::run::sighted::SightedServer;
use crate::run::{Act, Done, Run};
use crate::server::catalog;
use crate::store::{ClusterPlace, Locked, Sealing};

/// So often the lock of a role is taken again because its cluster was joined to another meanwhile.
const LOCK_TRIES: u32 = 20;

impl Run {
    /// Notes what answered for a target, and compares it with all that answered in this run: what is one server is one
    /// cluster from now on, what is not is no longer.
    ///
    /// # Errors
    /// When the registry cannot be written.
    pub(super) fn meet(&self, sighting: &Sighting) -> Result<()> {
        let target = &sighting.target;
        let noted = self.with_store(|store| store.note_sighting(sighting, Timestamp::now()))?;
        for (other, kinship) in self.note_sighted(sighting, noted.cluster_id.clone()) {
            self.settle_kinship(target, &other, kinship)?;
        }
        let mut doubtful = self.with_store(|store| store.find_twins(sighting))?;
        if noted.is_restarted {
            // Or the name leads to another server by now, a copy: the others say whether they see the same.
            let id = &noted.cluster_id;
            doubtful.extend(self.with_store(|store| store.find_other_places(target, id))?);
        }
        self.ask(target, &doubtful)
    }

    /// Those among what answered for other places in this run that the registry has to be told of.
    fn note_sighted(&self, sighting: &Sighting, cluster_id: String) -> Vec<(Target, Kinship)> {
        let mut sighted = self.sighted.lock().unwrap_or_else(PoisonError::into_inner);
        sighted.retain(|other| !other.sighting.target.is_at_place_of(&sighting.target));
        let is_news = |other: &SightedServer, kinship| match kinship {
            Kinship::Same => other.cluster_id != cluster_id,
            Kinship::Different => other.cluster_id == cluster_id,
            Kinship::CannotTell => false,
        };
        let news = sighted.iter().filter_map(|other| {
            let kinship = sighting.kinship(&other.sighting);
            is_news(other, kinship).then(|| (other.sighting.target.clone(), kinship))
        });
        let news = news.collect();
        sighted.push(SightedServer {
            sighting: sighting.clone(),
            cluster_id,
        });
        news
    }

    /// What answered for a target's place in this run.
    pub fn sighting_of(&self, target: &Target) -> Option<Sighting> {
        let sighted = self.sighted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |seen: &&SightedServer| seen.sighting.target.is_at_place_of(target);
        sighted.iter().find(is_it).map(|seen| seen.sighting.clone())
    }

    /// Tells the registry what two targets are to each other.
    fn settle_kinship(&self, target: &Target, other: &Target, kinship: Kinship) -> Result<()> {
        let now = Timestamp::now();
        if kinship == Kinship::Same {
            self.with_store(|store| store.join_clusters(target, other, now))?;
        } else if self.with_store(|store| store.split_clusters(target, other, now))? {
            self.warn_once(format!(
                "{} and {} were one server, and are two now: each has roles of its own from here on",
                target.name(),
                other.name()
            ));
        }
        // What was joined or parted took others along.
        let mut sighted = self.sighted.lock().unwrap_or_else(PoisonError::into_inner);
        for seen in sighted.iter_mut() {
            let target = &seen.sighting.target;
            if let Some(found) = self.with_store(|store| store.find_cluster(target))? {
                seen.cluster_id = found;
            }
        }
        Ok(())
    }

    /// Asks the targets at places where the very same server answered before, or should: whether it does decides whose
    /// roles these are, before any is changed.
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
                    "cannot tell whether {} and {} are one server, as they were: {error:#}",
                    target.name(),
                    other.name()
                ));
            }
        }
        Ok(())
    }

    /// Asks a target for nothing but which server it is.
    fn look_at(&self, target: &Target) -> Result<()> {
        let cannot = "cannot see which server answers";
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
                bail!("nothing is changed on a server before it is known which cluster it is");
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
        bail!("the cluster of \"{}\" is another at each look", change.role)
    }
}
