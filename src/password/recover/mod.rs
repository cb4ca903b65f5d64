//! `recover`: ends password changes that were cut off: finds out whether the password is in force, and if so
//! delivers it; else nothing was changed.

mod dual;
mod verdict;

use anyhow::{Context, Result};

use crate::delivery::Sink;
use crate::domain::act::operation::Operation;
use crate::domain::act::plan::Change;
use crate::domain::act::status::{ChangeEnd, GIVEN_UP, Status};
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Kind, Phase, phase_of, sqlstate_of};
use crate::domain::password::change::{ChangeKind, ChangeState, PasswordChange};
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::locks::Lock;
use crate::password::close::KEEP;
use crate::password::recover::verdict::{Verdict, find_out};
use crate::password::{OpenChange, discard_remains};
use crate::run::fleet::role_on;
use crate::run::login_state::{apply, is_policy_refusal};
use crate::run::messages::drafts_of_cut_off;
use crate::run::sealed_contents;
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;
use crate::store::{ChangeEnding, JournalRow, Subject, unusable};

pub use crate::store::JournalEntry;

/// Ends what can be ended. Each change ends in its own event of the audit log, and what was cut off gets the
/// outcome that it lacks there. What a single change came to goes to `take` at once.
///
/// # Errors
/// Where the journal cannot be read.
pub fn recover(
    run: &Run,
    stdout: &dyn Sink,
    mut take: impl FnMut(Result<JournalEntry>),
) -> Result<()> {
    let now = Timestamp::now();
    // Nothing that is kept rightly is kept so long, even by another machine whose clock is a little ahead.
    let latest = now.after(KEEP)?.after(Span::seconds(60))?;
    run.with_store(|store| store.close_expired_changes(now, latest))?;
    recover_each(run, Some(stdout), |_| true, &mut take)?;
    // What cannot be read cannot be ended, and must not look as if it were.
    for bad in run.with_store(|store| store.list_bad_changes())? {
        take(Err(unusable(&bad).into()));
    }
    let channels = &run.settings.channels;
    run.with_store(|store| {
        store.complete_outcomes(Timestamp::now(), |cut_off| {
            drafts_of_cut_off(channels, cut_off)
        })
    })
}

/// Ends one change, or delivers it once more where its sealed copy is still there.
///
/// # Errors
/// Not found; ended already: refused. What stands in its way.
pub fn recover_one(run: &Run, stdout: &dyn Sink, id: &str) -> Result<JournalEntry> {
    let row = find_open_change(run, id)?;
    let ended = recover_row(run, &row, Some(stdout))?;
    ended.ok_or_else(|| busy(&row).into())
}

fn recover_each(
    run: &Run,
    stdout: Option<&dyn Sink>,
    wanted: impl Fn(&JournalRow) -> bool,
    take: impl FnMut(Result<JournalEntry>),
) -> Result<()> {
    let open = run.unsettled_changes()?;
    let wanted: Vec<_> = open.iter().filter(|row| wanted(row)).collect();
    let watched = run.watch("password changes", wanted.len());
    let recover = |row: &JournalRow| {
        let name = || role_on(&row.change.role, &row.change.target);
        watched.attempt(name, || recover_row(run, row, stdout).transpose())
    };
    wanted.into_iter().filter_map(recover).for_each(take);
    Ok(())
}

/// Ends open changes of a target before another one begins there. What goes to stdout waits for `recover run`.
///
/// # Errors
/// Where the journal cannot be read. What cannot be ended is a warning.
pub fn settle_target(run: &Run, target: &Target) -> Result<()> {
    settle_targets(run, &[target])
}

/// The same for several targets, reading the journal once.
///
/// # Errors
/// As for one.
pub fn settle_targets(run: &Run, targets: &[&Target]) -> Result<()> {
    let is_to_settle = |row: &JournalRow| {
        let is_there = |target: &&Target| row.change.target.is_on_cluster_of(target);
        row.state != ChangeState::Stuck && targets.iter().any(is_there)
    };
    recover_each(run, None, is_to_settle, |result| match result {
        Ok(entry) => run.warn(format!(
            "an earlier change of \"{}\" was interrupted and has been closed: {}",
            entry.username,
            entry.state.as_str()
        )),
        Err(error) => run.warn(format!("an earlier change is still open: {error:#}")),
    })
}

