//! The warnings about an access plan: what it leaves out, what it cannot cover, which privileges are excessive.

use anyhow::Result;

use crate::domain::access::excess::Excess;
use crate::domain::access::{AccessLevel, group_name};
use crate::domain::act::plan::Plan;
use crate::domain::command_line::on_target;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::access::ground::unplaced;
use crate::run::Run;

/// All warnings about a plan for one level's group.
///
/// # Errors
/// If the registry cannot be read.
pub fn warnings(
    run: &Run,
    target: &Target,
    found: &ServerState,
    plan: &Plan,
) -> Result<Vec<String>> {
    let mut warnings = plan.warnings.clone();
    warnings.extend(plan.left_out.iter().map(|what| format!("left out: {what}")));
    if !plan.not_covered.is_empty() {
        warnings.push(format!(
            "tables that these roles create later will not be covered, because \"{}\" may not act for them: {}",
            found.admin.name,
            listed(&plan.not_covered)
        ));
    }
    let strangers = unplaced(run, target, &plan.members_found)?;
    if !strangers.is_empty() {
        warnings.push(format!(
            "the access group was marked again; pgrole did not add these members: {}",
            listed(&strangers)
        ));
    }
    warnings.extend(of_surroundings(target, found));
    Ok(warnings)
}

/// The warnings about the database as it is, whatever is planned.
pub fn of_surroundings(target: &Target, found: &ServerState) -> Vec<String> {
    let mut warnings = Vec::new();
    if !found.access.unknown_schemas.is_empty() {
        warnings.push(format!(
            "no such schema on {}: {}",
            target.name(),
            found.access.unknown_schemas.join(", ")
        ));
    }
    warnings.extend(open_to_all(target, found));
    warnings
}

/// Schemas in which PUBLIC has CREATE: objects of roles that have only that privilege are covered by no default
/// privileges.
fn open_to_all(target: &Target, found: &ServerState) -> Option<String> {
    let schemas: Vec<_> = found.access.open_to_creation().collect();
    if schemas.is_empty() {
        return None;
    }
    let quoted: Vec<_> = schemas
        .iter()
        .map(|schema| format!("\"{}\"", schema.replace('"', "\"\"")))
        .collect();
    Some(format!(
        "every role may create tables in {} of {} (the default for \"public\" up to PostgreSQL 14), and what it creates is not covered; to stop that: REVOKE CREATE ON SCHEMA {} FROM PUBLIC",
        schemas.join(", "),
        target.name(),
        quoted.join(", ")
    ))
}

/// Warns that a group has more than its level grants, with counts, and how to revoke it.
pub fn excess(target: &Target, level: AccessLevel, found: &ServerState) -> Option<String> {
    too_much(target, level, found, Excess::counted)
}

/// The same with names.
pub fn excess_by_name(target: &Target, level: AccessLevel, found: &ServerState) -> Option<String> {
    too_much(target, level, found, Excess::named)
}

fn too_much(
    target: &Target,
    level: AccessLevel,
    found: &ServerState,
    words: impl FnOnce(&Excess) -> String,
) -> Option<String> {
    let excess = &found.access.excess;
    if excess.is_empty() {
        return None;
    }
    Some(format!(
        "access group \"{}\" has more than its level grants: {}; to revoke it: {}",
        group_name(&target.database, level),
        words(excess),
        on_target("pgrole access prepare -e {} -d {}", target, &[])
    ))
}

fn listed(roles: &[RoleName]) -> String {
    let names: Vec<_> = roles.iter().map(RoleName::as_str).collect();
    names.join(", ")
}
