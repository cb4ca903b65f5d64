//! `rotate`: new passwords for all due roles of the fleet: canaries first, then in parallel, each delivered where the
//! role's previous password went.

mod adopt;
mod by_hash;
mod ended;
mod planning;
mod retiring;
mod rotation;
mod selection;
pub mod status;
mod survey;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Kind, OnTarget, kind_of, sqlstate_of};
use crate::domain::interrupt;
use crate::domain::password::change::ChangeKind;
use crate::domain::password::deliveries::{Deliveries, Delivery};
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::report::UserReport;
use crate::domain::role::term::{Term, Terms};
use crate::domain::timestamp::Timestamp;
use crate::operations::rotate::ended::RotationTally;
use crate::operations::user::dual::rotate::HeldBack;
use crate::operations::user::reset::{
    HasEnded, LogsInByToken, ProofMethod, ResetPassword, reset_one_of_many,
};
use crate::password::remembered::{OtherDelivery, configured, require_record};
use crate::password::{DeliveryRoute, NewPassword, SharedRecords};
use crate::run::fleet::for_each;
use crate::run::login_state::Protection;
use crate::run::{Act, Done, IdleSessions, Run};
use crate::store::Subject;
use crate::wire::connection::watch_for_interrupts;

pub use crate::operations::rotate::adopt::{RoleAdoption, adopt};
pub use crate::operations::rotate::ended::{Shortfall, Summary};
pub use crate::operations::rotate::planning::{RotationPlan, plan};
pub use crate::operations::rotate::rotation::{
    PasswordHash, Printing, RetirementRule, RoleOutcome, Rotation, UnknownAge,
};
pub use crate::operations::rotate::selection::{Candidate, RoleSelection};

/// Waits for a random part of `longest`, before the run takes its lock.
///
/// # Errors
/// If the operator interrupts.
pub fn wait_a_while(longest: Duration) -> Result<()> {
    watch_for_interrupts();
    let random = SysRng
        .try_next_u32()
        .context("the operating system's random source failed")?;
    let wait = longest.mul_f64(f64::from(random) / f64::from(u32::MAX));
    if interrupt::sleep(wait) {
        return Ok(());
    }
    Err(Failure::new(Kind::Interrupted, "interrupted before the start").into())
}

/// Rotates what was planned. One run at a time: a second one is refused as busy. The operator's first interrupt lets
/// the current roles finish, the second cancels them.
///
/// # Errors
/// Busy; if the registry or the journal cannot be read. The outcome of each role goes to `take`.
pub fn rotate(
    run: &Run,
    rotation: &Rotation<'_>,
    mut plan: RotationPlan<'_>,
    mut take: impl FnMut(&Candidate, RoleOutcome),
) -> Result<RotationTally> {
    let now = Instant::now();
    let started = now.checked_sub(plan.took).unwrap_or(now);
    interrupt::let_finish();
    watch_for_interrupts();
    let _many = run.begin_many_changes(planning::lock(run)?);
    plan.refresh(run, rotation)?;
    let mut ended = RotationTally::of(&plan);
    retiring::retire_all(run, rotation, &plan.sessions, &mut take)?;
    for candidate in std::mem::take(&mut plan.undecided) {
        let outcome = RoleOutcome::Undecided(undecided(&candidate)?);
        ended.count(&candidate, &outcome);
        take(&candidate, outcome);
    }
    let reason = match rotation.unknown {
        UnknownAge::Report => "age unknown",
        UnknownAge::Rotate => "known only by its comment",
    };
    for candidate in &plan.unknown {
        take(candidate, RoleOutcome::LeftAlone(reason));
    }
    if rotation.mode == Mode::DryRun {
        for candidate in &plan.wanted {
            take(candidate, RoleOutcome::LeftAlone("due"));
        }
        return Ok(ended);
    }
    if plan.wanted.is_empty() {
        return Ok(ended);
    }
    let rotation_run = RotationRun {
        run,
        rotation,
        started,
        sessions: &plan.sessions,
        records: SharedRecords::new(run, rotation.deliver.is_empty()),
        failures: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
    };
    run.require_reason_in(plan.wanted.iter().map(|one| one.target.env.as_str()))?;
    let act = Act::here(Operation::RotateRun);
    run.audited_run(&act, || {
        let mut ended = ended;
        rotation_run.rotate_all(&plan.wanted, |candidate, outcome| {
            ended.count(candidate, &outcome);
            take(candidate, outcome);
        });
        ended.sort(&run.settings);
        ended.interrupted |= interrupt::is_raised() && ended.sum().left > 0;
        let done = Done {
            status: ended.status(),
            announcement: Some(ended.announcement()),
            ..Done::default()
        };
        Ok((ended, done))
    })
}

