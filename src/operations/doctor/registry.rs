//! The SQLite file: its modes, its integrity, its entries, its log, overdue passwords, and open password changes.

use std::path::{Path, PathBuf};

use crate::credentials::sealing_key;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::password::change::ChangeState;
use crate::domain::timestamp::Timestamp;
use crate::operations::audit::verify::{Evidence, verify_events};
use crate::operations::rotate::status::read_status;
use crate::operations::rotate::{RoleSelection, find_undecided};
use crate::password::remembered::deliver_again;
use crate::run::Run;
use crate::run::fleet::Fleet;
use crate::run::trust;
use crate::run::trust::{Caution, Trust};
use crate::store::{JournalRow, RegistryEntry, Store};

use crate::operations::doctor::files;
use crate::operations::doctor::files::AccessRule;
use crate::operations::doctor::{Finding, Severity};

/// The findings, and whether the file can be used.
pub struct Registry {
    pub findings: Vec<Finding>,
    pub is_usable: bool,
}

/// Examines the file. A missing one is not created.
pub fn examine(run: &Run) -> Registry {
    let path = run.registry();
    let shown = path.display().to_string();
    if !path.exists() {
        let finding = Finding::ok("registry", shown, "does not exist yet");
        return Registry {
            findings: vec![finding.hint("pgrole registry add -e ENV -d DATABASE -H HOST")],
            is_usable: false,
        };
    }
    let mut findings = examine_modes(path);
    let mut trust = Trust::new(Caution::Refuse);
    let trusted = trust::require_registry(&mut trust, path, run.registry_rule())
        .and_then(|()| trust::require_keys(&mut trust, &run.key_file));
    if let Err(refused) = trusted {
        findings.push(Finding::of("registry", shown, &refused.into()));
        return Registry {
            findings,
            is_usable: false,
        };
    }
    match run.with_store(|store| store.examine()) {
        Err(error) => {
            findings.push(Finding::of("registry", shown, &error));
            Registry {
                findings,
                is_usable: false,
            }
        }
        Ok(faults) => {
            findings.push(if faults.is_empty() {
                Finding::ok("registry", shown, "intact, its schema is up to date")
            } else {
                let hint = format!("sqlite3 {shown} .recover   (or restore it from a backup)");
                Finding::error("registry", shown, faults.join("; ")).hint(hint)
            });
            Registry {
                findings,
                is_usable: true,
            }
        }
    }
}

