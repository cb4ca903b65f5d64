//! What a new owner with two logins needs beyond an ordinary login.

use anyhow::Result;

use crate::domain::act::plan::Change;
use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::password::change::DualChange;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, require_room};
use crate::domain::role::dual_plan::{self, Admission};
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::state::RoleState;
use crate::domain::role::term::Decision;
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::operations::user::dual::read;
use crate::run::TargetSession;

/// Refuses what cannot have two logins, before a server is asked.
///
/// # Errors
/// Usage.
pub fn require_possible(owner: &RoleName, profile: &Profile) -> Result<(), Failure> {
    require_room(owner)?;
    if !profile.createrole && !profile.createdb {
        return Ok(());
    }
    let what = format!(
        "a login with the profile \"{}\" cannot be dual: CREATEDB and CREATEROLE are attributes of the login",
        profile.name
    );
    Err(Failure::usage(what).hint("leave out --dual"))
}

/// Refuses a role that exists and logs in itself.
///
/// # Errors
/// Refused.
pub fn require_dual(target: &Target, role: &RoleState) -> Result<(), Failure> {
    if matches!(role.mark(), Some(Mark::Dual(_))) {
        return Ok(());
    }
    let what = format!(
        "role \"{}\" exists already, and has no dual logins",
        role.name
    );
    let convert = on_target(
        "pgrole user convert -e {} -d {} {} --dual",
        target,
        &[&role.name],
    );
    Err(Failure::refused(what).hint(format!("to give it two: {convert}")))
}

/// The change of the password of a new owner's first login.
pub fn first_change(owner: &RoleName) -> DualChange {
    DualChange {
        incoming: DualLogin::A.name(owner),
        grace: Span::seconds(0),
    }
}

/// The plan of an ordinary login as that of an owner with two.
///
/// # Errors
/// Refused, if a role of their names exists; if the server cannot be queried.
pub fn plan(
    server: &mut TargetSession<'_>,
    owner: &RoleName,
    planned: Vec<Change>,
    (verifier, decision): (&Verifier, &Decision),
) -> Result<(Vec<Change>, Vec<String>)> {
    let state = read(server, owner)?;
    if let Some(clash) = state.roles.first() {
        let what = format!(
            "role \"{}\" exists already, and would be one of the dual logins of \"{owner}\"",
            clash.name
        );
        return Err(Failure::refused(what).hint("choose another name").into());
    }
    let admission = Admission {
        login: DualLogin::A,
        verifier,
        valid_until: decision.valid_until,
        operation_id: &server.operation_id,
    };
    let changes = dual_plan::of_new_login(planned, owner, &admission);
    let limit = changes.iter().find_map(|change| match change {
        Change::CreateNoLogin {
            connection_limit, ..
        } => Some(*connection_limit),
        _ => None,
    });
    let warnings = [
        state.warning_of_version(),
        limit.and_then(|limit| state.warning_of_limit(limit)),
    ];
    Ok((changes, warnings.into_iter().flatten().collect()))
}
