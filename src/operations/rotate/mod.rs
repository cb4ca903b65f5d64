//! `rotate`: new passwords for all roles that are due, over the fleet: canaries first, then side by side, each
//! delivered where the role's password went before.

mod ended;
mod selection;
pub mod status;
mod survey;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::{Failure, Kind, kind_of, sqlstate_of};
use crate::domain::interrupt;
use crate::domain::password_change::ChangeKind;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::create_user::Mode;
use crate::operations::fleet::for_each;
use crate::operations::login_state::Protection;
use crate::operations::password::NewPassword;
use crate::operations::password_change::{Delivery, Printer};
use crate::operations::report::UserReport;
use crate::operations::reset_password::{LogsInByToken, Proof, ResetPassword, reset_password};
use crate::operations::rotate::ended::Ended;
use crate::operations::rotate::selection::{due_before, list_known, sort};
use crate::operations::rotate::survey::find_unknown;
use crate::operations::session::{Act, Done, Session};
use crate::server::connection::watch_for_interrupts;
use crate::store::Subject;

pub use crate::operations::rotate::ended::Summary;
pub use crate::operations::rotate::selection::{Candidate, Selection};

/// Which roles, and how.
pub struct Rotation<'a> {
    pub selection: Selection,
    /// Only passwords older than this; None: all that are selected.
    pub older_than: Option<Span>,
    pub unknown: UnknownAge,
    pub jobs: usize,
    /// At most so many roles.
    pub limit: Option<usize>,
    /// So many first, one after the other; one failure among them ends the run.
    pub canary: usize,
    /// So many failures end the run.
    pub max_failures: Option<usize>,
    /// No role is begun later than this after the start.
    pub deadline: Option<Duration>,
    /// Instead of where each password went before.
    pub deliver: Option<(Destination, FileFormat)>,
    pub printer: &'a dyn Printer,
    pub mode: Mode,
}

/// What to do with roles whose password pgrole never changed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownAge {
    Report,
    Rotate,
}

/// What came of one role.
#[derive(Debug)]
pub enum Outcome {
    Rotated(Box<UserReport>),
    Failed(anyhow::Error),
    /// It is no longer on its server, and was forgotten.
    Gone,
    /// It was left alone, and why.
    LeftAlone(&'static str),
}

/// Waits for a random part of `longest`, before the run and its lock.
///
/// # Errors
/// Interrupted.
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

/// Rotates what is due. One run at a time: a second one is refused as busy. The operator's first wish to stop lets the
/// roles at hand come to their end, the second one cancels what runs.
///
/// # Errors
/// Busy; where registry or journal cannot be read. What a single role's change came to goes to `take`.
pub fn rotate(
    session: &Session,
    rotation: &Rotation<'_>,
    mut take: impl FnMut(&Candidate, Outcome),
) -> Result<Ended> {
    let started = Instant::now();
    interrupt::let_finish();
    watch_for_interrupts();
    let _lock = session.try_lock("rotate")?.ok_or_else(|| {
        Failure::new(Kind::Busy, "another rotation is running on this registry")
            .hint("try again when it has ended")
    })?;
    let (due, unknown) = find_due(session, rotation)?;
    let ended = Ended::of(&due, unknown.len());
    for candidate in &unknown {
        take(candidate, Outcome::LeftAlone("age unknown"));
    }
    let wanted = rotation.limit.unwrap_or(due.len()).min(due.len());
    let wanted = &due[..wanted];
    if rotation.mode == Mode::DryRun {
        for candidate in wanted {
            take(candidate, Outcome::LeftAlone("due"));
        }
        return Ok(ended);
    }
    if due.is_empty() {
        return Ok(ended);
    }
    let run = Run {
        session,
        rotation,
        started,
        failures: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
    };
    let act = Act {
        operation: "rotate run".to_owned(),
        subject: Subject::default(),
    };
    session.audited_run(act, || {
        let mut ended = ended;
        run.rotate_all(wanted, |candidate, outcome| {
            ended.count(candidate, &outcome);
            take(candidate, outcome);
        });
        ended.interrupted |= interrupt::is_raised() && ended.sum().left > 0;
        let done = Done {
            status: ended.status(),
            announcement: Some(ended.announcement()),
            ..Done::default()
        };
        Ok((ended, done))
    })
}

struct Run<'a> {
    session: &'a Session,
    rotation: &'a Rotation<'a>,
    started: Instant,
    failures: AtomicUsize,
    stopped: AtomicBool,
}

