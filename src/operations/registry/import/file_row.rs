//! A row of a file, whatever the file's format: values by their names, and what is wrong with it so far.

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::store::ENTRY_VALUES;

/// What other files call a value.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("environment", "env"),
    ("db_name", "database"),
    ("dbname", "database"),
    ("host", "hostname"),
    ("hostaddr", "hostname"),
    ("ports", "port"),
    ("user", "admin_user"),
    ("comment", "notes"),
];

/// What `registry list` shows beside them, and the registry's own bookkeeping.
const LEFT_OUT: [&str; 8] = [
    "id",
    "created_at",
    "updated_at",
    "problem",
    "status",
    "audit_anchor",
    "cluster_id",
    "record_code",
];

#[derive(Debug, Default)]
pub struct FileRow {
    /// Its line; in an SQLite file, its number.
    pub line: usize,
    pub values: Vec<(&'static str, Option<String>)>,
    pub problems: Vec<String>,
}

/// A name at the head of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnName {
    Value(&'static str),
    LeftOut,
}

impl ColumnName {
    /// Reads a name in any case.
    ///
    /// # Errors
    /// Usage, with the nearest name that there is.
    pub fn read(name: &str) -> Result<Self, Failure> {
        let lower = name.trim().to_ascii_lowercase();
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == lower);
        let lower = other.map_or(lower.as_str(), |(_, name)| name);
        if let Some(known) = ENTRY_VALUES.into_iter().find(|known| *known == lower) {
            return Ok(Self::Value(known));
        }
        if LEFT_OUT.contains(&lower) {
            return Ok(Self::LeftOut);
        }
        let failure = Failure::usage(choice::unknown("column", name, &ENTRY_VALUES));
        Err(match choice::did_you_mean(lower, ENTRY_VALUES) {
            Some(hint) => failure.hint(hint),
            None => failure,
        })
    }
}

impl FileRow {
    pub fn at(line: usize) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }

    /// A row of which nothing else can be read.
    pub fn broken(line: usize, problem: impl Into<String>) -> Self {
        Self {
            problems: vec![problem.into()],
            ..Self::at(line)
        }
    }

    /// Adds a value; an empty one is unset.
    pub fn add(&mut self, name: &'static str, value: Option<&str>) {
        let value = value.filter(|value| !value.is_empty());
        self.values.push((name, value.map(str::to_owned)));
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        let found = values.find(|(known, _)| *known == name);
        found?.1.as_deref()
    }
}
