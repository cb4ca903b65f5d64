//! The end of a drop: DROP ROLE, and what the registry forgets with it.

use anyhow::{Result, bail};

use crate::domain::act::operation::Operation;
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password::change::{ChangeState, name_of_role_lock};
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::operations::user::drop::preview::{DropPreview, read_for_named};
use crate::operations::user::drop::request::DropRole;
use crate::operations::user::drop::settle::is_other_role;
use crate::operations::user::drop::transaction::{Ending, execute};
use crate::password::recover::close_under;
use crate::run::login_state::for_people;
use crate::run::{Act, Done, Run, TargetSession};
use crate::store::{JournalRow, Subject};

/// How the last step ended.
pub enum Finish {
    /// With the role's lock: until it is released, nobody makes a new role of the name, whose delivery and records would be
    /// taken for those of the old one.
    Dropped(Lock),
    /// Something depends on the role again, in these databases.
    Depends(Vec<String>),
}

/// Drops the role, once nothing depends on it.
///
/// # Errors
/// The server's error; refused, if the name is another role's by now.
pub fn finish(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview, oid: u32) -> Result<Finish> {
    let act = Act::on(
        &preview.target,
        Operation::UserDrop,
        format!("cannot drop \"{}\"", wanted.role),
    )
    .role(wanted.role)
    .reason(wanted.reason);
    run.audited(&act, &preview.target, |server| {
        let lock = run.lock(&lock_name(wanted, preview))?;
        drop_role(server, wanted, oid, lock)
    })
}

/// The lock under which the role is made, changed and dropped.
pub fn lock_name(wanted: &DropRole<'_>, preview: &DropPreview) -> String {
    name_of_role_lock(&preview.cluster_id, wanted.role)
}

fn drop_role(
    server: &mut TargetSession<'_>,
    wanted: &DropRole<'_>,
    oid: u32,
    lock: Lock,
) -> Result<(Finish, Done)> {
    let role = wanted.role;
    let found = read_for_named(server, wanted)?;
    let mut done = Done {
        status: Status::UserDropped,
        undo: Undo::remark("a dropped role cannot be restored: create it anew"),
        ..Done::default()
    };
    match found.oid {
        // Somebody else did it.
        None => return Ok((Finish::Dropped(lock), done)),
        Some(other) if other != oid => bail!(is_other_role(role)),
        Some(_) => {}
    }
    let left = found.cluster.databases.iter();
    let left: Vec<_> = left.map(|database| database.name.clone()).collect();
    if !left.is_empty() {
        done.status = Status::Unchanged;
        return Ok((Finish::Depends(left), done));
    }
    let changes = [
        Change::RequireRole {
            role: role.clone(),
            oid,
        },
        Change::CommitDurably,
        Change::DropRole(role.clone()),
    ];
    let version = found.server.version;
    match execute(server, role, &changes, version) {
        Ok(Ending::Committed) => {
            done.statements = for_people(&changes[2..], version);
            Ok((Finish::Dropped(lock), done))
        }
        // Made since it was read.
        Ok(_) => {
            done.status = Status::Unchanged;
            Ok((Finish::Depends(Vec::new()), done))
        }
        Err(error) if sqlstate_of(&error) == Some("2BP01") => {
            let found = read_for_named(server, wanted)?;
            let left = found.cluster.databases.iter();
            let left: Vec<_> = left.map(|database| database.name.clone()).collect();
            if left.is_empty() {
                return Err(error);
            }
            done.status = Status::Unchanged;
            Ok((Finish::Depends(left), done))
        }
        Err(error) => Err(error),
    }
}

/// Puts on record that the role is gone, which an earlier run that was cut off could not. Returns the role's lock.
///
/// # Errors
/// Busy; if it cannot be recorded.
pub fn note_dropped(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview) -> Result<Lock> {
    let lock = run.lock(&lock_name(wanted, preview))?;
    let act = Act::on(
        &preview.target,
        Operation::UserDrop,
        format!("cannot drop \"{}\"", wanted.role),
    )
    .role(wanted.role)
    .reason(wanted.reason);
    run.audited_run(&act, || {
        let done = Done {
            status: Status::UserDropped,
            undo: Undo::remark("the role was gone already: an earlier run was cut off"),
            ..Done::default()
        };
        Ok(((), done))
    })?;
    Ok(lock)
}

/// The error for what keeps coming back.
pub fn depends_still(wanted: &DropRole<'_>, databases: &[String]) -> Failure {
    let names: Vec<_> = databases.iter().map(|name| format!("\"{name}\"")).collect();
    let role = wanted.role;
    let what = if names.is_empty() {
        format!("what depends on \"{role}\" changes all the time")
    } else {
        let names = names.join(", ");
        format!(
            "objects in database {names} depend on \"{role}\" again, or were not there when they were listed"
        )
    };
    Failure::new(Kind::Failed, what)
    .sqlstate("2BP01")
    .hint("somebody acts as the role (SET ROLE), or copies a template: end that, and run the command again")
}

/// Forgets what the registry has about a role that is gone: its rotation, its lock, its open password changes. The caller
/// holds the role's lock.
///
/// # Errors
/// If the registry cannot be written.
pub fn forget(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview) -> Result<()> {
    let (role, cluster_id) = (wanted.role, preview.cluster_id.as_str());
    let is_its = |row: &&JournalRow| {
        row.change.role == *role && row.change.target.is_on_cluster_of(&preview.target)
    };
    for row in run.open_changes()?.iter().filter(is_its) {
        // What was handed over is only kept for a while; what was not is worth nothing any more.
        let state = match row.state {
            ChangeState::Delivered => ChangeState::Closed,
            _ => ChangeState::Aborted,
        };
        let held = lock_name(wanted, preview);
        close_under(run, &row.change.operation_id, state, &held)?;
    }
    let subject = Subject {
        username: Some(role.to_string()),
        reason: wanted.reason.map(str::to_owned),
        ..Subject::from(&preview.target)
    };
    run.with_store(|store| store.forget_dropped(cluster_id, &subject, Timestamp::now()))
}
