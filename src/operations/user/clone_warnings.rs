//! Warnings about a login that is about to be cloned.

use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::role::copy;
use crate::domain::role::copy::CopyPlan;
use crate::domain::role::definition::RoleDefinition;
use crate::domain::role::state::ServerState;
use crate::operations::user::clone_request::CloneUser;
use crate::operations::user::create_warnings::alike;

/// What a person should know about the clone, other than its access.
pub fn warnings(
    source: &RoleDefinition,
    found: &ServerState,
    wanted: &CloneUser<'_>,
    copy: &CopyPlan,
) -> Vec<String> {
    let role = &wanted.role;
    let mut warnings: Vec<_> = alike(role, found).into_iter().collect();
    if !source.role.login {
        warnings.push(format!(
            "\"{}\" is NOLOGIN, and so is its clone: nobody can log in as \"{role}\" yet",
            source.role.name
        ));
    }
    if source.role.expired && wanted.term.is_none() {
        let until = source.valid_until.as_deref().unwrap_or("-infinity");
        warnings.push(format!(
            "the VALID UNTIL of \"{}\" has passed ({until}), and its clone has the same: the server will refuse every password of \"{role}\"; choose another one with --valid-for or --ends-on",
            source.role.name
        ));
    }
    if source.role.createrole && found.version < MEMBERSHIP_OPTIONS {
        warnings.push(format!(
            "up to PostgreSQL 15 CREATEROLE reaches nearly everything: \"{role}\" can set the password of every role that is not a superuser"
        ));
    }
    if !copy.without_options.is_empty() {
        warnings.push(format!(
            "PostgreSQL {} has no INHERIT and SET options for memberships: those of \"{}\" in {} are not cloned",
            found.version / 10_000,
            source.role.name,
            copy.without_options.join(", ")
        ));
    }
    if source.memberships.iter().any(|one| one.group == "rds_iam") {
        warnings.push(format!(
            "\"{role}\" is a member of rds_iam: the service accepts only tokens from it, never a password"
        ));
    }
    warnings.extend(copy::warnings(&copy.not_cloned, &source.role.name));
    warnings
}
