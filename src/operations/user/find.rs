//! `user find` and `user list`: which logins exist. One question per server answers for all of its selected targets, and
//! the last answer is kept, to be read again without a network.

use std::collections::HashSet;

use anyhow::{Error, Result};

use crate::domain::access::{GROUP_LEVELS, group_name};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::settings::matches_any;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::run::fleet::{JOBS, by_place, for_each, name_of_place};
use crate::run::{Act, Run, TargetSession};
use crate::server::logins::{Databases, FoundRoles, find_role, list_logins};
use crate::store::LastAnswer;

/// What to look for.
#[derive(Debug, Clone)]
pub enum Wanted {
    Role(RoleName),
    Logins(LoginFilter),
}

/// Which logins to list; nothing set lists all.
#[derive(Debug, Clone, Default)]
pub struct LoginFilter {
    /// `*` patterns.
    pub profiles: Vec<String>,
    pub superuser: bool,
    /// Only those whose VALID UNTIL is at most this far away, or has passed.
    pub expiring: Option<Span>,
    /// Only those in no access group of the selected databases, superusers aside.
    pub no_access: bool,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Servers,
    /// What they answered last.
    LastAnswers,
}

/// What one server said, for the selected targets at its place.
#[derive(Default)]
pub struct ServerRoles {
    /// The targets that this is the answer for, as indexes in the list.
    pub served: Vec<usize>,
    pub roles: Vec<RoleState>,
    /// When it answered, if not in this run.
    pub answered_at: Option<String>,
    /// The targets that it did not answer for.
    pub silent: Vec<usize>,
    pub failed: Vec<Error>,
}

/// Looks for a role, or lists the logins, and passes on what each server says as it comes.
///
/// # Errors
/// If the audit log cannot be written, or the last answers cannot be read.
pub fn look_for_users(
    run: &Run,
    targets: &[Target],
    wanted: &Wanted,
    sight: Sight,
    mut take: impl FnMut(ServerRoles),
) -> Result<()> {
    match sight {
        Sight::Servers => ask_servers(run, targets, wanted, &mut take),
        Sight::LastAnswers => {
            for target in 0..targets.len() {
                take(last_answer(run, targets, target, wanted)?);
            }
            Ok(())
        }
    }
}

fn ask_servers(
    run: &Run,
    targets: &[Target],
    wanted: &Wanted,
    take: &mut dyn FnMut(ServerRoles),
) -> Result<()> {
    let places = by_place(targets);
    let reading = run.begin_reading(targets, wanted.act(targets))?;
    let mut answers = Vec::new();
    let mut count = 0;
    let watched = run.watch("servers", places.len());
    for_each(
        &places,
        JOBS,
        |place| {
            let here: Vec<_> = place.iter().map(|index| &targets[*index]).collect();
            // An entry of the registry beside the one that is asked may name a database that is not there.
            let databases = match here.len() {
                1 => Databases::Unread,
                _ => Databases::Read,
            };
            let ask = || reading.ask_place(&here, |server| wanted.read(server, databases));
            watched.attempt(|| name_of_place(&here), ask)
        },
        |place, said| {
            let (silent, served) = places[place].split_at(said.silent);
            let FoundRoles { roles, databases } = said.answer.unwrap_or_default();
            let (served, gone) = apart(served, targets, &databases);
            let mut failed = said.failed;
            failed.extend(
                gone.iter()
                    .map(|index| wanted.no_database(&targets[*index])),
            );
            if let Some(asked) = served.first() {
                answers.push((*asked, roles.clone()));
            }
            let here: Vec<_> = served.iter().map(|index| &targets[*index]).collect();
            let roles = wanted.filtered(roles, &here);
            count += roles.len();
            take(ServerRoles {
                served,
                roles,
                answered_at: None,
                silent: [silent, &gone].concat(),
                failed,
            });
        },
    );
    reading.end(wanted.status(count));
    if let Err(error) = wanted.keep(run, targets, answers) {
        run.warn(format!(
            "the answers cannot be kept for --offline: {error:#}"
        ));
    }
    Ok(())
}

/// The targets whose databases are there, and the others. Where even the one that was asked is not, a pooler has names of
/// its own for databases, and nothing is known.
fn apart(
    served: &[usize],
    targets: &[Target],
    there: &HashSet<String>,
) -> (Vec<usize>, Vec<usize>) {
    let is_there = |index: &usize| there.contains(targets[*index].database.as_str());
    let is_known = served.first().is_some_and(is_there);
    served
        .iter()
        .partition(|index| !is_known || is_there(index))
}

