//! Asks the servers how they store the passwords of the roles that are due, each cluster once.

use std::collections::HashSet;

use anyhow::{Error, Result};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, OnTarget};
use crate::domain::target::Target;
use crate::operations::rotate::rotation::PasswordHash;
use crate::operations::rotate::selection::Candidate;
use crate::operations::rotate::survey::SURVEY_JOBS;
use crate::run::fleet::{clusters, for_each};
use crate::run::{Act, IdleSessions, Run};
use crate::server::report::read_cluster;

/// Who has a password that is stored as MD5, on the clusters that said so.
#[derive(Default)]
pub struct StoredHashes {
    md5: Vec<(Target, HashSet<String>)>,
    /// Why others did not.
    pub failed: Vec<Error>,
}

/// Asks the clusters of these roles.
///
/// # Errors
/// If the audit log cannot be written.
pub fn find(
    run: &Run,
    roles: [&Vec<Candidate>; 2],
    sessions: &IdleSessions<'_>,
) -> Result<StoredHashes> {
    let mut found = StoredHashes::default();
    let targets = roles.into_iter().flatten().map(|role| &role.target);
    let asked: Vec<Target> = clusters(targets).into_iter().cloned().collect();
    if asked.is_empty() {
        return Ok(found);
    }
    let cannot = "cannot read how passwords are stored";
    let act = Act::over(&asked, Operation::RotateSurvey, cannot);
    let reading = run.begin_reading(&asked, act)?;
    let watched = run.watch("servers", asked.len());
    let mut seen = 0;
    for_each(
        &asked,
        SURVEY_JOBS,
        |target| {
            let ask = || reading.ask_over(sessions, target, |server| server.read(read_cluster));
            watched.attempt(|| target.name(), ask)
        },
        |place, said| {
            let target = &asked[place];
            match said {
                Ok(cluster) if cluster.reads_verifiers() => {
                    seen += cluster.logins.len();
                    let md5 = cluster.logins.into_iter();
                    let md5 = md5.filter(|login| login.verifier == "md5");
                    let md5 = md5.map(|login| login.state.name).collect();
                    found.md5.push((target.clone(), md5));
                }
                Ok(cluster) => found.failed.push(unreadable(&cluster.session_user, target)),
                Err(error) => found.failed.push(error),
            }
        },
    );
    reading.end(Status::UsersSeen(seen));
    Ok(found)
}

/// Only superusers read hashes.
fn unreadable(admin: &str, target: &Target) -> Error {
    let what = format!("\"{admin}\" is no superuser, and cannot read how passwords are stored");
    let command = on_target("pgrole rotate -e {} -d {} -u NAME", target, &[]);
    let failure = Failure::refused(what).hint(format!("name the roles instead: {command}"));
    Error::from(failure).context(OnTarget::new(target, "no role is rotated by its hash"))
}

impl StoredHashes {
    /// Whether the server said that it stores the role's password so.
    pub fn is_stored_as(&self, candidate: &Candidate, hash: PasswordHash) -> bool {
        let PasswordHash::Md5 = hash;
        let mut clusters = self.md5.iter();
        clusters.any(|(target, md5)| {
            candidate.may_be_on(target) && md5.contains(candidate.role.as_str())
        })
    }
}
