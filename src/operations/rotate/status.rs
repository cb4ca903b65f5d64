//! `rotate status`: the age of each known password, and how its last change ended. Reads only the registry file.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::rotate::selection::{
    Candidate, ChangedAt, RoleSelection, due_before, list_known,
};
use crate::operations::rotate::survey::list_seen;
use crate::run::Run;
use crate::store::{AttemptResult, ClusterPlace, DualRecord, PasswordAttempt};

/// The ages of the passwords.
#[derive(Debug)]
pub struct FleetStatus {
    pub roles: Vec<RoleStatus>,
    /// Changes that were interrupted, or whose password is not delivered.
    pub open_changes: usize,
}

/// One role's password.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleStatus {
    /// The role.
    pub username: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The profile that it was created with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// When the password was last changed, as RFC 3339; null if that is not known.
    pub password_changed_at: Option<String>,
    /// How old the password is, for people, such as `12d`; null if that is not known.
    pub age: Option<String>,
    /// How old the password is, in seconds; null if that is not known.
    pub age_seconds: Option<u64>,
    /// Whether the password is older than allowed; null if no limit is set.
    pub due: Option<bool>,
    /// When the password will be due, as RFC 3339; null if no limit is set, or the age is not known.
    pub due_at: Option<String>,
    /// `changed`, `open: STATE`, or how the last attempt failed; null if the audit log has no attempt.
    pub last_result: Option<String>,
    /// When that was, as RFC 3339; null if the audit log has no attempt.
    pub last_attempt_at: Option<String>,
    /// Why the last attempt failed; null if it did not.
    pub last_error: Option<String>,
    /// The deliveries among which one must be chosen, because the password went to several places under several names
    /// of its server; absent otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<String>,
    /// When the account ends, as RFC 3339; absent if no end is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<String>,
    /// Why the age is not known; absent if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_unknown: Option<&'static str>,
    /// The one of its two logins that the application uses; absent unless the role has dual logins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The login whose password is not delivered yet; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoming: Option<String>,
    /// The login that stays valid until it is retired; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<String>,
    /// When that is due, by the server's clock, as RFC 3339; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retire_at: Option<String>,
    /// Why it was not retired although it was due; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
    #[serde(skip)]
    pub is_overdue_to_retire: bool,
    #[serde(skip)]
    pub changed_at: Option<Timestamp>,
    #[serde(skip)]
    pub has_failed: bool,
}

impl FleetStatus {
    /// How many are older than allowed, or of unknown age.
    pub fn overdue(&self) -> usize {
        let is_due = |role: &&RoleStatus| role.due == Some(true);
        self.roles.iter().filter(is_due).count()
    }

    /// How many outgoing logins are still valid although their time is over.
    pub fn unretired(&self) -> usize {
        let roles = self.roles.iter();
        roles.filter(|role| role.is_overdue_to_retire).count()
    }

    /// How many of these are of unknown age.
    pub fn unknown(&self) -> usize {
        let is_unknown = |role: &&RoleStatus| role.due == Some(true) && role.age.is_none();
        self.roles.iter().filter(is_unknown).count()
    }
}

/// How many passwords are known, and how many of them are older than allowed, or of unknown age.
///
/// # Errors
/// If the registry cannot be read.
pub fn count_overdue(
    run: &Run,
    older_than: Option<Span>,
    now: Timestamp,
) -> Result<(usize, usize)> {
    let has_targets = run.with_store(|store| store.list_entries())?;
    if !has_targets.iter().any(|entry| entry.active) {
        return Ok((0, 0));
    }
    let mut known = list_known(run, &RoleSelection::default())?;
    known.extend(list_seen(run, &RoleSelection::default())?);
    let Some(before) = due_before(older_than, now)? else {
        return Ok((known.len(), 0));
    };
    let has_ended = |candidate: &Candidate| candidate.ends_on().is_some_and(|end| end <= now);
    let is_overdue =
        |candidate: &&Candidate| !has_ended(candidate) && candidate.is_due(Some(before));
    Ok((known.len(), known.iter().filter(is_overdue).count()))
}

