//! The hint for a role that no target has.

use crate::commands::global::Context;
use crate::domain::command_line::pasteable;
use crate::domain::role::RoleName;

/// The command again with the nearest name, that on the server before that on record; else the command that lists all.
pub fn hint_for_no_role(
    context: &Context,
    role: &RoleName,
    on_server: Option<String>,
    template: &str,
) -> String {
    match on_server.or_else(|| context.run.nearest_role(role)) {
        Some(near) => format!("did you mean \"{near}\"? {}", pasteable(template, &[&near])),
        None => "list the roles: pgrole user list".to_owned(),
    }
}
