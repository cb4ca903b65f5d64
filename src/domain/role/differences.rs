//! How an existing login differs from the requested one.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::command_line::on_target;
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::target::Target;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// `access`, `profile`, `login`, `valid_until`, `connection_limit`, `inherit`, `createdb`, `createrole`.
    pub what: &'static str,
    /// What was requested, or what the profile says.
    pub wanted: String,
    /// What the role has.
    pub found: String,
    /// The command that resolves it; null if there is none.
    pub command: Option<String>,
}

impl Difference {
    fn new(what: &'static str, wanted: impl Display, found: impl Display) -> Self {
        Self {
            what,
            wanted: wanted.to_string(),
            found: found.to_string(),
            command: None,
        }
    }

    /// The difference as a warning.
    pub fn sentence(&self, role: &str) -> String {
        let Self {
            what,
            wanted,
            found,
            command,
        } = self;
        let noun = match *what {
            "access" => "access level",
            "valid_until" => "VALID UNTIL",
            "connection_limit" => "connection limit",
            "profile" => what,
            _ => "attribute",
        };
        let remedy = command.as_ref().map_or(String::new(), |command| {
            format!("; to grant the access: {command}")
        });
        format!("role \"{role}\" already exists, but its {noun} is {found}, not {wanted}{remedy}")
    }
}

/// All differences of an existing login from a profile, as far as it was read. `held` is the access level that it has.
pub fn differences(
    target: &Target,
    profile: &Profile,
    role: &RoleState,
    (version, held): (u32, AccessLevel),
) -> Vec<Difference> {
    let mut differences = Vec::new();
    differences.extend(access(target, profile, role, held));
    let made_by = role.mark().and_then(Mark::into_profile);
    let made_by = made_by.unwrap_or_else(|| "none".to_owned());
    if made_by != profile.name {
        differences.push(Difference::new("profile", &profile.name, &made_by));
    }
    // An owner of dual logins does not log in itself.
    if !role.login && !matches!(role.mark(), Some(Mark::Dual(_))) {
        differences.push(Difference::new("login", "LOGIN", "NOLOGIN"));
    }
    if role.expired {
        let until = role.valid_until.as_deref().unwrap_or("the past");
        differences.push(Difference::new("valid_until", "in the future", until));
    }
    if version < MEMBERSHIP_OPTIONS && !role.inherit {
        differences.push(Difference::new("inherit", "INHERIT", "NOINHERIT"));
    }
    // -1 means no limit in PostgreSQL.
    let limit = profile.connection_limit.map_or(-1, i64::from);
    if limit != i64::from(role.connection_limit) && !role.superuser {
        let text = |limit: i64| match limit {
            -1 => "none".to_owned(),
            limit => limit.to_string(),
        };
        let held = text(role.connection_limit.into());
        differences.push(Difference::new("connection_limit", text(limit), held));
    }
    for (what, wanted, held, attribute) in [
        ("createdb", profile.createdb, role.createdb, "CREATEDB"),
        (
            "createrole",
            profile.createrole,
            role.createrole,
            "CREATEROLE",
        ),
    ] {
        if wanted && !held && !role.superuser {
            let without = format!("NO{attribute}");
            differences.push(Difference::new(what, attribute, without));
        }
    }
    differences
}

fn access(
    target: &Target,
    profile: &Profile,
    role: &RoleState,
    held: AccessLevel,
) -> Option<Difference> {
    let wanted = profile.access;
    // A superuser may do everything without a group.
    if wanted == AccessLevel::None || held == wanted || role.superuser {
        return None;
    }
    let mut difference = Difference::new("access", wanted, held);
    if held < wanted {
        difference.command = Some(ensure_command(target, profile, &role.name));
    }
    Some(difference)
}

/// The highest level of the database whose rights the role has.
pub fn held_level(found: &ServerState) -> AccessLevel {
    let levels = found.access.role_levels.iter().copied();
    levels.max().unwrap_or(AccessLevel::None)
}

fn ensure_command(target: &Target, profile: &Profile, role: &str) -> String {
    let template = "pgrole user create -e {} -d {} --profile {} --access {} -u {} --ensure";
    let values: [&dyn std::fmt::Display; 3] = [&profile.name, &profile.access.as_str(), &role];
    on_target(template, target, &values)
}
