//! `apply`: closes the gaps between a fleet file and the servers, each by the operation that a person would use for it.

use std::collections::HashSet;

use anyhow::{Context, Error, Result};

use crate::delivery::Sink;
use crate::domain::access::AccessLevel;
use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::Completeness;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, OnTarget, kind_of};
use crate::domain::fleet_file::{DesiredLogin, Gap};
use crate::domain::interrupt;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::profile::{BUILT_IN, Profile};
use crate::domain::role::report::UserReport;
use crate::domain::roster::Problem;
use crate::domain::settings::Limit;
use crate::domain::target::Target;
use crate::operations::fleet_file::plan::Step;
use crate::operations::user::create::create_over;
use crate::operations::user::create_many::{CreateMany, create_many};
use crate::operations::user::lock::{LockRole, MemberSessions, lock_role};
use crate::operations::user::request::{CreateUser, Ensure};
use crate::operations::user::roster_check::{NewLogin, rehearse_deliveries};
use crate::operations::user::search_path::{SetSearchPath, set_search_path};
use crate::operations::user::set::{SetUser, set_user};
use crate::operations::user::unlock::{UnlockRole, unlock_role};
use crate::password::remembered::find_placed;
use crate::password::{DeliveryRoute, NewPassword};
use crate::run::fleet::for_each;
use crate::run::login_state::Protection;
use crate::run::{Act, Done, Run};
use crate::wire::connection::watch_for_interrupts;

/// How the gaps are closed.
pub struct ApplyFleet<'a> {
    pub steps: &'a [Step],
    pub reason: Option<&'a str>,
    pub stdout: &'a dyn Sink,
    /// How many targets to work on in parallel.
    pub jobs: usize,
    pub mode: Mode,
}

/// What became of the gaps.
#[derive(Debug, Default, Clone, Copy)]
pub struct ApplyTally {
    pub asked: usize,
    pub closed: usize,
    pub failed: usize,
    is_undelivered: bool,
    is_interrupted: bool,
}

/// The logins that the steps create.
///
/// # Errors
/// If the current directory cannot be determined.
pub fn new_logins(steps: &[Step]) -> Result<Vec<NewLogin>> {
    let missing = steps.iter().filter(|step| step.gap == Gap::Missing);
    let logins = missing.filter_map(|step| {
        let desired = step.desired.as_ref()?;
        Some(new_login(step, desired))
    });
    logins.collect()
}

fn new_login(step: &Step, desired: &DesiredLogin) -> Result<NewLogin> {
    let Some(profile) = desired.profile.clone() else {
        return Err(Failure::usage("a login without a profile is not planned").into());
    };
    Ok(NewLogin {
        line: None,
        target: step.target.clone(),
        role: step.role.clone(),
        profile,
        term: desired.validity.map(|validity| validity.term()),
        deliver: desired.deliver.anchored()?,
        reason: desired.reason.clone(),
    })
}

/// What stands in the way of the deliveries of new logins.
///
/// # Errors
/// If the registry cannot be read.
pub fn rehearse_new(run: &Run, steps: &[Step], stdout: &dyn Sink) -> Result<Vec<Problem>> {
    rehearse_deliveries(run, &new_logins(steps)?, stdout)
}

/// Closes the gaps: logins are created first, then all else is done in parallel. What becomes of each goes to `take`.
///
/// # Errors
/// If the registry or the journal cannot be read. The failure of a step is only that step's.
pub fn apply_fleet(
    run: &Run,
    wanted: &ApplyFleet<'_>,
    mut take: impl FnMut(&Step, Result<UserReport>),
) -> Result<ApplyTally> {
    interrupt::let_finish();
    watch_for_interrupts();
    let act = Act::here(Operation::Apply)
        .in_mode(wanted.mode)
        .targets(targets(wanted.steps))
        .reason(wanted.reason);
    run.audited_run(&act, || {
        let mut tally = ApplyTally {
            asked: wanted.steps.len(),
            ..ApplyTally::default()
        };
        let mut counted = |step: &Step, result: Result<UserReport>| {
            tally.count(&result);
            take(step, result);
        };
        let absent = create_missing(run, wanted, &mut counted)?;
        let others: Vec<&Step> = wanted
            .steps
            .iter()
            .filter(|step| step.gap != Gap::Missing)
            .collect();
        for_each(
            &others,
            wanted.jobs,
            |step| {
                let is_absent = absent.contains(&key(&step.target, step.role.as_str()));
                (!interrupt::is_raised()).then(|| close(run, wanted, step, is_absent))
            },
            |place, result| {
                if let Some(result) = result {
                    counted(others[place], result);
                }
            },
        );
        tally.is_interrupted |= interrupt::is_raised() && tally.left() > 0;
        let done = Done {
            status: tally.status(),
            ..Done::default()
        };
        Ok((tally, done))
    })
}

