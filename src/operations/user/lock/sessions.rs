//! Ends the sessions of a role, and looks until none is left.

use std::time::Duration;

use anyhow::Result;

use crate::domain::act::plan::Change;
use crate::domain::failure::{Failure, sqlstate_of};
use crate::domain::role::RoleName;
use crate::domain::role::activity::{Activity, Session};
use crate::domain::role::reach::{Borrowing, Need, Reach};
use crate::operations::user::lock::dual;
use crate::operations::user::lock::request::{LockRole, MemberSessions};
use crate::run::TargetSession;
use crate::run::login_state::{apply, for_people};

/// When to look again. A login that had read the catalog just before NOLOGIN may still come.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(1),
    Duration::from_secs(1),
];

/// What became of the sessions.
#[derive(Debug, Default)]
pub struct EndedSessions {
    pub ended: usize,
    pub left: Vec<Session>,
    /// Of others, that were not to be ended or did not end.
    pub of_members: Vec<Session>,
    pub statements: Vec<String>,
    /// Why they could not be ended.
    pub refused: Option<String>,
}

/// Ends what was found and what comes after it, until there is nothing twice in a row.
///
/// # Errors
/// The server's error. That the admin credential may not end them is no error: the role is locked all the same.
pub fn end_all(
    server: &mut TargetSession<'_>,
    wanted: &LockRole<'_>,
    found: Activity,
) -> Result<EndedSessions> {
    let version = found.server.version;
    let mut found = found;
    let mut result = EndedSessions::default();
    let mut seen: Vec<i32> = Vec::new();
    let mut empty = 0;
    for pause in PAUSES {
        let open = to_end(&found, wanted);
        if open.is_empty() {
            empty += 1;
        } else {
            empty = 0;
            for session in open {
                if !seen.contains(&session.pid) {
                    seen.push(session.pid);
                }
            }
            let changes = match ending(&found, wanted) {
                Ok(changes) => changes,
                Err(refused) => {
                    result.refused = Some(refused.in_one_line());
                    break;
                }
            };
            match apply(server, &changes, version) {
                Err(error) if sqlstate_of(&error) == Some("42501") => {
                    result.refused = Some(format!("{error:#}"));
                    break;
                }
                applied => applied?,
            }
            for statement in for_people(&changes, version) {
                if !result.statements.contains(&statement) {
                    result.statements.push(statement);
                }
            }
        }
        // The first answer was from before NOLOGIN.
        if empty > 2 {
            break;
        }
        std::thread::sleep(pause);
        found = dual::read(server, wanted.role)?;
        if found.oid.is_none() {
            break;
        }
    }
    let left: Vec<_> = to_end(&found, wanted).into_iter().cloned().collect();
    result.ended = seen.len().saturating_sub(left.len());
    result.of_members = match wanted.member_sessions {
        MemberSessions::Kept => found.of_members,
        MemberSessions::Ended => Vec::new(),
    };
    result.left = left;
    Ok(result)
}

fn to_end<'a>(found: &'a Activity, wanted: &LockRole<'_>) -> Vec<&'a Session> {
    let of_members = found.of_members.iter();
    let of_members = of_members.filter(|_| wanted.member_sessions == MemberSessions::Ended);
    found.running.iter().chain(of_members).collect()
}

/// The changes that end the sessions, under loans that are given back.
///
/// # Errors
/// Refused, if the admin credential may not end them.
pub fn ending(found: &Activity, wanted: &LockRole<'_>) -> Result<Vec<Change>, Failure> {
    let open = to_end(found, wanted);
    let mut roles: Vec<(RoleName, u32)> = Vec::new();
    for session in open {
        let Some(name) = &session.username else {
            continue;
        };
        let role = (RoleName::from_server(name.as_str()), session.oid);
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    if found.may_signal || found.reach.superuser {
        let oids = roles.into_iter().map(|(_, oid)| oid).collect();
        return Ok(vec![Change::EndSessions { oids }]);
    }
    let mut changes = Vec::new();
    for (role, oid) in roles {
        let end = Change::EndSessions { oids: vec![oid] };
        changes.extend(ending_by(&found.reach, &role, end)?);
    }
    Ok(changes)
}

/// The changes that end some sessions of the role that was looked at, under loans that are given back.
///
/// # Errors
/// Refused, if the admin credential may not end them.
pub fn ending_these(
    found: &Activity,
    role: &RoleName,
    oid: u32,
    pids: Vec<i32>,
) -> Result<Vec<Change>, Failure> {
    let end = Change::EndTheseSessions { oid, pids };
    if found.may_signal || found.reach.superuser {
        return Ok(vec![end]);
    }
    ending_by(&found.reach, role, end)
}

fn ending_by(reach: &Reach, role: &RoleName, end: Change) -> Result<Vec<Change>, Failure> {
    let around = |borrowed: Vec<Borrowing>, inside: Vec<Change>| {
        let taken = borrowed.iter().cloned().map(Change::BorrowAs);
        let given = borrowed.iter().rev().cloned().map(Change::GiveBack);
        taken
            .chain(inside)
            .chain(given.collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    match reach.borrow(role, Need::Inherit) {
        Ok(borrowed) => Ok(around(borrowed, vec![end])),
        // Up to 15 a NOINHERIT login gets nothing from a membership, but may become the role.
        Err(_) if !reach.inherit && !reach.has_options => {
            let borrowed = reach.borrow(role, Need::Become)?;
            let inside = vec![
                Change::ActAs(role.clone()),
                end,
                Change::ActAs(reach.admin.clone()),
            ];
            Ok(around(borrowed, inside))
        }
        Err(refused) => Err(refused),
    }
}
