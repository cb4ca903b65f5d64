//! A new password for the login that is idle, and the change to it.

use std::fmt;

use anyhow::Result;

use crate::domain::act::operation::Mode;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, DualMark, DualStep};
use crate::domain::role::dual_plan::{self, Admission};
use crate::domain::role::dual_state::DualState;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::ServerState;
use crate::domain::timestamp::Timestamp;
use crate::operations::user::dual::password::{PlannedChange, warnings};
use crate::operations::user::dual::read;
use crate::operations::user::dual::retire::{Ending, retire};
use crate::run::{Done, Run, TargetSession};

pub use crate::operations::user::dual::password::DualRequest;

/// Why an owner is not rotated: somebody still logs in with the login that is due to be retired.
#[derive(Debug)]
pub struct HeldBack;

impl fmt::Display for HeldBack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("somebody still logs in with the login that is due to be retired")
    }
}

impl std::error::Error for HeldBack {}

/// Gives the idle login of an owner a new password, delivers it, and makes it the current one.
///
/// # Errors
/// Busy during a grace time, or while another host rotates; refused, if the logins are locked or not as they should be, or
/// the login proof fails; exit status 8 as for all passwords.
pub fn rotate(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &DualRequest<'_>,
    found: &ServerState,
) -> Result<(UserReport, Done)> {
    let (state, mark) = ready(run, server, wanted)?;
    let owner = wanted.owner;
    require_own(&state, owner)?;
    let present = mark.current.map(|current| current.name(owner));
    let present = present.map(|name| state.require(&name)).transpose()?;
    if let Some(locked) = present.filter(|present| !present.login) {
        let what = format!(
            "\"{owner}\" is locked: its current login \"{}\" is NOLOGIN",
            locked.name
        );
        let hint = on_target("pgrole user unlock -e {} -d {} {}", wanted.target, &[owner]);
        return Err(Failure::refused(what)
            .hint(format!("unlock it first: {hint}"))
            .into());
    }
    let login = match mark.step {
        DualStep::Incoming(login) => login,
        _ => mark.next(),
    };
    let decision = wanted.decide(present.and_then(|present| present.valid_until.as_deref()))?;
    let verifier = wanted.password.verifier(server.scram_iterations(), None)?;
    let admission = Admission {
        login,
        verifier: &verifier,
        valid_until: decision.valid_until,
        operation_id: &server.operation_id,
    };
    let plan = PlannedChange {
        login,
        changes: dual_plan::rotate(owner, &state, &mark, &admission)?,
        verifier,
        decision,
        warnings: warnings(&state, owner),
    };
    wanted.carry_out(run, server, found, plan)
}

/// The state in which a rotation may begin. What is due to be retired is, first.
pub(super) fn ready(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &DualRequest<'_>,
) -> Result<(DualState, DualMark)> {
    let owner = wanted.owner;
    let state = read(server, owner)?;
    let mark = state.mark(owner)?;
    match mark.step {
        DualStep::Idle => Ok((state, mark)),
        DualStep::Incoming(login) => {
            let mark = take_over(run, wanted, (&state, mark), login)?;
            Ok((state, mark))
        }
        DualStep::Grace {
            previous, until, ..
        } => {
            if state.now()? < until && !(wanted.is_forced && wanted.mode == Mode::Run) {
                return Err(in_grace(owner, previous, until).into());
            }
            if wanted.mode != Mode::Run {
                let idle = mark.idle();
                return Ok((state, idle));
            }
            match retire(run, server, (wanted.target, owner), wanted.is_forced)?.0 {
                Ending::HeldBack(warning) => {
                    run.warn_once(warning.clone());
                    Err(Failure::new(Kind::Busy, warning).caused_by(HeldBack).into())
                }
                Ending::NotDue => Err(in_grace(owner, previous, until).into()),
                Ending::Retired(_) | Ending::Nothing => {
                    let state = read(server, owner)?;
                    let mark = state.mark(owner)?;
                    Ok((state, mark))
                }
            }
        }
    }
}

/// What another host began, and will never end, may be begun anew: as long as nobody has used its login.
fn take_over(
    run: &Run,
    wanted: &DualRequest<'_>,
    (state, mark): (&DualState, DualMark),
    login: DualLogin,
) -> Result<DualMark> {
    let owner = wanted.owner;
    let name = login.name(owner);
    let id = mark.operation_id.clone().unwrap_or_default();
    if let Some(row) = run.find_change(&id)?.filter(|row| !row.state.is_final()) {
        let what = format!("an earlier password of \"{owner}\" is not yet delivered");
        let show = pasteable("pgrole recover show {}", &[&row.change.operation_id]);
        return Err(Failure::new(Kind::Undelivered, what)
            .hint(format!(
                "deliver it first: pgrole recover run (details: {show})"
            ))
            .into());
    }
    let sessions = state.require(&name)?.sessions;
    if wanted.is_forced && sessions == 0 {
        return Ok(mark);
    }
    let what = format!(
        "another registry rotates \"{owner}\": the password of \"{name}\" is in force (operation {id}), and only there is it known whether it was delivered"
    );
    let hint = if sessions > 0 {
        format!(
            "{sessions} sessions of \"{name}\" are open, so it was delivered: on that host, pgrole recover run"
        )
    } else {
        format!(
            "on that host: pgrole recover run; if it is lost, give \"{name}\" another password: {}",
            on_target(
                "pgrole user reset -e {} -d {} -u {} --force",
                wanted.target,
                &[owner]
            )
        )
    };
    Err(Failure::new(Kind::Busy, what).hint(hint).into())
}

/// Refuses roles that have the logins' names and are not marked as such.
pub(super) fn require_own(state: &DualState, owner: &RoleName) -> Result<(), Failure> {
    let foreign = state.foreign(owner);
    let Some(one) = foreign.first() else {
        return Ok(());
    };
    let name = &one.name;
    Err(Failure::refused(format!(
        "role \"{name}\" is not a dual login of \"{owner}\" by its comment"
    ))
    .hint(format!(
        "if it is: COMMENT ON ROLE \"{name}\" IS 'pgrole: dual login of {owner}'"
    )))
}

fn in_grace(owner: &RoleName, previous: DualLogin, until: Timestamp) -> Failure {
    Failure::new(
        Kind::Busy,
        format!(
            "\"{owner}\" is in its grace time: \"{}\" is valid until {}",
            previous.name(owner),
            until.to_the_second()
        ),
    )
    .hint("wait for it to be retired; after an incident, retire it now: add --force")
}
