//! Which owners `user clone` copies, with logins of the copy's own.

use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::definition::RoleDefinition;
use crate::domain::role::dual_mark::require_room;
use crate::domain::role::mark::Mark;
use crate::operations::user::clone_request::CloneUser;

/// Refuses one of an owner's logins, and an owner whose copy could not have two.
///
/// # Errors
/// Usage, if it is one of the logins, or there is no room in the copy's name; refused, if nobody may log in for the owner,
/// or its logins would not have its attributes.
pub fn check_source(source: &RoleDefinition, wanted: &CloneUser<'_>) -> Result<(), Failure> {
    let role = &source.role;
    let name = &role.name;
    match role.mark() {
        Some(Mark::Dual(_)) => {}
        Some(Mark::LoginOf(owner)) => return Err(one_of_two(name, &owner, wanted)),
        _ => return Ok(()),
    }
    require_room(&wanted.role)?;
    if role.superuser || role.createrole || role.replication || role.bypassrls {
        return Err(Failure::refused(format!(
            "\"{name}\" has SUPERUSER, CREATEROLE, REPLICATION or BYPASSRLS, which the dual logins of a copy would not have"
        )));
    }
    if !role.login {
        let unlock = on_target(
            "pgrole user unlock -e {} -d {} {}",
            &wanted.source.target,
            &[name],
        );
        return Err(Failure::refused(format!(
            "\"{name}\" is locked, and the dual logins of a copy would not be"
        ))
        .hint(format!("to let it log in again: {unlock}")));
    }
    Ok(())
}

fn one_of_two(name: &str, owner: &RoleName, wanted: &CloneUser<'_>) -> Failure {
    let source = format!("{owner}@{}", wanted.source.target.name());
    let clone = on_target(
        "pgrole user clone -e {} -d {} --from {} --to {}",
        &wanted.target,
        &[&source, &wanted.role],
    );
    Failure::usage(format!(
        "\"{name}\" is one of the dual logins of \"{owner}\", which are cloned together"
    ))
    .hint(format!("to clone \"{owner}\": {clone}"))
}