impl Run<'_> {
    /// The canaries one after the other, then the rest side by side.
    fn rotate_all(&self, wanted: &[Candidate], mut take: impl FnMut(&Candidate, Outcome)) {
        let (canaries, rest) = wanted.split_at(self.rotation.canary.min(wanted.len()));
        for canary in canaries {
            if let Some(outcome) = self.rotate_one(canary) {
                take(canary, outcome);
            }
            if self.failures.load(Ordering::SeqCst) > 0 {
                self.stopped.store(true, Ordering::SeqCst);
            }
        }
        for_each(
            rest,
            self.rotation.jobs,
            |candidate| self.rotate_one(candidate),
            |place, outcome| {
                if let Some(outcome) = outcome {
                    take(&rest[place], outcome);
                }
            },
        );
    }

    /// None where the run has been stopped before this role.
    fn rotate_one(&self, candidate: &Candidate) -> Option<Outcome> {
        let is_late = |deadline| self.started.elapsed() > deadline;
        if self.stopped.load(Ordering::SeqCst)
            || interrupt::is_raised()
            || self.rotation.deadline.is_some_and(is_late)
        {
            return None;
        }
        let outcome = match self.change(candidate) {
            Ok(report) => Ok(Outcome::Rotated(Box::new(report))),
            Err(error) if is_missing_role(&error) => self.forget(candidate).map(|()| Outcome::Gone),
            Err(error) if logs_in_by_token(&error) => Ok(Outcome::LeftAlone("logs in by tokens")),
            Err(error) => Err(error),
        };
        Some(outcome.unwrap_or_else(|error| {
            self.count_failure();
            Outcome::Failed(error)
        }))
    }

    fn count_failure(&self) {
        let failures = self.failures.fetch_add(1, Ordering::SeqCst) + 1;
        let most = self.rotation.max_failures;
        if most.is_some_and(|most| failures >= most) {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }

    /// A role that was dropped on its server is named once, and not asked for again.
    fn forget(&self, candidate: &Candidate) -> Result<()> {
        let Candidate { target, role, .. } = candidate;
        let subject = Subject {
            username: Some(role.to_string()),
            profile: candidate.profile.clone(),
            ..Subject::from(target)
        };
        self.session
            .with_store(|store| store.forget_placed_role(target, &subject, Timestamp::now()))?;
        self.session.warn(format!(
            "role \"{role}\" is not on {} any more: forgotten, it is not rotated again; where its password went ({}) is left as it is",
            target.name(),
            candidate.destination
        ));
        Ok(())
    }

    fn change(&self, candidate: &Candidate) -> Result<UserReport> {
        let settings = &self.session.settings;
        let (destination, file_format) = if let Some((given, format)) = &self.rotation.deliver {
            (given, *format)
        } else {
            require_record(candidate)?;
            (&candidate.destination, candidate.file_format)
        };
        let profile = candidate.profile.as_deref();
        let profile = profile.and_then(|name| settings.profile(name, &candidate.target.env).ok());
        let wanted = ResetPassword {
            target: candidate.target.clone(),
            role: candidate.role.clone(),
            kind: ChangeKind::Reset,
            password: NewPassword::new(None, settings.password_length)?,
            valid_for: profile
                .and_then(|profile| profile.valid_for)
                .or(settings.valid_for),
            protection: Protection::Respected,
            delivery: Delivery {
                destination,
                file_format,
                printer: self.rotation.printer,
            },
            proof: Proof::ByLogin,
            mode: Mode::Run,
        };
        reset_password(self.session, "rotate", &wanted)
    }
}

/// Refuses a delivery that somebody else wrote into the file, or changed there.
fn require_record(candidate: &Candidate) -> Result<(), Failure> {
    if candidate.is_recorded {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "pgrole did not record that the password of \"{}\" on {} goes to {}",
        candidate.role,
        candidate.target.name(),
        candidate.destination
    ))
    .hint(deliver_again(candidate.role.as_str()))
    .caused_by(NotRecorded))
}

/// Why a stored delivery is not used.
#[derive(Debug)]
struct NotRecorded;

impl fmt::Display for NotRecorded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("somebody else wrote that into the registry, or changed it there")
    }
}

impl std::error::Error for NotRecorded {}

fn is_unrecorded(error: &anyhow::Error) -> bool {
    let says_so = |link: &(dyn std::error::Error + 'static)| link.is::<NotRecorded>();
    error.chain().any(says_so)
}

/// The command that records anew where a password goes.
pub fn deliver_again(username: &str) -> String {
    let username = shlex::try_quote(username).unwrap_or_default();
    format!("say where: pgrole rotate -u {username} --deliver WHERE")
}

/// Whether the server says that there is no such role. It was looked for on a primary, of the cluster that is known.
fn is_missing_role(error: &anyhow::Error) -> bool {
    kind_of(error) == Kind::NotFound && sqlstate_of(error) == Some("42704")
}

/// Whether a role has no use for a password.
fn logs_in_by_token(error: &anyhow::Error) -> bool {
    let says_so = |link: &(dyn std::error::Error + 'static)| link.is::<LogsInByToken>();
    error.chain().any(says_so)
}

/// The due roles in rollout order, oldest first, and those of unknown age that are left alone.
fn find_due(
    session: &Session,
    rotation: &Rotation<'_>,
) -> Result<(Vec<Candidate>, Vec<Candidate>)> {
    let before = due_before(rotation.older_than, Timestamp::now())?;
    let mut due = list_known(session, &rotation.selection)?;
    due.retain(|candidate| candidate.is_due(before.as_deref()));
    let mut unknown = find_unknown(session, &rotation.selection)?;
    if rotation.unknown == UnknownAge::Rotate {
        due.append(&mut unknown);
        sort(&mut due, session);
    }
    Ok((due, unknown))
}
