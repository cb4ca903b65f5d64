//! `access revoke`: a role loses its access to a database, all of it or one level.

use anyhow::Result;

use crate::domain::access::boxes::BoxId;
use crate::domain::access::membership::HeldMembership;
use crate::domain::access::revocation::{MembershipState, Revocation};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::access::boxes::ending::EndCause;
use crate::operations::access::boxes::revoke::{EndedBoxes, end_boxes};
use crate::operations::access::ground::AccessGround;
use crate::operations::access::lasting::for_good;
use crate::operations::access::report::AccessReport;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{
    Protection, RACES, apply, for_people, lost_race, no_such_role, require_nameable,
    require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::access::read_memberships;

/// The access that a role is to lose.
pub struct RevokeAccess {
    pub target: Target,
    pub role: RoleName,
    /// `None` for all of pgrole's levels.
    pub level: Option<AccessLevel>,
    pub rules: AccessRules,
    pub protection: Protection,
    pub reason: Option<String>,
    pub mode: Mode,
}

/// Revokes the memberships, whoever granted them; does nothing if there are none.
///
/// # Errors
/// Not found, if there is no such role; refused, if it is protected or has handed a membership on; failed, if the admin
/// credential may not revoke one.
pub fn revoke_access(run: &Run, wanted: &RevokeAccess) -> Result<AccessReport> {
    let cannot = format!("cannot revoke the access of \"{}\"", wanted.role);
    let act = Act::on(&wanted.target, Operation::AccessRevoke, cannot)
        .in_mode(wanted.mode)
        .role(&wanted.role)
        .reason(wanted.reason.as_deref());
    let mut boxes = Vec::new();
    let mut report = run.audited(&act, &wanted.target, |server| {
        revoke(run, server, wanted, &mut boxes)
    })?;
    let taken = EndedBoxes {
        target: &wanted.target,
        login: &wanted.role,
        reason: wanted.reason.as_deref(),
        cause: EndCause::Revoked,
        mode: wanted.mode,
    };
    report.note_ended(end_boxes(run, &taken, &boxes)?);
    Ok(report)
}

fn revoke(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &RevokeAccess,
    boxes: &mut Vec<BoxId>,
) -> Result<(AccessReport, Done)> {
    let (target, role) = (&wanted.target, &wanted.role);
    let encoding = server.encoding();
    encoding.check_name("role name", role.as_str(), &target.name())?;
    encoding.check_name("database name", target.database.as_str(), &target.name())?;
    let mut races_left = RACES;
    let mut ran: Vec<Change> = Vec::new();
    let mut before = None;
    loop {
        let found = read(server, wanted)?;
        *boxes = wanted.boxes_of(&found);
        let found = for_good(found);
        let previous = *before.get_or_insert(found.level());
        let plan = plan(run, server, wanted, &found)?;
        let version = found.server.version;
        let statements = for_people(&plan.changes, version);
        require_nameable(&statements)?;
        let mut report = AccessReport::unchanged(role, target, found.level());
        report.previous_access = previous.as_str();
        report.warnings.clone_from(&plan.warnings);
        report.warnings.extend(still_there(&found, wanted));
        if plan.changes.is_empty() {
            // What was read last is the proof that nothing is left.
            let mut done = Done::default();
            if !ran.is_empty() {
                report.status = Status::AccessRevoked;
                report.groups = groups_of(&ran);
                report.warnings.extend(server.take_warnings());
                done.status = Status::AccessRevoked;
                done.statements = for_people(&ran, version);
                done.undo = undo(&ran, &[role], version);
            }
            return Ok((report, done));
        }
        if wanted.mode == Mode::DryRun {
            report.access = without(&found, &plan).as_str();
            report.groups = plan.groups;
            report.statements = Some(statements);
            return Ok((report, Done::default()));
        }
        if wanted.mode == Mode::Rehearsal {
            let changes = plan.changes.clone();
            let script = Script::new(target, changes, vec![role], &found.server);
            let rehearsal = rehearse(run, server, script)?;
            let done = rehearsal::done(&rehearsal);
            report.status = rehearsal::status(&rehearsal);
            report.access = without(&found, &plan).as_str();
            report.groups = plan.groups;
            report.rehearsal = Some(rehearsal);
            return Ok((report, done));
        }
        if races_left == 0 {
            return Err(left_over(wanted, &found).into());
        }
        match apply(server, &plan.changes, version) {
            Err(error) if lost_race(&error) || is_dependent(&error) => {}
            Err(error) => return Err(error),
            Ok(()) => ran.extend(plan.changes),
        }
        races_left -= 1;
    }
}

/// Whether others got the membership from the role since it was read: they are named by the next plan.
fn is_dependent(error: &anyhow::Error) -> bool {
    sqlstate_of(error) == Some("2BP01")
}

fn read(server: &mut TargetSession<'_>, wanted: &RevokeAccess) -> Result<MembershipState> {
    let id = server.operation_id.clone();
    let (role, database) = (&wanted.role, &wanted.target.database);
    let rules = &wanted.rules;
    let found =
        server.read(|connection| read_memberships(connection, role, database, rules, &id))?;
    if found.server.role.is_none() {
        return Err(no_such_role(server, role, &wanted.target));
    }
    Ok(found)
}

fn plan(
    run: &Run,
    server: &TargetSession<'_>,
    wanted: &RevokeAccess,
    found: &MembershipState,
) -> Result<Revocation> {
    let rules = wanted.rules.clone();
    let ground = AccessGround::of_groups(
        run,
        server,
        rules,
        (&found.server.admin.name, &found.groups),
    )?;
    let judge = ground.judge(&wanted.target.database, &found.database);
    let plan = found.plan_revocation(&wanted.levels(), &wanted.target, &judge)?;
    if !plan.changes.is_empty() {
        if let Some(role) = &found.server.role {
            let protection = wanted.protection;
            protection.check(role, &server.admin, &run.settings)?;
        }
        if wanted.mode != Mode::DryRun {
            require_writable(&found.server, &wanted.target)?;
        }
    }
    Ok(plan)
}

impl RevokeAccess {
    /// The grants with an end that give the role one of the levels.
    fn boxes_of(&self, found: &MembershipState) -> Vec<BoxId> {
        let levels = self.levels();
        let through = found.through.iter();
        let through = through.filter(|other| levels.contains(&other.level));
        let mut boxes: Vec<_> = through
            .filter_map(|other| BoxId::of_role(other.role.as_str()))
            .collect();
        boxes.sort();
        boxes.dedup();
        boxes
    }

    fn levels(&self) -> Vec<AccessLevel> {
        match self.level {
            Some(level) => vec![level],
            None => GROUP_LEVELS.to_vec(),
        }
    }
}

fn still_there(found: &MembershipState, wanted: &RevokeAccess) -> Option<String> {
    let left = found.left(&wanted.levels())?;
    Some(format!(
        "role \"{}\" has access to {} also by other memberships, which stay: {left}",
        wanted.role,
        wanted.target.name()
    ))
}

/// The level that is left once the plan has run.
fn without(found: &MembershipState, plan: &Revocation) -> AccessLevel {
    let mut after = found.clone();
    after.held.retain(|held| !plan.groups.contains(&held.group));
    after.level()
}

fn groups_of(changes: &[Change]) -> Vec<RoleName> {
    let mut groups: Vec<_> = changes
        .iter()
        .filter_map(|change| match change {
            Change::TakeMembership(HeldMembership { group, .. }) => Some(group.clone()),
            _ => None,
        })
        .collect();
    groups.dedup();
    groups
}

/// Somebody else grants as fast as this revokes, or the server keeps a row and only warns.
fn left_over(wanted: &RevokeAccess, found: &MembershipState) -> Failure {
    let rows: Vec<_> = found
        .held
        .iter()
        .map(|held| {
            let by = held.grantor.as_ref().map_or("nobody", RoleName::as_str);
            format!("\"{}\", granted by \"{by}\"", held.group)
        })
        .collect();
    Failure::new(
        Kind::Failed,
        format!(
            "role \"{}\" is still a member: {}",
            wanted.role,
            rows.join("; ")
        ),
    )
    .hint("find out who grants it again: pgrole audit list")
}
