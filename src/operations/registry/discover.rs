//! `registry discover`: which databases a server has, and registering some of them.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, sqlstate_of};
use crate::domain::settings::matches_any;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::run::{Act, Done, Run};
use crate::server::databases;
use crate::server::databases::ListedDatabase;
use crate::store::{EntryChange, RegistryEntry};

/// Where the databases are listed unless it is said; the second serves where the first was dropped.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];
/// The server has no such database.
const NO_DATABASE: &str = "3D000";

/// A database of the server.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiscoveredDatabase {
    /// The environment of the target.
    pub env: String,
    /// The database.
    pub database: String,
    /// The host of the server.
    pub hostname: String,
    /// The port, as a number; null if a service defines it.
    pub port: Option<i64>,
    /// The owner of the database.
    pub owner: String,
    /// Its size in bytes; null if it was not asked for, or may not be read.
    pub size_bytes: Option<i64>,
    /// Whether it accepts connections from this admin credential and is not a template.
    pub usable: bool,
    /// The targets that are this very database, each as `ENV/DATABASE`.
    pub registered_as: Vec<String>,
    /// `target added`, `unchanged` (registered already), `not registered`, or `target differs` (the target of this name
    /// is on another server).
    pub status: Status,
}

/// What a server has.
#[derive(Debug)]
pub struct Discovery {
    pub rows: Vec<DiscoveredDatabase>,
    /// The entry that each gets, but for its name.
    place: RegistryEntry,
}

/// Which of them to register.
#[derive(Debug, Clone)]
pub enum Choice {
    /// All that are usable, except for the maintenance database.
    All,
    /// Those that match one of these names and `*` patterns.
    Named(Vec<String>),
}

/// Lists the databases of a server. `place` is the entry that they would get, but for its name.
///
/// # Errors
/// Those of a login; if the databases cannot be listed.
pub fn discover(
    run: &Run,
    place: &RegistryEntry,
    maintenance: Option<&DatabaseName>,
    with_sizes: bool,
) -> Result<Discovery> {
    run.settings
        .check_environment(&Environment::new(place.env.clone()))?;
    let names = match maintenance {
        Some(name) => vec![name.to_string()],
        None => MAINTENANCE.map(str::to_owned).to_vec(),
    };
    let mut last = Ok(());
    for name in names {
        match discover_in(run, place, name, with_sizes) {
            Err(error) if sqlstate_of(&error) == Some(NO_DATABASE) => {
                last = last.and(Err(error));
            }
            found => return found,
        }
    }
    last.map(|()| unreachable!("there is a name"))
}

fn discover_in(
    run: &Run,
    place: &RegistryEntry,
    maintenance: String,
    with_sizes: bool,
) -> Result<Discovery> {
    let entry = RegistryEntry {
        database: maintenance,
        ..place.clone()
    };
    let target = run.target_of(entry)?;
    let act = Act::on(
        &target,
        Operation::RegistryDiscover,
        "cannot list the databases",
    );
    let (found, identifier) = run.audited(&act, &target, |server| {
        let read = |connection: &mut _| databases::list_databases(connection, with_sizes);
        let found = server.read(read)?;
        let done = Done {
            status: Status::Ok,
            ..Done::default()
        };
        Ok(((found, server.cluster().map(str::to_owned)), done))
    })?;
    let place = RegistryEntry {
        system_identifier: identifier,
        ..place.clone()
    };
    // There was contact, so that the registry knows the cluster of this place.
    let cluster_id = run.with_store(|store| store.find_cluster(&target))?;
    let target = Target {
        cluster: place.system_identifier.clone(),
        cluster_id,
        ..target
    };
    let known = run.all_targets()?;
    let entries = run.with_store(|store| store.list_entries())?;
    let is_taken = |database: &str| {
        let mut entries = entries.iter();
        entries.any(|entry| entry.env == place.env && entry.database == database)
    };
    let rows = found.into_iter().map(|database| {
        let is_taken = is_taken(&database.name);
        row(&place, &target, database, (&known, is_taken))
    });
    let rows = rows.collect();
    Ok(Discovery { rows, place })
}

