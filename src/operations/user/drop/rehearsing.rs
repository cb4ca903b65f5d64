//! `user drop --rehearse`: what the server says of the drop, in each database by itself; all of it is rolled back. Sessions
//! are never ended.

use anyhow::{Error, Result, bail};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::rehearsal::{Rehearsal, Verdict};
use crate::domain::act::status::Status;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, OnTarget};
use crate::operations::rehearsal::{Script, done, rehearse, status, verdict};
use crate::operations::user::drop::preview::{
    DatabasePreview, DropPreview, read_for_named, with_heir,
};
use crate::operations::user::drop::refusals::locking;
use crate::operations::user::drop::report::DropReport;
use crate::operations::user::drop::request::{DeliveredPassword, DropRole};
use crate::operations::user::drop::settle::{Part, is_other_role, plan};
use crate::operations::user::drop::transaction::{left_in, still_depends};
use crate::run::login_state::Protection;
use crate::run::{Act, Done, Run, TargetSession};

/// More relations than this are locked for so long that others notice.
const MOST_LOCKED: u32 = 200;
const CANNOT: &str = "cannot rehearse the drop";
const ROLE_ELSEWHERE: &str =
    "DROP ROLE: what depends on the role in its other databases is settled before";

/// Rehearses the drop in one database after another. What the server said is in the report; the errors are those that the
/// real run would have.
///
/// # Errors
/// Refused, before anything is rehearsed, where others would notice.
pub fn rehearse_drop(
    run: &Run,
    wanted: &DropRole<'_>,
    preview: &DropPreview,
    report: &mut DropReport,
) -> Result<Vec<Error>> {
    report.statements = None;
    let refused: Vec<_> = preview
        .databases
        .iter()
        .filter_map(|database| refusal(wanted, database))
        .collect();
    if !refused.is_empty() {
        let act = act(wanted, &preview.databases[0]);
        return run.audited_run(&act, || Err(joined(refused, wanted)));
    }
    let Some(oid) = preview.oid else {
        return Ok(Vec::new());
    };
    warn(wanted, preview, report);
    let mut failed = Vec::new();
    for (database, row) in preview.databases.iter().zip(&mut report.databases) {
        let act = act(wanted, database);
        let rehearsed = run.audited(&act, &database.target, |server| {
            rehearse_in(run, server, wanted, (database, oid))
        });
        match rehearsed {
            Ok(mut rehearsal) => {
                row.status = status(&rehearsal);
                let real = verdict(Some(&mut rehearsal), &database.target);
                failed.extend(real.err());
                row.rehearsal = Some(rehearsal);
            }
            Err(error) => failed.push(error),
        }
    }
    report.status = overall(report);
    Ok(failed)
}

fn act(wanted: &DropRole<'_>, database: &DatabasePreview) -> Act {
    let target = &database.target;
    Act::on(target, Operation::UserDrop, CANNOT)
        .in_mode(Mode::Rehearsal)
        .role(wanted.role)
        .reason(wanted.reason)
}

fn overall(report: &DropReport) -> Status {
    let is = |status: Status| report.databases.iter().any(|row| row.status == status);
    if is(Status::UnknownBusy) {
        Status::UnknownBusy
    } else if is(Status::Rehearsed) {
        Status::Rehearsed
    } else {
        Status::Unchanged
    }
}

/// Why it is not rehearsed in a database: REASSIGN OWNED and DROP OWNED lock each relation exclusively, which makes its
/// readers wait, and ends their queries on a standby, where these locks are replayed.
fn refusal(wanted: &DropRole<'_>, database: &DatabasePreview) -> Option<Failure> {
    let estate = &database.estate;
    let here = &estate.database;
    let relations = || {
        let relations = counted(here.locked as usize, "relation");
        format!(
            "a rehearsal would lock {relations} of \"{}\" exclusively in database \"{}\"",
            wanted.role, here.name
        )
    };
    if !here.many_tables.is_empty() {
        // In one transaction they could fill the lock table, which is everybody's.
        let what = format!(
            "{}, which the real run gives away in several transactions",
            relations()
        );
        return Some(Failure::refused(what).hint("to see what would be done: --dry-run"));
    }
    if wanted.protection == Protection::Overridden || here.locked == 0 {
        return None;
    }
    let forced = "to rehearse it all the same, add --force; to see what would be done: --dry-run";
    if here.locked > MOST_LOCKED {
        let what = format!(
            "{}, more than {MOST_LOCKED}, and their readers would wait",
            relations()
        );
        return Some(Failure::refused(what).hint(forced));
    }
    if estate.cluster.standbys > 0 {
        let clients = counted(estate.cluster.standbys as usize, "client");
        let what = format!(
            "{}, and {clients} read the WAL: on a standby that would end the queries that read them",
            relations()
        );
        return Some(Failure::refused(what).hint(forced));
    }
    None
}

