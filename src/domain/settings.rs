//! The settings in the config file: environments, protection, passwords, profiles. Everything has a default.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::str::FromStr;

/// How long the outgoing one of dual logins stays valid if nobody says otherwise.
pub const GRACE: Span = Span::seconds(3_600);

use crate::domain::access::AccessLevel;
use crate::domain::access::rules::{AccessRules, ExtraPrivilege};
use crate::domain::access::settings::AccessSettings;
use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::message::channel::Channel;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::recipient::Recipients;
use crate::domain::role::profile::{BUILT_IN, Profile};
use crate::domain::target::encryption::SslMode;
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Span;

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The socket of the system's log, which receives each outcome; `None` if it does not.
    pub syslog: Option<PathBuf>,
    /// The environments in which a change needs a reason.
    pub require_reason: Vec<Environment>,
    /// In rollout order.
    pub environments: Vec<Environment>,
    /// Environments whose changes need a confirmation, or `--yes`.
    pub protected: Vec<Environment>,
    /// Names and `*` patterns of roles that need `--force`, beyond the built-in ones.
    pub protected_roles: Vec<String>,
    /// Roles that may hold ADMIN on access groups, beyond the admin credentials that the registry knows.
    pub trusted_admins: Vec<String>,
    pub access: AccessSettings,
    /// Length of generated passwords, in characters.
    pub password_length: usize,
    /// How long a new password is valid, if the profile does not say.
    pub valid_for: Option<Span>,
    /// What the config file says about each profile, by name.
    pub profiles: BTreeMap<String, ProfileSettings>,
    /// Who passwords can be encrypted to.
    pub recipients: Recipients,
    pub credential: CredentialSettings,
    /// The event triggers that may run in a rehearsal, by name, with the MD5 of their function's source.
    pub rehearsed_triggers: BTreeMap<String, String>,
    /// The age from which a password is due, if the command line does not say.
    pub rotate_older_than: Option<Span>,
    /// How long the outgoing one of dual logins stays valid, if the command line does not say.
    pub rotate_grace: Span,
    /// Whether the registry's group may write it.
    pub registry_shared: bool,
    /// What a new target gets unless it is said otherwise, by environment.
    pub connection_defaults: BTreeMap<String, ConnectionDefaults>,
    /// Where notifications go, by name.
    pub channels: Vec<Channel>,
    /// How long a message is retried before it is given up.
    pub give_up_after: Span,
}

/// `[registry.env.ENV]`: how the servers of an environment are reached, unless a new target says so itself.
#[derive(Debug, Clone, Default)]
pub struct ConnectionDefaults {
    pub port: Option<u16>,
    pub sslmode: Option<SslMode>,
    /// A full path, or `system`.
    pub sslrootcert: Option<String>,
    pub admin_user: Option<String>,
}

/// Where the admin credential comes from.
#[derive(Debug, Clone)]
pub struct CredentialSettings {
    /// Where it is looked for, in this order.
    pub sources: Vec<CredentialSource>,
    /// A program and its arguments that print it; `{env}`, `{database}`, `{hostname}`, `{port}` and `{user}`
    /// are replaced. Empty: none.
    pub command: Vec<String>,
    /// A program and its arguments that store a new password for it, passed as a JSON object. Empty: none.
    pub store_command: Vec<String>,
    /// The user, if a source names none.
    pub user: Option<String>,
}

/// A place that the admin credential may come from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum CredentialSource {
    Environment,
    Systemd,
    Command,
    Keyring,
    Pgpass,
    Prompt,
}

impl CredentialSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Systemd => "systemd",
            Self::Command => "command",
            Self::Keyring => "keyring",
            Self::Pgpass => "pgpass",
            Self::Prompt => "prompt",
        }
    }
}

/// `[profiles.NAME]`: `None` leaves a value unchanged.
#[derive(Debug, Clone, Default)]
pub struct ProfileSettings {
    pub access: Option<AccessLevel>,
    pub connection_limit: Option<Limit>,
    pub valid_for: Option<Expiry>,
    pub createdb: Option<bool>,
    pub createrole: Option<bool>,
    pub extra: Option<BTreeSet<ExtraPrivilege>>,
    pub execute: Option<BTreeSet<String>>,
    pub deliver: Option<Destination>,
    pub file_format: Option<FileFormat>,
    /// `[profiles.NAME.env.ENV]`, which wins over the profile's own.
    pub env: BTreeMap<String, ProfileSettings>,
}

