//! `recover`: ends password changes that were cut off: finds out whether the password is in force, and if so
//! delivers it; else nothing was changed.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::credentials::sealing_key;
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::password_change::{ChangeKind, ChangeState, PasswordChange};
use crate::domain::plan::Change;
use crate::domain::scram::Verifier;
use crate::domain::sealing::Contents;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::login_state::apply;
use crate::operations::password_change::{Delivery, OpenChange, Print};
use crate::operations::probe::{Proof, prove};
use crate::operations::report::{Status, UserReport};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog::{self, ChangedRole};
use crate::store::{JournalEntry, JournalRow, Subject};

/// How long an orphaned session of ours is waited for after it was told to end.
const ORPHAN_TRIES: u32 = 50;
const ORPHAN_PAUSE: Duration = Duration::from_millis(100);

/// What is in force, as far as it can be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    /// The new password.
    InForce,
    /// What was there before.
    NotApplied,
    /// The role has what it had before, by its verifier: the change can be made after all.
    AsBefore,
    /// Somebody else's.
    Superseded,
    /// Another cluster answers under the target's name.
    OtherCluster,
    CannotTell,
}

/// Ends what can be ended. Each change ends in its own event of the audit log.
///
/// # Errors
/// Where the journal cannot be read. What a single change could not do is among the results.
pub fn recover(
    session: &Session,
    print: Print<'_>,
    wanted: impl Fn(&JournalRow) -> bool,
) -> Result<Vec<Result<JournalEntry>>> {
    let now = Timestamp::now();
    session.with_store(|store| store.close_expired_changes(now))?;
    let open = session.with_store(|store| store.list_open_changes())?;
    let mut results = Vec::new();
    for row in open
        .into_iter()
        .filter(|row| is_recoverable(row) && wanted(row))
    {
        if let Some(result) = recover_row(session, &row, print).transpose() {
            results.push(result);
        }
    }
    Ok(results)
}

/// Ends open changes of a target before another one begins there. What goes to stdout waits for `recover run`.
///
/// # Errors
/// Where the journal cannot be read. What cannot be ended is a warning.
pub fn settle_target(session: &Session, target: &Target) -> Result<()> {
    let same_cluster = |row: &JournalRow| {
        let other = &row.change.target;
        other.hostname == target.hostname && other.port == target.port
    };
    let refuse_stdout: Print<'_> =
        &|_, _| anyhow::bail!("its password goes to stdout, where another result is printed now");
    for result in recover(session, refuse_stdout, same_cluster)? {
        match result {
            Ok(entry) => session.warn(format!(
                "an earlier change of \"{}\" was cut off and has been ended: {}",
                entry.username,
                entry.state.as_str()
            )),
            Err(error) => session.warn(format!("an earlier change is still open: {error:#}")),
        }
    }
    Ok(())
}

/// One change, looked up by its id.
///
/// # Errors
/// Not found.
pub fn find_change(session: &Session, id: &str) -> Result<JournalRow> {
    let row = session.with_store(|store| store.find_change(id))?;
    row.ok_or_else(|| {
        Failure::not_found(format!("no password change {id:?} in the journal"))
            .hint("see which there are: pgrole recover list")
            .into()
    })
}

/// Ends a change without looking at the server: the operator has the password (`ack`), or gives it up (`abort`).
///
/// # Errors
/// Not found, or ended already: refused.
pub fn close_by_hand(session: &Session, id: &str, state: ChangeState) -> Result<JournalEntry> {
    let row = find_change(session, id)?;
    if row.state.is_final() {
        return Err(Failure::refused(format!(
            "password change {id} has ended already: {}",
            row.state.as_str()
        ))
        .into());
    }
    let lock = session.try_lock(&row.change.lock_name())?;
    let _lock = lock.ok_or_else(|| busy(&row))?;
    let (operation, status) = if state == ChangeState::Closed {
        ("recover ack", "acknowledged")
    } else {
        ("recover abort", "given up")
    };
    let act = Act {
        operation: operation.to_owned(),
        subject: subject(&row.change),
    };
    session.audited_locally(act, status, || {
        session.with_store(|store| store.close_change(id, state, None, Timestamp::now()))
    })?;
    Ok(find_change(session, id)?.into())
}

/// Rows that recovery has something to do for.
fn is_recoverable(row: &JournalRow) -> bool {
    !row.state.is_final() && row.state != ChangeState::Delivered && row.state != ChangeState::Stuck
}

/// None where another process is still at work on it, or has ended it meanwhile.
fn recover_row(
    session: &Session,
    row: &JournalRow,
    print: Print<'_>,
) -> Result<Option<JournalEntry>> {
    let id = &row.change.operation_id;
    let Some(lock) = session.try_lock(&row.change.lock_name())? else {
        return Ok(None);
    };
    // It may have ended between the listing and the lock.
    let row = find_change(session, id)?;
    if !is_recoverable(&row) {
        return Ok(None);
    }
    let contents = open_contents(session, &row)?;
    let act = Act {
        operation: "recover".to_owned(),
        subject: subject(&row.change),
    };
    let target = &row.change.target;
    let destination = row.change.delivery.clone();
    let delivery = Delivery {
        destination: &destination,
        file_format: row.change.file_format,
        print,
    };
    let what = format!(
        "cannot end the password change {id} of \"{}\"",
        row.change.role
    );
    let mut open = OpenChange::reopen(session, delivery, row.change.clone(), contents, lock);
    session
        .audited(act, target, |server| {
            let state = settle(session, server, &mut open, &row)?;
            let status = format!("password change {id}: {}", wording(state));
            end(open, state)?;
            let done = Done {
                status,
                ..Done::default()
            };
            Ok(((), done))
        })
        .with_context(|| OnTarget::new(target, what))?;
    Ok(Some(find_change(session, id)?.into()))
}