fn joined(refused: Vec<Failure>, wanted: &DropRole<'_>) -> Error {
    let texts: Vec<_> = refused.iter().map(|one| one.message.clone()).collect();
    let hint = refused.into_iter().find_map(|one| one.hint);
    let failure = Failure::refused(texts.join("; ")).hint(hint.unwrap_or_default());
    Error::from(failure).context(OnTarget::new(wanted.target, CANNOT))
}

fn warn(wanted: &DropRole<'_>, preview: &DropPreview, report: &mut DropReport) {
    let Some(main) = &preview.main else {
        return;
    };
    let sessions = main.server.sessions;
    if sessions > 0 {
        report
            .warnings
            .push(format!("its sessions would be ended: {sessions}"));
    }
    let databases = main.cluster.databases.iter();
    let names: Vec<_> = databases.map(|it| format!("\"{}\"", it.name)).collect();
    if names.len() > 1 {
        report.warnings.push(format!(
            "DROP ROLE \"{}\" is not rehearsed: it needs the objects in {} settled first",
            wanted.role,
            names.join(", ")
        ));
    }
}

fn rehearse_in(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &DropRole<'_>,
    (database, oid): (&DatabasePreview, u32),
) -> Result<(Rehearsal, Done)> {
    let role = wanted.role;
    let named = read_for_named(server, wanted)?;
    if named.oid != Some(oid) {
        bail!(is_other_role(role));
    }
    let found = with_heir(server, wanted, named.clone())?;
    let mut changes = Vec::new();
    let state = named.server.role.as_ref();
    if state.is_some_and(|state| state.login) {
        changes.push(Change::SetLogin {
            role: role.clone(),
            can_login: false,
        });
    }
    let parts = [
        (Part::Cluster, &named),
        (Part::Subscriptions, &named),
        (Part::Database, &found),
    ];
    for (part, estate) in parts {
        changes.extend(plan(estate, wanted, oid, part)?.into_iter().flatten());
    }
    let mut others = found.cluster.databases.iter();
    let is_elsewhere = others.any(|other| other.name != found.database.name);
    if !is_elsewhere {
        changes.push(Change::DropRole(role.clone()));
    }
    let heir = wanted.heirs.heir_in(&found.database.owner, role);
    let roles = [Some(role), heir].into_iter().flatten().collect();
    let script = Script::new(&database.target, changes, roles, &found.server);
    let mut rehearsal = rehearse(run, server, script)?;
    rehearsal.not_rehearsed.push("the end of its sessions");
    if is_elsewhere {
        rehearsal.not_rehearsed.push(ROLE_ELSEWHERE);
    }
    if wanted.delivered == DeliveredPassword::Removed {
        let what = "the removal of its password from where it was delivered";
        rehearsal.not_rehearsed.push(what);
    }
    rehearsal.failure = rehearsal.failure.take().map(|failure| {
        let sessions = found.server.sessions;
        match left_in(&failure) {
            Some(left) => still_depends(role, &left),
            None if rehearsal.verdict == Verdict::Unknown && sessions > 0 => failure.hint(format!(
                "\"{role}\" has {}, which the real run ends first; to end them now: {}",
                counted(sessions as usize, "session"),
                locking(wanted)
            )),
            None => failure,
        }
    });
    let done = done(&rehearsal);
    Ok((rehearsal, done))
}
