//! `doctor`: checks the setup of this machine, its files and the servers' logs. It fixes nothing.
//!
//! - `files`: who may read and write pgrole's files
//! - `deliveries`: the same for the files that passwords were delivered to
//! - `secrets`: the keyring, the sources of the admin credential, the sealing key
//! - `registry`: the SQLite file, its entries, open password changes
//! - `servers`: passwords in the servers' logs, and the servers' clocks

mod deliveries;
mod files;
mod registry;
mod secrets;
mod servers;

use std::path::{Path, PathBuf};

use anyhow::Error;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::failure::{Kind, OnTarget, hint_of, kind_of};
use crate::run::Run;
use crate::run::fleet::Fleet;
use crate::run::targets::TargetSelection;

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing needs doing.
    Ok,
    /// Worth a look.
    Warning,
    /// Something does not work, or is not safe.
    Error,
}

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// What was checked, such as `keyring`, `registry` or `server log`.
    pub check: &'static str,
    /// The file, source or target that was examined; empty if it is about the machine.
    pub subject: String,
    /// How severe it is.
    pub status: Severity,
    /// What was found.
    pub detail: String,
    /// What to do about it, usually a command; null if nothing needs doing.
    pub hint: Option<String>,
}

impl Finding {
    fn new(check: &'static str, subject: impl Into<String>, status: Severity) -> Self {
        Self {
            check,
            subject: subject.into(),
            status,
            detail: String::new(),
            hint: None,
        }
    }

    fn ok(check: &'static str, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(check, subject, Severity::Ok).detail(detail)
    }

    fn warning(check: &'static str, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(check, subject, Severity::Warning).detail(detail)
    }

    fn error(check: &'static str, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(check, subject, Severity::Error).detail(detail)
    }

    /// A finding for an error that operations would fail with. The sources that were tried for a credential have rows
    /// of their own.
    fn of(check: &'static str, subject: impl Into<String>, error: &Error) -> Self {
        let about_target = usize::from(error.is::<OnTarget>());
        let mut causes = error.chain().skip(about_target).map(ToString::to_string);
        let detail = if kind_of(error) == Kind::NoCredential {
            causes.next().unwrap_or_default()
        } else {
            causes.collect::<Vec<_>>().join(": ")
        };
        let finding = Self::error(check, subject, detail);
        match hint_of(error) {
            Some(hint) => finding.hint(hint),
            None => finding,
        }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What to examine.
pub struct Examination<'a> {
    pub run: &'a Run,
    /// The path of the config file, whether it exists or not; `None` if there is no home folder.
    pub config: Option<PathBuf>,
    /// Why it cannot be used; then the run has the default settings.
    pub config_error: Option<Error>,
    pub selection: TargetSelection,
    pub reach: DoctorScope,
}

/// How far the checks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoctorScope {
    ThisMachine,
    Servers,
}

/// Runs all checks, from the machine to the servers.
pub fn examine(examination: &Examination<'_>) -> Vec<Finding> {
    let run = examination.run;
    let mut registry = registry::examine(run);
    let fleet = if registry.is_usable {
        find_fleet(examination, &mut registry.findings)
    } else {
        Fleet::default()
    };
    let mut findings = examine_config(examination);
    findings.extend(secrets::examine(run, &fleet.targets));
    findings.extend(registry.findings);
    if registry.is_usable {
        findings.extend(registry::examine_rows(run));
        findings.push(registry::examine_log(run));
        findings.extend(registry::examine_entries(run, &fleet));
        findings.extend(registry::examine_ages(run));
        findings.extend(registry::examine_times(run));
        findings.extend(registry::examine_changes(run));
        findings.extend(deliveries::examine(run));
        findings.extend(registry::examine_records(run));
    }
    if examination.reach == DoctorScope::Servers {
        findings.extend(servers::examine(run, &fleet.targets));
    }
    findings
}

fn examine_config(examination: &Examination<'_>) -> Vec<Finding> {
    let Some(path) = &examination.config else {
        let detail = "no home folder to look in: the defaults apply";
        return vec![Finding::ok("config file", "", detail)];
    };
    let shown = path.display().to_string();
    let finding = match &examination.config_error {
        Some(error) => Finding::of("config file", shown, error),
        None if path.exists() => Finding::ok("config file", shown, "valid"),
        None => Finding::ok("config file", shown, "none: the defaults apply"),
    };
    let mut findings = vec![finding];
    let rule = files::AccessRule::Trusted;
    findings.extend(files::examine("config file mode", path, rule));
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    findings.extend(folder.and_then(|folder| files::examine("config folder mode", folder, rule)));
    findings
}

/// The enabled entries of the selection, valid or not.
fn find_fleet(examination: &Examination<'_>, findings: &mut Vec<Finding>) -> Fleet {
    match examination.run.fleet(&examination.selection) {
        Ok(fleet) => fleet,
        Err(error) => {
            let is_none_selected = matches!(kind_of(&error), Kind::NotFound | Kind::Refused);
            let finding = Finding::of("registry entry", "", &error);
            findings.push(Finding {
                status: if is_none_selected {
                    Severity::Warning
                } else {
                    Severity::Error
                },
                ..finding
            });
            Fleet::default()
        }
    }
}
