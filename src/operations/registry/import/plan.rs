//! What an import is to do: each row of the file beside the entry that the registry has.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::Environment;
use crate::operations::registry::import::file_row::FileRow;
use crate::operations::registry::import::source::Source;
use crate::run::Run;
use crate::store::{EntryChange, EntryDifference, RegistryEntry};

/// What becomes of a row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportRow {
    /// Its line in the file; in an SQLite file, its number.
    pub line: usize,
    /// The environment; null if the file has none.
    pub env: Option<String>,
    /// The database; null if the file has none.
    pub database: Option<String>,
    /// The host; null if the file has none.
    pub hostname: Option<String>,
    /// The port, as text; null if the file has none.
    pub port: Option<String>,
    /// `target added`, `target updated`, `unchanged`, `target differs` or `invalid entry`.
    pub status: Status,
    /// What differs in the registry.
    pub differs: Vec<EntryDifference>,
    /// Why it cannot be imported; null if it can.
    pub problem: Option<String>,
}

/// An import, before it is made.
#[derive(Debug)]
pub struct ImportPlan {
    pub rows: Vec<ImportRow>,
    pub(super) changes: Vec<EntryChange>,
    unit: &'static str,
    may_update: bool,
}

/// Plans an import: nothing is changed.
///
/// # Errors
/// If the registry cannot be read.
pub fn plan_rows(
    run: &Run,
    source: Source,
    (default_env, may_update): (Option<&Environment>, bool),
) -> Result<ImportPlan> {
    let entries = run.with_store(|store| store.list_entries())?;
    let entries = entries.into_iter();
    let entries: HashMap<_, _> = entries
        .map(|entry| ((entry.env.clone(), entry.database.clone()), entry))
        .collect();
    let mut plan = ImportPlan {
        rows: Vec::new(),
        changes: Vec::new(),
        unit: source.unit,
        may_update,
    };
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    for mut row in source.rows {
        if row.value("env").is_none() {
            row.values.retain(|(name, _)| *name != "env");
            let default = default_env.map(Environment::as_str);
            row.values
                .extend(default.map(|env| ("env", Some(env.to_owned()))));
        }
        let text = |name: &str| row.value(name).map(str::to_owned).unwrap_or_default();
        let name = (text("env"), text("database"));
        let found = entries.get(&name);
        let wanted = wanted(run, &mut row, found);
        if let Some(line) = seen.get(&name) {
            let unit = source.unit;
            row.problems
                .push(format!("{unit} {line} is the same target"));
        } else if !name.1.is_empty() {
            seen.insert(name, row.line);
        }
        plan.add(&row, found, wanted);
    }
    Ok(plan)
}

/// The entry as the row wants it: what the row does not name stays. Its problems are put on the row.
fn wanted(run: &Run, row: &mut FileRow, found: Option<&RegistryEntry>) -> RegistryEntry {
    let mut entry = found.cloned().unwrap_or_else(|| RegistryEntry {
        active: true,
        ..RegistryEntry::default()
    });
    let mut problems = Vec::new();
    if !row.problems.is_empty() {
        return entry;
    }
    for (name, value) in &row.values {
        // What another registry does not know about a cluster is no reason to forget it here.
        if *name == "system_identifier" && value.is_none() {
            continue;
        }
        let value = value.as_deref().map(|value| absolute(name, value));
        if let Err(failure) = entry.set_value(name, value.as_deref()) {
            problems.push(failure.in_one_line());
        }
    }
    if row.value("env").is_none() {
        problems.push("it has no env, and there is no -e".to_owned());
    } else if let Err(failure) = run
        .settings
        .check_environment(&Environment::new(entry.env.clone()))
    {
        problems.push(failure.in_one_line());
    }
    for name in ["database", "hostname"] {
        if !row.values.iter().any(|(known, _)| *known == name) {
            problems.push(format!("it has no {name}"));
        }
    }
    if entry.service().is_some() {
        if row.value("port").is_some() {
            problems.push("its service has the port".to_owned());
        }
        (entry.port, entry.ports) = (None, None);
    }
    if problems.is_empty()
        && let Err(error) = entry.clone().check()
    {
        problems.push(format!("{error:#}"));
    }
    row.problems = problems;
    entry
}

