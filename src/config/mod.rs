//! The config file (TOML) and the default paths. Unknown keys are errors that name the nearest known one.

mod access;
#[cfg(test)]
mod foreign_bytes;
mod notify;
mod recipients;
mod registry;
pub mod service;
pub mod template;
pub mod text;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::domain::access::AccessLevel;
use crate::domain::access::rules::ExtraPrivilege;
use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::profile::BUILT_IN;
use crate::domain::settings::unknown_environment;
use crate::domain::settings::{
    CredentialSettings, CredentialSource, Expiry, GRACE, Limit, ProfileSettings, Settings,
};
use crate::domain::target::Environment;
use crate::domain::timestamp::Span;

/// Relative to XDG's config folder.
const DEFAULT_FILE: &str = "pgrole/config.toml";

/// The registry's path without `--registry`: `pgrole/pg_registry.db` in XDG's data folder.
///
/// # Errors
/// If there is no home folder.
pub fn default_registry_path() -> Result<PathBuf> {
    Ok(folders("--registry FILE")?
        .data_dir()
        .join("pgrole/pg_registry.db"))
}

/// The path of the config file, whether it exists or not; `None` if none is given and there is no home folder.
pub fn path(given: Option<&Path>) -> Option<PathBuf> {
    match given {
        Some(path) => Some(path.to_owned()),
        None => Some(
            folders("--config FILE")
                .ok()?
                .config_dir()
                .join(DEFAULT_FILE),
        ),
    }
}

/// Where the sealing key is kept if there is no keyring: beside the config file.
///
/// # Errors
/// If there is no home folder.
pub fn sealing_key_path(config: Option<&Path>) -> Result<PathBuf> {
    let folder = match config.and_then(Path::parent) {
        Some(folder) => std::path::absolute(folder.join("."))
            .with_context(|| format!("cannot use {}", folder.display()))?,
        None => folders("--config FILE")?.config_dir().join("pgrole"),
    };
    Ok(folder.join("sealing.key"))
}

/// Requires the home folder, if this file or folder is to be created below it: one that does not exist, as of an account
/// that is not meant to have files, is not made up.
///
/// # Errors
/// Usage, if it does not exist.
pub fn require_home_of(path: &Path) -> Result<(), Failure> {
    let Some(home) = etcetera::home_dir()
        .ok()
        .filter(|home| path.starts_with(home))
    else {
        return Ok(());
    };
    match fs::metadata(&home) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let what = format!("the home folder {} does not exist", home.display());
            Err(Failure::usage(what)
                .hint("set HOME to one that does, or use --registry FILE and --config FILE"))
        }
        _ => Ok(()),
    }
}

fn folders(instead: &str) -> Result<Xdg> {
    Xdg::new()
        .map_err(|error| error.to_string())
        .map_err(Failure::usage)
        .with_context(|| {
            format!("no home folder for the default files: set HOME, or use {instead}")
        })
}

/// Reads the settings: from `path`, which must exist, else from the default path, which need not exist.
///
/// # Errors
/// A usage failure that names the file and what is wrong with it.
pub fn load(path: Option<&Path>) -> Result<Settings> {
    let text = match path {
        Some(path) => fs::read_to_string(path)
            .map(|text| (path.to_owned(), text))
            .map_err(|error| {
                Failure::usage(format!("cannot read config file {}", path.display()))
                    .caused_by(error)
            })?,
        None => match read_default()? {
            Some(found) => found,
            None => return Ok(Settings::default()),
        },
    };
    let (path, text) = text;
    parse(&text).map_err(|failure| {
        let hint = failure.hint.clone();
        let wrapped = Failure::usage(format!("config file {} is not valid", path.display()));
        match hint {
            Some(hint) => wrapped.hint(hint).caused_by(failure).into(),
            None => wrapped.caused_by(failure).into(),
        }
    })
}

