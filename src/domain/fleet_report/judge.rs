//! Makes the row of a login on a target from what the server, the registry and the audit log say, and finds what stands out.

use std::collections::BTreeSet;

use crate::domain::access::AccessLevel;
use crate::domain::access::boxes::{BoxComment, FoundBox};
use crate::domain::fleet_report::activity::LastSeen;
use crate::domain::fleet_report::finding::{FindingKind, Periods};
use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::fleet_report::reading::{
    ClusterReading, LoginReading, LoginRights, PublicRights,
};
use crate::domain::fleet_report::review::Review;
use crate::domain::fleet_report::row::LoginAccess;
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};

const DAY: i64 = 86_400;
/// How many people should administer each target.
const ADMINISTRATORS: usize = 2;

/// What the registry and its audit log say about a login.
#[derive(Debug, Clone, Default)]
pub struct LoginRecord {
    /// Whether pgrole made it, or put it under rotation, with this registry.
    pub is_ours: bool,
    /// Whether it is a dual login that is not the current one: it is to be retired, or was not delivered yet.
    pub is_passing: bool,
    /// The profile on record.
    pub profile: Option<String>,
    pub password_changed_at: Option<Timestamp>,
    pub last_rotation_event: Option<i64>,
    pub created_at: Option<String>,
    pub created_by: Option<String>,
    pub reason: Option<String>,
}

/// All that is known about a login on a target.
pub struct LoginFacts<'a> {
    pub target: &'a Target,
    /// What its cluster is known by.
    pub cluster: &'a str,
    pub server: &'a ClusterReading,
    pub login: &'a LoginReading,
    pub rights: &'a LoginRights,
    pub public: PublicRights,
    pub record: LoginRecord,
    /// Its profile as the config file has it, in the target's environment.
    pub profile: Option<Profile>,
    /// The newest review of it on this target.
    pub review: Option<&'a Review>,
    /// Who is named as its owner in a review, on whatever target of its cluster.
    pub owner: Option<String>,
    pub seen: LastSeen,
}

/// The profile that a login was created with: on record, else as its comment says, which is a hint only.
pub fn profile_name(record: &LoginRecord, state: &RoleState) -> Option<String> {
    let marked = || match state.mark() {
        Some(Mark::Profile(profile)) => Some(profile),
        _ => None,
    };
    record.profile.clone().or_else(marked)
}