/// Finds out what is in force, and makes the change after all where the role is as it was.
fn settle(
    session: &Session,
    server: &mut Server,
    open: &mut OpenChange<'_>,
    row: &JournalRow,
) -> Result<ChangeState> {
    match row.state {
        ChangeState::Sealed => return Ok(ChangeState::Aborted),
        ChangeState::Applying | ChangeState::Unknown => end_orphan(server, &row.change)?,
        _ => {}
    }
    match find_out(session, server, open)? {
        Finding::InForce => {
            if matches!(row.state, ChangeState::Applying | ChangeState::Unknown) {
                open.applied()?;
            }
            Ok(ChangeState::Applied)
        }
        Finding::NotApplied if was_applied(row) => Ok(ChangeState::Superseded),
        Finding::AsBefore => {
            apply_again(server, open)?;
            Ok(ChangeState::Applied)
        }
        Finding::NotApplied => Ok(ChangeState::Aborted),
        Finding::Superseded => Ok(ChangeState::Superseded),
        Finding::OtherCluster => Ok(ChangeState::Stuck),
        Finding::CannotTell => Err(Failure::new(
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
        ChangeState::Applied | ChangeState::Proven | ChangeState::Undelivered
    )
}

/// How the audit log words an end.
fn wording(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Applied => "password in force, delivered",
        ChangeState::Superseded => "password changed by somebody else since",
        ChangeState::Stuck => "another cluster answers",
        _ => "not applied, nothing changed",
    }
}

/// Ends the session that sent the change, if it is still there: it may commit at any moment.
fn end_orphan(server: &mut Server, change: &PasswordChange) -> Result<()> {
    for _ in 0..ORPHAN_TRIES {
        if catalog::end_sessions_named(&mut server.connection, &change.operation_id)? == 0 {
            return Ok(());
        }
        std::thread::sleep(ORPHAN_PAUSE);
    }
    Err(Failure::new(
        Kind::Busy,
        format!("the session pgrole:{} does not end", change.operation_id),
    )
    .hint("end it on the server, then: pgrole recover run")
    .into())
}

fn find_out(session: &Session, server: &mut Server, open: &OpenChange<'_>) -> Result<Finding> {
    let change = &open.change;
    let found = catalog::read_changed_role(&mut server.connection, &change.role)?;
    if change.cluster.is_some() && change.cluster != found.cluster {
        return Ok(Finding::OtherCluster);
    }
    if !found.exists {
        // A create that did not commit; a role that was dropped since has no password either.
        return Ok(Finding::NotApplied);
    }
    if let Some(finding) = by_verifier(open, &found) {
        return Ok(finding);
    }
    Ok(match prove(session, change, &open.contents().password) {
        Proof::Proven => Finding::InForce,
        Proof::Refuted => Finding::NotApplied,
        Proof::CannotTell(_) => Finding::CannotTell,
    })
}

/// What the stored verifier tells, where the admin credential may read it.
fn by_verifier(open: &OpenChange<'_>, found: &ChangedRole) -> Option<Finding> {
    let stored = found.verifier.as_deref()?;
    let contents = open.contents();
    let previous = contents.previous_verifier.as_ref().map(Verifier::as_str);
    Some(if stored == contents.verifier.as_str() {
        Finding::InForce
    } else if open.change.kind == ChangeKind::Reset && previous == Some(stored) {
        Finding::AsBefore
    } else {
        Finding::Superseded
    })
}

/// Sends the byte-identical verifier: poolers may hold it already.
fn apply_again(server: &mut Server, open: &OpenChange<'_>) -> Result<()> {
    let state = catalog::read_role(&mut server.connection, &open.change.role)?;
    let change = Change::SetPassword {
        role: open.change.role.clone(),
        verifier: open.contents().verifier.clone(),
        valid_until: None,
    };
    apply(server, &[change], state.version)?;
    open.applied()
}

fn end(open: OpenChange<'_>, state: ChangeState) -> Result<()> {
    match state {
        ChangeState::Applied => {
            let status = match open.change.kind {
                ChangeKind::Create => Status::Created,
                ChangeKind::Reset => Status::PasswordReset,
            };
            let mut report =
                UserReport::new(open.change.role.as_str(), status, &open.change.target);
            open.deliver(&mut report)
        }
        ChangeState::Stuck => open.advance(
            ChangeState::Stuck,
            Some("another cluster answers under this name; the password is good on the one before"),
        ),
        state => open.close(state, None),
    }
}

fn open_contents(session: &Session, row: &JournalRow) -> Result<Contents> {
    let key = sealing_key::load_or_create(&session.key_file)?;
    let role = &row.change.role;
    if key.id() != row.key_id {
        return Err(Failure::new(
            Kind::Undelivered,
            format!("the password of \"{role}\" was sealed with another key ({})", row.key_id),
        )
        .hint("run pgrole recover where that key is: as the same user, with the same keyring or key file")
        .into());
    }
    let sealed = row
        .sealed
        .as_deref()
        .context("the sealed password is gone")?;
    key.open(sealed, &row.change.associated_data())
}

fn busy(row: &JournalRow) -> Failure {
    Failure::new(
        Kind::Busy,
        format!(
            "another process is at work on password change {}",
            row.change.operation_id
        ),
    )
}

fn subject(change: &PasswordChange) -> Subject {
    Subject {
        username: Some(change.role.to_string()),
        profile: change.profile.clone(),
        ..Subject::from(&change.target)
    }
}
