//! `--rehearse`: the real plan in a transaction on the real server, which is rolled back. The report says what the server
//! said; nothing is delivered, and nothing is in the journal.

use std::thread;
use std::time::Duration;

use anyhow::{Error, Result};
use rand::rngs::SysRng;

use crate::domain::act::plan::Change;
use crate::domain::act::rehearsal::{Answer, Rehearsal, RehearsedStatement, Verdict, tags_of};
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::interrupt;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::password::whole_transaction;
use crate::run::login_state::{for_people, require_nameable};
use crate::run::remedy::add_remedy;
use crate::run::{Done, Run, TargetSession};
use crate::server::rehearsal;
use crate::server::rehearsal::{CONSTRAINTS, EventTrigger, Rehearsed, statements_of};
use crate::wire::connection::StatementLog;

/// A rehearsal that meets others is repeated: they go first.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(150);

/// A plan, and whose rights are read before it is rolled back.
pub struct Script<'a> {
    pub target: &'a Target,
    pub changes: Vec<Change>,
    pub roles: Vec<&'a RoleName>,
    pub version: u32,
    /// Whether the role that acts is a superuser.
    pub is_superuser: bool,
}

impl<'a> Script<'a> {
    /// Of changes that need nothing beside them.
    pub fn new(
        target: &'a Target,
        changes: Vec<Change>,
        roles: Vec<&'a RoleName>,
        found: &ServerState,
    ) -> Self {
        Self {
            target,
            changes,
            roles,
            version: found.version,
            is_superuser: found.admin.superuser,
        }
    }

    /// Of changes that give a role a password, for which a verifier of no password stands in.
    ///
    /// # Errors
    /// If the random source fails.
    pub fn of_password(
        target: &'a Target,
        changes: &[Change],
        role: &'a RoleName,
        found: &ServerState,
    ) -> Result<Self> {
        let nobodys = Verifier::of_nothing(&mut SysRng)?;
        let changes = whole_transaction(changes, (role, &nobodys), found);
        Ok(Self::new(target, changes, vec![role], found))
    }
}

/// Rehearses a plan.
///
/// # Errors
/// Refused, if an event trigger could reach outside the transaction, or a pooler is in between; if the connection is lost.
pub fn rehearse(
    run: &Run,
    server: &mut TargetSession<'_>,
    mut script: Script<'_>,
) -> Result<Rehearsal> {
    // Whatever was planned, the verifier of a password in use is never sent.
    let nobodys = Verifier::of_nothing(&mut SysRng)?;
    for change in &mut script.changes {
        change.set_verifier(&nobodys);
    }
    let shown = for_people(&script.changes, script.version);
    require_nameable(&shown)?;
    let mut report = Rehearsal::begun(server.admin.clone(), Timestamp::now());
    if script.changes.iter().any(Change::has_verifier) {
        report.not_rehearsed.extend([
            "the password: the verifier of another one stood in for it",
            "its delivery",
            "a login with it",
        ]);
    }
    report.event_triggers = allowed_triggers(run, server, &script)?;
    let log = if script.is_superuser {
        StatementLog::Silent
    } else {
        StatementLog::AsConfigured
    };
    let statements = statements_of(&script.changes, script.version);
    let mut tries_left = TRIES;
    loop {
        tries_left -= 1;
        let found = server.rehearse(log, &statements, &script.roles);
        let found = found.map_err(nothing_stays)?;
        if interrupt::is_to_cancel() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        require_aborted(&found, script.target)?;
        let refused = found.refused.as_ref();
        let is_busy = refused
            .is_some_and(|(place, failure)| is_about_others(failure, script.changes.get(*place)));
        if tries_left == 0 || !is_busy {
            note(&mut report, found, (&shown, is_busy));
            if let Some(failure) = &mut report.failure {
                add_remedy(failure, server, &script.changes, script.version);
            }
            return Ok(report);
        }
        thread::sleep(PAUSE);
    }
}

/// Rehearses a plan for one role, and completes its report.
///
/// # Errors
/// As [`rehearse`].
pub fn rehearse_role(
    run: &Run,
    server: &mut TargetSession<'_>,
    script: Script<'_>,
    mut report: UserReport,
) -> Result<(UserReport, Done)> {
    let rehearsal = rehearse(run, server, script)?;
    report.status = status(&rehearsal);
    let done = done(&rehearsal);
    report.rehearsal = Some(rehearsal);
    Ok((report, done))
}

/// The outcome of an act that was a rehearsal.
pub fn done(rehearsal: &Rehearsal) -> Done {
    let failure = rehearsal.failure.as_ref();
    Done {
        status: status(rehearsal),
        sqlstate: failure.and_then(|failure| failure.sqlstate.clone()),
        ..Done::default()
    }
}

/// What the report says.
pub fn status(rehearsal: &Rehearsal) -> Status {
    match rehearsal.verdict {
        Verdict::Accepted | Verdict::Refused => Status::Rehearsed,
        Verdict::Unknown => Status::UnknownBusy,
    }
}

/// The failure that the real run would have, if the server refused.
///
/// # Errors
/// That one.
pub fn verdict(rehearsal: Option<&mut Rehearsal>, target: &Target) -> Result<()> {
    let Some((failure, verdict)) = rehearsal.and_then(|it| Some((it.failure.take()?, it.verdict)))
    else {
        return Ok(());
    };
    let what = match verdict {
        Verdict::Unknown => "rehearsed without an answer",
        _ => "refused in a rehearsal",
    };
    Err(Error::from(failure).context(OnTarget::new(target, what)))
}

