//! `user drop`: previews every database of the cluster, locks, settles one database after another, drops, forgets.
//!
//! The state is on the server: a run that was cut off is continued by the next one.

mod deliveries;
mod dual_logins;
mod finish;
mod preview;
mod refusals;
mod rehearsing;
mod report;
mod request;
mod settle;
mod transaction;

use std::time::Duration;

use anyhow::Result;

use crate::domain::access::boxes::BoxId;
use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::password::change::name_of_lock;
use crate::domain::role::RoleName;
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::operations::access::boxes::ending::EndCause;
use crate::operations::access::boxes::revoke::{EndedBoxes, end_boxes};
use crate::operations::user::lock::{LockReport, LockRole, MemberSessions, lock_role};
use crate::run::Run;
use crate::store::LockedRole;

pub use dual_logins::{drop_logins, logins_of, refuse_one_of_two};
use preview::DatabasePreview;
pub use preview::{DropPreview, find, preview, preview_in_earnest};
pub use rehearsing::rehearse_drop;
pub use report::{DropReport, DroppedDatabase};
pub use request::{DeliveredPassword, DropRole, Heirs};

/// How often to look for what came meanwhile.
const ROUNDS: u32 = 12;
/// Between two rounds, times their number: whoever grants something to the role meanwhile comes to an end.
const PAUSE: Duration = Duration::from_millis(50);

/// What would be done, without doing it.
pub fn report_of(wanted: &DropRole<'_>, preview: &DropPreview) -> DropReport {
    let mut report = DropReport::new(wanted.role, wanted.target, preview);
    let heir: Option<&RoleName> = wanted.heirs.role.as_ref();
    report.statements = Some(preview.statements(wanted.role, heir));
    report
}

/// Locks the role, and puts on record which role it is: what is dropped later must be the same.
///
/// # Errors
/// As [`lock_role`]; if sessions are left.
pub fn lock(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview) -> Result<Option<LockReport>> {
    let Some(oid) = preview.oid else {
        return Ok(None);
    };
    let is_login = (preview.main.as_ref())
        .and_then(|main| main.server.role.as_ref())
        .is_some_and(|state| state.login);
    if !is_login {
        let record = LockedRole {
            cluster_id: preview.cluster_id.clone(),
            username: wanted.role.to_string(),
            oid,
            could_login: false,
        };
        run.with_store(|store| store.note_locked(&record, "", Timestamp::now()))?;
    }
    let report = lock_role(
        run,
        &LockRole {
            target: &preview.target,
            role: wanted.role,
            member_sessions: MemberSessions::Kept,
            protection: wanted.protection,
            reason: wanted.reason,
            mode: Mode::Run,
        },
    )?;
    match report.failure() {
        Some(failure) => Err(failure.on(&preview.target).into()),
        None => Ok(Some(report)),
    }
}

/// Drops a role that is locked. What became of each database is in the report, whether all of it succeeds or not.
///
/// # Errors
/// The server's error in the first database that cannot be settled; those before it are.
pub fn carry_out(
    run: &Run,
    wanted: &DropRole<'_>,
    preview: &DropPreview,
    report: &mut DropReport,
) -> Result<()> {
    let name = format!("{}/{}", preview.cluster_id, wanted.role);
    let _lock = run.lock(&name_of_lock("drop", name))?;
    let _role_lock = match preview.oid {
        Some(oid) => settle_and_drop(run, wanted, preview, (oid, report))?,
        None => finish::note_dropped(run, wanted, preview)?,
    };
    report.status = Status::UserDropped;
    end_access(run, wanted, preview, report);
    deliveries::settle_deliveries(run, wanted, preview, report)?;
    finish::forget(run, wanted, preview)
}

/// Ends the access with an end that the role had. What cannot be ended now gives nobody access, and is ended by the next
/// `access expire`.
fn end_access(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview, report: &mut DropReport) {
    let main = preview.main.as_ref();
    let groups = main.map_or(&[][..], |main| &main.cluster.member_of);
    let boxes: Vec<_> = groups
        .iter()
        .filter_map(|group| BoxId::of_role(group.as_str()))
        .collect();
    let ending = EndedBoxes {
        target: &preview.target,
        login: wanted.role,
        reason: wanted.reason,
        cause: EndCause::Empty,
        mode: Mode::Run,
    };
    match end_boxes(run, &ending, &boxes) {
        Ok(ended) => report.warnings.extend(ended.iter().map(|ended| {
            format!(
                "access with an end was taken away with it: grant {}",
                ended.id
            )
        })),
        Err(error) => report.warnings.push(format!("{error:#}")),
    }
}

fn is_known_in(known: &[DatabasePreview], database: &DatabasePreview) -> bool {
    let mut known = known.iter();
    known.any(|other| other.estate.database.name == database.estate.database.name)
}

/// The databases in which something depends on the role by now. What it owns in one that was not shown is not dropped.
fn look_again(run: &Run, wanted: &DropRole<'_>, oid: u32) -> Result<Vec<DatabasePreview>> {
    let Some(found) = find(run, wanted)?.filter(|found| found.oid == Some(oid)) else {
        return Ok(Vec::new());
    };
    for database in &found.databases {
        let here = &database.estate.database;
        if wanted.heirs.drop_owned && here.to_dispose_of > 0 {
            return Err(Failure::refused(format!(
                "\"{}\" owns {} objects in database \"{}\" now, which were not all shown",
                wanted.role, here.to_dispose_of, here.name
            ))
            .hint("run the command again, which shows them")
            .on(&database.target)
            .into());
        }
    }
    Ok(found.databases)
}

fn settle_and_drop(
    run: &Run,
    wanted: &DropRole<'_>,
    preview: &DropPreview,
    (oid, report): (u32, &mut DropReport),
) -> Result<Lock> {
    let mut left = Vec::new();
    // Databases in which something came to depend on it after the preview.
    let mut later: Vec<DatabasePreview> = Vec::new();
    let main = preview.main.as_ref();
    let has_shared = main
        .is_some_and(|main| !main.cluster.shared.is_empty() || !main.cluster.granted.is_empty());
    for round in 0..ROUNDS {
        std::thread::sleep(PAUSE * round);
        if has_shared {
            settle::settle_cluster(run, wanted, &preview.target, oid)?;
        }
        let databases = || preview.databases.iter().chain(&later);
        for database in databases() {
            if !database.estate.database.subscriptions.is_empty() {
                settle::settle_subscriptions(run, wanted, database, oid)?;
            }
        }
        for (database, row) in databases().zip(&mut report.databases) {
            settle::settle_database(run, wanted, database, oid)?;
            row.status = Status::ObjectsSettled;
        }
        match finish::finish(run, wanted, preview, oid)? {
            finish::Finish::Dropped(lock) => return Ok(lock),
            finish::Finish::Depends(databases) => left = databases,
        }
        let is_known = |name: &String| {
            let mut known = preview.databases.iter().chain(&later);
            known.any(|database| database.estate.database.name == *name)
        };
        if !left.iter().all(is_known) {
            for database in look_again(run, wanted, oid)? {
                if !is_known_in(&preview.databases, &database) && !is_known_in(&later, &database) {
                    report.databases.push(DroppedDatabase::of(&database));
                    later.push(database);
                }
            }
        }
    }
    Err(finish::depends_still(wanted, &left)
        .on(&preview.target)
        .into())
}
