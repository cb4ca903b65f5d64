//! The names on record, for completion: read from a file that is neither created, migrated, locked nor written. A file
//! that cannot be read offers nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ToSql};
use serde::Deserialize;

use crate::domain::password::change::ChangeState;
use crate::domain::settings::matches_any;
use crate::store::read_only::open;

/// What a shell can show at once; more need another letter.
const MOST_NAMES: usize = 1_000;
/// More clusters than this are not asked one by one.
const MOST_CLUSTERS: usize = 500;
/// How many rows of a table are read, how many of them are taken, and how many bytes of lists are read, for one key press.
const MOST_ROWS: usize = 100_000;
const MOST_MATCHES: usize = 10_000;
const MOST_BYTES: usize = 2_000_000;
/// For files that nobody expects: the shell waits meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);

/// Which roles are on which clusters; a cluster may have answered that a role is not there.
const TABLES_OF_ROLES: [&str; 3] = [
    "placed_role",
    "seen_role",
    "(SELECT cluster_id, username FROM found_login WHERE login IS NOT NULL)",
];

/// A name, and what it belongs to, if that is worth a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    pub name: String,
    pub note: Option<String>,
}

/// Names that begin in the same way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// In order. Where there are too many, the first ones and the last: they begin as all do.
    pub names: Vec<KnownName>,
    /// Whether all that is on record was looked at.
    pub is_all: bool,
}

/// A registry that is only looked at.
pub struct RegistryGlance {
    connection: Connection,
}

/// The targets that names are wanted of.
#[derive(Debug, Default, Clone)]
pub struct Within {
    /// Empty: all.
    pub environments: Vec<String>,
    /// Names and patterns; empty: all.
    pub databases: Vec<String>,
}

/// What the audit log's events are found by, each with an index of its own.
#[derive(Debug, Clone, Copy)]
pub enum LogColumn {
    Operation,
    Operator,
    Role,
}

