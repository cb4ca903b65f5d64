//! `user convert`: two logins for a role that logs in itself, and back. Either is a rotation whose outgoing login is the one
//! before: nothing is taken from anybody until the grace time is over.

use anyhow::Result;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::dual_mark::{DualLogin, DualStep, require_room};
use crate::domain::role::dual_plan::{self, Admission};
use crate::domain::role::mark::Mark;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::RoleState;
use crate::operations::user::dual::password::{PlannedChange, warnings};
use crate::operations::user::dual::read;
use crate::operations::user::dual::rotate::{DualRequest, require_own};
use crate::password::preflight;
use crate::password::recover::settle_target;
use crate::run::login_state::{Protection, no_such_role, require_direct, require_writable};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;

/// What a role is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    ToDual,
    ToSingle,
}

/// Converts a role.
///
/// # Errors
/// Not found; usage or refused, if it cannot be converted; as a rotation.
pub fn convert(
    run: &Run,
    wanted: &DualRequest<'_>,
    to: Conversion,
    reason: Option<&str>,
) -> Result<UserReport> {
    let (target, owner) = (wanted.target, wanted.owner);
    let act = Act::on(
        target,
        Operation::UserConvert,
        format!("cannot convert \"{owner}\""),
    )
    .in_mode(wanted.mode)
    .role(owner)
    .reason(reason);
    if to == Conversion::ToDual {
        require_room(owner)?;
    }
    if wanted.mode == Mode::Run {
        let ready = preflight(run, &wanted.route, target, owner);
        act.named(target, ready)?;
        settle_target(run, target)?;
    }
    run.audited(&act, target, |server| work(run, server, wanted, to))
}

fn work(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &DualRequest<'_>,
    to: Conversion,
) -> Result<(UserReport, Done)> {
    let (target, owner) = (wanted.target, wanted.owner);
    server
        .encoding()
        .check_name("role name", owner.as_str(), &target.name())?;
    let id = server.operation_id.clone();
    let found = server.read(|connection| catalog::read_password(connection, owner, &id))?;
    require_writable(&found, target)?;
    let Some(role) = &found.role else {
        return Err(no_such_role(server, owner, target));
    };
    require_direct(found.pooled, target)?;
    let admin = server.admin.clone();
    Protection::Respected.check(role, &admin, &run.settings)?;
    let plan = match to {
        Conversion::ToDual => to_dual(server, wanted, role)?,
        Conversion::ToSingle => to_single(server, wanted)?,
    };
    wanted.carry_out(run, server, &found, plan)
}

fn to_dual(
    server: &mut TargetSession<'_>,
    wanted: &DualRequest<'_>,
    role: &RoleState,
) -> Result<PlannedChange> {
    let owner = wanted.owner;
    let mark = role.mark();
    if matches!(
        mark,
        Some(Mark::Dual(_) | Mark::LoginOf(_) | Mark::Group(_))
    ) {
        let what = format!("\"{owner}\" has dual logins already, is one, or is an access group");
        return Err(Failure::usage(what).into());
    }
    if !role.login {
        let what = format!("\"{owner}\" is NOLOGIN: nobody logs in with it");
        return Err(Failure::refused(what).into());
    }
    let state = read(server, owner)?;
    if state.require(owner)?.is_special {
        let what = format!(
            "\"{owner}\" has CREATEROLE, REPLICATION or BYPASSRLS, which its logins would not have"
        );
        return Err(Failure::refused(what).into());
    }
    if let Some(clash) = state.roles.iter().find(|role| role.name != *owner) {
        let what = format!(
            "role \"{}\" exists already, and would be one of the dual logins of \"{owner}\"",
            clash.name
        );
        return Err(Failure::refused(what).hint("rename it, or this one").into());
    }
    let profile = mark.and_then(Mark::into_profile);
    let profile = profile.as_deref().or(wanted.profile).unwrap_or("app");
    let decision = wanted.decide(state.require(owner)?.valid_until.as_deref())?;
    let verifier = wanted.password.verifier(server.scram_iterations(), None)?;
    let admission = Admission {
        login: DualLogin::A,
        verifier: &verifier,
        valid_until: decision.valid_until,
        operation_id: &server.operation_id,
    };
    let mut warnings = warnings(&state, owner);
    warnings.push(format!(
        "the application must read the user name from the delivery too: it is \"{}\" from now on; session_user and pg_stat_activity have that name, and a line of pg_hba.conf for \"{owner}\" does not match it (\"+{owner}\" does)",
        DualLogin::A.name(owner)
    ));
    Ok(PlannedChange {
        login: DualLogin::A,
        changes: dual_plan::convert(owner, &state, profile, &admission)?,
        verifier,
        decision,
        warnings,
    })
}

fn to_single(server: &mut TargetSession<'_>, wanted: &DualRequest<'_>) -> Result<PlannedChange> {
    let owner = wanted.owner;
    let state = read(server, owner)?;
    let comment = state.require(owner)?.comment.as_deref();
    let Some(Mark::Dual(mark)) = comment.and_then(|text| text.parse().ok()) else {
        return Err(Failure::usage(format!("\"{owner}\" has no dual logins")).into());
    };
    require_own(&state, owner)?;
    if mark.step != DualStep::Idle {
        let what = format!("a rotation of \"{owner}\" is under way");
        let status = on_target(
            "pgrole rotate status -e {} -d {} -u {}",
            wanted.target,
            &[owner],
        );
        return Err(Failure::new(Kind::Busy, what)
            .hint(format!("wait for its end: {status}"))
            .into());
    }
    let present = mark.current.map(|current| current.name(owner));
    let present = present.and_then(|name| state.role(&name));
    let decision = wanted.decide(present.and_then(|role| role.valid_until.as_deref()))?;
    let verifier = wanted.password.verifier(server.scram_iterations(), None)?;
    let admission = Admission {
        login: DualLogin::Owner,
        verifier: &verifier,
        valid_until: decision.valid_until,
        operation_id: &server.operation_id,
    };
    Ok(PlannedChange {
        login: DualLogin::Owner,
        changes: dual_plan::rotate(owner, &state, &mark, &admission)?,
        verifier,
        decision,
        warnings: Vec::new(),
    })
}
