//! One transaction of a drop: how it is tried again, and what its end means.

use std::time::Duration;

use anyhow::Result;

use crate::domain::act::plan::{Change, NOTHING_LEFT};
use crate::domain::failure::{Failure, Kind, find_failure};
use crate::domain::role::RoleName;
use crate::run::TargetSession;
use crate::run::login_state::{for_people, require_nameable};
use crate::run::remedy::with_remedy;
use crate::server::activity::read_blockers;
use crate::server::statements::statement_of;
use crate::wire::connection::Limits;
use crate::wire::failure::{is_lost_race, is_worth_retrying};

/// How long to wait for a lock: whoever waits for an exclusive one holds up everybody behind it.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);
const LOCK_TRIES: u32 = 5;
/// How often to repeat a transaction that met another one.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(30);
/// Many objects take longer than one statement should.
const LONGEST: Duration = Duration::from_secs(120);

/// How a transaction ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    Committed,
    /// The catalog is not as it was read; nothing was changed.
    Moved,
    /// Something would have been left, by name; nothing was changed.
    Left(String),
}

/// Runs changes as one transaction.
///
/// # Errors
/// The server's error; then nothing was changed. For a lock that is not free, with those who hold it.
pub fn execute(
    server: &mut TargetSession<'_>,
    role: &RoleName,
    changes: &[Change],
    version: u32,
) -> Result<Ending> {
    require_nameable(&for_people(changes, version))?;
    let statements: Vec<_> = changes
        .iter()
        .map(|change| statement_of(change, version))
        .collect();
    let limits = Limits {
        lock: LOCK_TIMEOUT,
        whole: server.timeout().max(LONGEST),
    };
    let (mut locked_out, mut met) = (0, 0);
    loop {
        let Err(error) = server.execute_all(&statements, limits) else {
            return Ok(Ending::Committed);
        };
        let Some(failure) = find_failure(&error) else {
            return Err(error);
        };
        match failure.sqlstate.as_deref() {
            Some("55P03") => {
                locked_out += 1;
                if locked_out == LOCK_TRIES {
                    return Err(name_blockers(server, role, error));
                }
            }
            // A check of ours, by division or by cast.
            Some("22012") => return Ok(Ending::Moved),
            Some("22P02") if left_in(failure).is_some() => {
                return Ok(Ending::Left(left_in(failure).unwrap_or_default()));
            }
            _ if is_lost_race(failure) => return Ok(Ending::Moved),
            _ if is_worth_retrying(failure) && met < TRIES => {
                met += 1;
                std::thread::sleep(PAUSE);
            }
            Some("53200") => {
                return Err(Failure::new(
                    Kind::Failed,
                    "the server's lock table is too small for so many objects in one transaction",
                )
                .sqlstate("53200")
                .hint("raise max_locks_per_transaction, which needs a restart, and run the command again")
                .caused_by(error)
                .into());
            }
            _ => return Err(with_remedy(error, server, changes, version)),
        }
    }
}

/// The names in the error of the last check, whatever the server's language.
pub fn left_in(failure: &Failure) -> Option<String> {
    let text = failure.in_one_line();
    let (_, names) = text.split_once(NOTHING_LEFT)?;
    let names = names.rsplit_once('"').map_or(names, |(names, _)| names);
    Some(names.to_owned())
}

/// The error for what would be left of the role in a database.
pub fn still_depends(role: &RoleName, left: &str) -> Failure {
    Failure::new(
        Kind::Failed,
        format!("this would still depend on \"{role}\", so that nothing was changed here: {left}"),
    )
    .sqlstate("2BP01")
    .hint(format!(
        "as a superuser or the owner, revoke what \"{role}\" has there, and run the command again"
    ))
}

fn name_blockers(
    server: &mut TargetSession<'_>,
    role: &RoleName,
    error: anyhow::Error,
) -> anyhow::Error {
    let Ok(blockers) = server.read(|connection| read_blockers(connection, role)) else {
        return error;
    };
    let named: Vec<_> = blockers.iter().map(ToString::to_string).collect();
    let what = if named.is_empty() {
        format!("locks on what depends on \"{role}\" are held by others")
    } else {
        format!(
            "locks on what depends on \"{role}\" are held by {}",
            named.join("; ")
        )
    };
    Failure::new(Kind::Busy, what)
        .sqlstate("55P03")
        .hint("nothing was changed in this database, and the role cannot log in meanwhile; once they have ended, run the command again")
        .caused_by(error)
        .into()
}
