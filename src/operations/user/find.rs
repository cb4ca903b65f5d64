//! `user find` and `user list`: lists roles, on one target or on all, in parallel.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::report::{RoleDescription, UserReport};
use crate::domain::target::Target;
use crate::run::fleet::for_each_target;
use crate::run::{Act, Done, Run};
use crate::server::catalog;

/// The result for one target: its rows, or its error.
pub struct TargetRoles {
    /// The target's index in the list.
    pub place: usize,
    pub rows: Result<Vec<UserReport>>,
}

/// Looks for a role on each target.
pub fn find_users(
    run: &Run,
    targets: &[Target],
    role: &RoleName,
    mut take: impl FnMut(TargetRoles),
) {
    for_each_target(
        targets,
        |target| find_user(run, target, role),
        |place, rows| {
            take(TargetRoles {
                place,
                rows: rows.map(|row| vec![row]),
            });
        },
    );
}

/// Lists the logins of each target.
pub fn list_users(run: &Run, targets: &[Target], mut take: impl FnMut(TargetRoles)) {
    for_each_target(
        targets,
        |target| list_target(run, target),
        |place, rows| {
            take(TargetRoles { place, rows });
        },
    );
}

fn find_user(run: &Run, target: &Target, role: &RoleName) -> Result<UserReport> {
    let cannot = format!("cannot look for role \"{role}\"");
    let act = Act::on(target, Operation::UserFind, cannot).role(role);
    run.audited(&act, target, |server| {
        let found = server.read(|connection| catalog::read_role(connection, role))?;
        let status = if found.role.is_some() {
            Status::UserFound
        } else {
            Status::UserNotFound
        };
        let mut report = UserReport::new(role.as_str(), status.clone(), target);
        report.found = found.role.map(RoleDescription::from);
        let done = Done {
            status,
            ..Done::default()
        };
        Ok((report, done))
    })
}

fn list_target(run: &Run, target: &Target) -> Result<Vec<UserReport>> {
    let act = Act::on(target, Operation::UserList, "cannot list the roles");
    run.audited(&act, target, |server| {
        let logins = server.read(catalog::list_logins)?;
        let rows: Vec<_> = logins
            .into_iter()
            .map(|login| {
                let mut report = UserReport::new(&login.name, Status::UserFound, target);
                report.found = Some(RoleDescription::from(login));
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
