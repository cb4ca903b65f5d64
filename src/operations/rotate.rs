//! `rotate`: new passwords for all roles that are due, over the fleet: canaries first, then side by side, each
//! delivered where the role's password went before.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::domain::access::Mark;
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::interrupt;
use crate::domain::notification::{Announcement, EventKind, RoleNote, Tally};
use crate::domain::password_change::ChangeKind;
use crate::domain::role::RoleName;
use crate::domain::settings::matches_pattern;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::create_user::Mode;
use crate::operations::fleet::for_each;
use crate::operations::login_state::Protection;
use crate::operations::password::NewPassword;
use crate::operations::password_change::{Delivery, Printer};
use crate::operations::report::UserReport;
use crate::operations::reset_password::{LogsInByToken, Proof, ResetPassword, reset_password};
use crate::operations::session::{Act, Done, Session};
use crate::server::catalog;
use crate::store::{PlacedRole, Subject};

/// How many clusters are asked at once which logins they have.
const SURVEY_JOBS: usize = 16;

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

/// What a role must be to be selected; each list is of `*` patterns, and an empty one fits all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub environments: Vec<String>,
    pub databases: Vec<String>,
    pub usernames: Vec<String>,
    pub profiles: Vec<String>,
}

/// What to do with roles whose password pgrole never changed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownAge {
    Report,
    Rotate,
}

/// A role that may be due.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    pub role: RoleName,
    pub profile: Option<String>,
    /// None: unknown.
    pub changed_at: Option<String>,
    pub destination: Destination,
    pub file_format: FileFormat,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Selected roles whose password is old enough.
    pub due: usize,
    pub rotated: usize,
    pub failed: usize,
    /// Due, but without a use for a password: the service lets them in by tokens.
    pub skipped: usize,
    /// Due, but not begun: the limit, a failed canary, too many failures, the deadline.
    pub left: usize,
    /// Selected roles of unknown age that were left alone.
    pub unknown: usize,
}

/// What came of one role.
pub struct RoleResult<'a> {
    pub candidate: &'a Candidate,
    /// None: of unknown age or without a use for a password, and left alone; or a dry run, and due.
    pub outcome: Option<Result<UserReport>>,
    pub reason: &'static str,
}