/// A connection limit as the config file and the command line write it: a number, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub Option<u32>);

/// A validity as the config file and the command line write it: `90d`, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry(pub Option<Span>);

impl FromStr for Limit {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "none" {
            return Ok(Self(None));
        }
        // The server's own type for it.
        let number: Option<i32> = text.parse().ok();
        match number.map(u32::try_from) {
            Some(Ok(limit)) => Ok(Self(Some(limit))),
            _ => Err(Failure::usage(
                "a connection limit is a number from 0 to 2147483647, or \"none\"",
            )),
        }
    }
}

impl FromStr for Expiry {
    type Err = <Span as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self(None)),
            span => span.parse().map(|span| Self(Some(span))),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            syslog: None,
            require_reason: Vec::new(),
            registry_shared: false,
            connection_defaults: BTreeMap::new(),
            environments: ["dev", "qa", "uat", "prod"].map(Environment::new).to_vec(),
            protected: vec![Environment::new("prod")],
            protected_roles: Vec::new(),
            trusted_admins: Vec::new(),
            access: AccessSettings::default(),
            password_length: 32,
            valid_for: None,
            profiles: BTreeMap::new(),
            recipients: Recipients::default(),
            credential: CredentialSettings {
                sources: vec![
                    CredentialSource::Environment,
                    CredentialSource::Systemd,
                    CredentialSource::Command,
                    CredentialSource::Keyring,
                    CredentialSource::Pgpass,
                    CredentialSource::Prompt,
                ],
                command: Vec::new(),
                store_command: Vec::new(),
                user: None,
            },
            rehearsed_triggers: BTreeMap::new(),
            rotate_older_than: None,
            rotate_grace: GRACE,
            channels: Vec::new(),
            give_up_after: Span::days(3),
        }
    }
}

impl Settings {
    /// Refuses an environment that is not configured, with the list of those that are.
    ///
    /// # Errors
    /// A usage failure.
    pub fn check_environment(&self, env: &Environment) -> Result<(), Failure> {
        if self.environments.contains(env) {
            return Ok(());
        }
        let known: Vec<_> = self.environments.iter().map(Environment::as_str).collect();
        let (what, hint) = unknown_environment(env.as_str(), &known);
        Err(Failure::usage(what).hint(hint))
    }

    /// What a new target of an environment gets unless it is said otherwise.
    pub fn connection_defaults(&self, env: &Environment) -> ConnectionDefaults {
        let defaults = self.connection_defaults.get(env.as_str());
        defaults.cloned().unwrap_or_default()
    }

    /// The place of an environment in rollout order, in which all lists are; those that are not configured are last.
    pub fn rollout_rank(&self, env: &str) -> usize {
        let place = self
            .environments
            .iter()
            .position(|known| known.as_str() == env);
        place.unwrap_or(self.environments.len())
    }

    pub fn is_protected(&self, env: &Environment) -> bool {
        self.protected.contains(env)
    }

    /// The names of all profiles, the built-in ones first.
    pub fn profile_names(&self) -> Vec<&str> {
        let added = self.profiles.keys().map(String::as_str);
        let added = added.filter(|name| !BUILT_IN.contains(name));
        BUILT_IN.into_iter().chain(added).collect()
    }

    /// The profile of that name, as it applies in an environment.
    ///
    /// # Errors
    /// A usage failure with the list of profiles, if none has that name.
    pub fn profile(&self, name: &str, env: &Environment) -> Result<Profile, Failure> {
        let settings = self.profiles.get(name);
        let mut profile = match (Profile::built_in(name), settings) {
            (Some(profile), _) => profile,
            (None, Some(_)) => Profile {
                name: name.to_owned(),
                createdb: false,
                createrole: false,
                connection_limit: None,
                access: AccessLevel::None,
                valid_for: None,
                extra: BTreeSet::new(),
                execute: BTreeSet::new(),
                deliver: Destination::STDOUT,
                file_format: FileFormat::Json,
            },
            (None, None) => {
                let known = self.profile_names();
                let hint = choice::did_you_mean(name, known.iter().copied());
                let hint = hint.unwrap_or_else(|| {
                    format!(
                        "add a section [profiles.{name}] to the config file, or name one of these"
                    )
                });
                return Err(Failure::usage(choice::unknown("profile", name, &known)).hint(hint));
            }
        };
        profile.valid_for = self.valid_for;
        if let Some(settings) = settings {
            settings.apply_to(&mut profile);
            if let Some(for_env) = settings.env.get(env.as_str()) {
                for_env.apply_to(&mut profile);
            }
        }
        Ok(profile)
    }
}

