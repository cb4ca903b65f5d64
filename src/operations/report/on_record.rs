//! What the registry and its audit log say about logins: who made them and why, when their passwords changed, when they were
//! seen, what reviewers decided.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::fleet_report::activity::{LastSeen, SeenBy};
use crate::domain::fleet_report::judge::LoginRecord;
use crate::domain::fleet_report::reading::LoginReading;
use crate::domain::fleet_report::review::Review;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::report::reading::ReadCluster;
use crate::run::Run;
use crate::store::{AttemptResult, ClusterWatch, EventFilter, LoggedEvent};

/// A cluster, by what it is known by, and a login.
type Login = (String, String);

/// All that is on record, by login.
#[derive(Default)]
pub struct OnRecord {
    records: HashMap<Login, LoginRecord>,
    seen: HashMap<Login, (Timestamp, SeenBy)>,
    /// Since when each login is known to be there.
    known: HashMap<Login, Timestamp>,
    peaks: HashMap<Login, u32>,
    watched: BTreeMap<String, ClusterWatch>,
    /// The newest first.
    reviews: Vec<Review>,
}

impl OnRecord {
    /// Reads it.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn read(run: &Run) -> Result<Self> {
        let mut all = Self::default();
        let targets = run.all_targets()?;
        all.add_creations(run, &targets)?;
        all.add_placed(run, &targets)?;
        let (seen, watched, reviews) = run.with_store(|store| {
            Ok((
                store.list_seen_logins()?,
                store.list_watched_clusters()?,
                store.list_reviews()?,
            ))
        })?;
        for one in seen {
            let by = match one.seen_by.as_deref() {
                Some(by) if by == SeenBy::ServerLog.as_str() => SeenBy::ServerLog,
                _ => SeenBy::Sample,
            };
            let login = (one.cluster_id, one.username);
            let seen = one.seen_at.as_deref().and_then(Timestamp::parse);
            if let Some(at) = seen {
                all.seen.insert(login.clone(), (at, by));
            }
            if let Some(at) = Timestamp::parse(&one.known_at) {
                all.known.insert(login.clone(), at);
            }
            all.peaks.insert(login, one.peak_sessions);
        }
        let watched = watched.into_iter();
        all.watched = watched.map(|one| (one.cluster_id.clone(), one)).collect();
        all.reviews = reviews;
        Ok(all)
    }

    /// Who created which login, on the cluster that its target leads to.
    fn add_creations(&mut self, run: &Run, targets: &[Target]) -> Result<()> {
        let creating = [
            Operation::UserCreate,
            Operation::UserBreakglass,
            Operation::UserClone,
            Operation::UserDrop,
            Operation::UserRename,
        ];
        let mut ended: HashMap<Login, i64> = HashMap::new();
        for operation in Operation::OF_PROFILES.into_iter().chain(creating) {
            let filter = EventFilter {
                operation: Some(operation.name().to_owned()),
                limit: u32::MAX,
                ..EventFilter::default()
            };
            // The newest first: an earlier login of that name is another one.
            for event in run.with_store(|store| store.list_events(&filter))? {
                if matches!(operation, Operation::UserDrop | Operation::UserRename) {
                    note_end(targets, event, &mut ended);
                } else {
                    self.add_creation(targets, event);
                }
            }
        }
        // One of that name that was made since is not on record.
        self.records
            .retain(|login, record| record.last_rotation_event >= ended.get(login).copied());
        Ok(())
    }

    fn add_creation(&mut self, targets: &[Target], event: LoggedEvent) {
        let is_done = event.error.is_none() && event.statements.is_some();
        let Some(cluster) = cluster_of(targets, &event).filter(|_| is_done) else {
            return;
        };
        let Some(username) = event.username.clone() else {
            return;
        };
        let record = self.records.entry((cluster, username)).or_default();
        let is_newer = record
            .created_at
            .as_ref()
            .is_none_or(|at| *at < event.performed_at);
        if is_newer {
            record.is_ours = true;
            record.created_by = Some(by_whom(&event));
            record.last_rotation_event = Some(event.id);
            record.created_at = Some(event.performed_at);
            record.reason = event.reason;
            record.profile = event.profile;
        }
    }

    fn add_placed(&mut self, run: &Run, targets: &[Target]) -> Result<()> {
        let (placed, attempts) = run
            .with_store(|store| Ok((store.list_placed_roles()?, store.list_newest_attempts()?)))?;
        let now = Timestamp::now();
        for role in placed {
            let login = (role.cluster_id.clone(), role.username.clone());
            let record = self.records.entry(login).or_default();
            record.is_ours = true;
            let changed = Timestamp::parse(&role.password_changed_at);
            record.password_changed_at = changed.filter(|at| at.seconds_since(now) <= 60);
            if role.profile.is_some() {
                record.profile = role.profile;
            }
        }
        let changed = |result: &AttemptResult| *result == AttemptResult::Changed;
        for attempt in attempts.into_iter().filter(|one| changed(&one.result)) {
            let is_there = |target: &&Target| {
                Some(target.hostname.to_string()) == attempt.hostname
                    && attempt.port.map(|port| port.to_string()).as_deref()
                        == target.port.to_string().split(',').next()
            };
            let cluster = targets.iter().find(is_there);
            let Some(cluster) = cluster.and_then(|target| target.cluster_id.clone()) else {
                continue;
            };
            if let Some(record) = self.records.get_mut(&(cluster, attempt.username)) {
                record.last_rotation_event = record.last_rotation_event.max(Some(attempt.event));
            }
        }
        Ok(())
    }

    fn record(&self, cluster: &str, login: &str) -> LoginRecord {
        let key = (cluster.to_owned(), login.to_owned());
        self.records.get(&key).cloned().unwrap_or_default()
    }

    /// The record of a login as a server has it: that of the owner for a login of two. Only the current one has the password
    /// whose age is known.
    pub fn record_of(&self, cluster: &ReadCluster, login: &LoginReading) -> LoginRecord {
        let Some(dual) = cluster.reading.dual_of(login) else {
            return self.record(&cluster.key, &login.state.name);
        };
        let mut record = self.record(&cluster.key, &dual.owner.state.name);
        if !dual.is_current() {
            record.is_passing = true;
            record.password_changed_at = None;
            record.last_rotation_event = None;
        }
        record.profile = record.profile.or(Some(dual.mark.profile));
        record
    }

    /// When a login was last seen, as a server has it. One of two was not looked for while the other one was in use.
    pub fn last_seen_of(
        &self,
        cluster: &ReadCluster,
        login: &LoginReading,
        now: Timestamp,
    ) -> LastSeen {
        let reading = &cluster.reading;
        let is_here =
            |one: &LoginReading| one.sessions > 0 || one.state.name == reading.session_user;
        let seen = |one: &LoginReading| {
            let now = is_here(one).then_some(now);
            self.last_seen(&cluster.key, &one.state.name, now)
        };
        let mut found = seen(login);
        if let Some(dual) = reading.dual_of(login) {
            let owner = dual.owner.state.name.as_str();
            let others = reading.logins.iter().filter(|one| {
                let its = reading.dual_of(one);
                its.is_some_and(|its| its.owner.state.name == owner)
            });
            let used = others.filter_map(|one| seen(one).at).map(|(at, _)| at);
            found.watched_since = found.watched_since.map(|since| used.fold(since, Ord::max));
        }
        found
    }

    /// When it was last seen: now, if it has a session.
    fn last_seen(&self, cluster: &str, login: &str, now: Option<Timestamp>) -> LastSeen {
        let key = (cluster.to_owned(), login.to_owned());
        LastSeen {
            at: match now {
                Some(now) => Some((now, SeenBy::Session)),
                None => self.seen.get(&key).copied(),
            },
            watched_since: self.known.get(&key).copied(),
        }
    }

    /// The most sessions that were seen at once.
    pub fn peak(&self, cluster: &str, login: &str) -> u32 {
        let key = (cluster.to_owned(), login.to_owned());
        self.peaks.get(&key).copied().unwrap_or_default()
    }

    pub fn watch(&self, cluster: &str) -> Option<&ClusterWatch> {
        self.watched.get(cluster)
    }

    /// The newest decision on a login of a target.
    pub fn review(&self, cluster: &str, login: &str, target: &Target) -> Option<&Review> {
        let mut reviews = self.reviews.iter();
        reviews.find(|review| {
            review.cluster_id == cluster
                && review.username == login
                && review.env == target.env.as_str()
                && review.database == target.database.as_str()
        })
    }

    /// Who is named as its owner in the newest review that names one.
    pub fn owner(&self, cluster: &str, login: &str) -> Option<String> {
        let of_login = |review: &&Review| review.cluster_id == cluster && review.username == login;
        let mut reviews = self.reviews.iter().filter(of_login);
        reviews.find_map(|review| review.owner.clone())
    }
}

/// Notes that there was no login of a name any more.
fn note_end(targets: &[Target], event: LoggedEvent, ended: &mut HashMap<Login, i64>) {
    let is_done = event.error.is_none() && event.statements.is_some();
    let cluster = cluster_of(targets, &event).filter(|_| is_done);
    if let Some(login) = cluster.zip(event.username) {
        let newest = ended.entry(login).or_default();
        *newest = event.id.max(*newest);
    }
}

/// The cluster of the event's target, as the registry has it now.
pub fn cluster_of(targets: &[Target], event: &LoggedEvent) -> Option<String> {
    let is_it = |target: &&Target| {
        Some(target.env.as_str()) == event.env.as_deref()
            && Some(target.database.as_str()) == event.database.as_deref()
    };
    targets.iter().find(is_it)?.cluster_id.clone()
}

/// Who ran pgrole, and where.
pub fn by_whom(event: &LoggedEvent) -> String {
    let user = event.sudo_user.as_ref().unwrap_or(&event.os_user);
    format!("{user}@{}", event.host)
}
