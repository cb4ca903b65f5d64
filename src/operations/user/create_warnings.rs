//! Warnings about a login that is about to be created.

use crate::domain::access::AccessLevel;
use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::role::profile::Profile;
use crate::domain::role::state::ServerState;
use crate::domain::role::{RoleName, is_alike};
use crate::domain::target::Target;

/// A login that is about to be created.
pub struct Creation<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub profile: &'a Profile,
    pub found: &'a ServerState,
}

/// Warns about other roles that people may take for a new one.
pub fn alike(role: &RoleName, found: &ServerState) -> Option<String> {
    let others = found.surroundings.alike.iter();
    let names: Vec<_> = others
        .filter(|other| is_alike(role.as_str(), other))
        .map(|other| format!("\"{other}\""))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "\"{role}\" is easily confused with another role there: {}",
            names.join(", ")
        )
    })
}

impl Creation<'_> {
    pub fn warnings(&self) -> Vec<String> {
        let warnings = [
            alike(self.role, self.found),
            self.template(),
            self.no_connection(),
            self.createrole(),
        ];
        warnings.into_iter().flatten().collect()
    }

    fn template(&self) -> Option<String> {
        let gives = match self.profile.access {
            AccessLevel::None => "whatever this role creates in it",
            _ => "what is granted in it",
        };
        self.found.surroundings.template.then(|| {
            format!(
                "{} is a template database (IS_TEMPLATE): {gives} is copied into every database that is created from it",
                self.target.name()
            )
        })
    }

    fn no_connection(&self) -> Option<String> {
        (self.profile.connection_limit == Some(0)).then(|| {
            format!(
                "the connection limit is 0: nobody can log in as \"{}\" until it is raised: ALTER ROLE … CONNECTION LIMIT …",
                self.role
            )
        })
    }

    fn createrole(&self) -> Option<String> {
        let reaches_all = self.profile.createrole && self.found.version < MEMBERSHIP_OPTIONS;
        reaches_all.then(|| {
            format!(
                "up to PostgreSQL 15 CREATEROLE reaches nearly everything: \"{}\" can set the password of every role that is not a superuser, and become superuser by granting itself pg_execute_server_program",
                self.role
            )
        })
    }
}