/// What the cluster of a target answered last.
fn last_answer(
    run: &Run,
    targets: &[Target],
    index: usize,
    wanted: &Wanted,
) -> Result<ServerRoles> {
    let target = &targets[index];
    let last = match &target.cluster_id {
        Some(cluster_id) => run.with_store(|store| match wanted {
            Wanted::Role(role) => store.last_found_login(cluster_id, role.as_str()),
            Wanted::Logins(_) => store.last_listed_logins(cluster_id),
        })?,
        None => None,
    };
    let Some(LastAnswer {
        answered_at,
        logins,
    }) = last
    else {
        let error = Failure::not_found("it was not asked yet").hint(format!(
            "ask it now: {}",
            on_target("pgrole user list -e {} -d {}", target, &[])
        ));
        let cannot = wanted.cannot();
        return Ok(ServerRoles {
            silent: vec![index],
            failed: vec![Error::from(error).context(OnTarget::new(target, cannot))],
            ..ServerRoles::default()
        });
    };
    Ok(ServerRoles {
        served: vec![index],
        roles: wanted.filtered(with_time_left(logins), &[target]),
        answered_at: Some(answered_at),
        ..ServerRoles::default()
    })
}

/// By this machine's clock: the server is not asked.
fn with_time_left(mut logins: Vec<RoleState>) -> Vec<RoleState> {
    let now = Timestamp::now();
    for login in &mut logins {
        let until = login.valid_until.as_deref().and_then(Timestamp::parse);
        login.seconds_left = until.map(|until| until.seconds_since(now));
        login.expired = login.seconds_left.map_or(login.expired, |left| left <= 0);
    }
    logins
}

impl Wanted {
    fn cannot(&self) -> String {
        match self {
            Self::Role(role) => format!("cannot look for role \"{role}\""),
            Self::Logins(_) => "cannot list the roles".to_owned(),
        }
    }

    /// What a server would say if it were asked for a database that it does not have.
    fn no_database(&self, target: &Target) -> Error {
        let what = format!("database \"{}\" does not exist", target.database);
        let failure = Failure::new(Kind::Failed, what)
            .sqlstate("3D000")
            .hint(on_target("pgrole registry remove -e {} -d {}", target, &[]));
        Error::from(failure).context(OnTarget::new(target, self.cannot()))
    }

    fn act(&self, targets: &[Target]) -> Act {
        match self {
            Self::Role(role) => Act::over(targets, Operation::UserFind, self.cannot()).role(role),
            Self::Logins(_) => Act::over(targets, Operation::UserList, self.cannot()),
        }
    }

    fn read(&self, server: &mut TargetSession<'_>, databases: Databases) -> Result<FoundRoles> {
        server.read(|connection| match self {
            Self::Role(role) => find_role(connection, role, databases),
            Self::Logins(_) => list_logins(connection, databases),
        })
    }

    fn filtered(&self, mut roles: Vec<RoleState>, targets: &[&Target]) -> Vec<RoleState> {
        if let Self::Logins(filter) = self {
            let groups = targets.iter().flat_map(|target| {
                GROUP_LEVELS.map(|level| group_name(&target.database, level).to_string())
            });
            let groups: HashSet<_> = if filter.no_access {
                groups.collect()
            } else {
                HashSet::new()
            };
            roles.retain(|role| filter.fits(role, &groups));
        }
        roles
    }

    fn status(&self, count: usize) -> Status {
        match self {
            Self::Role(_) if count == 0 => Status::UserNotFound,
            Self::Role(_) => Status::UserFound,
            Self::Logins(_) => Status::UsersListed(count),
        }
    }

    /// Keeps the answers, each with the index of the target that was asked.
    fn keep(
        &self,
        run: &Run,
        targets: &[Target],
        answers: Vec<(usize, Vec<RoleState>)>,
    ) -> Result<()> {
        let now = Timestamp::now();
        run.with_store(|store| {
            let mut by_cluster = Vec::new();
            for (index, roles) in answers {
                // Known by now, if it was not before.
                if let Some(cluster_id) = store.find_cluster(&targets[index])? {
                    by_cluster.push((cluster_id, roles));
                }
            }
            match self {
                Self::Role(role) => {
                    let found = by_cluster.into_iter();
                    let found: Vec<_> = found
                        .map(|(cluster_id, roles)| (cluster_id, roles.into_iter().next()))
                        .collect();
                    store.keep_found_login(role.as_str(), &found, now)
                }
                Self::Logins(_) => store.keep_listed_logins(&by_cluster, now),
            }
        })
    }
}

impl LoginFilter {
    /// Whether a login is wanted, given the access groups of the databases that it was found for.
    fn fits(&self, role: &RoleState, groups: &HashSet<String>) -> bool {
        self.fits_profile(role)
            && (!self.superuser || role.superuser)
            && self.expiring.is_none_or(|within| ends_within(role, within))
            && (!self.no_access || has_no_access(role, groups))
    }

    fn fits_profile(&self, role: &RoleState) -> bool {
        if self.profiles.is_empty() {
            return true;
        }
        let profile = role.mark().and_then(Mark::into_profile);
        profile.is_some_and(|profile| matches_any(&self.profiles, &profile))
    }
}

fn ends_within(role: &RoleState, within: Span) -> bool {
    let is_near =
        |left: i64| u64::try_from(left).is_ok_and(|left| left <= within.duration().as_secs());
    role.expired || role.seconds_left.is_some_and(is_near)
}

fn has_no_access(role: &RoleState, groups: &HashSet<String>) -> bool {
    let is_member = role.member_of.iter().any(|name| groups.contains(name));
    role.login && !role.superuser && !is_member
}