/// The message about an environment that is not configured, and the hint.
pub fn unknown_environment(wrong: &str, known: &[&str]) -> (String, String) {
    let hint = choice::did_you_mean(wrong, known.iter().copied());
    let hint = hint.unwrap_or_else(|| {
        "add it to \"environments\" in the config file, or name one of these".to_owned()
    });
    (choice::unknown("environment", wrong, known), hint)
}

impl ProfileSettings {
    fn apply_to(&self, profile: &mut Profile) {
        profile.access = self.access.unwrap_or(profile.access);
        profile.createdb = self.createdb.unwrap_or(profile.createdb);
        profile.createrole = self.createrole.unwrap_or(profile.createrole);
        profile.file_format = self.file_format.unwrap_or(profile.file_format);
        if let Some(extra) = &self.extra {
            profile.extra.clone_from(extra);
        }
        if let Some(execute) = &self.execute {
            profile.execute.clone_from(execute);
        }
        if let Some(deliver) = &self.deliver {
            profile.deliver = deliver.clone();
        }
        if let Some(Limit(limit)) = self.connection_limit {
            profile.connection_limit = limit;
        }
        if let Some(Expiry(valid_for)) = self.valid_for {
            profile.valid_for = valid_for;
        }
    }
}

/// Whether `name` fits `pattern`, in which each `*` stands for any text.
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            name.char_indices()
                .map(|(at, _)| at)
                .chain([name.len()])
                .any(|at| matches_pattern(rest, &name[at..]))
        }),
    }
}

/// Whether `name` fits any of the patterns; no pattern matches all.
pub fn matches_any(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &String| matches_pattern(pattern, name);
    patterns.is_empty() || patterns.iter().any(fits)
}

impl Settings {
    /// What the access levels grant in a database. What a profile names beyond its level counts for the level that it
    /// has in this environment.
    pub fn access_rules(&self, env: &Environment, database: &DatabaseName) -> AccessRules {
        let mut rules = self.access.rules(env, database);
        rules.trusted_admins.clone_from(&self.trusted_admins);
        for name in self.profile_names() {
            let Ok(profile) = self.profile(name, env) else {
                continue;
            };
            add(&mut rules.extra, profile.access, profile.extra);
            add(&mut rules.execute, profile.access, profile.execute);
        }
        rules
    }
}

fn add<K: Ord, V: Ord>(sets: &mut BTreeMap<K, BTreeSet<V>>, key: K, values: BTreeSet<V>) {
    if !values.is_empty() {
        sets.entry(key).or_default().extend(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_any_text() {
        for (pattern, name, wanted) in [
            ("backup_*", "backup_", true),
            ("backup_*", "backup_1", true),
            ("backup_*", "xbackup_1", false),
            ("*_ro", "a_ro", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "a--c--b", false),
            ("replicator", "replicator", true),
            ("replicator", "replicator2", false),
            ("*", "ä", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), wanted, "{pattern} {name}");
        }
    }

    #[test]
    fn an_environment_overrides_its_profile() {
        let mut settings = Settings::default();
        let mut devqa = ProfileSettings {
            connection_limit: Some(Limit(Some(5))),
            ..ProfileSettings::default()
        };
        devqa.env.insert(
            "prod".into(),
            ProfileSettings {
                access: Some(AccessLevel::Readonly),
                ..ProfileSettings::default()
            },
        );
        settings.profiles.insert("devqa".into(), devqa);
        let profile = |env| settings.profile("devqa", &Environment::new(env)).unwrap();
        assert_eq!(profile("dev").access, AccessLevel::Readwrite);
        assert_eq!(profile("prod").access, AccessLevel::Readonly);
        assert_eq!(profile("prod").connection_limit, Some(5));
    }
}
