//! `registry import`: many targets from a file, all of them or none.
//!
//! - `source`: which format the file has; `csv_rows`, `json_rows`, `service_rows`: reading it; `file_row`: what they yield
//! - `plan`: each row beside the entry that the registry has

mod csv_rows;
mod file_row;
mod json_rows;
mod plan;
mod service_rows;
mod source;

use std::path::Path;

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::target::Environment;
use crate::domain::timestamp::Timestamp;
use crate::run::Run;
use crate::run::trust;
use crate::run::trust::OwnershipRule;

pub use plan::{ImportPlan, ImportRow};

/// Reads a file, and plans what is to be done: nothing is changed.
///
/// # Errors
/// Usage, if the file cannot be read at all; if the registry cannot be read.
pub fn plan_import(
    run: &Run,
    file: &Path,
    default_env: Option<&Environment>,
    may_update: bool,
) -> Result<ImportPlan> {
    if let Some(env) = default_env {
        run.settings.check_environment(env)?;
    }
    // It decides which servers get the admin credential.
    if file.as_os_str() != "-"
        && let Err(distrust) = trust::examine("file", file, OwnershipRule::Own)
    {
        run.warn(distrust.into_failure().in_one_line());
    }
    let source = source::read_source(run, file)?;
    plan::plan_rows(run, source, (default_env, may_update))
}

/// Makes a planned import, with an event for each entry.
///
/// # Errors
/// If it is not feasible, or an entry was changed since it was planned: then nothing is imported.
pub fn carry_out(run: &Run, plan: &ImportPlan) -> Result<()> {
    plan.require_feasible()?;
    run.with_store(|store| {
        store.change_entries(Operation::RegistryImport, &plan.changes, Timestamp::now())
    })
}
