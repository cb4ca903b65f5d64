//! What a server was found to hold, as far as one operation needs to know. Read by `server/catalog`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::access::state::AccessState;
use crate::domain::role::mark::Mark;
use crate::domain::role::setting::RoleSetting;
use crate::domain::timestamp::Timestamp;

/// One reading of a server: its own state, one role, the access groups, the schemas and their owners.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerState {
    /// `server_version_num`, for example 150018.
    pub version: u32,
    /// The server's clock, in seconds since 1970.
    #[serde(default)]
    pub clock: Option<f64>,
    pub in_recovery: bool,
    /// `transaction_read_only`, which a standby and `default_transaction_read_only` set.
    pub read_only: bool,
    /// Where a standby streams from, if the admin credential may read it and it was asked for.
    #[serde(default)]
    pub primary_host: Option<String>,
    /// The role whose rights count: the login itself, or the role of its own `role` setting.
    pub admin: RoleState,
    /// The `role` setting that the session would have begun with.
    pub role_setting: Option<RoleSetting>,
    /// The role that the operation is about; `None` if it does not exist.
    pub role: Option<RoleState>,
    /// The timeline of the cluster's history, if it was asked for.
    #[serde(default)]
    pub timeline: Option<u32>,
    /// The role's verifier, if a superuser asked for it.
    #[serde(default)]
    pub verifier: Option<String>,
    /// Whether another process answers than the login announced, as behind a pooler; if it was asked for.
    #[serde(default)]
    pub pooled: bool,
    /// The group that makes the role log in only with tokens, if it was asked for.
    #[serde(default)]
    pub token_group: Option<String>,
    /// Sessions of that role on this server, if they were asked for.
    #[serde(default)]
    pub sessions: u32,
    /// What to know when creating a role, if it was asked for.
    #[serde(default)]
    pub surroundings: Surroundings,
    /// Read if access is to be planned; else empty.
    #[serde(default)]
    pub access: AccessState,
}

/// The surroundings of a role that does not exist yet.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Surroundings {
    /// Whether the database is a template.
    pub template: bool,
    /// Roles whose names may look like its own.
    pub alike: Vec<String>,
}

impl ServerState {
    /// A `role` setting that exists but is not used.
    pub fn unused_role(&self) -> Option<&RoleSetting> {
        let setting = self.role_setting.as_ref()?;
        let is_unused = setting.role != "none" && setting.role != self.admin.name;
        is_unused.then_some(setting)
    }
}

/// A role's attributes, as in `pg_roles`. A list of logins is read as arrays, in the order of these fields.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one column each"
)]
pub struct RoleState {
    pub name: String,
    pub superuser: bool,
    pub createdb: bool,
    pub createrole: bool,
    pub login: bool,
    pub replication: bool,
    pub bypassrls: bool,
    /// -1: no limit.
    pub connection_limit: i32,
    /// In UTC, to the second; `None` if it is infinite or was never set.
    #[serde(deserialize_with = "in_utc")]
    pub valid_until: Option<String>,
    /// Whether VALID UNTIL is past, by the server's clock.
    pub expired: bool,
    /// Seconds until VALID UNTIL, by the server's clock; negative if it is past; `None` if there is none or it was not
    /// asked for.
    #[serde(deserialize_with = "whole")]
    pub seconds_left: Option<i64>,
    /// Whether it has the rights of its memberships without SET ROLE (up to PostgreSQL 15 for all of them).
    pub inherit: bool,
    pub comment: Option<String>,
    /// By name, each once.
    #[serde(deserialize_with = "sorted")]
    pub member_of: Vec<String>,
    /// The names of its two logins, if it is their owner and they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<String>,
}

/// A server writes it in the session's time zone.
fn in_utc<'de, D: Deserializer<'de>>(until: D) -> Result<Option<String>, D::Error> {
    let until = Option::<String>::deserialize(until)?;
    let finite = until.filter(|until| !until.ends_with("infinity"));
    Ok(finite.map(|until| {
        // One beyond the year 9999, or before the first, stays as it is.
        Timestamp::parse(&until).map_or(until, Timestamp::to_the_second)
    }))
}

/// Infinities are texts in JSON.
fn whole<'de, D: Deserializer<'de>>(seconds: D) -> Result<Option<i64>, D::Error> {
    let seconds = Option::<serde_json::Value>::deserialize(seconds)?;
    let seconds = seconds.and_then(|seconds| seconds.as_f64());
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a server's times are within 300,000 years"
    )]
    Ok(seconds.map(|seconds| seconds.floor() as i64))
}

fn sorted<'de, D: Deserializer<'de>>(groups: D) -> Result<Vec<String>, D::Error> {
    let mut groups = Vec::deserialize(groups)?;
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

impl RoleState {
    /// The mark that pgrole left on the role, if it created it.
    pub fn mark(&self) -> Option<Mark> {
        self.comment.as_deref()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(until: &str, left: &str) -> (Option<String>, Option<i64>) {
        let text = format!(r#"{{"valid_until": {until}, "seconds_left": {left}}}"#);
        let state: RoleState = serde_json::from_str(&text).unwrap();
        (state.valid_until, state.seconds_left)
    }

    #[test]
    fn an_end_is_in_utc_to_the_second() {
        let read = |until: &str| end(until, "-1.5");
        let is = |until: &str| (Some(until.to_owned()), Some(-2));
        assert_eq!(
            read(r#""2026-11-27T01:27:05.5+01:00""#),
            is("2026-11-27T00:27:05Z")
        );
        assert_eq!(
            read(r#""2026-11-27T00:27:05Z""#),
            is("2026-11-27T00:27:05Z")
        );
        let late = "20000-01-01T00:00:00+00:00";
        assert_eq!(read(&format!("\"{late}\"")), is(late));
    }

    #[test]
    fn no_end_is_none() {
        for (until, left) in [
            ("null", "null"),
            ("\"infinity\"", "\"Infinity\""),
            ("\"-infinity\"", "\"-Infinity\""),
        ] {
            assert_eq!(end(until, left), (None, None));
        }
    }

    #[test]
    fn groups_are_sorted_and_each_is_there_once() {
        let text = r#"{"member_of": ["b", "a", "b"]}"#;
        let state: RoleState = serde_json::from_str(text).unwrap();
        assert_eq!(state.member_of, ["a", "b"]);
    }
}