/// The enabled event triggers that run for the plan.
///
/// # Errors
/// Refused, if the config file does not allow one.
fn allowed_triggers(
    run: &Run,
    server: &mut TargetSession<'_>,
    script: &Script<'_>,
) -> Result<Vec<String>> {
    let tags = tags_of(&script.changes);
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let triggers = server.read(|it| rehearsal::read_event_triggers(it, &tags))?;
    let allowed = &run.settings.rehearsed_triggers;
    let is_allowed = |trigger: &&EventTrigger| allowed.get(&trigger.name) == Some(&trigger.md5);
    if let Some(trigger) = triggers.iter().find(|trigger| !is_allowed(trigger)) {
        return Err(not_allowed(trigger, script.target, &tags).into());
    }
    Ok(triggers.into_iter().map(|trigger| trigger.name).collect())
}

fn not_allowed(trigger: &EventTrigger, target: &Target, tags: &[&str]) -> Failure {
    let EventTrigger {
        name,
        event,
        function,
        language,
        md5,
    } = trigger;
    let what = format!(
        "the event trigger \"{name}\" on {} runs on {event} of {}, and what it does outside the transaction would stay",
        target.name(),
        tags.join(", ")
    );
    let source = pasteable("psql -c {}", &[&format!("\\sf {function}")]);
    let line = format!("[rehearse] event_triggers = [\"{name}={md5}\"]");
    Failure::refused(what).hint(format!(
        "read its source ({language}): {source}; to allow this very source, in the config file: {line}"
    ))
}

/// No COMMIT was sent, whatever was lost on the way.
fn nothing_stays(mut error: Error) -> Error {
    let failure = error.downcast_mut::<Failure>();
    if let Some(failure) = failure.filter(|it| it.kind == Kind::Failed && it.sqlstate.is_none()) {
        let hint =
            "nothing was changed: the server rolls back a transaction whose connection is lost";
        failure.hint = Some(hint.to_owned());
    }
    error
}

/// What is rolled back is aborted, and the server says so.
fn require_aborted(found: &Rehearsed, target: &Target) -> Result<(), Failure> {
    if found.outcome == "aborted" {
        return Ok(());
    }
    let what = format!(
        "transaction {} on {} was to be rolled back, and the server says that it is \"{}\"",
        found.transaction,
        target.name(),
        found.outcome
    );
    Err(Failure::new(Kind::Failed, what)
        .hint("see what is there now: pgrole user show NAME; pgrole access check"))
}

/// Whether others were at work, rather than that the statement is refused: a lock, a deadline, a row that changed, an
/// object that went or came.
fn is_about_others(failure: &Failure, change: Option<&Change>) -> bool {
    const CODES: [&str; 5] = ["55P03", "57014", "40001", "40P01", "XX000"];
    let Some(code) = failure.sqlstate.as_deref() else {
        return false;
    };
    match change {
        Some(Change::RequireRole { .. } | Change::RequireOwned { .. }) if code == "22012" => true,
        // Nothing depended on it a statement before.
        Some(Change::DropRole(_)) if code == "2BP01" => true,
        _ => CODES.contains(&code),
    }
}

/// Notes what the server said.
fn note(report: &mut Rehearsal, found: Rehearsed, (shown, is_busy): (&[String], bool)) {
    let failed = found.refused.as_ref().map(|(place, _)| *place);
    let said = |(place, statement): (usize, &String)| RehearsedStatement {
        statement: statement.clone(),
        answer: match failed {
            Some(failed) if place > failed => Answer::NotReached,
            _ => Answer::Accepted,
        },
        sqlstate: None,
        message: None,
    };
    report.statements = shown.iter().enumerate().map(said).collect();
    report.transaction = Some(found.transaction);
    report.transaction_status = Some(found.outcome);
    report.rights = found.rights;
    report.verdict = Verdict::Accepted;
    if let Some((place, failure)) = found.refused {
        note_failure(report, (place, is_busy), failure);
    }
}

fn note_failure(report: &mut Rehearsal, (place, is_busy): (usize, bool), failure: Failure) {
    let (verdict, answer) = if is_busy {
        (Verdict::Unknown, Answer::Busy)
    } else {
        (Verdict::Refused, Answer::Refused)
    };
    report.verdict = verdict;
    if place == report.statements.len() {
        report.statements.push(RehearsedStatement {
            statement: CONSTRAINTS.to_owned(),
            answer,
            sqlstate: None,
            message: None,
        });
    }
    if let Some(statement) = report.statements.get_mut(place) {
        statement.answer = answer;
        statement.sqlstate.clone_from(&failure.sqlstate);
        statement.message = Some(failure.message.clone());
    }
    report.failure = Some(match (verdict, failure.sqlstate.clone()) {
        (Verdict::Unknown, Some(code)) => {
            let what = "others were at work on the same roles or objects";
            Failure::new(Kind::Busy, what)
                .sqlstate(code)
                .hint("rehearse again in a moment")
                .caused_by(failure)
        }
        _ => failure,
    });
}
