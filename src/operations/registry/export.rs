//! `registry export`: the targets as a file, which `registry import` reads as it is.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::delivery::replace::write_new;
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::target::Target;
use crate::domain::target::encryption::{ChannelBinding, name_of};
use crate::domain::target::service_file::{push_noted, push_section};
use crate::operations::registry::entries::list_entries;
use crate::run::targets::TargetSelection;
use crate::run::{Act, Done, Run};
use crate::store::{ENTRY_VALUES, RegistryEntry};

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum RegistryFormat {
    /// RFC 4180, with a header
    Csv,
    /// A JSON array of objects
    Json,
    /// A pg_service.conf for psql and other clients of libpq
    Service,
}

/// The matching entries, valid or not, as text.
///
/// # Errors
/// Usage, if the environment is unknown, or a value cannot be written in this format; if the registry cannot be read.
pub fn export_entries(
    run: &Run,
    selection: &TargetSelection,
    format: RegistryFormat,
) -> Result<(String, usize)> {
    let act = Act::here(Operation::RegistryExport);
    run.audited_run(&act, || {
        let entries = list_entries(run, selection)?;
        let text = match format {
            RegistryFormat::Csv => csv_of(&entries)?,
            RegistryFormat::Json => json_of(&entries)?,
            RegistryFormat::Service => services_of(&entries)?,
        };
        let done = Done {
            status: Status::Ok,
            ..Done::default()
        };
        Ok(((text, entries.len()), done))
    })
}

/// Writes an export to a private file, replacing an existing one.
///
/// # Errors
/// If the file cannot be written.
pub fn write_export(text: &str, file: &Path) -> Result<()> {
    write_new(file, 0o600, text.as_bytes())
}

/// Exactly as it is, even where a spreadsheet would take text for a formula: it is to be imported.
fn csv_of(entries: &[RegistryEntry]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(ENTRY_VALUES)?;
    for entry in entries {
        let values = ENTRY_VALUES.map(|name| entry.value(name).unwrap_or_default());
        writer.write_record(values)?;
    }
    let bytes = writer.into_inner().context("the text is complete")?;
    Ok(String::from_utf8(bytes)?)
}

fn json_of(entries: &[RegistryEntry]) -> Result<String> {
    let objects = entries.iter().map(|entry| {
        let values = ENTRY_VALUES.map(|name| (name.to_owned(), json_value(entry, name)));
        Value::Object(Map::from_iter(values))
    });
    let objects: Vec<_> = objects.collect();
    Ok(serde_json::to_string_pretty(&objects)? + "\n")
}

/// A port is a number, several are a text.
fn json_value(entry: &RegistryEntry, name: &str) -> Value {
    match name {
        "active" => entry.active.into(),
        "direct" => entry.direct.into(),
        "port" if entry.ports.is_none() => entry.port.into(),
        name => entry.value(name).into(),
    }
}

fn services_of(entries: &[RegistryEntry]) -> Result<String> {
    let mut text = String::new();
    for entry in entries {
        let RegistryEntry { env, database, .. } = entry;
        push_service(&mut text, entry)
            .with_context(|| format!("cannot write {env}/{database} as a service"))?;
    }
    Ok(text)
}

/// A section with what libpq knows, for whom it must be as safe as for pgrole; and above it, what only pgrole knows.
fn push_service(text: &mut String, entry: &RegistryEntry) -> Result<(), Failure> {
    if !text.is_empty() {
        text.push('\n');
    }
    let is_kept = |name: &&str| {
        let default = matches!((*name, entry.active), ("active", true))
            || matches!((*name, entry.direct), ("direct", false));
        !default && entry.value(name).is_some()
    };
    let mut noted = Map::new();
    let mut note = |names: &[&str]| {
        for name in names.iter().filter(|name| is_kept(name)) {
            noted.insert((*name).to_owned(), json_value(entry, name));
        }
    };
    if entry.service().is_some() {
        note(&ENTRY_VALUES);
        push_noted(text, &noted);
        return Ok(());
    }
    note(&["env", "active", "direct", "system_identifier", "notes"]);
    let mut settings: Vec<(&str, String)> = Vec::new();
    let names = [
        ("host", "hostname"),
        ("port", "port"),
        ("dbname", "database"),
        ("user", "admin_user"),
        ("sslmode", "sslmode"),
        ("sslrootcert", "sslrootcert"),
        ("sslcert", "sslcert"),
        ("sslkey", "sslkey"),
        ("sslnegotiation", "sslnegotiation"),
        ("channel_binding", "channel_binding"),
        ("require_auth", "require_auth"),
    ];
    for (key, name) in names {
        settings.extend(entry.value(name).map(|value| (key, value)));
    }
    if let Ok(target) = Target::try_from(entry.clone()) {
        for (key, value) in in_force(&target) {
            if entry.value(key).is_none() {
                noted.insert(key.to_owned(), Value::Null);
                settings.push((key, value));
            }
        }
    }
    if entry.hostname.contains(',') {
        settings.push(("target_session_attrs", "read-write".to_owned()));
    }
    push_noted(text, &noted);
    let RegistryEntry { env, database, .. } = entry;
    push_section(text, &format!("{env}/{database}"), &settings)
}

/// The settings whose defaults are weaker in libpq; of several hosts, the strictest.
fn in_force(target: &Target) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let networked = || {
        let hosts = target.hostname.iter();
        hosts.filter(|host| host.socket_folder().is_none())
    };
    if let Some(mode) = networked().map(|host| target.tls.mode_at(host)).max() {
        found.push(("sslmode", name_of(mode)));
    }
    if networked().any(|host| target.tls.channel_binding_at(host) == ChannelBinding::Require) {
        found.push(("channel_binding", name_of(ChannelBinding::Require)));
    }
    found
}