/// Determines the ages of the selected passwords at `now`; those older than `older_than` are due.
///
/// # Errors
/// If the registry cannot be read.
pub fn read_status(
    run: &Run,
    selection: &RoleSelection,
    older_than: Option<Span>,
    now: Timestamp,
) -> Result<FleetStatus> {
    let mut known = list_known(run, selection)?;
    known.extend(list_seen(run, selection)?);
    let attempts = run.with_store(|store| store.list_newest_attempts())?;
    let unsettled = run.with_store(|store| store.list_unsettled_changes())?;
    let places = run.with_store(|store| store.list_places())?;
    let duals = run.with_store(|store| store.list_duals())?;
    let roles = known.iter().map(|candidate| {
        let cluster_id = candidate.target.cluster_id.as_ref();
        let is_own = |place: &&ClusterPlace| cluster_id == Some(&place.cluster_id);
        let places: Vec<_> = places.iter().filter(is_own).collect();
        let of_role = attempts
            .iter()
            .filter(|attempt| is_of(attempt, candidate, &places));
        let attempt = of_role.max_by_key(|attempt| attempt.event);
        let dual = duals.iter().find(|dual| {
            dual.username == candidate.role.as_str() && cluster_id == Some(&dual.cluster_id)
        });
        role_status(candidate, (attempt, dual), older_than, now)
    });
    Ok(FleetStatus {
        roles: roles.collect::<Result<_>>()?,
        open_changes: unsettled.len(),
    })
}

/// Whether an attempt concerned the candidate's role, under any name of its cluster.
fn is_of(attempt: &PasswordAttempt, candidate: &Candidate, places: &[&ClusterPlace]) -> bool {
    let is_there = |place: &&ClusterPlace| {
        attempt.hostname.as_ref() == Some(&place.hostname)
            // The audit log has only the first of several.
            && attempt.port.map(|port| port.to_string()).as_deref() == place.port.split(',').next()
    };
    attempt.username == candidate.role.as_str() && places.iter().any(is_there)
}

fn named_deliveries(candidate: &Candidate) -> Result<Vec<String>> {
    if candidate.others.is_empty() {
        return Ok(Vec::new());
    }
    let deliveries = candidate.deliveries()?;
    Ok(deliveries
        .iter()
        .map(|one| one.delivery.destination.to_string())
        .collect())
}

fn role_status(
    candidate: &Candidate,
    (attempt, dual): (Option<&PasswordAttempt>, Option<&DualRecord>),
    older_than: Option<Span>,
    now: Timestamp,
) -> Result<RoleStatus> {
    let Candidate { target, role, .. } = candidate;
    let before = due_before(older_than, now)?;
    let changed_at = candidate.changed_at.time();
    let due_at = match (changed_at, older_than) {
        (Some(changed_at), Some(span)) => Some(changed_at.after(span)?.to_string()),
        _ => None,
    };
    let ends_on = candidate.ends_on();
    // An account that has ended is not rotated any more.
    let has_ended = ends_on.is_some_and(|end| end <= now);
    let age = changed_at.map(|changed_at| now.since(changed_at));
    Ok(RoleStatus {
        username: role.to_string(),
        hostname: target.hostname.to_string(),
        database: target.database.to_string(),
        port: target.port.to_string(),
        env: target.env.to_string(),
        profile: candidate.profile.clone(),
        age: age.map(Span::rounded),
        age_seconds: age.map(|age| age.duration().as_secs()),
        due: before.map(|before| !has_ended && candidate.is_due(Some(before))),
        ends_on: ends_on.map(|end| end.to_string()),
        due_at,
        last_result: attempt.map(|attempt| match &attempt.result {
            AttemptResult::Changed => "changed".to_owned(),
            AttemptResult::Open(state) => format!("open: {state}"),
            AttemptResult::Failed(status) => status.clone(),
        }),
        last_attempt_at: attempt.map(|attempt| attempt.at.clone()),
        last_error: attempt
            .filter(|attempt| attempt.result != AttemptResult::Changed)
            .and_then(|attempt| attempt.error.clone()),
        has_failed: attempt.is_some_and(|attempt| attempt.result != AttemptResult::Changed),
        deliveries: named_deliveries(candidate)?,
        password_changed_at: candidate.changed_at.recorded().map(|then| then.to_string()),
        age_unknown: why_unknown(candidate.changed_at),
        login: dual.and_then(|dual| dual.current.clone()),
        incoming: dual.and_then(|dual| dual.incoming.clone()),
        outgoing: dual.and_then(|dual| dual.outgoing.clone()),
        retire_at: dual
            .and_then(|dual| dual.retire_at)
            .map(|retire_at| retire_at.to_string()),
        held_back: dual.and_then(|dual| dual.held_back.clone()),
        is_overdue_to_retire: dual.is_some_and(|dual| {
            dual.outgoing.is_some() && dual.retire_at.is_some_and(|retire_at| retire_at <= now)
        }),
        changed_at,
    })
}

fn why_unknown(changed_at: ChangedAt) -> Option<&'static str> {
    match changed_at {
        ChangedAt::At(_) => None,
        ChangedAt::Future(_) => Some("password_changed_at is in the future"),
        ChangedAt::NotYet => Some("put under rotation, not changed yet"),
        ChangedAt::Elsewhere => Some(
            "not under rotation here: pgrole rotate adopt -e ENV -d DATABASE -u NAME --deliver WHERE",
        ),
    }
}