impl RegistryGlance {
    /// Opens the file; `None` if there is none, or SQLite cannot read it.
    pub fn open(path: &Path) -> Option<Self> {
        // Anything else could block, or is not a registry.
        if !fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let has_log = fs::metadata(log).is_ok_and(|log| log.len() > 0);
        // Reading beside a writer needs its log, and the index of that, which are there; otherwise SQLite would create
        // both.
        let beside_writer = || open(path, "mode=ro&readonly_shm=1", Duration::ZERO).ok();
        let connection = has_log.then(beside_writer).flatten();
        let is_readable = |connection: &Connection| {
            let count = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
            count.is_ok()
        };
        let connection = match connection.filter(is_readable) {
            Some(connection) => connection,
            None => open(path, "mode=ro&immutable=1", Duration::ZERO).ok()?,
        };
        let handle = connection.get_interrupt_handle();
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            handle.interrupt();
        });
        connection
            .pragma_update(None, "trusted_schema", false)
            .ok()?;
        Some(Self { connection })
    }

    /// The environments of the targets, by name.
    pub fn environments(&self) -> Vec<String> {
        let next = "SELECT env FROM db_registry WHERE env > ?1 ORDER BY env LIMIT 1";
        self.distinct(next, "")
    }

    /// What the audit log says in a column, if it begins with the text.
    pub fn logged(&self, column: LogColumn, start: &str) -> Vec<KnownName> {
        let column = match column {
            LogColumn::Operation => "operation",
            LogColumn::Operator => "os_user",
            LogColumn::Role => "username",
        };
        let next = format!(
            "SELECT {column} FROM audit_log WHERE stage <> 'outcome' AND {column} > ?1 ORDER BY {column} LIMIT 1"
        );
        let names = self.distinct(&next, start).into_iter();
        names.map(|name| KnownName { name, note: None }).collect()
    }

    /// The texts that begin with `start`, from one to the next in an index: the log has a million rows, and few texts.
    fn distinct(&self, next: &str, start: &str) -> Vec<String> {
        let is_there = next.replace("> ?1", ">= ?1");
        let mut found: Vec<String> = Vec::new();
        while found.len() < MOST_NAMES {
            let text = match found.last() {
                None => self.texts(&is_there, &[&start]).pop(),
                Some(last) => self.texts(next, &[last]).pop(),
            };
            match text {
                Some(text) if text.starts_with(start) => found.push(text),
                _ => break,
            }
        }
        found
    }

    /// The databases in the environments that begin with the text, each with the server or the environments that it
    /// is in.
    pub fn databases(
        &self,
        environments: &[String],
        start: &str,
        with_disabled: bool,
    ) -> KnownNames {
        let active = if with_disabled { "" } else { "AND active <> 0" };
        let range = format!(
            "SELECT db_name, hostname || ':' || port FROM db_registry
             WHERE env = ?1 AND db_name >= ?2 AND db_name < ?3 {active} ORDER BY db_name"
        );
        let end = end_of(start);
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for env in environments {
            let first = self.pairs(&format!("{range} LIMIT {MOST_NAMES}"), &[env, &start, &end]);
            let last = if first.len() < MOST_NAMES {
                Vec::new()
            } else {
                self.pairs(&format!("{range} DESC LIMIT 1"), &[env, &start, &end])
            };
            for (name, place) in first.into_iter().chain(last) {
                let note = match environments {
                    [_] => place,
                    _ => env.clone(),
                };
                found.entry(name).or_default().push(note);
            }
        }
        let names = found.into_iter().map(|(name, notes)| KnownName {
            name,
            note: Some(notes.join(", ")),
        });
        KnownNames {
            names: first_and_last(names.collect()),
            is_all: true,
        }
    }

    /// The roles on the clusters of the targets that begin with the text: those that pgrole placed, and those that the
    /// clusters answered with last.
    pub fn roles(&self, within: &Within, start: &str) -> KnownNames {
        let clusters = self.clusters(within);
        let mut found = BTreeSet::new();
        let is_all = match &clusters {
            Some(clusters) if clusters.len() <= MOST_CLUSTERS => {
                self.add_roles_of_each(clusters, start, &mut found)
            }
            _ => self.add_roles_of_all(clusters.as_ref(), start, &mut found),
        };
        let names = found.into_iter().map(|name| KnownName { name, note: None });
        KnownNames {
            names: first_and_last(names.collect()),
            is_all,
        }
    }

    /// The password changes that are open or whose sealed copy is kept.
    pub fn changes(&self) -> Vec<KnownName> {
        let states = ChangeState::ALL.into_iter();
        let states = states.filter(|state| !state.is_final());
        let states: Vec<_> = states
            .map(|state| format!("'{}'", state.as_str()))
            .collect();
        let query = format!(
            "SELECT operation_id, lower(state) || ': ' || username || ' on ' || env || '/' || db_name
             FROM password_change WHERE state IN ({}) ORDER BY created_at LIMIT {MOST_NAMES}",
            states.join(", ")
        );
        let changes = self.pairs(&query, &[]).into_iter();
        changes
            .map(|(name, note)| KnownName {
                name,
                note: Some(note),
            })
            .collect()
    }

    /// The clusters of the targets; `None` for all.
    fn clusters(&self, within: &Within) -> Option<HashSet<String>> {
        if within.environments.is_empty() && within.databases.is_empty() {
            return None;
        }
        let environments = match within.environments.as_slice() {
            [] => self.environments(),
            environments => environments.to_vec(),
        };
        let mut clusters = HashSet::new();
        for env in &environments {
            if within
                .databases
                .iter()
                .any(|database| database.contains('*'))
            {
                let query = "SELECT db_name, cluster_id FROM db_registry WHERE env = ?1";
                self.each_pair(query, &[env], &mut |database, cluster| {
                    if matches_any(&within.databases, &database) {
                        clusters.insert(cluster);
                    }
                });
            } else if within.databases.is_empty() {
                let query = "SELECT cluster_id FROM db_registry WHERE env = ?1";
                clusters.extend(self.texts(query, &[env]));
            }
            for database in &within.databases {
                let query = "SELECT cluster_id FROM db_registry WHERE env = ?1 AND db_name = ?2";
                clusters.extend(self.texts(query, &[env, database]));
            }
        }
        Some(clusters)
    }

    /// Returns whether all were looked at.
    fn add_roles_of_each(
        &self,
        clusters: &HashSet<String>,
        start: &str,
        found: &mut BTreeSet<String>,
    ) -> bool {
        let end = end_of(start);
        let mut bytes_left = MOST_BYTES;
        let mut is_all = true;
        for cluster in clusters {
            for table in TABLES_OF_ROLES {
                let query = format!(
                    "SELECT username FROM {table} WHERE cluster_id = ?1 AND username >= ?2 AND username < ?3
                     LIMIT {MOST_ROWS}"
                );
                found.extend(self.texts(&query, &[cluster, &start, &end]));
            }
            let query = "SELECT logins FROM listed_logins WHERE cluster_id = ?1";
            is_all &= add_listed(self.texts(query, &[cluster]), start, &mut bytes_left, found);
        }
        is_all
    }

    /// As above, of all clusters, or of more than can be looked up one by one.
    fn add_roles_of_all(
        &self,
        clusters: Option<&HashSet<String>>,
        start: &str,
        found: &mut BTreeSet<String>,
    ) -> bool {
        let is_wanted = |cluster: &String| clusters.is_none_or(|wanted| wanted.contains(cluster));
        let end = end_of(start);
        let mut is_all = true;
        for table in TABLES_OF_ROLES {
            let more = format!("SELECT '' FROM {table} LIMIT 1 OFFSET {MOST_ROWS}");
            let is_small = self.texts(&more, &[]).is_empty();
            // The limit costs as much as the reading.
            let rows = if is_small {
                table.to_owned()
            } else {
                format!("(SELECT username, cluster_id FROM {table} LIMIT {MOST_ROWS})")
            };
            let query = format!(
                "SELECT username, cluster_id FROM {rows} WHERE username >= ?1 AND username < ?2 LIMIT {MOST_MATCHES}"
            );
            let matches = self.each_pair(&query, &[&start, &end], &mut |name, cluster| {
                if is_wanted(&cluster) {
                    found.insert(name);
                }
            });
            is_all &= is_small && matches < MOST_MATCHES;
        }
        let mut bytes_left = MOST_BYTES;
        let query = "SELECT cluster_id FROM listed_logins LIMIT 1000";
        for cluster in self.texts(query, &[]).iter().filter(|name| is_wanted(name)) {
            let query = "SELECT logins FROM listed_logins WHERE cluster_id = ?1";
            if !add_listed(self.texts(query, &[cluster]), start, &mut bytes_left, found) {
                return false;
            }
        }
        is_all
    }

    fn texts(&self, query: &str, values: &[&dyn ToSql]) -> Vec<String> {
        let rows = self.connection.prepare_cached(query).and_then(|mut query| {
            let rows = query.query_map(values, |row| row.get(0))?;
            Ok(rows.filter_map(Result::ok).collect())
        });
        rows.unwrap_or_default()
    }

    fn pairs(&self, query: &str, values: &[&dyn ToSql]) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        self.each_pair(query, values, &mut |one, other| pairs.push((one, other)));
        pairs
    }

    /// Returns how many rows there were.
    fn each_pair(
        &self,
        query: &str,
        values: &[&dyn ToSql],
        act: &mut dyn FnMut(String, String),
    ) -> usize {
        let rows = self.connection.prepare_cached(query).and_then(|mut query| {
            let mut rows = query.query(values)?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                count += 1;
                if let (Ok(one), Ok(other)) = (row.get(0), row.get(1)) {
                    act(one, other);
                }
            }
            Ok(count)
        });
        rows.unwrap_or(0)
    }
}

/// A login of `listed_logins`, of which only the name matters here.
#[derive(Deserialize)]
struct ListedLogin {
    name: String,
}

fn add_listed(
    lists: Vec<String>,
    start: &str,
    bytes_left: &mut usize,
    found: &mut BTreeSet<String>,
) -> bool {
    for list in lists {
        let Some(left) = bytes_left.checked_sub(list.len()) else {
            return false;
        };
        *bytes_left = left;
        let logins: Vec<ListedLogin> = serde_json::from_str(&list).unwrap_or_default();
        let names = logins.into_iter().map(|login| login.name);
        found.extend(names.filter(|name| name.starts_with(start)));
    }
    true
}

/// A text behind all that begin with `start`.
fn end_of(start: &str) -> String {
    format!("{start}\u{10FFFF}")
}

fn first_and_last(mut names: Vec<KnownName>) -> Vec<KnownName> {
    if names.len() > MOST_NAMES {
        let last = names.pop();
        names.truncate(MOST_NAMES - 1);
        names.extend(last);
    }
    names
}