/// Reads the settings, for completion: the defaults if the file is not valid, or is of a kind that could block.
pub fn load_if_regular(given: Option<&Path>) -> Settings {
    let is_regular = |path: &PathBuf| path.metadata().is_ok_and(|found| found.is_file());
    let path = path(given).filter(is_regular);
    let settings = path.and_then(|path| load(Some(&path)).ok());
    settings.unwrap_or_default()
}

fn read_default() -> Result<Option<(PathBuf, String)>> {
    let Ok(folders) = folders("--config FILE") else {
        return Ok(None);
    };
    let path = folders.config_dir().join(DEFAULT_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(
            Failure::usage(format!("cannot read config file {}", path.display()))
                .caused_by(error)
                .into(),
        ),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    environments: Option<Vec<Environment>>,
    protected: Option<Vec<Environment>>,
    protected_roles: Vec<String>,
    trusted_admins: Vec<String>,
    access: access::AccessSection,
    password: PasswordSection,
    credential: CredentialSection,
    audit: AuditSection,
    registry: registry::RegistrySection,
    rotate: RotateSection,
    rehearse: RehearseSection,
    profiles: BTreeMap<String, ProfileSection>,
    recipients: BTreeMap<String, recipients::Keys>,
    notify: BTreeMap<String, toml::Table>,
    outbox: OutboxSection,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AuditSection {
    syslog: Option<Syslog>,
    require_reason: Vec<Environment>,
}

/// Whether events go to the system's log, or to which socket.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "true, false, or the path of the system's log socket"
)]
enum Syslog {
    Wanted(bool),
    At(PathBuf),
}

