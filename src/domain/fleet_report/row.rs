//! One login on one target, with the same names in the table, CSV, JSON and on the page.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::fleet_report::finding::{FindingKind, Severity};
use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::fleet_report::review::Decision;

/// One login on one target.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column that reviewers read"
)]
pub struct LoginAccess {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The version of the server.
    pub server_version: String,
    /// The login.
    pub login: String,
    /// What it is for: `cluster owner`, `administrator`, `application`, `person`, `replication` or `unknown`.
    pub kind: &'static str,
    /// Who answers for it: named in a review, else who created it; null if that is not on record.
    pub owner: Option<String>,
    /// The profile that it was created with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// What it can do in the database, as measured there.
    pub level: MeasuredLevel,
    /// Whether it can create objects in the database, or in one of its schemas.
    pub creates: bool,
    /// `active`, `locked` or `expired`.
    pub status: &'static str,
    /// What gives it its rights: access with an end, groups, direct grants, PUBLIC, being owner or superuser.
    pub level_by: Vec<String>,
    /// Whether it can do more than its profile says; null if it has none that is known.
    pub above_profile: Option<bool>,
    /// In what it goes beyond its profile, in words.
    pub above_by: Vec<String>,
    /// Its attributes, as in CREATE ROLE.
    pub attributes: Vec<&'static str>,
    /// The predefined roles that it is a member of, directly or by others.
    pub predefined_roles: Vec<String>,
    /// Whether CREATEROLE lets it give itself any right but superuser, as before PostgreSQL 16.
    pub gives_itself: bool,
    /// Whether it may connect to the database.
    pub connect: bool,
    /// How many objects are granted to the login itself.
    pub direct_grants: u64,
    /// How many connections it may have; null if there is no limit.
    pub connection_limit: Option<u32>,
    /// How its password is stored: `scram-ITERATIONS`, `md5`, `none`, or `unreadable` for the admin credential.
    pub verifier: String,
    /// When the password was last changed with this registry, as RFC 3339; null if that is not known.
    pub password_changed_at: Option<String>,
    /// How old the password is, in days; null if that is not known.
    pub password_age_days: Option<u64>,
    /// The number of the event in the audit log that last changed its password; null if there is none.
    pub last_rotation_event: Option<i64>,
    /// When its password ends, as RFC 3339; null if it does not.
    pub valid_until: Option<String>,
    /// How many days are left until then, negative if it has passed; null if it does not end.
    pub days_left: Option<i64>,
    /// When it was last seen, as RFC 3339; null if it never was.
    pub last_seen: Option<String>,
    /// What saw it then: `session`, `sample`, `server log` or `unknown`.
    pub last_seen_by: &'static str,
    /// How many sessions it has at the moment.
    pub sessions: u32,
    /// When pgrole created it, as RFC 3339; null if it did not with this registry.
    pub created_at: Option<String>,
    /// Who ran pgrole then; null if it did not create it.
    pub created_by: Option<String>,
    /// The reason that was given then; null if none was.
    pub reason: Option<String>,
    /// What stands out, the worst first.
    pub findings: Vec<FindingKind>,
    /// Who reviewed it last; null if nobody did.
    pub reviewed_by: Option<String>,
    /// When, as RFC 3339; null if nobody did.
    pub reviewed_at: Option<String>,
    /// What was decided; null if nothing was.
    pub decision: Option<Decision>,
    /// Why; null if no reason was given.
    pub decision_reason: Option<String>,
    /// The cluster that it belongs to.
    #[serde(skip)]
    pub cluster: String,
    /// Whether pgrole made it, or put it under rotation, with this registry.
    #[serde(skip)]
    pub is_ours: bool,
    /// The owner that it is a dual login of.
    #[serde(skip)]
    pub dual_of: Option<String>,
    /// The superuser that `initdb` made.
    #[serde(skip)]
    pub is_bootstrap: bool,
}

impl LoginAccess {
    /// The worst of what stands out.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.first().map(|kind| kind.severity())
    }

    /// The login itself, which may be in several databases.
    pub fn identity(&self) -> (&str, &str) {
        (&self.cluster, &self.login)
    }

    /// The level as a cell has it: `R+C` reads, and may create objects.
    pub fn short_level(&self) -> String {
        let below_ddl = self.level < MeasuredLevel::Ddl;
        let creates = if self.creates && below_ddl { "+C" } else { "" };
        format!("{}{creates}", self.level.short())
    }

    /// The target's name.
    pub fn target(&self) -> String {
        format!("{}/{}", self.env, self.database)
    }

    /// Whether it administers: superusers, and who makes roles.
    pub fn is_administrator(&self) -> bool {
        let is_one = |attribute: &&str| ["SUPERUSER", "CREATEROLE"].contains(attribute);
        self.attributes.iter().any(is_one)
    }
}
