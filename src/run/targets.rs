//! Turns the registry's entries and the journal's rows into targets.

use anyhow::Result;

use crate::config;
use crate::domain::choice;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Phase};
use crate::domain::settings::matches_any;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::run::Run;
use crate::run::fleet::Fleet;
use crate::store::{JournalRow, RegistryEntry};

/// Which targets to take; each list contains `*` patterns, and an empty one matches all.
#[derive(Debug, Clone, Default)]
pub struct TargetSelection {
    pub environments: Vec<String>,
    pub databases: Vec<String>,
}

impl TargetSelection {
    /// All targets of an environment, or the one of that name there.
    pub fn within(env: &Environment, database: Option<&DatabaseName>) -> Self {
        Self {
            environments: vec![env.to_string()],
            databases: database.iter().map(ToString::to_string).collect(),
        }
    }

    /// Environment and database, if exactly one target is named.
    pub fn only_one(&self) -> Option<(&str, &str)> {
        match (self.environments.as_slice(), self.databases.as_slice()) {
            ([env], [database]) if !is_pattern(env) && !is_pattern(database) => {
                Some((env, database))
            }
            _ => None,
        }
    }

    /// Whether a target of these names is selected.
    pub fn fits(&self, env: &str, database: &str) -> bool {
        matches_any(&self.environments, env) && matches_any(&self.databases, database)
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains('*')
}

impl Run {
    /// The enabled target of that name.
    ///
    /// # Errors
    /// Usage, if the environment is unknown; not found, if there is no such target; refused, if it is disabled.
    pub fn target(&self, env: &Environment, database: &DatabaseName) -> Result<Target> {
        self.target_of(self.enabled_entry(env, database)?)
    }

    fn enabled_entry(&self, env: &Environment, database: &DatabaseName) -> Result<RegistryEntry> {
        let entry = self.entry(env, database)?;
        if entry.active {
            return Ok(entry);
        }
        Err(
            Failure::refused(format!("target {env}/{database} is disabled"))
                .hint(format!(
                    "to enable it: {}",
                    pasteable("pgrole registry enable -e {} -d {}", &[env, database])
                ))
                .into(),
        )
    }

    /// The target of an entry. If that names a service of `pg_service.conf`, this looks it up.
    ///
    /// # Errors
    /// Usage, if the entry is not valid, or its service cannot be used.
    pub fn target_of(&self, entry: RegistryEntry) -> Result<Target> {
        let mut target = self.place_of(entry)?;
        target.cluster_id = self.with_store(|store| store.find_cluster(&target))?;
        Ok(target)
    }

    fn place_of(&self, entry: RegistryEntry) -> Result<Target> {
        let Some(name) = entry.service() else {
            return entry.try_into();
        };
        let found = config::service::find(&self.variables, &name)?;
        let place = format!("{}/{}", entry.env, entry.database);
        for passed_over in found.passed_over(&entry.database) {
            self.note_once(format!("{place}: service \"{name}\": {passed_over}"));
        }
        entry.with_service(&found)?.try_into()
    }

    /// The registry entry of that name.
    ///
    /// # Errors
    /// Usage, if the environment is unknown; not found, if there is no such target.
    pub fn entry(&self, env: &Environment, database: &DatabaseName) -> Result<RegistryEntry> {
        self.settings.check_environment(env)?;
        let found = self.with_store(|store| store.find_entry(env.as_str(), database.as_str()))?;
        found.ok_or_else(|| {
            let add = pasteable("pgrole registry add -e {} -d {} -H HOST", &[env, database]);
            let hint = match self.nearest_target(env, database) {
                Some(near) => format!(
                    "did you mean {near}? List the targets: pgrole registry list; or add it: {add}"
                ),
                None => format!("list the targets: pgrole registry list; or add it: {add}"),
            };
            let what = format!("no target {env}/{database} in the registry");
            Failure::not_found(what).hint(hint).into()
        })
    }

    /// All enabled targets that match the selection, in rollout order.
    ///
    /// # Errors
    /// If none matches: not found, or refused if the one that is named is disabled. Usage, if an environment is unknown.
    pub fn fleet(&self, selection: &TargetSelection) -> Result<Fleet> {
        let mut fleet = Fleet::default();
        if let Some((env, database)) = selection.only_one() {
            let entry = self.enabled_entry(&Environment::new(env), &database.parse()?)?;
            let target = self.target_of(entry.clone());
            fleet.add(entry, target);
            return Ok(fleet);
        }
        self.check_environments(selection)?;
        let entries = self.entries()?;
        let fits =
            |entry: &RegistryEntry| entry.active && selection.fits(&entry.env, &entry.database);
        for entry in entries.into_iter().filter(fits) {
            let target = self.target_of(entry.clone());
            fleet.add(entry, target);
        }
        if fleet.asked() == 0 {
            return Err(
                Failure::not_found("no enabled target matches the selection")
                    .hint(self.hint_for_no_match(selection))
                    .into(),
            );
        }
        Ok(fleet)
    }