/// One change, looked up by its id.
///
/// # Errors
/// Not found.
pub fn find_change(run: &Run, id: &str) -> Result<JournalRow> {
    let row = run.find_change(id)?;
    row.ok_or_else(|| {
        Failure::not_found(format!("no password change {id:?} in the journal"))
            .hint("list them: pgrole recover list")
            .into()
    })
}

/// One change that has not ended.
fn find_open_change(run: &Run, id: &str) -> Result<JournalRow> {
    let row = find_change(run, id)?;
    if row.state.is_final() {
        return Err(Failure::refused(format!(
            "password change {id} has already ended: {}",
            row.state.as_str()
        ))
        .into());
    }
    Ok(row)
}

/// Ends a change without looking at the server: the operator has the password (`ack`), or gives it up (`abort`).
///
/// # Errors
/// Not found, or ended already: refused.
pub fn close_by_hand(run: &Run, id: &str, state: ChangeState) -> Result<JournalEntry> {
    let row = find_open_change(run, id)?;
    let locks = try_locks(run, &row.locks)?.ok_or_else(|| busy(&row))?;
    close(run, &row, state, locks)
}

/// The same for one who holds this lock already.
///
/// # Errors
/// Not found, or ended already: refused.
pub fn close_under(run: &Run, id: &str, state: ChangeState, held: &str) -> Result<JournalEntry> {
    let row = find_open_change(run, id)?;
    let others = row.locks.iter().filter(|name| *name != held);
    let locks = try_locks(run, others)?.ok_or_else(|| busy(&row))?;
    close(run, &row, state, locks)
}

fn close(
    run: &Run,
    row: &JournalRow,
    state: ChangeState,
    _locks: Vec<Lock>,
) -> Result<JournalEntry> {
    let (operation, end) = if state == ChangeState::Closed {
        (Operation::RecoverAck, ChangeEnd::Acknowledged)
    } else {
        (Operation::RecoverAbort, ChangeEnd::GivenUp)
    };
    let act = Act::here(operation).about(subject(&row.change));
    let reason = (state == ChangeState::Aborted).then_some(GIVEN_UP);
    run.audited_ending(&act, ended(&row.change, end), || {
        closed(run, &row.change, state, reason)
    })?;
    Ok(find_change(run, &row.change.operation_id)?.into())
}

/// Takes all locks under which somebody may be at work on a change; None where another process holds one.
fn try_locks<'n>(
    run: &Run,
    names: impl IntoIterator<Item = &'n String>,
) -> Result<Option<Vec<Lock>>> {
    let taken = names.into_iter().map(|name| run.try_lock(name));
    let taken: Option<Vec<_>> = taken.collect::<Result<Vec<_>>>()?.into_iter().collect();
    Ok(taken)
}

/// How often a change is looked at again where somebody ended the session: each orphan can do so once.
const RETRIES: u32 = 3;
/// Whatever settles a change has not yet ended it.
const ENDED: &str = "the change has ended already";

