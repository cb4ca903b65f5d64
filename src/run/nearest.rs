//! What a name that is not known may have meant, according to the registry: no server is asked. Only errors need it.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::choice;
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment};
use crate::run::Run;

impl Run {
    /// A target that was probably meant, `ENV/DATABASE`: a database of the environment that is spelled similarly, else
    /// the same database elsewhere.
    pub(super) fn nearest_target(
        &self,
        env: &Environment,
        database: &DatabaseName,
    ) -> Option<String> {
        let entries = self.with_store(|store| store.list_entries()).ok()?;
        let of_env = entries.iter().filter(|entry| entry.env == env.as_str());
        let near = choice::nearest(
            database.as_str(),
            of_env.map(|entry| entry.database.as_str()),
        );
        if let Some(near) = near {
            return Some(format!("{env}/{near}"));
        }
        let elsewhere = entries
            .iter()
            .find(|entry| entry.database == database.as_str())?;
        Some(format!("{}/{}", elsewhere.env, elsewhere.database))
    }

    /// The role on record that was probably meant.
    pub fn nearest_role(&self, wrong: &RoleName) -> Option<String> {
        let mut known = self.roles_on_record().ok()?;
        known.remove(wrong.as_str());
        choice::nearest(wrong.as_str(), known.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The names of the roles that were placed, seen or listed.
    fn roles_on_record(&self) -> Result<BTreeSet<String>> {
        self.with_store(|store| {
            let mut names = BTreeSet::new();
            names.extend(
                store
                    .list_placed_roles()?
                    .into_iter()
                    .map(|role| role.username),
            );
            names.extend(
                store
                    .list_seen_roles()?
                    .into_iter()
                    .map(|role| role.username),
            );
            let places = store.list_places()?.into_iter();
            let clusters: BTreeSet<_> = places.map(|place| place.cluster_id).collect();
            for cluster in clusters {
                let listed = store.last_listed_logins(&cluster)?;
                names.extend(
                    listed
                        .into_iter()
                        .flat_map(|answer| answer.logins)
                        .map(|login| login.name),
                );
            }
            Ok(names)
        })
    }
}