/// Rotates what is due. One run at a time: a second one is refused as busy.
///
/// # Errors
/// Busy; where registry or journal cannot be read. What a single role's change came to goes to `take`.
pub fn rotate(
    session: &Session,
    rotation: &Rotation<'_>,
    mut take: impl FnMut(RoleResult<'_>),
) -> Result<Summary> {
    let _lock = session.try_lock("rotate")?.ok_or_else(|| {
        Failure::new(Kind::Busy, "another rotation is running on this registry")
            .hint("try again when it has ended")
    })?;
    let started = Instant::now();
    let (due, unknown) = find_due(session, rotation)?;
    let summary = Summary {
        due: due.len(),
        unknown: unknown.len(),
        ..Summary::default()
    };
    for candidate in &unknown {
        take(RoleResult {
            candidate,
            outcome: None,
            reason: "age unknown",
        });
    }
    let wanted = rotation
        .limit
        .map_or(due.len(), |limit| limit.min(due.len()));
    if rotation.mode == Mode::DryRun {
        for candidate in &due[..wanted] {
            take(RoleResult {
                candidate,
                outcome: None,
                reason: "due",
            });
        }
        return Ok(Summary {
            left: summary.due,
            ..summary
        });
    }
    if due.is_empty() {
        return Ok(summary);
    }
    let act = Act {
        operation: "rotate run".to_owned(),
        subject: Subject::default(),
    };
    let ended = session.audited_run(act, || {
        let run = Run {
            session,
            rotation,
            started,
            failures: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        };
        let ended = run.all(&due, wanted, &mut take);
        let done = Done {
            status: ended.status(),
            announcement: Some(ended.announcement()),
            ..Done::default()
        };
        Ok((ended, done))
    })?;
    let sum = ended.sum();
    Ok(Summary {
        rotated: sum.rotated,
        failed: sum.failed,
        skipped: sum.skipped,
        left: sum.left,
        ..summary
    })
}

/// What a run came to, by environment.
#[derive(Default)]
struct Ended {
    tallies: BTreeMap<String, Tally>,
    failed: Vec<RoleNote>,
}

impl Ended {
    fn of(&mut self, candidate: &Candidate) -> &mut Tally {
        let env = candidate.target.env.to_string();
        self.tallies.entry(env).or_default()
    }

    fn note_failed(&mut self, candidate: &Candidate, error: &anyhow::Error) {
        self.of(candidate).failed += 1;
        self.failed.push(RoleNote {
            username: candidate.role.to_string(),
            env: candidate.target.env.to_string(),
            database: candidate.target.database.to_string(),
            valid_until: None,
            error: Some(format!("{error:#}")),
        });
    }

    fn sum(&self) -> Tally {
        self.tallies.values().copied().sum()
    }

    /// For the audit log.
    fn status(&self) -> String {
        let event = if self.failed.is_empty() {
            EventKind::RotationFinished
        } else {
            EventKind::RotationFailed
        };
        format!("{}: {}", event.as_str(), self.sum())
    }

    fn announcement(&self) -> Announcement {
        Announcement {
            rotation: Some(self.tallies.clone()),
            roles: self.failed.clone(),
        }
    }
}

/// The error that a run ends in, if it ends in one. `lost`: of so many targets the registry's entry is not valid.
pub fn failure_of(summary: Summary, undelivered: bool, lost: usize) -> Option<Failure> {
    let asked = summary.rotated + summary.failed;
    if summary.failed == 0 && lost > 0 {
        let what = format!("the registry's entries of {lost} targets are not valid");
        return Some(Failure::new(Kind::Partial, what).hint("see which: pgrole registry list"));
    }
    let kind = match summary.failed {
        0 => return None,
        _ if undelivered => Kind::Undelivered,
        failed if failed == asked => Kind::Failed,
        _ => Kind::Partial,
    };
    let failure = Failure::new(kind, format!("{} of {asked} roles failed", summary.failed));
    Some(if undelivered {
        failure.hint("deliver what is in force: pgrole recover run")
    } else {
        failure.hint("a rerun takes only what is still due")
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
    /// The canaries first, one after the other; then the rest of those that are wanted, side by side.
    fn all(
        &self,
        due: &[Candidate],
        wanted: usize,
        take: &mut impl FnMut(RoleResult<'_>),
    ) -> Ended {
        let mut ended = Ended::default();
        for candidate in due {
            let tally = ended.of(candidate);
            tally.due += 1;
            tally.left += 1;
        }
        let (canaries, rest) = due[..wanted].split_at(self.rotation.canary.min(wanted));
        let mut count = |candidate: &Candidate, outcome: Option<Result<UserReport>>| {
            let Some(outcome) = outcome else { return };
            ended.of(candidate).left -= 1;
            let mut result = RoleResult {
                candidate,
                outcome: None,
                reason: "logs in by tokens",
            };
            match &outcome {
                _ if is_skipped(&outcome) => {
                    ended.of(candidate).skipped += 1;
                    return take(result);
                }
                Ok(_) => ended.of(candidate).rotated += 1,
                Err(error) => ended.note_failed(candidate, error),
            }
            result.outcome = Some(outcome);
            take(result);
        };
        for canary in canaries {
            count(canary, self.rotate_one(canary));
            if self.failures.load(Ordering::SeqCst) > 0 {
                self.stopped.store(true, Ordering::SeqCst);
            }
        }
        for_each(
            rest,
            self.rotation.jobs,
            |candidate| self.rotate_one(candidate),
            |place, outcome| count(&rest[place], outcome),
        );
        ended
    }

    /// None where the run has been stopped before this role.
    fn rotate_one(&self, candidate: &Candidate) -> Option<Result<UserReport>> {
        let is_late = |deadline| self.started.elapsed() > deadline;
        if self.stopped.load(Ordering::SeqCst)
            || interrupt::is_raised()
            || self.rotation.deadline.is_some_and(is_late)
        {
            return None;
        }
        let result = self.change(candidate);
        if result.is_err() && !is_skipped(&result) {
            let failures = self.failures.fetch_add(1, Ordering::SeqCst) + 1;
            if self
                .rotation
                .max_failures
                .is_some_and(|most| failures >= most)
            {
                self.stopped.store(true, Ordering::SeqCst);
            }
        }
        Some(result)
    }

    fn change(&self, candidate: &Candidate) -> Result<UserReport> {
        let settings = &self.session.settings;
        let (destination, file_format) = match &self.rotation.deliver {
            Some((destination, format)) => (destination, *format),
            None => (&candidate.destination, candidate.file_format),
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

/// The due roles in rollout order, oldest first, and those of unknown age that are left alone.
fn find_due(
    session: &Session,
    rotation: &Rotation<'_>,
) -> Result<(Vec<Candidate>, Vec<Candidate>)> {
    let targets = session.fleet(None, None)?.targets;
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let oldest = match rotation.older_than {
        Some(span) => Some(Timestamp::now().before(span)?.to_string()),
        None => None,
    };
    let mut due = Vec::new();
    for target in clusters(&targets) {
        for role in placed.iter().filter(|role| is_on(role, target)) {
            let is_old = oldest
                .as_ref()
                .is_none_or(|oldest| role.password_changed_at < *oldest);
            let candidate = candidate(role, &targets, target)?;
            if is_old && rotation.selection.fits(&candidate) {
                due.push(candidate);
            }
        }
    }
    let fits = |target: &&Target| rotation.selection.fits_target(target);
    let selected = clusters(targets.iter().filter(fits));
    let mut unknown = find_unknown(session, &selected);
    unknown.retain(|candidate| {
        let is_it = |role: &PlacedRole| {
            role.username == candidate.role.as_str() && is_on(role, &candidate.target)
        };
        rotation.selection.fits(candidate) && !placed.iter().any(is_it)
    });
    if rotation.unknown == UnknownAge::Rotate {
        due.append(&mut unknown);
    }
    let environments = &session.settings.environments;
    let rank = |candidate: &Candidate| {
        environments
            .iter()
            .position(|env| *env == candidate.target.env)
    };
    due.sort_by_key(|candidate| (rank(candidate), candidate.changed_at.clone()));
    Ok((due, unknown))
}

/// One target of each cluster: roles of a cluster are rotated once.
fn clusters<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Vec<&'a Target> {
    let mut clusters: Vec<&Target> = Vec::new();
    for target in targets {
        let is_same =
            |other: &&Target| other.hostname == target.hostname && other.port == target.port;
        if !clusters.iter().any(is_same) {
            clusters.push(target);
        }
    }
    clusters
}

fn is_on(role: &PlacedRole, target: &Target) -> bool {
    role.hostname == target.hostname.to_string() && role.port == target.port.to_string()
}

fn candidate(role: &PlacedRole, targets: &[Target], cluster: &Target) -> Result<Candidate> {
    let own = |target: &&Target| {
        target.env.as_str() == role.env && target.database.as_str() == role.database
    };
    let target = targets.iter().find(own).unwrap_or(cluster);
    let destination = role.deliver.as_deref().map(str::parse).transpose()?;
    let file_format = role.file_format.as_deref().map(str::parse).transpose()?;
    Ok(Candidate {
        target: target.clone(),
        role: RoleName::from_server(&role.username),
        profile: role.profile.clone(),
        changed_at: Some(role.password_changed_at.clone()),
        destination: destination.unwrap_or(Destination::Stdout),
        file_format: file_format.unwrap_or_default(),
    })
}

/// Logins on clusters that carry pgrole's mark. Where one cannot be asked, that is a warning: its known roles
/// are tried all the same, and fail by name.
fn find_unknown(session: &Session, clusters: &[&Target]) -> Vec<Candidate> {
    let mut found: Vec<_> = clusters.iter().map(|_| Vec::new()).collect();
    for_each(
        clusters,
        SURVEY_JOBS,
        |target| survey(session, target),
        |place, candidates| found[place] = candidates,
    );
    found.into_iter().flatten().collect()
}

fn survey(session: &Session, target: &Target) -> Vec<Candidate> {
    let act = Act {
        operation: "rotate survey".to_owned(),
        subject: Subject::from(target),
    };
    let surveyed = session.audited(act, target, |server| {
        let logins = server.read(catalog::list_logins)?;
        let done = Done {
            status: format!("{} users seen", logins.len()),
            ..Done::default()
        };
        Ok((logins, done))
    });
    let logins = match surveyed {
        Ok(logins) => logins,
        Err(error) => {
            session.warn(format!("cannot look for roles of unknown age: {error:#}"));
            return Vec::new();
        }
    };
    let marked = logins.into_iter().filter_map(|login| match login.mark() {
        Some(Mark::Profile(profile)) => Some((login.name, profile)),
        _ => None,
    });
    marked
        .map(|(name, profile)| Candidate {
            target: target.clone(),
            role: RoleName::from_server(name),
            destination: session
                .settings
                .profile(&profile, &target.env)
                .map_or(Destination::Stdout, |profile| profile.deliver),
            profile: Some(profile),
            changed_at: None,
            file_format: FileFormat::default(),
        })
        .collect()
}

impl Selection {
    fn fits(&self, candidate: &Candidate) -> bool {
        self.fits_target(&candidate.target)
            && fits_any(&self.usernames, candidate.role.as_str())
            && fits_any(&self.profiles, candidate.profile.as_deref().unwrap_or(""))
    }

    fn fits_target(&self, target: &Target) -> bool {
        self.fits_names(target.env.as_str(), target.database.as_str())
    }

    /// Whether the roles of a target of that name may be selected.
    pub fn fits_names(&self, env: &str, database: &str) -> bool {
        fits_any(&self.environments, env) && fits_any(&self.databases, database)
    }
}

fn fits_any(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &String| matches_pattern(pattern, name);
    patterns.is_empty() || patterns.iter().any(fits)
}

/// Whether a role was left alone because it has no use for a password.
fn is_skipped(outcome: &Result<UserReport>) -> bool {
    let says_so = |link: &(dyn std::error::Error + 'static)| link.is::<LogsInByToken>();
    outcome
        .as_ref()
        .is_err_and(|error| error.chain().any(says_so))
}

/// Whether a failed change left a password to deliver.
pub fn is_undelivered(outcome: &Result<UserReport>) -> bool {
    outcome
        .as_ref()
        .is_err_and(|error| kind_of(error) == Kind::Undelivered)
}