/// A file is stored by its full path, as in `registry add`.
fn absolute(name: &str, value: &str) -> String {
    if !["sslrootcert", "sslcert", "sslkey"].contains(&name) || value == "system" {
        return value.to_owned();
    }
    let absolute = std::path::absolute(Path::new(value));
    absolute.map_or_else(|_| value.to_owned(), |path| path.display().to_string())
}

impl ImportPlan {
    fn add(&mut self, row: &FileRow, found: Option<&RegistryEntry>, wanted: RegistryEntry) {
        let text = |name: &str| row.value(name).map(str::to_owned);
        let mut shown = ImportRow {
            line: row.line,
            env: text("env"),
            database: text("database"),
            hostname: text("hostname"),
            port: text("port"),
            status: Status::Unchanged,
            differs: Vec::new(),
            problem: None,
        };
        if !row.problems.is_empty() {
            shown.status = Status::InvalidEntry;
            shown.problem = Some(row.problems.join("; "));
            self.rows.push(shown);
            return;
        }
        match found {
            None => {
                shown.status = Status::TargetAdded;
                self.changes.push(EntryChange::Add(wanted));
            }
            Some(found) => {
                shown.differs = wanted.differences(found);
                let is_equal = shown.differs.is_empty();
                // Whoever names the host vouches for the entry.
                if !is_equal && !self.may_update {
                    shown.status = Status::TargetDiffers;
                } else if !is_equal || !found.is_recorded {
                    shown.status = Status::TargetUpdated;
                    self.changes.push(EntryChange::Update {
                        found: Box::new(found.clone()),
                        wanted,
                    });
                }
            }
        }
        self.rows.push(shown);
    }

    /// Leaves only the rows that keep it from being made.
    pub fn keep_obstacles(&mut self) {
        let obstacles = [Status::InvalidEntry, Status::TargetDiffers];
        self.rows.retain(|row| obstacles.contains(&row.status));
    }

    /// How many rows have this status.
    pub fn count(&self, status: &Status) -> usize {
        self.rows.iter().filter(|row| row.status == *status).count()
    }

    /// Refuses an import that cannot be made as a whole.
    ///
    /// # Errors
    /// Usage, if rows are not valid; refused, if entries differ that are not to be changed.
    pub fn require_feasible(&self) -> Result<(), Failure> {
        let all = self.rows.len();
        let invalid = self.count(&Status::InvalidEntry);
        if invalid > 0 {
            let unit = self.unit;
            let what = format!("{invalid} of {all} rows are not valid, so nothing is imported");
            return Err(Failure::usage(what).hint(format!(
                "each of these rows is shown with its {unit} and what is wrong"
            )));
        }
        let differing = self.count(&Status::TargetDiffers);
        if differing > 0 {
            let what = format!(
                "{differing} of {all} targets are in the registry already, and differ, so nothing is imported"
            );
            return Err(Failure::new(Kind::Refused, what).hint("to change them too, add --update"));
        }
        Ok(())
    }

    /// The protected environments in which entries would lead elsewhere than before, and how many.
    pub fn protected_updates(&self, run: &Run) -> Vec<(Environment, usize)> {
        let protected = run.settings.protected.iter();
        let leads_elsewhere = |row: &&ImportRow| {
            let harmless = ["notes", "active"];
            let mut differs = row.differs.iter();
            row.status == Status::TargetUpdated
                && differs.any(|value| !harmless.contains(&value.what))
        };
        let counted = protected.map(|env| {
            let rows = self.rows.iter().filter(leads_elsewhere);
            let count = rows.filter(|row| row.env.as_deref() == Some(env.as_str()));
            (env.clone(), count.count())
        });
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// What a person must know about a row beside its status.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for row in &self.rows {
            let place = format!("{} {}", self.unit, row.line);
            remarks.extend(
                row.problem
                    .iter()
                    .map(|problem| format!("{place}: {problem}")),
            );
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            for EntryDifference {
                what,
                wanted,
                found,
            } in &row.differs
            {
                let name = [&row.env, &row.database].map(|part| part.clone().unwrap_or_default());
                remarks.push(format!(
                    "{place}: {}: {what} is {} in the registry, {} in the file",
                    name.join("/"),
                    shown(found),
                    shown(wanted)
                ));
            }
        }
        remarks
    }
}