impl LoginFacts<'_> {
    /// The row, with what stands out about the login by itself.
    pub fn row(self, periods: Periods, now: Timestamp) -> LoginAccess {
        let state = &self.login.state;
        let age = self.record.password_changed_at;
        let age = age.map(|changed| now.since(changed).duration().as_secs() / DAY.unsigned_abs());
        let (last_seen, last_seen_by) = match self.seen.at {
            Some((at, by)) => (Some(at.to_string()), by.as_str()),
            None => (None, "unknown"),
        };
        let above = self.profile.as_ref().map(|profile| self.beyond(profile));
        let profile = profile_name(&self.record, state);
        let owner = self.owner.clone().or(self.record.created_by.clone());
        let mut row = LoginAccess {
            env: self.target.env.to_string(),
            database: self.target.database.to_string(),
            hostname: self.target.hostname.to_string(),
            port: self.target.port.to_string(),
            server_version: self.server.server_version.clone(),
            login: state.name.clone(),
            kind: self.kind(profile.as_deref()),
            owner,
            profile,
            level: self.rights.level(),
            creates: self.rights.creates,
            status: status(state),
            level_by: self.rights.given_by(self.public, self.ways()),
            above_profile: above.as_ref().map(|above| !above.is_empty()),
            above_by: above.unwrap_or_default(),
            attributes: attributes(state),
            predefined_roles: self.login.predefined.clone(),
            gives_itself: self.rights.createrole && self.server.version < 160_000,
            connect: self.rights.connects,
            direct_grants: self.rights.direct,
            connection_limit: u32::try_from(state.connection_limit).ok(),
            verifier: self.login.verifier.clone(),
            password_changed_at: self.record.password_changed_at.map(|at| at.to_string()),
            password_age_days: age,
            last_rotation_event: self.record.last_rotation_event,
            valid_until: state.valid_until.clone(),
            days_left: state.seconds_left.map(|left| left.div_euclid(DAY)),
            last_seen,
            last_seen_by,
            sessions: self.login.sessions,
            created_at: self.record.created_at.clone(),
            created_by: self.record.created_by.clone(),
            reason: self.record.reason.clone(),
            cluster: self.cluster.to_owned(),
            is_ours: self.record.is_ours,
            dual_of: self.dual_owner(),
            is_bootstrap: self.login.bootstrap,
            ..LoginAccess::default()
        };
        if let Some(review) = self.review {
            row.reviewed_by = Some(review.reviewed_by.clone());
            row.reviewed_at = Some(review.reviewed_at.clone());
            row.decision = Some(review.decision);
            row.decision_reason.clone_from(&review.reason);
        }
        row.findings = self.findings(&row, periods, now);
        row
    }

    /// The owner that it is a dual login of.
    fn dual_owner(&self) -> Option<String> {
        let dual = self.server.dual_of(self.login);
        dual.map(|dual| dual.owner.state.name.clone())
    }

    /// What its groups are: grants with an end first.
    fn ways(&self) -> Vec<String> {
        let owner = self.dual_owner();
        let mut ways = Vec::new();
        for group in &self.rights.groups {
            if let Some((found, comment)) = self.server.find_box(group) {
                ways.push((0, box_way(found, &comment)));
            } else if owner.as_ref() == Some(group) {
                ways.push((1, format!("dual login of {group}")));
            } else {
                ways.push((2, format!("group {group}")));
            }
        }
        ways.sort_by_key(|(rank, _)| *rank);
        ways.into_iter().map(|(_, way)| way).collect()
    }

    /// Whether it has access to the database whose end has come.
    fn has_overdue_access(&self) -> bool {
        let owner = self.dual_owner();
        let names = [Some(self.login.state.name.as_str()), owner.as_deref()];
        let is_its = |found: &FoundBox| {
            let mut members = found.members.iter();
            members.any(|member| names.contains(&Some(member.name.as_str())))
                || self
                    .rights
                    .groups
                    .iter()
                    .any(|group| group == found.name.as_str())
        };
        self.server.boxes.iter().any(|found| {
            let comment = found.read_comment();
            let is_here =
                comment.is_some_and(|comment| comment.database == self.target.database.as_str());
            is_here && found.plain && found.late().is_some() && is_its(found)
        })
    }

    fn kind(&self, profile: Option<&str>) -> &'static str {
        let state = &self.login.state;
        match profile {
            _ if self.login.bootstrap => "cluster owner",
            _ if state.superuser || state.createrole => "administrator",
            Some("app" | "k8s") => "application",
            Some("devqa" | "devlead" | "readonly") => "person",
            Some("dba") => "administrator",
            _ if state.replication => "replication",
            _ => "unknown",
        }
    }

    /// In what the login goes beyond its profile.
    fn beyond(&self, profile: &Profile) -> Vec<String> {
        let state = &self.login.state;
        let mut beyond = Vec::new();
        let level = self.rights.level();
        let is_above = level.is_above(profile.access);
        if is_above {
            beyond.push(format!("{level}, not {}", profile.access));
        }
        let may_create = profile.access == AccessLevel::Ddl || level >= MeasuredLevel::Ddl;
        if self.rights.creates && !may_create {
            beyond.push("creates objects".to_owned());
        }
        let attributes = [
            (state.createdb && !profile.createdb, "CREATEDB"),
            (state.createrole && !profile.createrole, "CREATEROLE"),
            (state.replication, "REPLICATION"),
            (state.bypassrls, "BYPASSRLS"),
        ];
        let attributes = attributes.into_iter().filter(|(is_beyond, _)| *is_beyond);
        beyond.extend(attributes.map(|(_, name)| name.to_owned()));
        beyond.extend(self.login.predefined.iter().cloned());
        beyond
    }

    fn findings(&self, row: &LoginAccess, periods: Periods, now: Timestamp) -> Vec<FindingKind> {
        let record = &self.record;
        let is_active = row.status != "locked";
        let has_password = row.verifier != "none";
        let age = row.password_age_days;
        let is_near = |left: i64| left >= 0 && left.unsigned_abs() < periods.expiring;
        let unused_before = i64::try_from(periods.unused).map(Span::days);
        let unused_before = unused_before.ok().and_then(|span| now.before(span).ok());
        let is_unused = unused_before.and_then(|before| self.seen.is_unused(before));
        let found = [
            (FindingKind::Md5Password, row.verifier == "md5"),
            (
                FindingKind::Superuser,
                row.level == MeasuredLevel::Superuser && !row.is_bootstrap,
            ),
            (FindingKind::AccessOverdue, self.has_overdue_access()),
            (
                FindingKind::NoOwner,
                !record.is_ours && row.owner.is_none() && !row.is_bootstrap,
            ),
            (
                FindingKind::PasswordOld,
                is_active && has_password && age.is_some_and(|age| age > periods.password_age),
            ),
            (FindingKind::Unused, is_active && is_unused == Some(true)),
            (FindingKind::AboveProfile, row.above_profile == Some(true)),
            (
                FindingKind::AgeUnknown,
                is_active && has_password && age.is_none() && !record.is_passing,
            ),
            (FindingKind::Expired, row.status == "expired"),
            (
                FindingKind::Expiring,
                row.status == "active" && row.days_left.is_some_and(is_near),
            ),
            (
                FindingKind::DirectGrants,
                row.direct_grants > 0 && row.level != MeasuredLevel::Superuser,
            ),
        ];
        let found = found.into_iter().filter(|(_, is_so)| *is_so);
        found.map(|(kind, _)| kind).collect()
    }
}