fn row(
    place: &RegistryEntry,
    server: &Target,
    database: ListedDatabase,
    (known, is_taken): (&[Target], bool),
) -> DiscoveredDatabase {
    let is_here = |target: &&Target| {
        let is_same = server.cluster.is_some() && target.cluster == server.cluster;
        is_same || target.is_on_cluster_of(server)
    };
    let has_name = |target: &&Target| target.database.as_str() == database.name;
    let here = known.iter().filter(has_name).filter(is_here);
    let registered_as: Vec<_> = here.map(Target::name).collect();
    let name = format!("{}/{}", place.env, database.name);
    let status = if registered_as.contains(&name) {
        Status::Unchanged
    } else if is_taken {
        Status::TargetDiffers
    } else {
        Status::NotRegistered
    };
    DiscoveredDatabase {
        env: place.env.clone(),
        hostname: place.hostname.clone(),
        port: place.port,
        owner: database.owner,
        size_bytes: database.size_bytes,
        usable: database.allows_connections && database.may_connect && !database.is_template,
        database: database.name,
        registered_as,
        status,
    }
}

impl Discovery {
    /// Whether a database is chosen.
    pub fn is_chosen(choice: &Choice, row: &DiscoveredDatabase) -> bool {
        match choice {
            Choice::All => row.usable && row.database != MAINTENANCE[0],
            Choice::Named(patterns) => !patterns.is_empty() && matches_any(patterns, &row.database),
        }
    }

    /// Registers the chosen databases that are not registered, all in one transaction. Returns why others of them are
    /// not.
    ///
    /// # Errors
    /// Not found, if a name is none of the server's; if the registry cannot be written.
    pub fn register(&mut self, run: &Run, choice: &Choice) -> Result<Vec<Failure>> {
        if let Choice::Named(patterns) = choice {
            self.require_found(patterns)?;
        }
        let mut changes = Vec::new();
        let mut failed = Vec::new();
        for row in &mut self.rows {
            if !Self::is_chosen(choice, row) {
                continue;
            }
            let name = format!("{}/{}", row.env, row.database);
            match row.status {
                Status::TargetDiffers => failed.push(on_another_server(row)),
                // A pattern does not mean what cannot be used.
                Status::NotRegistered if row.usable || is_named(choice, &row.database) => {
                    row.status = Status::TargetAdded;
                    row.registered_as.push(name);
                    changes.push(EntryChange::Add(RegistryEntry {
                        database: row.database.clone(),
                        ..self.place.clone()
                    }));
                }
                _ => {}
            }
        }
        if !changes.is_empty() {
            let operation = Operation::RegistryAdd;
            run.with_store(|store| store.change_entries(operation, &changes, Timestamp::now()))?;
        }
        Ok(failed)
    }

    fn require_found(&self, patterns: &[String]) -> Result<(), Failure> {
        let fits = |pattern: &&String| {
            let pattern = std::slice::from_ref(*pattern);
            let mut rows = self.rows.iter();
            rows.any(|row| matches_any(pattern, &row.database))
        };
        match patterns.iter().find(|pattern| !fits(pattern)) {
            Some(pattern) => Err(Failure::not_found(format!(
                "no database of the server matches {pattern:?}, so none is registered"
            ))),
            None => Ok(()),
        }
    }
}

fn is_named(choice: &Choice, database: &str) -> bool {
    matches!(choice, Choice::Named(names) if names.iter().any(|name| name == database))
}

fn on_another_server(row: &DiscoveredDatabase) -> Failure {
    let DiscoveredDatabase {
        env,
        database,
        hostname,
        ..
    } = row;
    let what = format!("target {env}/{database} is in the registry already, on another server");
    Failure::refused(what).hint(format!(
        "register this one in another environment, or change that target: {}",
        pasteable(
            "pgrole registry update -e {} -d {} -H {}",
            &[env, database, hostname]
        )
    ))
}
