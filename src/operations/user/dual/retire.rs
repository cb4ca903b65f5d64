//! Retiring the outgoing login: when its grace time is over, by the server's clock, and nobody logs in with it any more.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::plan::{Change, NOTHING_LEFT};
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{find_failure, sqlstate_of};
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::DualStep;
use crate::domain::role::dual_plan::Retirement;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::user::dual::read;
use crate::run::login_state::{apply, for_people};
use crate::run::{Act, Done, IdleSessions, Run, TargetSession};

/// How often it is planned again because the comment has changed.
const PLANS: u32 = 3;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// There is no outgoing login.
    Nothing,
    NotDue,
    Retired(RoleName),
    /// Somebody still logs in with it; with the words for it.
    HeldBack(String),
}

/// Retires the outgoing login of an owner as an act of its own.
///
/// # Errors
/// If the server cannot be asked, or refuses.
pub fn retire_due(
    run: &Run,
    sessions: &IdleSessions<'_>,
    (target, owner): (&Target, &RoleName),
    is_forced: bool,
) -> Result<Ending> {
    let cannot = format!("cannot retire the outgoing login of \"{owner}\"");
    let act = Act::on(target, Operation::RotateRetire, cannot).role(owner);
    sessions.audited(&act, target, |server| {
        let (ending, statements) = retire(run, server, (target, owner), is_forced)?;
        let status = match ending {
            Ending::Retired(_) => Status::LoginRetired,
            Ending::HeldBack(_) => Status::LoginHeldBack,
            Ending::Nothing | Ending::NotDue => Status::Unchanged,
        };
        let done = Done {
            status,
            statements,
            ..Done::default()
        };
        Ok((ending, done))
    })
}

/// The same within an act. With `is_forced` it is retired although somebody still uses it, and before its time.
///
/// # Errors
/// If the server cannot be asked, or refuses.
pub fn retire(
    run: &Run,
    server: &mut TargetSession<'_>,
    (target, owner): (&Target, &RoleName),
    is_forced: bool,
) -> Result<(Ending, Vec<String>)> {
    let mut plans_left = PLANS;
    let mut is_mended = false;
    let acting = RoleName::from_server(server.acting());
    loop {
        plans_left -= 1;
        let state = read(server, owner)?;
        let mark = state.mark(owner)?;
        let cluster_id = run.cluster_id_of(target)?;
        run.with_store(|store| store.note_dual(&cluster_id, owner, &mark, Timestamp::now()))?;
        let DualStep::Grace {
            previous, until, ..
        } = mark.step
        else {
            return Ok((Ending::Nothing, Vec::new()));
        };
        if !is_forced && state.now()? < until {
            return Ok((Ending::NotDue, Vec::new()));
        }
        let login = previous.name(owner);
        let mut changes = vec![Change::CommitDurably];
        let retirement = Retirement {
            owner,
            state: &state,
            mark: &mark,
            is_forced,
            borrower: Some(&acting),
            database: target.database.as_str(),
        };
        if !is_mended {
            is_mended = true;
            if mend_elsewhere(run, target, &retirement) {
                plans_left += 1;
                continue;
            }
        }
        changes.extend(retirement.changes()?);
        match apply(server, &changes, state.version) {
            Err(error) if plans_left > 0 && sqlstate_of(&error) == Some("22012") => continue,
            Err(error) => {
                let Some(sessions) = new_sessions(&error) else {
                    return Err(error);
                };
                let warning = held_back(target, owner, (&login, &sessions));
                run.with_store(|store| store.note_held_back(&cluster_id, owner, &warning))?;
                return Ok((Ending::HeldBack(warning), Vec::new()));
            }
            Ok(()) => {}
        }
        let state = read(server, owner)?;
        run.with_store(|store| match state.mark(owner) {
            Ok(mark) => store.note_dual(&cluster_id, owner, &mark, Timestamp::now()),
            Err(_) => store.forget_dual(&cluster_id, owner),
        })?;
        return Ok((
            Ending::Retired(login),
            for_people(&changes[1..], state.version),
        ));
    }
}

/// How many sessions began with the outgoing login although it was replaced.
fn new_sessions(error: &anyhow::Error) -> Option<String> {
    if sqlstate_of(error) != Some("22P02") {
        return None;
    }
    let text = find_failure(error)?.in_one_line();
    let (_, rest) = text.split_once(NOTHING_LEFT)?;
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!number.is_empty()).then_some(number)
}

fn held_back(target: &Target, owner: &RoleName, (login, sessions): (&RoleName, &str)) -> String {
    format!(
        "\"{login}\" is not retired: {sessions} open sessions on {} began with it after it was replaced, so somebody still logs in with it; find out who: SELECT * FROM pg_stat_activity WHERE usename = '{login}'; to retire it all the same: {}",
        target.name(),
        on_target("pgrole rotate -e {} -d {} -u {} --force", target, &[owner])
    )
}

/// Gives what goes with a login in other databases to the owner; whether there was anything. What cannot be given is a
/// warning: the login can be retired all the same.
fn mend_elsewhere(run: &Run, target: &Target, retirement: &Retirement<'_>) -> bool {
    let strays = retirement.strays();
    for (database, login) in &strays {
        if let Err(error) = mend(run, target, retirement, (database, login)) {
            let owner = retirement.owner;
            run.warn_once(format!(
                "\"{login}\" owns objects in database \"{database}\", which were made after SET ROLE NONE; to give them to \"{owner}\": REASSIGN OWNED BY \"{login}\" TO \"{owner}\" there: {error:#}"
            ));
        }
    }
    !strays.is_empty()
}

fn mend(
    run: &Run,
    target: &Target,
    retirement: &Retirement<'_>,
    (database, login): (&str, &RoleName),
) -> Result<()> {
    let there = target.in_database(database.parse()?);
    let owner = retirement.owner;
    let cannot = format!("cannot give what \"{login}\" owns to \"{owner}\"");
    let act = Act::on(&there, Operation::RotateRetire, cannot).role(login);
    run.audited(&act, &there, |server| {
        // A session changes nothing before it was read which server answers.
        let state = read(server, owner)?;
        let changes = retirement.mend(login)?;
        apply(server, &changes, state.version)?;
        let done = Done {
            status: Status::ObjectsSettled,
            statements: for_people(&changes, state.version),
            ..Done::default()
        };
        Ok(((), done))
    })
}