/// What a grant with an end gives, in words.
fn box_way(found: &FoundBox, comment: &BoxComment) -> String {
    let until = found.until.as_deref().map(|until| {
        Timestamp::parse(until).map_or_else(|| until.to_owned(), Timestamp::to_the_second)
    });
    let until = match (until, found.late()) {
        (Some(until), Some(_)) => format!("access past its end {until}"),
        (Some(until), None) => format!("access until {until}"),
        (None, _) => "access whose end was taken away".to_owned(),
    };
    let said = [("", &comment.reason), ("by ", &comment.by)];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    let said: Vec<_> = said.map(|(label, text)| format!("{label}{text}")).collect();
    if said.is_empty() {
        return until;
    }
    format!("{until} ({})", said.join(", "))
}

fn status(state: &RoleState) -> &'static str {
    match state {
        RoleState { login: false, .. } => "locked",
        RoleState { expired: true, .. } => "expired",
        _ => "active",
    }
}

fn attributes(state: &RoleState) -> Vec<&'static str> {
    let all = [
        (state.superuser, "SUPERUSER"),
        (state.createrole, "CREATEROLE"),
        (state.createdb, "CREATEDB"),
        (state.replication, "REPLICATION"),
        (state.bypassrls, "BYPASSRLS"),
        (!state.inherit, "NOINHERIT"),
    ];
    let own = all.into_iter().filter(|(is_set, _)| *is_set);
    own.map(|(_, name)| name).collect()
}

/// Finds the targets with fewer than two named administrators: who makes roles, can log in, and is on record by name. It
/// stands with the one there is, else with the cluster's owner, else with the first login. Returns them.
pub fn judge_administrators(rows: &mut [LoginAccess]) -> BTreeSet<String> {
    let mut few = BTreeSet::new();
    // In the order of the targets.
    let of_one_target = |row: &LoginAccess, next: &LoginAccess| {
        (&row.env, &row.database) == (&next.env, &next.database)
    };
    for here in rows.chunk_by_mut(of_one_target) {
        let is_named = |row: &LoginAccess| {
            // No profile makes a superuser: somebody did, beside it.
            let is_beside = row.profile.is_some() && row.attributes.contains(&"SUPERUSER");
            row.is_administrator()
                && !is_beside
                && row.status == "active"
                && !row.is_bootstrap
                && row.owner.is_some()
        };
        let named: Vec<_> = (0..here.len()).filter(|at| is_named(&here[*at])).collect();
        if named.len() >= ADMINISTRATORS {
            continue;
        }
        let owner = here.iter().position(|row| row.is_bootstrap);
        let place = named.first().copied().or(owner).unwrap_or(0);
        if let Some(row) = here.get_mut(place) {
            row.findings.push(FindingKind::FewAdministrators);
            row.findings.sort_unstable();
            few.insert(row.target());
        }
    }
    few
}
