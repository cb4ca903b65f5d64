//! `user create --from`: all logins of a roster, in parallel over the targets, with one admin login on each.

use std::collections::HashMap;

use anyhow::{Error, Result};

use crate::delivery::Sink;
use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::{AccessRules, Completeness};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, OnTarget, kind_of};
use crate::domain::interrupt;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::operations::user::create::create_over;
use crate::operations::user::request::{CreateUser, Ensure, LoginForm};
use crate::operations::user::roster_check::NewLogin;
use crate::password::recover::settle_targets;
use crate::password::{DeliveryRoute, NewPassword, prepare_keys, rehearse_again};
use crate::run::fleet::{by_cluster, role_on, stream_each};
use crate::run::progress::Watched;
use crate::run::{Act, Done, Run};
use crate::wire::connection::watch_for_interrupts;

/// The logins to create, and how.
pub struct CreateMany<'a> {
    pub logins: &'a [NewLogin],
    pub adoption: GroupAdoption,
    pub completeness: Completeness,
    /// How to treat an existing login, wherever the config file does not say that it gets its access.
    pub ensure: Ensure,
    /// Why, where a row does not say.
    pub reason: Option<&'a str>,
    pub stdout: &'a dyn Sink,
    /// How many targets to work on in parallel.
    pub jobs: usize,
    pub mode: Mode,
}

/// What became of the logins.
#[derive(Debug, Default, Clone, Copy)]
pub struct CreationTally {
    pub asked: usize,
    pub created: usize,
    /// Existing ones that were given access.
    pub granted: usize,
    /// Those that were left as they were.
    pub unchanged: usize,
    pub failed: usize,
    is_undelivered: bool,
    is_rehearsal: bool,
    /// How many of the logins have a password in force that is not delivered.
    undelivered: usize,
    is_interrupted: bool,
}

/// A target, the logins that it gets, and what is granted there.
struct TargetJob<'a> {
    target: &'a Target,
    logins: Vec<&'a NewLogin>,
    rules: AccessRules,
    ensure: Ensure,
}

/// Creates the logins. What becomes of each goes to `take` as it arises. The operator's first interrupt lets the current
/// ones finish, the second cancels them.
///
/// # Errors
/// If the registry or the journal cannot be read. The failure of a login is only that login's.
pub fn create_many(
    run: &Run,
    wanted: &CreateMany<'_>,
    mut take: impl FnMut(&NewLogin, Result<UserReport>),
) -> Result<CreationTally> {
    interrupt::let_finish();
    watch_for_interrupts();
    let jobs = jobs(run, wanted);
    let targets: Vec<&Target> = jobs.iter().map(|job| job.target).collect();
    let act = Act::here(Operation::UserCreateRun)
        .in_mode(wanted.mode)
        .targets(targets.iter().copied())
        .reason(wanted.reason);
    run.audited_run(&act, || {
        if wanted.mode == Mode::Run {
            prepare_keys(run)?;
            settle_targets(run, &targets)?;
        }
        let mut tally = CreationTally {
            asked: wanted.logins.len(),
            is_rehearsal: wanted.mode == Mode::Rehearsal,
            ..CreationTally::default()
        };
        let watched = run.watch("logins", wanted.logins.len());
        stream_each(
            &jobs,
            wanted.jobs,
            |job, pass| job.run(run, wanted, &watched, pass),
            |(login, result)| {
                tally.count(&result);
                take(login, result);
            },
        );
        if wanted.mode == Mode::Run {
            tally.undelivered = undelivered(run, wanted.logins)?;
        }
        tally.is_interrupted |= interrupt::is_raised() && tally.left() > 0;
        let status = match wanted.mode {
            Mode::Rehearsal => Status::Rehearsed,
            Mode::Run | Mode::DryRun => Status::UsersCreated {
                created: tally.created,
                failed: tally.failed,
            },
        };
        let done = Done {
            status,
            ..Done::default()
        };
        Ok((tally, done))
    })
}

/// How many of the logins have a password in force that was not delivered, in this run or an earlier one.
fn undelivered(run: &Run, logins: &[NewLogin]) -> Result<usize> {
    let unsettled = run.unsettled_changes()?;
    let is_open = |login: &&NewLogin| {
        unsettled.iter().any(|row| {
            row.change.role == login.role && row.change.target.is_on_cluster_of(&login.target)
        })
    };
    Ok(logins.iter().filter(is_open).count())
}

/// A job for each target. Those of one cluster are not next to each other, so that no server gets all of the load.
fn jobs<'a>(run: &Run, wanted: &CreateMany<'a>) -> Vec<TargetJob<'a>> {
    let mut jobs: Vec<TargetJob<'a>> = Vec::new();
    let mut of_target: HashMap<String, usize> = HashMap::new();
    for login in wanted.logins {
        let target = &login.target;
        let index = *of_target.entry(target.name()).or_insert_with(|| {
            jobs.push(TargetJob::new(run, wanted, target));
            jobs.len() - 1
        });
        if let Some(job) = jobs.get_mut(index) {
            job.logins.push(login);
        }
    }
    let targets: Vec<Target> = jobs.iter().map(|job| job.target.clone()).collect();
    let mut turns: HashMap<String, usize> = HashMap::new();
    for cluster in by_cluster(&targets) {
        let turns_of_cluster = cluster.into_iter().enumerate();
        turns.extend(turns_of_cluster.map(|(turn, target)| (target.name(), turn)));
    }
    jobs.sort_by_key(|job| turns.get(&job.target.name()).copied());
    jobs
}

