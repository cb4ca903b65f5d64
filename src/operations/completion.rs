//! What the values of options may be, for a shell that completes them: from the settings and the registry alone. Nothing
//! is written, no server and no keyring is asked, and what cannot be read offers nothing.

use std::path::PathBuf;

use crate::domain::settings::{Settings, matches_any};
use crate::domain::target::Environment;
use crate::store::{LogColumn, RegistryGlance, Within};

pub use crate::store::{KnownName, KnownNames};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Environment,
    /// Of an enabled target.
    Database,
    /// Of any target.
    RegisteredDatabase,
    Role,
    /// `NAME`, or `NAME@ENV/DATABASE`.
    LocatedRole,
    Profile,
    Channel,
    /// A password change that is open.
    Change,
    /// What the audit log says.
    LoggedOperation,
    LoggedOperator,
    LoggedRole,
}

/// The files, and what the command line says so far.
pub struct CompletionSource {
    pub settings: Settings,
    pub registry: PathBuf,
    /// Names and patterns.
    pub environments: Vec<String>,
    /// Names and patterns.
    pub databases: Vec<String>,
}

impl CompletionSource {
    /// The values that begin with the text.
    pub fn names(&self, wanted: Wanted, start: &str) -> KnownNames {
        let registry = || RegistryGlance::open(&self.registry);
        let of_log = |column| {
            let names = registry().map(|registry| registry.logged(column, start));
            all(names.unwrap_or_default())
        };
        match wanted {
            Wanted::Environment => all(begin_with(start, self.environments(registry().as_ref()))),
            Wanted::Database | Wanted::RegisteredDatabase => {
                let Some(registry) = registry() else {
                    return KnownNames::default();
                };
                let environments = self.wanted_environments(&registry);
                let with_disabled = wanted == Wanted::RegisteredDatabase;
                registry.databases(&environments, start, with_disabled)
            }
            Wanted::Role => registry().map_or_else(KnownNames::default, |registry| {
                registry.roles(&self.within(&registry), start)
            }),
            Wanted::LocatedRole => self.located(start),
            Wanted::Profile => all(begin_with(start, self.profiles())),
            Wanted::Channel => all(begin_with(start, self.channels())),
            Wanted::Change => {
                let changes = registry().map(|registry| registry.changes());
                all(begin_with(start, changes.unwrap_or_default()))
            }
            Wanted::LoggedOperation => of_log(LogColumn::Operation),
            Wanted::LoggedOperator => of_log(LogColumn::Operator),
            Wanted::LoggedRole => of_log(LogColumn::Role),
        }
    }

    /// Those of the config file in rollout order, then those that only the registry has.
    fn environments(&self, registry: Option<&RegistryGlance>) -> Vec<KnownName> {
        let settings = &self.settings;
        let mut names: Vec<KnownName> = settings
            .environments
            .iter()
            .map(|env| KnownName {
                name: env.to_string(),
                note: settings.is_protected(env).then(|| "protected".to_owned()),
            })
            .collect();
        for name in registry
            .map(RegistryGlance::environments)
            .unwrap_or_default()
        {
            if !settings.environments.contains(&Environment::new(&name)) {
                let note = Some("not in the config file".to_owned());
                names.push(KnownName { name, note });
            }
        }
        names
    }

    /// The environments that the line names, or all, in rollout order.
    fn wanted_environments(&self, registry: &RegistryGlance) -> Vec<String> {
        let known = self.environments(Some(registry)).into_iter();
        known
            .map(|known| known.name)
            .filter(|name| matches_any(&self.environments, name))
            .collect()
    }

    fn within(&self, registry: &RegistryGlance) -> Within {
        Within {
            environments: if self.environments.is_empty() {
                Vec::new()
            } else {
                self.wanted_environments(registry)
            },
            databases: self.databases.clone(),
        }
    }

    /// A role's name may contain `@`: what follows the last one is looked up as a target.
    fn located(&self, start: &str) -> KnownNames {
        let Some(registry) = RegistryGlance::open(&self.registry) else {
            return KnownNames::default();
        };
        let mut found = registry.roles(&self.within(&registry), start);
        if let Some((role, target)) = start.rsplit_once('@') {
            let places = match target.split_once('/') {
                None => {
                    let environments = self.environments(Some(&registry)).into_iter();
                    let places = environments.map(|env| KnownName {
                        name: format!("{}/", env.name),
                        note: env.note,
                    });
                    begin_with(target, places)
                }
                Some((env, database)) => {
                    let databases = registry.databases(&[env.to_owned()], database, false);
                    let places = databases.names.into_iter();
                    places
                        .map(|known| KnownName {
                            name: format!("{env}/{}", known.name),
                            note: known.note,
                        })
                        .collect()
                }
            };
            let located = places.into_iter().map(|place| KnownName {
                name: format!("{role}@{}", place.name),
                note: place.note,
            });
            found.names.extend(located);
        }
        found
    }

    fn profiles(&self) -> Vec<KnownName> {
        let names = self.settings.profile_names().into_iter();
        let names = names.map(|name| KnownName {
            name: name.to_owned(),
            note: self
                .settings
                .profiles
                .contains_key(name)
                .then(|| "in the config file".to_owned()),
        });
        names.collect()
    }

    fn channels(&self) -> Vec<KnownName> {
        let channels = self.settings.channels.iter();
        let names = channels.map(|channel| KnownName {
            name: channel.name.clone(),
            note: None,
        });
        names.collect()
    }
}

fn all(names: Vec<KnownName>) -> KnownNames {
    KnownNames {
        names,
        is_all: true,
    }
}

fn begin_with(start: &str, names: impl IntoIterator<Item = KnownName>) -> Vec<KnownName> {
    let names = names.into_iter();
    names
        .filter(|known| known.name.starts_with(start))
        .collect()
}
