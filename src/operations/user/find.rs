//! `user find` and `user list`: which roles there are, on one target or on all, in parallel.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::report::{Found, UserReport};
use crate::domain::target::Target;
use crate::run::fleet::for_each_target;
use crate::run::{Act, Done, Session};
use crate::server::catalog;

/// What came of one target: its rows, or why there are none.
pub struct TargetResult {
    /// The target's place in the list that was asked.
    pub place: usize,
    pub rows: Result<Vec<UserReport>>,
}

/// Looks for a role on each target.
pub fn find_users(
    session: &Session,
    targets: &[Target],
    role: &RoleName,
    mut take: impl FnMut(TargetResult),
) {
    for_each_target(
        targets,
        |target| find_user(session, target, role),
        |place, rows| {
            take(TargetResult {
                place,
                rows: rows.map(|row| vec![row]),
            });
        },
    );
}

/// Lists the logins of each target.
pub fn list_users(session: &Session, targets: &[Target], mut take: impl FnMut(TargetResult)) {
    for_each_target(
        targets,
        |target| list_target(session, target),
        |place, rows| {
            take(TargetResult { place, rows });
        },
    );
}

fn find_user(session: &Session, target: &Target, role: &RoleName) -> Result<UserReport> {
    let cannot = format!("cannot look for role \"{role}\"");
    let act = Act::on(target, Operation::UserFind, cannot).role(role);
    session.audited(&act, target, |server| {
        let found = server.read(|connection| catalog::read_role(connection, role))?;
        let status = if found.role.is_some() {
            Status::UserFound
        } else {
            Status::UserNotFound
        };
        let mut report = UserReport::new(role.as_str(), status.clone(), target);
        report.found = found.role.map(Found::from);
        let done = Done {
            status,
            ..Done::default()
        };
        Ok((report, done))
    })
}

fn list_target(session: &Session, target: &Target) -> Result<Vec<UserReport>> {
    let act = Act::on(target, Operation::UserList, "cannot list the roles");
    session.audited(&act, target, |server| {
        let logins = server.read(catalog::list_logins)?;
        let rows: Vec<_> = logins
            .into_iter()
            .map(|login| {
                let mut report = UserReport::new(&login.name, Status::UserFound, target);
                report.found = Some(Found::from(login));
                report
            })
            .collect();
        let done = Done {
            status: Status::UsersListed(rows.len()),
            ..Done::default()
        };
        Ok((rows, done))
    })
}