struct RotationRun<'a, 'r> {
    run: &'a Run,
    rotation: &'a Rotation<'a>,
    started: Instant,
    /// Of the survey, and of the roles before.
    sessions: &'a IdleSessions<'r>,
    records: SharedRecords<'a>,
    failures: AtomicUsize,
    stopped: AtomicBool,
}

impl RotationRun<'_, '_> {
    /// The canaries one by one, then the rest in parallel.
    fn rotate_all(&self, wanted: &[Candidate], mut take: impl FnMut(&Candidate, RoleOutcome)) {
        let watched = self.run.watch("roles", wanted.len());
        let attempt = |candidate: &Candidate| {
            watched.attempt(|| candidate.name(), || self.rotate_one(candidate))
        };
        let mut canaries_left = self.rotation.canary;
        let mut rest = wanted;
        while let [canary, others @ ..] = rest
            && canaries_left > 0
        {
            rest = others;
            if let Some(outcome) = attempt(canary) {
                // A skipped role is no evidence of how the rest would go.
                canaries_left -= usize::from(!matches!(outcome, RoleOutcome::LeftAlone(_)));
                take(canary, outcome);
            }
            if self.failures.load(Ordering::SeqCst) > 0 {
                self.stopped.store(true, Ordering::SeqCst);
            }
        }
        for_each(rest, self.rotation.jobs, attempt, |place, outcome| {
            if let Some(outcome) = outcome {
                take(&rest[place], outcome);
            }
        });
    }

    /// `None` if the run was stopped before this role.
    fn rotate_one(&self, candidate: &Candidate) -> Option<RoleOutcome> {
        let is_late = |deadline| self.started.elapsed() > deadline;
        if self.stopped.load(Ordering::SeqCst)
            || interrupt::is_raised()
            || self.rotation.deadline.is_some_and(is_late)
        {
            return None;
        }
        let outcome = match self.change(candidate) {
            Ok(report) => Ok(RoleOutcome::Rotated(Box::new(report))),
            Err(error) if is_missing_role(&error) => {
                self.forget(candidate).map(|()| RoleOutcome::Gone)
            }
            Err(error) if logs_in_by_token(&error) => {
                Ok(RoleOutcome::LeftAlone("logs in by tokens"))
            }
            Err(error) if find_link::<HeldBack>(&error).is_some() => {
                Ok(RoleOutcome::LeftAlone("held back"))
            }
            Err(error) => match find_link::<HasEnded>(&error) {
                Some(ended) => self
                    .name_ended(candidate, ended)
                    .map(|()| RoleOutcome::LeftAlone("ended")),
                None => Err(error),
            },
        };
        Some(outcome.unwrap_or_else(|error| {
            self.count_failure();
            RoleOutcome::Failed(error)
        }))
    }

    fn count_failure(&self) {
        let failures = self.failures.fetch_add(1, Ordering::SeqCst) + 1;
        let most = self.rotation.max_failures;
        if most.is_some_and(|most| failures >= most) {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }

    /// A role that was dropped on its server is reported once, and not queried again.
    fn forget(&self, candidate: &Candidate) -> Result<()> {
        let Candidate { target, role, .. } = candidate;
        let Some(cluster_id) = &target.cluster_id else {
            return Ok(());
        };
        let subject = Subject {
            username: Some(role.to_string()),
            profile: candidate.profile.clone(),
            ..Subject::from(target)
        };
        let is_gone = self.run.with_store(|store| {
            if let Some(then) = candidate.changed_at.recorded()
                && !store.is_placed_as_then(cluster_id, role.as_str(), then)?
            {
                return Ok(false);
            }
            store.forget_placed_role(cluster_id, &subject, Timestamp::now())?;
            Ok(true)
        })?;
        self.records.renew();
        if !is_gone {
            return Ok(());
        }
        self.run.warn(format!(
            "role \"{role}\" no longer exists on {}: it is forgotten and not rotated again; its delivery ({}) is left as it is",
            target.name(),
            candidate.deliver
        ));
        Ok(())
    }

    /// An account that has ended is reported once.
    fn name_ended(&self, candidate: &Candidate, ended: &HasEnded) -> Result<()> {
        let HasEnded { valid_until } = ended;
        if candidate.end_named.as_ref() == Some(valid_until) {
            return Ok(());
        }
        let Candidate { target, role, .. } = candidate;
        if let Some(cluster_id) = &target.cluster_id {
            self.run
                .with_store(|store| store.note_end_named(cluster_id, role.as_str(), valid_until))?;
        }
        self.run.warn(format!(
            "{} has ended ({valid_until}), as set with --ends-on: it is skipped from now on; to extend it: {}",
            candidate.name(),
            on_target("pgrole user reset -e {} -d {} -u {} --ends-on DATE", target, &[role])
        ));
        Ok(())
    }

    fn change(&self, candidate: &Candidate) -> Result<UserReport> {
        let settings = &self.run.settings;
        let picked = pick(candidate, &self.rotation.deliver)?;
        let deliver = if let Some(picked) = &picked {
            picked
        } else {
            require_record(
                candidate.is_recorded,
                &candidate.target,
                &candidate.role,
                &candidate.deliver,
            )?;
            &candidate.deliver
        };
        let reloaded = self.rotation.reload.clone();
        let reloaded = reloaded.map(|reload| deliver.clone().with_reload(reload));
        let deliver = reloaded.as_ref().unwrap_or(deliver);
        let is_to_end = candidate.ends_on().is_some();
        let profile = candidate.profile.as_deref();
        let terms = Terms {
            wanted: self
                .rotation
                .valid_for
                .filter(|_| !is_to_end)
                .map(Term::Renewed),
            recorded: candidate.term,
            configured: configured(self.run, profile, &candidate.target),
        };
        let wanted = ResetPassword {
            target: candidate.target.clone(),
            role: candidate.role.clone(),
            kind: ChangeKind::Reset,
            password: NewPassword::new(None, settings.password_length)?,
            terms,
            protection: Protection::Respected,
            grace: self.rotation.grace,
            route: DeliveryRoute {
                deliver,
                stdout: self.rotation.stdout,
            },
            remembered: candidate.remembered(),
            proof: ProofMethod::ByLogin,
            mode: Mode::Run,
        };
        let shared = (self.sessions, &self.records);
        reset_one_of_many(self.run, shared, Operation::Rotate, &wanted)
    }
}

/// Whether the server reports that there is no such role. The query went to a primary of the known cluster.
fn is_missing_role(error: &anyhow::Error) -> bool {
    kind_of(error) == Kind::NotFound && sqlstate_of(error) == Some("42704")
}

/// Whether a role has no use for a password.
fn logs_in_by_token(error: &anyhow::Error) -> bool {
    find_link::<LogsInByToken>(error).is_some()
}

fn find_link<E: std::error::Error + 'static>(error: &anyhow::Error) -> Option<&E> {
    error.chain().find_map(|link| link.downcast_ref())
}

