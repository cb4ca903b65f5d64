//! `config show`: every setting with its value, and where that comes from. Secrets are not shown, not even where the
//! file gives one by mistake: of settings that pgrole does not know, only the names are.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::template;
use crate::config::text::{WrittenSetting, examine, written_settings};
use crate::domain::settings::Settings;
use crate::domain::target::Environment;

/// In the place of a value that may be a secret.
const HIDDEN: &str = "(hidden)";

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Default,
    File,
    Variable,
    Option,
}

/// A setting, and where its value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ShownSetting {
    /// Its name with its section, as in the config file; or the option.
    pub key: String,
    /// Its value; null if it has none; `(hidden)` if it may be a secret.
    pub value: Value,
    /// Where the value comes from.
    pub source: Origin,
    /// The line of the config file, from 1; null if the value is not from there.
    pub line: Option<usize>,
}

/// The settings of a config file and those that it leaves at their defaults.
pub fn settings_in_force(text: &str) -> Vec<ShownSetting> {
    let (settings, _) = examine(text);
    let settings = settings.unwrap_or_default();
    let mut shown: Vec<ShownSetting> = defaults(&settings)
        .into_iter()
        .map(|(key, value)| ShownSetting {
            key,
            value,
            source: Origin::Default,
            line: None,
        })
        .collect();
    for setting in written_settings(text) {
        let written = ShownSetting {
            key: key_of(&setting.path),
            value: shown_value(&setting),
            source: Origin::File,
            line: Some(setting.line),
        };
        match shown.iter_mut().find(|shown| shown.key == written.key) {
            Some(shown) => *shown = written,
            None => shown.push(written),
        }
    }
    shown
}

/// The values in force of the settings that the file may leave out.
fn defaults(settings: &Settings) -> Vec<(String, Value)> {
    let credential = &settings.credential;
    let access = &settings.access;
    let span = |span: Option<crate::domain::timestamp::Span>| {
        span.map_or_else(|| Value::from("none"), |span| Value::from(span.to_string()))
    };
    let triggers = settings.rehearsed_triggers.iter();
    let triggers = triggers.map(|(name, digest)| format!("{name}={digest}"));
    let texts = [
        ("environments", json!(settings.environments)),
        ("protected", json!(settings.protected)),
        ("protected_roles", json!(settings.protected_roles)),
        ("trusted_admins", json!(settings.trusted_admins)),
        ("access.schemas", json!(access.schemas)),
        (
            "access.exclude_schemas",
            json!(access.exclude_schemas.clone().unwrap_or_default()),
        ),
        ("access.partial", json!(access.partial.unwrap_or(false))),
        ("access.ensure", json!(access.ensure.unwrap_or(false))),
        ("password.length", json!(settings.password_length)),
        ("password.valid_for", span(settings.valid_for)),
        ("credential.sources", json!(credential.sources)),
        ("credential.command", json!(credential.command)),
        ("credential.store_command", json!(credential.store_command)),
        ("credential.user", json!(credential.user)),
        ("registry.shared", json!(settings.registry_shared)),
        (
            "rotate.older_than",
            json!(settings.rotate_older_than.map(|span| span.to_string())),
        ),
        ("rotate.grace", json!(settings.rotate_grace.to_string())),
        (
            "rehearse.event_triggers",
            json!(triggers.collect::<Vec<_>>()),
        ),
        (
            "audit.syslog",
            settings
                .syslog
                .as_ref()
                .map_or(json!(false), |socket| json!(socket)),
        ),
        (
            "outbox.give_up_after",
            json!(settings.give_up_after.to_string()),
        ),
    ];
    let mut found: Vec<_> = texts.map(|(key, value)| (key.to_owned(), value)).to_vec();
    for name in settings.profile_names() {
        let Ok(profile) = settings.profile(name, &Environment::new("")) else {
            continue;
        };
        let limit = profile.connection_limit;
        let values = [
            ("access", json!(profile.access)),
            (
                "connection_limit",
                limit.map_or_else(|| json!("none"), |limit| json!(limit)),
            ),
            ("valid_for", span(profile.valid_for)),
            ("createdb", json!(profile.createdb)),
            ("createrole", json!(profile.createrole)),
            ("extra", json!(profile.extra)),
            ("execute", json!(profile.execute)),
            ("deliver", json!(profile.deliver.to_string())),
            ("file_format", json!(profile.file_format.as_str())),
        ];
        let path = |key: &str| ["profiles", name, key].map(str::to_owned);
        found.extend(values.map(|(key, value)| (key_of(&path(key)), value)));
    }
    found
}

