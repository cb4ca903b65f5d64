//! The section `[access]`, and the routines that profiles list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::domain::access::AccessLevel;
use crate::domain::access::settings::AccessSettings;
use crate::domain::failure::Failure;
use crate::domain::settings::Settings;
use crate::domain::settings::unknown_environment;
use crate::domain::target::Environment;
use crate::domain::timestamp::Span;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AccessSection {
    schemas: Option<Vec<String>>,
    exclude_schemas: Option<Vec<String>>,
    partial: Option<bool>,
    ensure: Option<bool>,
    #[serde(deserialize_with = "super::span")]
    longest: Option<Span>,
    env: BTreeMap<String, AccessSection>,
    database: BTreeMap<String, AccessSection>,
}

/// The settings of the section.
///
/// # Errors
/// A usage failure if a subsection names an unknown environment, or is nested where nothing reads it.
pub(super) fn settings(
    section: AccessSection,
    environments: &[Environment],
) -> Result<AccessSettings, Failure> {
    let known = |name: &String| environments.iter().any(|env| env.as_str() == name);
    if let Some(env) = section.env.keys().find(|env| !known(env)) {
        let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
        let (what, hint) = unknown_environment(env, &known);
        return Err(Failure::usage(format!("[access.env.{env}]: {what}")).hint(hint));
    }
    let of_databases = |section: &AccessSection| {
        let sections = section.database.values();
        sections
            .filter(|section| !section.env.is_empty() || !section.database.is_empty())
            .count()
    };
    let in_env = section.env.values();
    if of_databases(&section) > 0
        || in_env
            .clone()
            .any(|section| !section.env.is_empty() || of_databases(section) > 0)
    {
        return Err(Failure::usage(
            "[access] takes subsections for environments, for databases, and for databases of an environment, no deeper",
        )
        .hint("for example [access.env.prod.database.myapp_prod]"));
    }
    Ok(section.into())
}

/// Refuses profiles that list routines or extra privileges without an access level.
///
/// # Errors
/// A usage failure that names the profile and the environment.
pub(super) fn check_profiles(settings: &Settings) -> Result<(), Failure> {
    for name in settings.profile_names() {
        for env in &settings.environments {
            let profile = settings.profile(name, env)?;
            let names_more = !profile.execute.is_empty() || !profile.extra.is_empty();
            if names_more && profile.access == AccessLevel::None {
                return Err(Failure::usage(format!(
                    "profile \"{name}\" has no access in environment \"{env}\", so \"execute\" and \"extra\" have no effect"
                ))
                .hint("give it a level: access = \"readonly\", \"readwrite\" or \"ddl\"; or remove them"));
            }
        }
    }
    Ok(())
}

impl From<AccessSection> for AccessSettings {
    fn from(section: AccessSection) -> Self {
        let inner = |sections: BTreeMap<String, AccessSection>| {
            let sections = sections.into_iter();
            sections
                .map(|(name, section)| (name, section.into()))
                .collect()
        };
        Self {
            schemas: section.schemas,
            exclude_schemas: section.exclude_schemas,
            partial: section.partial,
            ensure: section.ensure,
            longest: section.longest,
            env: inner(section.env),
            database: inner(section.database),
        }
    }
}

/// Routines by their exact names: a pattern would admit routines that nobody has reviewed.
pub(super) fn routines<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeSet<String>>, D::Error> {
    let routines = BTreeSet::<String>::deserialize(deserializer)?;
    for routine in &routines {
        let (name, arguments) = routine.split_once('(').unwrap_or((routine, ""));
        if !name.contains('.') || name.contains(['*', '%']) || !arguments.ends_with(')') {
            return Err(D::Error::custom(format!(
                "{routine:?} is not a routine with its schema and the types of its arguments, such as \"app.refresh(integer)\""
            )));
        }
    }
    Ok(Some(routines))
}