/// None where another process is still at work on it, or has ended it meanwhile.
fn recover_row(
    run: &Run,
    row: &JournalRow,
    stdout: Option<&dyn Sink>,
) -> Result<Option<JournalEntry>> {
    let id = &row.change.operation_id;
    let Some(locks) = try_locks(run, &row.locks)? else {
        return Ok(None);
    };
    // It may have ended between the listing and the lock.
    let before = row.state;
    let row = find_change(run, id)?;
    if row.state.is_final() || row.state == ChangeState::Delivered && before != row.state {
        return Ok(None);
    }
    let cannot = format!(
        "cannot recover the password change {id} of \"{}\"",
        row.change.role
    );
    let act = Act::on(&row.change.target, Operation::Recover, cannot).about(subject(&row.change));
    if row.state == ChangeState::Sealed {
        // Nothing was sent: neither the server nor the key is needed to end it.
        let status = ended(&row.change, ChangeEnd::NotApplied);
        let end = || closed(run, &row.change, ChangeState::Aborted, None);
        run.audited_ending(&act, status, end)?;
        return Ok(Some(find_change(run, id)?.into()));
    }
    let contents = sealed_contents::open(&run.key_file, &row)?;
    // The cluster that the change was begun on, whatever the registry has been told since.
    let target = &Target {
        cluster: row
            .change
            .cluster
            .clone()
            .or(row.change.target.cluster.clone()),
        ..row.change.target.clone()
    };
    let open = OpenChange::reopen(run, stdout, row.change.clone(), contents, locks);
    let mut open = Some(open);
    let mut retries_left = RETRIES;
    loop {
        let result = run.audited(&act, target, |server| {
            let change = open.as_mut().context(ENDED)?;
            change.settle_in(server);
            let state = settle(run, server, change, &row)?;
            let status = ended(&row.change, state.into());
            end(server, open.take().context(ENDED)?, state)?;
            let done = Done {
                status,
                ..Done::default()
            };
            Ok(((), done))
        });
        match result {
            Err(error) if open.is_some() && retries_left > 0 && is_ended_by_another(&error) => {
                retries_left -= 1;
            }
            result => {
                result?;
                let row = find_change(run, id)?;
                require_end(&row)?;
                return Ok(Some(row.into()));
            }
        }
    }
}

/// Refuses to call a change ended that the journal still has open. Why it has was said as a warning.
fn require_end(row: &JournalRow) -> Result<(), Failure> {
    if row.state.is_final() || row.state == ChangeState::Delivered {
        return Ok(());
    }
    let id = &row.change.operation_id;
    let what = format!("the end of password change {id} is not on record");
    Err(Failure::new(Kind::Failed, what).hint("try again: pgrole recover run"))
}

/// Leaves nothing of a change's password behind.
fn closed(
    run: &Run,
    change: &PasswordChange,
    state: ChangeState,
    error: Option<&str>,
) -> ChangeEnding {
    discard_remains(run, change);
    ChangeEnding {
        operation_id: change.operation_id.clone(),
        state,
        error: error.map(str::to_owned),
        keep_until: None,
    }
}

/// Whether somebody ended our session (`admin_shutdown`). A recovery that was killed may have left a statement on its
/// way that ends the sessions of this change: where it comes late, it means ours. Finding out again loses nothing.
fn is_ended_by_another(error: &anyhow::Error) -> bool {
    sqlstate_of(error) == Some("57P01")
}

/// Finds out what is in force, and makes the change after all where the role is as it was.
fn settle(
    run: &Run,
    server: &mut TargetSession<'_>,
    open: &mut OpenChange<'_>,
    row: &JournalRow,
) -> Result<ChangeState> {
    if open.change.dual.is_some() {
        return match dual::settle(run, server, open, row, was_applied(row)) {
            Ok(dual::Settled::Ended(state)) => Ok(state),
            Ok(dual::Settled::FailedOver(before, now)) => {
                Err(stuck_after_failover(open, before, now))
            }
            Err(error) if phase_of(&error) == Some(Phase::Cluster) => {
                Err(stuck_on_another_cluster(open))
            }
            Err(error) => Err(error),
        };
    }
    match find_out(run, server, open)? {
        Verdict::InForce => {
            if !was_applied(row) {
                open.applied()?;
            }
            Ok(ChangeState::Applied)
        }
        // The server acknowledged it.
        Verdict::CannotTell if was_applied(row) => Ok(ChangeState::Applied),
        Verdict::NotApplied if was_applied(row) => Ok(ChangeState::Superseded),
        Verdict::AsBefore => match apply_again(server, open) {
            Ok(()) => Ok(ChangeState::Applied),
            Err(error) if is_policy_refusal(&error) => Ok(ChangeState::Refused),
            Err(error) => Err(error),
        },
        Verdict::NotApplied => Ok(ChangeState::Aborted),
        Verdict::Superseded => Ok(ChangeState::Superseded),
        Verdict::OtherCluster => Err(stuck_on_another_cluster(open)),
        Verdict::FailedOver(before, now) => Err(stuck_after_failover(open, before, now)),
        Verdict::CannotTell => Err(Failure::new(
            Kind::Undelivered,
            "the server's answer does not tell which password is in force",
        )
        .hint("try again when the server lets the role log in: pgrole recover run")
        .into()),
    }
}