/// As TOML writes a dotted key.
fn key_of(path: &[String]) -> String {
    let parts = path.iter().map(|part| {
        let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        if !part.is_empty() && part.chars().all(is_bare) {
            part.clone()
        } else {
            Value::from(part.as_str()).to_string()
        }
    });
    parts.collect::<Vec<_>>().join(".")
}

fn shown_value(setting: &WrittenSetting) -> Value {
    let path: Vec<&str> = setting.path.iter().map(String::as_str).collect();
    let is_open = match path.as_slice() {
        ["notify", _, key] => is_open_in_channel(key, &setting.value),
        path => is_known(path),
    };
    if is_open {
        setting.value.clone()
    } else {
        Value::from(HIDDEN)
    }
}

/// `url`, `token`, `password` and `secret` are secrets; so may be what is misspelled.
fn is_open_in_channel(key: &str, value: &Value) -> bool {
    const OPEN: [&str; 11] = [
        "channel",
        "room_id",
        "api",
        "smtp",
        "starttls",
        "from",
        "to",
        "tls_ca",
        "events",
        "environments",
        "command",
    ];
    const KEPT_ELSEWHERE: [&str; 3] = ["_file", "_command", "_keyring"];
    let user_of = |url: &str| {
        let (user, _) = url.rsplit_once('@')?;
        let (_, user) = user.split_once("://").unwrap_or(("", user));
        Some(user.to_owned())
    };
    let user = value.as_str().filter(|_| key == "smtp").and_then(user_of);
    let has_password = user.is_some_and(|user| user.contains(':'));
    let is_elsewhere = KEPT_ELSEWHERE.iter().any(|end| key.ends_with(end));
    (OPEN.contains(&key) || is_elsewhere) && !has_password
}

/// Whether a setting is one of the template's, which has an example of each section.
fn is_known(path: &[&str]) -> bool {
    let Some((name, section)) = path.split_last() else {
        return false;
    };
    let sections = template::sections();
    let like = match section {
        [] => None,
        ["access", ..] => Some("access"),
        ["registry", "env", _] => Some("registry.env.prod"),
        ["profiles", _] | ["profiles", _, "env", _] => Some("profiles.report"),
        [section] => Some(*section),
        _ => return false,
    };
    let section = sections.iter().find(|section| section.name == like);
    let settings = section
        .map(|section| section.settings.as_slice())
        .unwrap_or_default();
    settings.iter().any(|setting| setting.name == *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_what_may_be_one_are_hidden() {
        let text = "\
tokn = 'hunter2'
[notify.a]
channel = 'webhook'
url = 'https://hunter2.example.com'
secret_file = '/etc/x'
tokenn = 'hunter2'
[notify.b]
channel = 'email'
smtp = 'smtp://me:hunter2@mail.example.com'
[profiles.report]
access = 'readonly'
pasword = 'hunter2'
[profiles.report.env.prod]
valid_for = '9d'
[credential]
password = ['hunter2']
";
        let shown = settings_in_force(text);
        let of = |key: &str| shown.iter().find(|shown| shown.key == key).cloned();
        assert_eq!(
            of("notify.a.secret_file").map(|shown| shown.value),
            Some(json!("/etc/x"))
        );
        let valid_for = of("profiles.report.env.prod.valid_for").expect("it is shown");
        assert_eq!((valid_for.value, valid_for.line), (json!("9d"), Some(14)));
        for key in [
            "tokn",
            "notify.a.url",
            "notify.a.tokenn",
            "notify.b.smtp",
            "profiles.report.pasword",
        ] {
            assert_eq!(
                of(key).map(|shown| shown.value),
                Some(json!(HIDDEN)),
                "{key}"
            );
        }
        let all = serde_json::to_string(&shown).expect("it can be serialized");
        assert!(!all.contains("hunter2"), "{all}");
    }

    #[test]
    fn every_setting_of_the_template_is_shown() {
        let shown = settings_in_force("");
        for section in template::sections() {
            let name = section.name.unwrap_or_default();
            // These sections are examples.
            if ["profiles.", "notify.", "registry.env.", "recipients"]
                .iter()
                .any(|start| name.starts_with(start))
            {
                continue;
            }
            for setting in section.settings {
                let key = format!("{name}.{}", setting.name);
                let key = key.trim_start_matches('.');
                let found = shown.iter().find(|shown| shown.key == key);
                let found = found.unwrap_or_else(|| panic!("{key} is not shown"));
                let is_example = setting.about.contains("Default:");
                let default: toml::Table = format!("x = {}", setting.value)
                    .parse()
                    .expect("it is TOML");
                let default = serde_json::to_value(&default["x"]).expect("it is plain data");
                assert!(
                    is_example || found.value == default,
                    "{key}: {} {default}",
                    found.value
                );
            }
        }
    }
}
