//! `[access]` of the config file: which schemas count, and what happens if not everything can be granted. The most
//! specific section that has a key wins: a database of an environment, a database, an environment, all.

use std::collections::BTreeMap;

use crate::domain::access::rules::{AccessRules, ChoiceDuration, Completeness};
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Span;

/// The longest that access with an end may last, unless the config file says so.
const LONGEST: Span = Span::days(1);

/// `None` leaves a value to the less specific sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessSettings {
    pub schemas: Option<Vec<String>>,
    pub exclude_schemas: Option<Vec<String>>,
    pub partial: Option<bool>,
    /// Whether commands that create a login grant an existing one the access that it lacks.
    pub ensure: Option<bool>,
    /// The longest that access with an end may last.
    pub longest: Option<Span>,
    /// `[access.env.ENV]`.
    pub env: BTreeMap<String, AccessSettings>,
    /// `[access.database.DATABASE]`, and the same below an environment.
    pub database: BTreeMap<String, AccessSettings>,
}

impl AccessSettings {
    /// The sections that apply to a database, the most specific one first.
    fn sections<'a>(
        &'a self,
        env: &Environment,
        database: &DatabaseName,
    ) -> impl Iterator<Item = &'a Self> + use<'a> {
        let for_env = self.env.get(env.as_str());
        let in_env = for_env.and_then(|section| section.database.get(database.as_str()));
        let for_database = self.database.get(database.as_str());
        [in_env, for_database, for_env, Some(self)]
            .into_iter()
            .flatten()
    }

    /// Whether commands that create a login grant an existing one the access that it lacks there.
    pub fn ensures(&self, env: &Environment, database: &DatabaseName) -> bool {
        let mut sections = self.sections(env, database);
        sections.find_map(|section| section.ensure).unwrap_or(false)
    }

    /// The longest that access with an end may last, where no section for an environment or a database says otherwise.
    pub fn longest_anywhere(&self) -> Span {
        self.longest.unwrap_or(LONGEST)
    }

    /// The longest that access with an end may last there.
    pub fn longest(&self, env: &Environment, database: &DatabaseName) -> Span {
        let mut sections = self.sections(env, database);
        sections
            .find_map(|section| section.longest)
            .unwrap_or(LONGEST)
    }

    /// What the access levels grant in a database, as far as `[access]` says.
    pub fn rules(&self, env: &Environment, database: &DatabaseName) -> AccessRules {
        let sections: Vec<_> = self.sections(env, database).collect();
        let partial = sections.iter().find_map(|section| section.partial);
        let excluded = sections
            .iter()
            .find_map(|section| section.exclude_schemas.clone());
        AccessRules {
            schemas: sections.iter().find_map(|section| section.schemas.clone()),
            excluded_schemas: excluded.unwrap_or_default(),
            selection: ChoiceDuration::ForGood,
            completeness: match partial {
                Some(true) => Completeness::Partial,
                _ => Completeness::Whole,
            },
            extra: BTreeMap::new(),
            execute: BTreeMap::new(),
            trusted_admins: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_section_wins() {
        let schemas = |names: &[&str]| AccessSettings {
            schemas: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..AccessSettings::default()
        };
        let mut access = schemas(&["everywhere"]);
        access.partial = Some(true);
        let mut prod = schemas(&["prod"]);
        prod.database.insert("app".into(), schemas(&["prod app"]));
        prod.partial = Some(false);
        access.env.insert("prod".into(), prod);
        access.database.insert("app".into(), schemas(&["app"]));
        let rules = |env: &str, database: &str| {
            let rules = access.rules(&Environment::new(env), &database.parse().unwrap());
            (rules.schemas.unwrap().remove(0), rules.completeness)
        };
        let (whole, partial) = (Completeness::Whole, Completeness::Partial);
        assert_eq!(rules("dev", "x"), ("everywhere".into(), partial));
        assert_eq!(rules("dev", "app"), ("app".into(), partial));
        assert_eq!(rules("prod", "x"), ("prod".into(), whole));
        assert_eq!(rules("prod", "app"), ("prod app".into(), whole));
    }
}