/// Whether the password was in force once: if it is not now, somebody has changed it since.
fn was_applied(row: &JournalRow) -> bool {
    matches!(
        row.state,
        ChangeState::Applied
            | ChangeState::Proven
            | ChangeState::Undelivered
            | ChangeState::Delivered
    )
}

fn ended(change: &PasswordChange, end: ChangeEnd) -> Status {
    Status::ChangeEnded {
        id: change.operation_id.clone(),
        end,
    }
}

/// Sends the byte-identical verifier: poolers may hold it already.
fn apply_again(server: &mut TargetSession<'_>, open: &OpenChange<'_>) -> Result<()> {
    let role = &open.change.role;
    let state = server.read(|connection| catalog::read_role(connection, role))?;
    let change = Change::SetPassword {
        role: open.change.role.clone(),
        verifier: open.contents().verifier.clone(),
        valid_until: open.change.valid_until,
    };
    apply(server, &[Change::CommitDurably, change], state.version)?;
    open.applied()
}

fn end(server: &mut TargetSession<'_>, open: OpenChange<'_>, state: ChangeState) -> Result<()> {
    match state {
        ChangeState::Applied => {
            let status = match open.change.kind {
                ChangeKind::Create => Status::UserCreated,
                ChangeKind::Reset | ChangeKind::Admin => Status::PasswordReset,
            };
            let mut report =
                UserReport::new(open.change.role.as_str(), status, &open.change.target);
            open.deliver_and_look_again(server, &mut report)
        }
        state => {
            open.close(state, None);
            Ok(())
        }
    }
}

/// Leaves the change as it is, for a human to decide.
fn stick(open: &mut OpenChange<'_>, reason: String, hint: String) -> anyhow::Error {
    open.leave(ChangeState::Stuck, Some(reason.clone()));
    Failure::new(Kind::Undelivered, reason).hint(hint).into()
}

fn stuck_on_another_cluster(open: &mut OpenChange<'_>) -> anyhow::Error {
    let id = &open.change.operation_id;
    let reason = "another cluster answers under this name; the password is valid on the previous one, if anywhere";
    let hint = format!(
        "when the right cluster answers again: pgrole recover run; else abort the change: {}",
        pasteable("pgrole recover abort {}", &[id])
    );
    stick(open, reason.to_owned(), hint)
}

fn stuck_after_failover(open: &mut OpenChange<'_>, before: u32, now: u32) -> anyhow::Error {
    let PasswordChange {
        operation_id,
        role,
        target,
        ..
    } = &open.change;
    let reason = format!(
        "the server has failed over since (timeline {before} then, {now} now), and a login does not confirm the new password of \"{role}\": either the change was lost with the old primary, and the previous password is valid here; or it was replicated, and somebody has changed the password since"
    );
    let hint = format!(
        "if the old primary comes back: pgrole recover run; else abort the change, and set a new password: {}; {}",
        pasteable("pgrole recover abort {}", &[operation_id]),
        on_target("pgrole user reset -e {} -d {} -u {}", target, &[role])
    );
    stick(open, reason, hint)
}

fn busy(row: &JournalRow) -> Failure {
    Failure::new(
        Kind::Busy,
        format!(
            "another process is working on password change {}",
            row.change.operation_id
        ),
    )
    .hint("try again when it has ended")
}

fn subject(change: &PasswordChange) -> Subject {
    Subject {
        username: Some(change.role.to_string()),
        profile: change.profile.clone(),
        ..Subject::from(&change.target)
    }
}