impl Syslog {
    fn socket(self) -> Option<PathBuf> {
        match self {
            Self::Wanted(is_wanted) => is_wanted.then(|| PathBuf::from("/dev/log")),
            Self::At(path) => Some(path),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PasswordSection {
    length: Option<usize>,
    #[serde(deserialize_with = "expiry")]
    valid_for: Option<Expiry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CredentialSection {
    sources: Option<Vec<CredentialSource>>,
    command: Vec<String>,
    store_command: Vec<String>,
    user: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RotateSection {
    #[serde(deserialize_with = "span")]
    older_than: Option<Span>,
    #[serde(deserialize_with = "span")]
    grace: Option<Span>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RehearseSection {
    event_triggers: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OutboxSection {
    #[serde(deserialize_with = "span")]
    give_up_after: Option<Span>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProfileSection {
    access: Option<AccessLevel>,
    #[serde(deserialize_with = "limit")]
    connection_limit: Option<Limit>,
    #[serde(deserialize_with = "expiry")]
    valid_for: Option<Expiry>,
    createdb: Option<bool>,
    createrole: Option<bool>,
    extra: Option<BTreeSet<ExtraPrivilege>>,
    #[serde(deserialize_with = "access::routines")]
    execute: Option<BTreeSet<String>>,
    #[serde(deserialize_with = "parsed")]
    deliver: Option<Destination>,
    #[serde(deserialize_with = "parsed")]
    file_format: Option<FileFormat>,
    env: BTreeMap<String, ProfileSection>,
}

fn expiry<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Expiry>, D::Error> {
    let text = wording::text(deserializer, wording::SPAN_OR_NONE)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Span>, D::Error> {
    let text = wording::text(deserializer, wording::SPAN)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = Failure>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Limit>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum ConfigFile {
        Number(u32),
        Word(String),
    }
    match ConfigFile::deserialize(deserializer) {
        Ok(ConfigFile::Number(limit)) if i32::try_from(limit).is_ok() => {
            Ok(Some(Limit(Some(limit))))
        }
        Ok(ConfigFile::Word(word)) if word == "none" => Ok(Some(Limit(None))),
        _ => Err(D::Error::custom(
            "a connection limit is 0 or more, or \"none\"",
        )),
    }
}

fn parse(text: &str) -> Result<Settings, Failure> {
    settings_of(toml::from_str(text).map_err(|error| explain(text, &error))?)
}

fn settings_of(file: ConfigFile) -> Result<Settings, Failure> {
    let defaults = Settings::default();
    let environments = file.environments.unwrap_or(defaults.environments);
    let protected = file
        .protected
        .unwrap_or_else(|| known(defaults.protected, &environments));
    let known = |name: &str| environments.iter().any(|env| env.as_str() == name);
    for env in &protected {
        if !known(env.as_str()) {
            let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
            let (what, hint) = unknown_environment(env.as_str(), &known);
            return Err(Failure::usage(format!("protected: {what}")).hint(hint));
        }
    }
    let password_length = file.password.length.unwrap_or(defaults.password_length);
    if !(16..=512).contains(&password_length) {
        return Err(Failure::usage(format!(
            "password length {password_length} is not between 16 and 512"
        )));
    }
    let mut profiles = BTreeMap::new();
    for (name, section) in file.profiles {
        if let Some(env) = section.env.keys().find(|env| !known(env)) {
            let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
            let (what, hint) = unknown_environment(env, &known);
            return Err(Failure::usage(format!("[profiles.{name}.env.{env}]: {what}")).hint(hint));
        }
        if !BUILT_IN.contains(&name.as_str()) && section.access.is_none() {
            return Err(
                Failure::usage(format!("[profiles.{name}] does not set access"))
                    .hint("add access = \"none\", \"readonly\", \"readwrite\" or \"ddl\""),
            );
        }
        profiles.insert(name, section.into());
    }
    let settings = Settings {
        require_reason: wanting_reasons(&file.audit, &environments)?,
        syslog: file.audit.syslog.and_then(Syslog::socket),
        registry_shared: file.registry.shared,
        connection_defaults: registry::connection_defaults(file.registry, &environments)?,
        channels: notify::channels(file.notify, &environments)?,
        give_up_after: file.outbox.give_up_after.unwrap_or(defaults.give_up_after),
        protected,
        protected_roles: file.protected_roles,
        trusted_admins: file.trusted_admins,
        access: access::settings(file.access, &environments)?,
        password_length,
        valid_for: file.password.valid_for.and_then(|expiry| expiry.0),
        profiles,
        recipients: recipients::recipients(file.recipients)?,
        credential: CredentialSettings {
            sources: file
                .credential
                .sources
                .unwrap_or(defaults.credential.sources),
            command: file.credential.command,
            store_command: file.credential.store_command,
            user: file.credential.user,
        },
        rehearsed_triggers: rehearsed_triggers(&file.rehearse.event_triggers)?,
        rotate_older_than: file.rotate.older_than,
        rotate_grace: file.rotate.grace.unwrap_or(GRACE),
        environments,
    };
    access::check_profiles(&settings)?;
    Ok(settings)
}

/// The environments in which a change needs a reason.
///
/// # Errors
/// A usage failure that names the one that is unknown.
fn wanting_reasons(
    audit: &AuditSection,
    environments: &[Environment],
) -> Result<Vec<Environment>, Failure> {
    for env in &audit.require_reason {
        if !environments.contains(env) {
            let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
            let (what, hint) = unknown_environment(env.as_str(), &known);
            return Err(Failure::usage(format!("audit.require_reason: {what}")).hint(hint));
        }
    }
    Ok(audit.require_reason.clone())
}

/// Event triggers with the MD5 of their source, each as `NAME=MD5`.
fn rehearsed_triggers(entries: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let read = |entry: &String| {
        let (name, digest) = entry.rsplit_once('=')?;
        let is_digest = digest.len() == 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_valid = is_digest && !name.is_empty();
        is_valid.then(|| (name.to_owned(), digest.to_ascii_lowercase()))
    };
    let pairs = entries.iter().map(|entry| {
        read(entry).ok_or_else(|| {
            Failure::usage(format!(
                "[rehearse]: event_triggers: {entry:?} is not NAME=MD5, with 32 hexadecimal digits"
            ))
            .hint("a refused rehearsal shows the entry of each event trigger")
        })
    });
    pairs.collect()
}

/// The default protection, limited to the environments that exist.
fn known(protected: Vec<Environment>, environments: &[Environment]) -> Vec<Environment> {
    let known = protected
        .into_iter()
        .filter(|env| environments.contains(env));
    known.collect()
}

impl From<ProfileSection> for ProfileSettings {
    fn from(section: ProfileSection) -> Self {
        let env = section.env.into_iter();
        Self {
            access: section.access,
            connection_limit: section.connection_limit,
            valid_for: section.valid_for,
            createdb: section.createdb,
            createrole: section.createrole,
            extra: section.extra,
            execute: section.execute,
            deliver: section.deliver,
            file_format: section.file_format,
            env: env.map(|(name, section)| (name, section.into())).collect(),
        }
    }
}

fn explain(text: &str, error: &toml::de::Error) -> Failure {
    let mut failure = explained(error);
    let before = error.span().and_then(|span| text.get(..span.start));
    if let Some(before) = before {
        let line = before.split('\n').count();
        failure.message = format!("line {line}: {}", failure.message);
    }
    failure
}

/// The error of an unknown key lists the known ones in backquotes after it: the nearest becomes the hint.
fn explained(error: &toml::de::Error) -> Failure {
    let message = error.message();
    let failure = Failure::usage(wording::in_words(message));
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let wrong = quoted.next().filter(|_| is_unknown);
    match wrong.and_then(|wrong| choice::did_you_mean(wrong, quoted)) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(text: &str) -> Option<String> {
        parse(text).unwrap_err().hint
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        assert_eq!(
            hint("[profiles.app]\nconection_limit = 5").as_deref(),
            Some("did you mean \"connection_limit\"?")
        );
        assert_eq!(
            hint("protektet = []").as_deref(),
            Some("did you mean \"protected\"?")
        );
        assert_eq!(
            hint("[profiles.app]\naccess = \"readwrit\"").as_deref(),
            Some("did you mean \"readwrite\"?")
        );
    }

    #[test]
    fn profiles_are_changed_by_environment_and_added() {
        let settings = parse(
            "environments = [\"dev\", \"lab\"]\n\
             [password]\nvalid_for = \"90d\"\n\
             [profiles.app]\nconnection_limit = \"none\"\nvalid_for = \"none\"\n\
             [profiles.app.env.lab]\naccess = \"readonly\"\n\
             [profiles.report]\naccess = \"readonly\"\nconnection_limit = 3\n",
        )
        .unwrap();
        let lab = Environment::new("lab");
        let app = settings.profile("app", &lab).unwrap();
        assert_eq!(
            (app.connection_limit, app.access),
            (None, AccessLevel::Readonly)
        );
        assert_eq!(app.valid_for, None);
        let report = settings.profile("report", &lab).unwrap();
        assert_eq!(report.connection_limit, Some(3));
        assert_eq!(report.valid_for, Some("90d".parse().unwrap()));
        assert!(settings.profile("nobody", &lab).is_err());
        // "prod" is not among them, so that nothing is left of the default protection.
        assert!(settings.protected.is_empty());
    }

    #[test]
    fn contradictions_are_refused() {
        for text in [
            "protected = [\"live\"]",
            "[password]\nlength = 4",
            "[profiles.new]\nconnection_limit = 3",
            "[profiles.app]\nconnection_limit = -3",
            "[profiles.app.env.live]\naccess = \"none\"",
            "[profiles.dba]\nexecute = [\"app.f()\"]",
            "[profiles.app]\nexecute = [\"app.%\"]",
            "[access.env.live]\npartial = true",
            "[credential]\nsources = [\"vault\"]",
            "[registry.env.live]\nport = 5432",
            "[registry.env.dev]\nport = 0",
            "[registry.env.dev]\nsslmode = \"verify_full\"",
            "[registry.env.dev]\nsslrootcert = \"ca.pem\"",
            "[registry.env.dev]\nadmin_user = \"\"",
            "[rehearse]\nevent_triggers = [\"log_ddl\"]",
            "[rehearse]\nevent_triggers = [\"log_ddl=d41d8\"]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
