//! Gives an existing login the access of a level: `access grant`, and `--ensure` on the creating commands.

use anyhow::Result;

use crate::domain::access::AccessLevel;
use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::access::rules::AccessRules;
use crate::domain::act::operation::Mode;
use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{apply, for_people, require_nameable, require_writable, undo};
use crate::run::{Run, TargetSession};

/// What a login is to be given in the target's database.
pub struct WantedAccess<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub level: AccessLevel,
    /// What the access levels grant there.
    pub rules: &'a AccessRules,
    pub adoption: GroupAdoption,
    pub mode: Mode,
}

/// What it was given, or would be.
#[derive(Debug)]
pub struct GivenAccess {
    /// `access granted`; `unchanged` in a dry run.
    pub status: Status,
    /// What a rehearsal came to.
    pub rehearsal: Option<Rehearsal>,
    pub statements: Vec<String>,
    pub undo: Undo,
    pub default_privileges_of: Vec<RoleName>,
    pub warnings: Vec<String>,
}

/// Prepares the level's group as far as it lacks something, and makes the login a member, as one transaction.
///
/// # Errors
/// If the server is read-only, the group was not created by pgrole, or the admin credential lacks a privilege.
pub fn give_access(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &WantedAccess<'_>,
    found: &ServerState,
) -> Result<GivenAccess> {
    let WantedAccess { target, role, .. } = *wanted;
    require_writable(found, target)?;
    let ground = AccessGround::survey(run, server, wanted.rules.clone(), found)?;
    let planner = Planner::new(ground.ground(target, found, wanted.adoption));
    let plan = planner.plan_access(role, wanted.level)?;
    let statements = for_people(&plan.changes, found.version);
    require_nameable(&statements)?;
    let mut warnings = warnings::warnings(run, target, found, &plan)?;
    let mut rehearsal = None;
    let status = match wanted.mode {
        Mode::DryRun => Status::Unchanged,
        Mode::Rehearsal => {
            let script = Script::new(target, plan.changes.clone(), vec![role], found);
            let rehearsed = rehearse(run, server, script)?;
            let status = rehearsal::status(&rehearsed);
            rehearsal = Some(rehearsed);
            status
        }
        Mode::Run => {
            apply(server, &plan.changes, found.version)?;
            warnings.extend(server.take_warnings());
            Status::AccessGranted
        }
    };
    Ok(GivenAccess {
        status,
        rehearsal,
        statements,
        undo: undo(&plan.changes, &[role], found.version),
        default_privileges_of: plan.default_privileges_of,
        warnings,
    })
}