fn examine_modes(path: &Path) -> Vec<Finding> {
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut findings = Vec::new();
    for file in [path.to_owned(), beside("-wal"), beside("-shm")] {
        findings.extend(files::examine("registry mode", &file, AccessRule::Private));
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    findings.extend(files::examine(
        "registry folder mode",
        folder,
        AccessRule::Private,
    ));
    findings
}

/// Rows that are not as pgrole writes them. What depends on such a row is not done.
pub fn examine_rows(run: &Run) -> Vec<Finding> {
    let bad = match run.with_store(|store| store.find_bad_rows()) {
        Ok(bad) => bad,
        Err(error) => return vec![Finding::of("registry row", "", &error)],
    };
    let findings = bad.into_iter().map(|bad| {
        let detail = format!("{}: {}", bad.column, bad.problem);
        let subject = format!("{} where {}", bad.table, bad.key);
        if bad.is_used {
            return Finding::warning("registry row", subject, detail);
        }
        let file = run.registry().display();
        let hint = format!(
            "correct or delete the row: {}",
            pasteable("sqlite3 {}", &[&file])
        );
        Finding::error("registry row", subject, detail).hint(hint)
    });
    findings.collect()
}

/// Whether the audit log is as it was written.
pub fn examine_log(run: &Run) -> Finding {
    match verify_events(run, &Evidence::default(), &mut |_, _| {}) {
        Err(error) => Finding::of("audit log", "", &error),
        Ok(report) => match report.message {
            None => Finding::ok("audit log", "", format!("{} events, intact", report.events)),
            Some(message) => Finding::error("audit log", "", format!("altered: {message}"))
                .hint("pgrole audit verify"),
        },
    }
}

/// Passwords that are older than the config file allows; `None` if it sets no limit.
pub fn examine_ages(run: &Run) -> Option<Finding> {
    let oldest = run.settings.rotate_older_than?;
    let status = match read_status(
        run,
        &RoleSelection::default(),
        Some(oldest),
        Timestamp::now(),
    ) {
        Ok(status) => status,
        Err(error) => return Some(Finding::of("rotation", "", &error)),
    };
    let (overdue, known) = (status.overdue(), status.roles.len());
    let mut detail = format!(
        "{overdue} of {known} known passwords are older than {}",
        oldest.rounded()
    );
    if status.unknown() > 0 {
        detail = format!("{detail}, or of unknown age ({})", status.unknown());
    }
    Some(if overdue == 0 {
        Finding::ok("rotation", "", detail)
    } else {
        Finding::warning("rotation", "", detail).hint("pgrole rotate --dry-run")
    })
}

/// Passwords with a change time in the future: a clock was wrong then, or is now.
pub fn examine_times(run: &Run) -> Vec<Finding> {
    let status = read_status(run, &RoleSelection::default(), None, Timestamp::now());
    let roles = match status {
        Ok(status) => status.roles,
        // There are no targets, or the error has a finding of its own.
        Err(_) => return Vec::new(),
    };
    let in_the_future = roles.iter().filter_map(|role| {
        let changed_at = role.password_changed_at.as_ref()?;
        role.age_unknown?;
        let subject = format!("\"{}\" on {}/{}", role.username, role.env, role.database);
        let detail = format!(
            "its password was changed at {changed_at}, which is in the future: it counts as due"
        );
        let hint = format!(
            "correct the clock, then: {}",
            pasteable(
                "pgrole rotate -e {} -d {} -u {} --any-age",
                &[&role.env, &role.database, &role.username]
            )
        );
        Some(Finding::warning("rotation", subject, detail).hint(hint))
    });
    in_the_future.collect()
}

/// Deliveries and entries that were not written by pgrole, or were changed since.
pub fn examine_records(run: &Run) -> Vec<Finding> {
    let read = |store: &mut Store| Ok((store.list_placed_roles()?, store.list_entries()?));
    let (placed, entries) = match run.with_store(read) {
        Ok(found) => found,
        Err(error) => return vec![Finding::of("delivery", "", &error)],
    };
    let unsigned = placed.iter().filter(|role| !role.is_recorded);
    let mut findings: Vec<_> = unsigned
        .map(|role| {
            let detail = format!(
                "the delivery of the password of \"{}\" ({}) was not recorded by pgrole: it is not rotated there",
                role.username,
                role.deliver.as_deref().unwrap_or("nowhere"),
            );
            let subject = format!("{}/{}", role.env, role.database);
            Finding::error("delivery", subject, detail).hint(deliver_again(&role.username))
        })
        .collect();
    findings.extend(examine_undecided(run));
    let by_hand = entries
        .iter()
        .filter(|entry| entry.active && !entry.is_recorded);
    findings.extend(by_hand.map(|entry| {
        let detail =
            "written or changed by hand: its server gets no password in clear text or by MD5";
        let RegistryEntry {
            env,
            database,
            hostname,
            ..
        } = entry;
        let hint = format!(
            "if it is correct: {}",
            pasteable(
                "pgrole registry update -e {} -d {} -H {}",
                &[env, database, hostname]
            )
        );
        Finding::ok("entry record", format!("{env}/{database}"), detail).hint(hint)
    }));
    findings
}

/// Roles whose passwords were delivered to several places under several names of their server: they are not rotated
/// until somebody chooses.
fn examine_undecided(run: &Run) -> Vec<Finding> {
    let undecided = match find_undecided(run) {
        Ok(undecided) => undecided,
        Err(error) => return vec![Finding::of("delivery", "", &error)],
    };
    let warnings = undecided.into_iter().map(|(target, error)| Finding {
        status: Severity::Warning,
        ..Finding::of("delivery", target, &error)
    });
    warnings.collect()
}

/// Invalid entries, and entries of environments that are not in the config file.
pub fn examine_entries(run: &Run, fleet: &Fleet) -> Vec<Finding> {
    let mut findings: Vec<_> = fleet
        .invalid
        .iter()
        .map(|invalid| {
            let subject = format!("{}/{}", invalid.entry.env, invalid.entry.database);
            Finding::of("registry entry", subject, &invalid.error)
        })
        .collect();
    let known = &run.settings.environments;
    let unknown = fleet
        .targets
        .iter()
        .filter(|target| !known.contains(&target.env));
    findings.extend(unknown.map(|target| {
        let detail = format!("environment \"{}\" is not in the config file", target.env);
        let hint = format!("add \"{}\" to environments in the config file", target.env);
        Finding::warning("registry entry", target.name(), detail).hint(hint)
    }));
    let of_any_login = fleet.targets.iter();
    let of_any_login = of_any_login.filter(|target| target.accepts_any_login());
    findings.extend(of_any_login.map(|target| {
        let detail = "accepts any authentication method that its server requests";
        let hint = on_target(
            "pgrole registry update -e {} -d {} --require-auth default",
            target,
            &[],
        );
        Finding::warning("registry entry", target.name(), detail).hint(hint)
    }));
    if findings.is_empty() && fleet.asked() > 0 {
        let detail = format!("{} enabled entries, all valid", fleet.targets.len());
        findings.push(Finding::ok("registry entry", "", detail));
    }
    findings
}

/// Interrupted password changes: the password in force may not have been delivered.
pub fn examine_changes(run: &Run) -> Vec<Finding> {
    let unsettled = match run.with_store(|store| store.list_unsettled_changes()) {
        Ok(unsettled) => unsettled,
        Err(error) => return vec![Finding::of("password change", "", &error)],
    };
    let mut findings: Vec<_> = unsettled
        .iter()
        .filter_map(|row| examine_change(run, row))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok("password change", "", "none is open"));
    }
    findings
}

/// `None` if a process is still working on it.
fn examine_change(run: &Run, row: &JournalRow) -> Option<Finding> {
    let change = &row.change;
    let is_held = |lock: &String| matches!(run.try_lock(lock), Ok(None));
    if row.locks.iter().any(is_held) {
        return None;
    }
    let id = &change.operation_id;
    let mut detail = format!(
        "of \"{}\" on {}: {} since {}",
        change.role,
        change.target.name(),
        row.state.as_str(),
        row.created_at
    );
    if let Some(reason) = &row.error {
        detail = format!("{detail}: {reason}");
    }
    let is_sealed = row.state != ChangeState::Sealed;
    if is_sealed && let Err(error) = sealing_key::find_by_id(&run.key_file, &row.key_id) {
        detail = format!("{detail}; its sealing key is not here: {error:#}");
    }
    let hint = match row.state {
        ChangeState::Stuck => pasteable("pgrole recover show {}", &[id]),
        _ => "pgrole recover run".to_owned(),
    };
    Some(Finding::error("password change", id, detail).hint(hint))
}
