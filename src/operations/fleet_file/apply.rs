//! `apply`: closes the gaps between a fleet file and the servers: logins are created first, then all else is mended in
//! parallel.

use std::collections::HashSet;

use anyhow::{Error, Result};

use crate::delivery::Sink;
use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::Completeness;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, OnTarget, kind_of};
use crate::domain::fleet_file::{DesiredLogin, Gap, Validity};
use crate::domain::interrupt;
use crate::domain::role::report::UserReport;
use crate::domain::roster::Problem;
use crate::domain::target::Target;
use crate::operations::fleet_file::closing::Closing;
use crate::operations::fleet_file::plan::Step;
use crate::operations::user::create_many::{CreateMany, create_many};
use crate::operations::user::request::Ensure;
use crate::operations::user::roster_check::{NewLogin, rehearse_deliveries};
use crate::run::fleet::{for_each, role_on};
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
        term: desired.validity.map(Validity::term),
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

/// Closes the gaps. What becomes of each goes to `take`.
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
        let watched = run.watch("logins", others.len());
        for_each(
            &others,
            wanted.jobs,
            |step| {
                let is_absent = absent.contains(&key(&step.target, step.role.as_str()));
                let close = || close(run, wanted, step, is_absent);
                let name = || role_on(&step.role, &step.target);
                (!interrupt::is_raised()).then(|| watched.attempt(name, close))
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
            Mode::DryRun | Mode::Rehearsal => {
                let status = Status::Unchanged;
                Ok(UserReport::new(step.role.as_str(), status, &step.target))
            }
            Mode::Run => Err(not_begun(step)),
        };
    }
    let closing = Closing {
        reason: wanted.reason,
        mode: wanted.mode,
    };
    closing.close(run, step)
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