/// The deliveries that the operator chose for a role, if any, each with its format.
fn pick(
    candidate: &Candidate,
    deliver: &[(Destination, Option<FileFormat>)],
) -> Result<Option<Deliveries>> {
    let known = candidate.deliveries()?;
    let items = deliver.iter().map(|(destination, format)| {
        let resolved = destination.resolve(&candidate.target, &candidate.role)?;
        let before = known
            .iter()
            .find(|known| known.delivery.destination == resolved);
        let format = format.or(before.map(|before| before.delivery.file_format));
        Ok(Delivery {
            destination: destination.clone(),
            file_format: format.unwrap_or_default(),
        })
    });
    let items: Result<Vec<_>> = items.collect();
    let chosen = Deliveries::all(items?);
    // What lets others read it stays, wherever it goes.
    let reload = candidate.deliver.reload().cloned();
    Ok(chosen.map(|chosen| match reload {
        Some(reload) => chosen.with_reload(reload),
        None => chosen,
    }))
}

/// The roles that are not rotated until somebody chooses a delivery, each with the reason.
///
/// # Errors
/// If the registry cannot be read.
pub fn find_undecided(run: &Run) -> Result<Vec<(String, anyhow::Error)>> {
    let known = selection::list_all(run)?;
    let undecided_ones = known.iter().filter(|known| !known.others.is_empty());
    let explained = undecided_ones.map(|known| Ok((known.target.name(), undecided(known)?)));
    explained.collect()
}

/// Why a role is not rotated whose password was delivered to several places under several names of its cluster.
fn undecided(candidate: &Candidate) -> Result<anyhow::Error> {
    let Candidate { target, role, .. } = candidate;
    let deliveries = candidate.deliveries()?;
    let named = |delivery: &OtherDelivery| {
        format!(
            "{} (as of {})",
            delivery.delivery.destination,
            delivery.target.name()
        )
    };
    let named: Vec<_> = deliveries.iter().map(named).collect();
    let is_kept = |delivery: &&OtherDelivery| !delivery.delivery.destination.is_stdout();
    let flags = deliveries
        .iter()
        .filter(is_kept)
        .map(|delivery| pasteable(" --deliver {}", &[&delivery.delivery.destination]));
    let what = format!(
        "role \"{role}\" was delivered to {} places while its server had several names: {}",
        named.len(),
        named.join(", ")
    );
    let failure = Failure::new(Kind::Partial, what).hint(format!(
        "choose which of them get the new password, one or several: {}{}",
        on_target("pgrole rotate -e {} -d {} -u {}", target, &[role]),
        flags.collect::<String>()
    ));
    Ok(anyhow::Error::from(failure)
        .context(OnTarget::new(target, "nothing was changed".to_owned())))
}
