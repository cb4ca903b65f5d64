//! What whoever creates a login should know of it, though nothing stands against it.

use crate::domain::access::AccessLevel;
use crate::domain::plan::{MEMBERSHIP_OPTIONS, Plan};
use crate::domain::profile::Profile;
use crate::domain::role::{RoleName, is_alike};
use crate::domain::state::ServerState;
use crate::domain::target::Target;

/// A login that is about to be created.
pub struct Creation<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub profile: &'a Profile,
    pub found: &'a ServerState,
    pub plan: &'a Plan,
}

impl Creation<'_> {
    pub fn warnings(&self) -> Vec<String> {
        let warnings = [
            self.not_covered(),
            self.public_may_create(),
            self.alike(),
            self.template(),
            self.no_connection(),
            self.createrole(),
        ];
        warnings.into_iter().flatten().collect()
    }

    fn not_covered(&self) -> Option<String> {
        if self.plan.not_covered.is_empty() {
            return None;
        }
        let names: Vec<_> = self.plan.not_covered.iter().map(RoleName::as_str).collect();
        Some(format!(
            "tables that these roles make later will not be covered, because \"{}\" may not act for them: {}",
            self.found.admin.name,
            names.join(", ")
        ))
    }

    fn public_may_create(&self) -> Option<String> {
        let may_only_read = self.profile.access == AccessLevel::Readonly;
        (may_only_read && self.found.access.public_may_create()).then(|| {
            format!(
                "every role may create tables in {} (the default up to PostgreSQL 14), so may this one; to end that: REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                self.target.name()
            )
        })
    }

    fn alike(&self) -> Option<String> {
        let others = self.found.surroundings.alike.iter();
        let names: Vec<_> = others
            .filter(|other| is_alike(self.role.as_str(), other))
            .map(|other| format!("\"{other}\""))
            .collect();
        (!names.is_empty()).then(|| {
            format!(
                "\"{}\" is easily taken for another role there: {}",
                self.role,
                names.join(", ")
            )
        })
    }

    fn template(&self) -> Option<String> {
        let gives = match self.profile.access {
            AccessLevel::None => "whatever this role makes in it",
            _ => "what is granted in it",
        };
        self.found.surroundings.template.then(|| {
            format!(
                "{} is a template database (IS_TEMPLATE): {gives} is copied into every database that is made from it",
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