    /// The nearest database to the first that is named and unknown, and where to look.
    fn hint_for_no_match(&self, selection: &TargetSelection) -> String {
        let list = "list the targets: pgrole registry list";
        let entries = self
            .with_store(|store| store.list_entries())
            .unwrap_or_default();
        let known: Vec<_> = entries
            .iter()
            .map(|entry| entry.database.as_str())
            .collect();
        let mut named = selection.databases.iter().filter(|name| !is_pattern(name));
        let unknown = named.find(|name| !known.contains(&name.as_str()));
        let near = unknown.and_then(|wrong| choice::did_you_mean(wrong, known.iter().copied()));
        near.map_or_else(|| list.to_owned(), |near| format!("{near} Or {list}"))
    }

    /// Refuses the name of an environment that does not exist; a pattern may match none.
    ///
    /// # Errors
    /// Usage.
    pub fn check_environments(&self, selection: &TargetSelection) -> Result<()> {
        let named = selection.environments.iter().filter(|env| !is_pattern(env));
        for env in named {
            self.settings.check_environment(&Environment::new(env))?;
        }
        Ok(())
    }

    /// All entries of the registry, valid or not, in rollout order.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn entries(&self) -> Result<Vec<RegistryEntry>> {
        let mut entries = self.with_store(|store| store.list_entries())?;
        entries.sort_by_key(|entry| self.settings.rollout_rank(&entry.env));
        Ok(entries)
    }

    /// All targets of the registry in rollout order, including disabled ones; invalid entries are skipped.
    ///
    /// # Errors
    /// If the registry cannot be read.
    pub fn all_targets(&self) -> Result<Vec<Target>> {
        let entries = self.entries()?;
        let targets = entries
            .into_iter()
            .filter_map(|entry| self.target_of(entry).ok());
        Ok(targets.collect())
    }

    /// Refuses a cluster other than the one that answered for the target before; remembers the first.
    ///
    /// # Errors
    /// Refused, with both identifiers.
    pub(super) fn check_cluster(&self, target: &Target, found: Option<&str>) -> Result<()> {
        let Some(found) = found else {
            return Ok(());
        };
        let known = match &target.cluster {
            Some(known) => known.clone(),
            None => {
                self.with_store(|store| store.remember_cluster(target, found, Timestamp::now()))?
            }
        };
        if known == found {
            return Ok(());
        }
        Err(Failure::refused(format!(
            "another cluster answers for {}: its system_identifier is {found}, not {known}",
            target.name()
        ))
        .phase(Phase::Cluster)
        .hint(format!(
            "if the server was rebuilt or replaced: {}",
            on_target(
                "pgrole registry update -e {} -d {} --trust-new-server",
                target,
                &[]
            )
        ))
        .into())
    }

    /// The password changes that have not ended, oldest first.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn open_changes(&self) -> Result<Vec<JournalRow>> {
        let rows = self.with_store(|store| store.list_open_changes())?;
        self.with_registered_targets(rows)
    }

    /// Those of them that something is left to do for.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn unsettled_changes(&self) -> Result<Vec<JournalRow>> {
        let rows = self.with_store(|store| store.list_unsettled_changes())?;
        self.with_registered_targets(rows)
    }

    fn with_registered_targets(&self, rows: Vec<JournalRow>) -> Result<Vec<JournalRow>> {
        rows.into_iter()
            .map(|row| self.with_registered_target(row))
            .collect()
    }

    /// One password change; `None` if there is none with that ID.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn find_change(&self, id: &str) -> Result<Option<JournalRow>> {
        let row = self.with_store(|store| store.find_change(id))?;
        row.map(|row| self.with_registered_target(row)).transpose()
    }

    /// Fills in how the target is reached, if the registry still has it at that place.
    fn with_registered_target(&self, mut row: JournalRow) -> Result<JournalRow> {
        let target = &row.change.target;
        let (env, database) = (target.env.as_str(), target.database.as_str());
        let entry = self.with_store(|store| store.find_entry(env, database))?;
        let registered = entry.and_then(|entry| self.target_of(entry).ok());
        if let Some(registered) = registered
            && registered.is_at_place_of(target)
        {
            row.change.target = registered;
        }
        Ok(row)
    }
}