impl<'a> TargetJob<'a> {
    fn new(run: &Run, wanted: &CreateMany<'_>, target: &'a Target) -> Self {
        let settings = &run.settings;
        let mut rules = settings.access_rules(&target.env, &target.database);
        if wanted.completeness == Completeness::Partial {
            rules.completeness = Completeness::Partial;
        }
        let ensure = if settings.access.ensures(&target.env, &target.database) {
            Ensure::Access
        } else {
            wanted.ensure
        };
        Self {
            target,
            logins: Vec::new(),
            rules,
            ensure,
        }
    }

    /// Creates the target's logins over one session.
    fn run(
        &self,
        run: &Run,
        wanted: &CreateMany<'_>,
        watched: &Watched<'_>,
        pass: &dyn Fn((&'a NewLogin, Result<UserReport>)),
    ) {
        let mut session = run.share_session(self.target);
        let mut lost: Option<(Kind, Option<u64>)> = None;
        for login in &self.logins {
            if interrupt::is_raised() {
                return;
            }
            // A server that lets nobody in is not waited for again.
            let mut waiting = watched.begin(|| role_on(&login.role, self.target));
            if let Some((kind, line)) = lost {
                waiting.has_failed = true;
                pass((login, Err(not_begun(login, kind, line))));
                continue;
            }
            let request = self.request(run, wanted, login).and_then(|request| {
                // All were rehearsed together: the ones before may have filled the disk.
                if wanted.mode == Mode::Run {
                    rehearse_again(run, &request.route, &login.target, &login.role)?;
                }
                Ok(request)
            });
            let created = request.and_then(|request| create_over(&mut session, &request));
            waiting.has_failed = created.is_err();
            drop(waiting);
            if let Err(error) = &created
                && !session.is_logged_in()
                && is_about_login(kind_of(error))
            {
                lost = Some((kind_of(error), login.line));
            }
            pass((login, created));
        }
    }

    fn request<'w>(
        &self,
        run: &Run,
        wanted: &CreateMany<'w>,
        login: &'w NewLogin,
    ) -> Result<CreateUser<'w>> {
        let reason = login.reason.as_deref().or(wanted.reason);
        Ok(CreateUser {
            form: LoginForm::Single,
            operation: Operation::UserCreate,
            target: login.target.clone(),
            role: login.role.clone(),
            profile: login.profile.clone(),
            term: login.term,
            password: NewPassword::new(None, run.settings.password_length)?,
            adoption: wanted.adoption,
            rules: self.rules.clone(),
            ensure: self.ensure,
            route: DeliveryRoute {
                deliver: &login.deliver,
                stdout: wanted.stdout,
            },
            reason: reason.map(str::to_owned),
            line: login.line,
            mode: wanted.mode,
        })
    }
}

fn is_about_login(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NoCredential | Kind::Unreachable | Kind::LoginRefused
    )
}

/// A login that was not begun because an earlier one of its target had no session.
fn not_begun(login: &NewLogin, kind: Kind, line: Option<u64>) -> Error {
    let first = line.map_or("another role".to_owned(), |line| format!("line {line}"));
    let what = format!("not begun, because the login for {first} failed");
    let cannot = format!("cannot create role \"{}\"", login.role);
    Error::from(Failure::new(kind, what)).context(OnTarget::new(&login.target, cannot))
}

/// Whether the server refused it in a rehearsal, or others were at work.
fn is_refused(report: &UserReport) -> bool {
    let rehearsal = report.rehearsal.as_ref();
    rehearsal.is_some_and(|rehearsal| rehearsal.failure.is_some())
}

impl CreationTally {
    fn count(&mut self, result: &Result<UserReport>) {
        match result {
            Ok(report) if is_refused(report) => self.failed += 1,
            Ok(report) => match report.status {
                Status::UserCreated => self.created += 1,
                Status::AccessGranted => self.granted += 1,
                _ => self.unchanged += 1,
            },
            Err(error) => {
                let kind = kind_of(error);
                self.failed += 1;
                self.is_undelivered |= kind == Kind::Undelivered;
                self.is_interrupted |= kind == Kind::Interrupted;
            }
        }
    }

    /// Those that were not begun.
    pub fn left(&self) -> usize {
        self.asked - self.created - self.granted - self.unchanged - self.failed
    }

    /// The error of the run, if any.
    pub fn failure(&self) -> Option<Failure> {
        let Self {
            asked,
            created,
            failed,
            ..
        } = *self;
        let some_failed = format!("{failed} of {asked} logins failed");
        let rerun = if self.is_rehearsal {
            "see to what is named above: nothing was changed"
        } else {
            "run it again: logins that exist are left as they are"
        };
        let failure = if self.is_undelivered || self.undelivered > 0 {
            let what = match self.undelivered {
                0 => some_failed,
                count => format!(
                    "{failed} of {asked} logins failed, and {count} passwords are in force and not delivered"
                ),
            };
            Failure::new(Kind::Undelivered, what)
                .hint("deliver the passwords that are in force: pgrole recover run")
        } else if self.is_interrupted {
            let left = self.left();
            let what = format!("interrupted: {created} created, {failed} failed, {left} left");
            Failure::new(Kind::Interrupted, what).hint(rerun)
        } else if failed > 0 && failed == asked {
            Failure::new(Kind::Failed, some_failed).hint(rerun)
        } else if failed > 0 {
            Failure::new(Kind::Partial, some_failed).hint(rerun)
        } else {
            return None;
        };
        Some(failure)
    }
}
