//! Where one stands: what the registry has, which source gives the login, and what is to be done. Nothing is written,
//! and no server is asked.

use std::path::PathBuf;

use anyhow::Result;

use crate::credentials::Glance;
use crate::domain::command_line::pasteable;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::known::{KnownTarget, known_targets};
use crate::operations::rotate::status::count_overdue;
use crate::run::Run;

#[derive(Debug)]
pub struct Overview {
    pub registry: PathBuf,
    pub is_there: bool,
    /// Those that have targets, in rollout order.
    pub environments: Vec<EnvironmentOverview>,
    pub passwords: Passwords,
    /// Password changes that were interrupted, or whose password is not delivered.
    pub open_changes: usize,
    pub next: Vec<NextStep>,
}

/// The targets of one environment.
#[derive(Debug)]
pub struct EnvironmentOverview {
    pub env: String,
    pub targets: usize,
    pub disabled: usize,
    pub is_protected: bool,
    /// Where the login comes from, as its first enabled target shows; `None` without one.
    pub login: Option<Glance>,
}

/// The passwords under rotation.
#[derive(Debug, Default)]
pub struct Passwords {
    pub known: usize,
    pub overdue: usize,
    /// The age limit in the config file.
    pub older_than: Option<Span>,
}

/// A command, and what it is for.
#[derive(Debug)]
pub struct NextStep {
    pub command: String,
    pub purpose: &'static str,
}

/// Looks at the registry and at the sources of the login.
///
/// # Errors
/// If the registry cannot be read.
pub fn overview(run: &Run) -> Result<Overview> {
    let known = known_targets(run)?;
    let mut found = Overview {
        registry: run.registry().to_owned(),
        is_there: run.registry().exists(),
        environments: environments(run, &known),
        passwords: Passwords::default(),
        open_changes: 0,
        next: Vec::new(),
    };
    if !known.is_empty() {
        found.passwords = passwords(run)?;
        let unsettled = run.with_store(|store| store.list_unsettled_changes())?;
        found.open_changes = unsettled.len();
    }
    found.next = next_steps(&found);
    Ok(found)
}

fn environments(run: &Run, known: &[KnownTarget]) -> Vec<EnvironmentOverview> {
    let mut environments: Vec<EnvironmentOverview> = Vec::new();
    for target in known {
        if environments
            .last()
            .is_none_or(|last| last.env != target.env)
        {
            environments.push(EnvironmentOverview {
                env: target.env.clone(),
                targets: 0,
                disabled: 0,
                is_protected: target.is_protected,
                login: None,
            });
        }
        if let Some(last) = environments.last_mut() {
            last.targets += 1;
            last.disabled += usize::from(!target.is_active);
        }
    }
    let firsts: Vec<Target> = environments
        .iter()
        .filter_map(|environment| first_of(run, known, &environment.env))
        .collect();
    for (target, login) in firsts.iter().zip(run.glance_at_credentials(&firsts)) {
        let own = environments
            .iter_mut()
            .find(|environment| environment.env == target.env.as_str());
        if let Some(own) = own {
            own.login = Some(login);
        }
    }
    environments
}

/// The first enabled target of an environment, if its entry is valid.
fn first_of(run: &Run, known: &[KnownTarget], env: &str) -> Option<Target> {
    let mut enabled = known
        .iter()
        .filter(|target| target.env == env && target.is_active);
    enabled.find_map(|target| {
        let entry = run.with_store(|store| store.find_entry(&target.env, &target.database));
        run.target_of(entry.ok()??).ok()
    })
}

fn passwords(run: &Run) -> Result<Passwords> {
    let older_than = run.settings.rotate_older_than;
    let (known, overdue) = count_overdue(run, older_than, Timestamp::now())?;
    Ok(Passwords {
        known,
        overdue,
        older_than,
    })
}

fn next_steps(found: &Overview) -> Vec<NextStep> {
    let mut next = Vec::new();
    let mut add = |command: String, purpose| next.push(NextStep { command, purpose });
    if found.environments.is_empty() {
        add("pgrole init".to_owned(), "to begin");
        return next;
    }
    if found.open_changes > 0 {
        add("pgrole recover run".to_owned(), "settle what is open");
    }
    if found.passwords.overdue > 0 {
        add("pgrole rotate --dry-run".to_owned(), "what is overdue");
    }
    let without_login = found
        .environments
        .iter()
        .find(|environment| matches!(environment.login, Some(Glance::Nothing(_))));
    if let Some(environment) = without_login {
        add(
            pasteable("pgrole credential set -e {} -U ROLE", &[&environment.env]),
            "store the login",
        );
    }
    if found.passwords.known == 0 {
        add("pgrole init".to_owned(), "to the first login");
    }
    add("pgrole registry check".to_owned(), "try each target");
    add("pgrole user list".to_owned(), "who can log in");
    add("pgrole --help".to_owned(), "all commands");
    next
}