/// Each target once.
fn targets(steps: &[Step]) -> impl Iterator<Item = &Target> {
    let mut seen = HashSet::new();
    let targets = steps.iter().map(|step| &step.target);
    targets.filter(move |target| seen.insert(target.name()))
}

/// A role of a server, by one of its places.
fn key(target: &Target, role: &str) -> (String, String) {
    (
        format!("{}:{}", target.hostname, target.port),
        role.to_owned(),
    )
}

/// Creates the logins; returns those that are still not there.
fn create_missing(
    run: &Run,
    wanted: &ApplyFleet<'_>,
    take: &mut dyn FnMut(&Step, Result<UserReport>),
) -> Result<HashSet<(String, String)>> {
    let mut absent = HashSet::new();
    let logins = new_logins(wanted.steps)?;
    if logins.is_empty() {
        return Ok(absent);
    }
    let missing: Vec<&Step> = wanted
        .steps
        .iter()
        .filter(|step| step.gap == Gap::Missing)
        .collect();
    let many = CreateMany {
        logins: &logins,
        adoption: GroupAdoption::Refuse,
        completeness: Completeness::Whole,
        // Somebody else may have created it since.
        ensure: Ensure::Access,
        reason: wanted.reason,
        stdout: wanted.stdout,
        jobs: wanted.jobs,
        mode: wanted.mode,
    };
    create_many(run, &many, |login, result| {
        let is_there = wanted.mode == Mode::Run && result.is_ok();
        if !is_there {
            absent.insert(key(&login.target, login.role.as_str()));
        }
        let is_its =
            |step: &&&Step| step.role == login.role && step.target.name() == login.target.name();
        if let Some(step) = missing.iter().find(is_its) {
            take(step, result);
        }
    })?;
    Ok(absent)
}

fn close(run: &Run, wanted: &ApplyFleet<'_>, step: &Step, is_absent: bool) -> Result<UserReport> {
    if is_absent {
        return match wanted.mode {
            // The login is only shown, too.
            Mode::DryRun => {
                let status = Status::Unchanged;
                Ok(UserReport::new(step.role.as_str(), status, &step.target))
            }
            Mode::Run => Err(not_begun(step)),
        };
    }
    close_gap(run, wanted, step)
}

/// By the operation that a person would use for it.
fn close_gap(run: &Run, wanted: &ApplyFleet<'_>, step: &Step) -> Result<UserReport> {
    let (role, target) = (&step.role, &step.target);
    let mode = wanted.mode;
    match &step.gap {
        Gap::SearchPath {
            wanted: schemas, ..
        } => set_search_path(run, &search_path(step, Some(schemas.clone()), mode)),
        Gap::ExcessSearchPath { .. } => set_search_path(run, &search_path(step, None, mode)),
        Gap::ExcessLogin | Gap::Login { wanted: false } => {
            let locked = lock_role(
                run,
                &LockRole {
                    target,
                    role,
                    member_sessions: MemberSessions::Kept,
                    protection: Protection::Respected,
                    reason: reason(wanted, step),
                    mode,
                },
            )?;
            let mut report = UserReport::new(role.as_str(), locked.status, target);
            report.statements = locked.statements;
            report.warnings = locked.warnings;
            Ok(report)
        }
        Gap::Login { wanted: true } => unlock_role(
            run,
            &UnlockRole {
                target,
                role,
                protection: Protection::Respected,
                reason: reason(wanted, step),
                mode,
            },
        ),
        Gap::Access { wanted: level, .. } => give_access(run, wanted, step, *level),
        Gap::ConnectionLimit { wanted: limit, .. } => {
            let limit = Some(Limit(*limit));
            set_user(
                run,
                &SetUser {
                    connection_limit: limit,
                    ..set(run, wanted, step)?
                },
            )
        }
        Gap::Validity {
            wanted: validity, ..
        } => {
            let term = Some(validity.term());
            set_user(
                run,
                &SetUser {
                    term,
                    ..set(run, wanted, step)?
                },
            )
        }
        Gap::Createdb { .. } | Gap::Createrole { .. } => {
            let profile = step
                .desired
                .as_ref()
                .and_then(|desired| desired.profile.clone());
            let profile = profile.ok_or_else(|| {
                let what = format!("cannot mend {} without a profile", step.gap.what());
                Failure::usage(what).hint("name the login's profile in the file")
            })?;
            set_user(
                run,
                &SetUser {
                    profile: Some(profile),
                    ..set(run, wanted, step)?
                },
            )
        }
        Gap::Missing | Gap::ExcessAccess { .. } => {
            Err(Failure::usage(format!("cannot mend {}", step.gap.what())).into())
        }
    }
}

/// As the creating commands do for a login that is there.
fn give_access(
    run: &Run,
    wanted: &ApplyFleet<'_>,
    step: &Step,
    level: AccessLevel,
) -> Result<UserReport> {
    let Step { target, role, .. } = step;
    let desired = step.desired.as_ref();
    let profile = desired.and_then(|desired| desired.profile.clone());
    let profile = profile.or_else(|| Profile::built_in(BUILT_IN[0]));
    let mut profile = profile.context("there are built-in profiles")?;
    profile.access = level;
    let deliver = desired.map_or_else(Deliveries::to_stdout, |desired| desired.deliver.clone());
    let request = CreateUser {
        operation: Operation::UserCreate,
        target: target.clone(),
        role: role.clone(),
        profile,
        term: None,
        password: NewPassword::new(None, run.settings.password_length)?,
        adoption: GroupAdoption::Refuse,
        rules: run.settings.access_rules(&target.env, &target.database),
        ensure: Ensure::Access,
        route: DeliveryRoute {
            deliver: &deliver,
            stdout: wanted.stdout,
        },
        reason: reason(wanted, step).map(str::to_owned),
        line: None,
        mode: wanted.mode,
    };
    create_over(&mut run.share_session(target), &request)
}

fn reason<'a>(wanted: &ApplyFleet<'a>, step: &'a Step) -> Option<&'a str> {
    let own = step
        .desired
        .as_ref()
        .and_then(|desired| desired.reason.as_deref());
    own.or(wanted.reason)
}

/// A change of a login's attributes that changes nothing yet.
fn set(run: &Run, wanted: &ApplyFleet<'_>, step: &Step) -> Result<SetUser> {
    let Step { target, role, .. } = step;
    Ok(SetUser {
        target: target.clone(),
        role: role.clone(),
        connection_limit: None,
        term: None,
        profile: None,
        rules: run.settings.access_rules(&target.env, &target.database),
        adoption: GroupAdoption::Refuse,
        placed: find_placed(run, target, role)?,
        protection: Protection::Respected,
        mode: wanted.mode,
    })
}

fn search_path(step: &Step, schemas: Option<Vec<String>>, mode: Mode) -> SetSearchPath {
    SetSearchPath {
        target: step.target.clone(),
        role: step.role.clone(),
        schemas,
        ask: None,
        protection: Protection::Respected,
        mode,
    }
}

fn not_begun(step: &Step) -> Error {
    let cannot = format!("cannot mend {} of \"{}\"", step.gap.what(), step.role);
    let failure = Failure::new(Kind::Failed, "not begun, because the login was not created");
    Error::from(failure).context(OnTarget::new(&step.target, cannot))
}

impl ApplyTally {
    fn count(&mut self, result: &Result<UserReport>) {
        match result {
            Ok(_) => self.closed += 1,
            Err(error) => {
                self.failed += 1;
                self.is_undelivered |= kind_of(error) == Kind::Undelivered;
                self.is_interrupted |= kind_of(error) == Kind::Interrupted;
            }
        }
    }

    fn left(&self) -> usize {
        self.asked - self.closed - self.failed
    }

    /// For the audit log.
    fn status(&self) -> Status {
        if self.closed == 0 && self.failed == 0 {
            return Status::Unchanged;
        }
        Status::FleetApplied {
            closed: self.closed,
            failed: self.failed,
        }
    }

    /// The error of the run, if any.
    pub fn failure(&self) -> Option<Failure> {
        let Self {
            asked,
            closed,
            failed,
            ..
        } = *self;
        let some_failed = format!("{failed} of {asked} changes failed");
        let rerun = "run it again: what is as the file says is left as it is";
        let failure = if self.is_undelivered {
            Failure::new(Kind::Undelivered, some_failed)
                .hint("deliver the passwords that are in force: pgrole recover run")
        } else if self.is_interrupted {
            let left = self.left();
            let what = format!("interrupted: {closed} done, {failed} failed, {left} left");
            Failure::new(Kind::Interrupted, what).hint(rerun)
        } else if failed > 0 {
            let kind = if failed == asked {
                Kind::Failed
            } else {
                Kind::Partial
            };
            Failure::new(kind, some_failed).hint(rerun)
        } else {
            return None;
        };
        Some(failure)
    }
}
