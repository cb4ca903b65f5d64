//! The forms of a delivered file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use zeroize::Zeroizing;

use crate::delivery::{Parcel, object_with_password};
use crate::domain::address::Address;
use crate::domain::destination::FileFormat;

/// The whole contents of the file at `path`; a pgbouncer userlist keeps its other lines.
pub fn render(format: FileFormat, parcel: &Parcel<'_>, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let text = match format {
        FileFormat::Json => format!("{}\n", *object_with_password(parcel).to_pretty()),
        FileFormat::Env => env_lines(parcel),
        FileFormat::Dsn => format!("{}\n", dsn(parcel)?),
        FileFormat::K8sSecret => format!("{}\n", serde_json::to_string_pretty(&manifest(parcel)?)?),
        FileFormat::Pgbouncer => userlist(parcel, &existing(path)?),
    };
    Ok(Zeroizing::new(text.into_bytes()))
}

fn existing(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Single quotes serve a shell's `.` and systemd's `EnvironmentFile=` alike.
fn env_lines(parcel: &Parcel<'_>) -> String {
    let quoted = |value: &str| format!("'{}'", value.replace('\'', "'\\''"));
    let target = parcel.target;
    let lines = [
        ("PGHOST", target.hostname.to_string()),
        ("PGPORT", target.port.to_string()),
        ("PGDATABASE", target.database.to_string()),
        ("PGUSER", parcel.username.to_owned()),
        ("PGPASSWORD", parcel.password.expose().to_owned()),
    ];
    lines
        .iter()
        .map(|(name, value)| format!("{name}={}\n", quoted(value)))
        .collect()
}

/// A connection URI (PostgreSQL documentation, 34.1.1.2), with all hosts of the target.
fn dsn(parcel: &Parcel<'_>) -> Result<String> {
    let addresses = parcel.target.addresses()?;
    let places: Vec<_> = addresses.iter().map(dsn_place).collect();
    Ok(format!(
        "postgresql://{}:{}@{}/{}{}",
        percent_encode(parcel.username),
        percent_encode(parcel.password.expose()),
        places.join(","),
        percent_encode(parcel.target.database.as_str()),
        if places.len() > 1 {
            "?target_session_attrs=read-write"
        } else {
            ""
        }
    ))
}

fn dsn_place(address: &Address) -> String {
    let host = address.host.as_str();
    if host.contains(':') {
        format!("[{host}]:{}", address.port)
    } else {
        format!("{}:{}", percent_encode(host), address.port)
    }
}

/// RFC 3986, section 2: all but the unreserved characters.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A Kubernetes Secret, in JSON, which `kubectl apply -f` takes as it takes YAML.
fn manifest(parcel: &Parcel<'_>) -> Result<serde_json::Value> {
    let target = parcel.target;
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": { "name": resource_name(&format!("{}-{}", target.database, parcel.username)) },
        "type": "Opaque",
        "stringData": {
            "host": target.hostname.to_string(),
            "port": target.port.to_string(),
            "database": target.database,
            "username": parcel.username,
            "password": parcel.password.expose(),
            "url": dsn(parcel)?,
        }
    }))
}

/// A name that Kubernetes takes: lower-case letters, digits and dashes (RFC 1123), at most 253 of them.
fn resource_name(text: &str) -> String {
    let letters = text.to_lowercase();
    let letters = letters.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    });
    let name: String = letters.take(253).collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        "pgrole".to_owned()
    } else {
        name.to_owned()
    }
}

/// A userlist (pgbouncer documentation, "Authentication file format"): the user's line replaced or added.
fn userlist(parcel: &Parcel<'_>, existing: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let user = quoted(parcel.username);
    let line = format!("{user} {}", quoted(parcel.verifier));
    let is_same = |line: &&str| {
        line.strip_prefix(&user)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    let mut found = false;
    let mut lines: Vec<&str> = Vec::new();
    for existing in existing.lines() {
        if is_same(&existing) {
            if !found {
                lines.push(&line);
            }
            found = true;
        } else {
            lines.push(existing);
        }
    }
    if !found {
        lines.push(&line);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_holds_what_a_url_may_hold() {
        assert_eq!(percent_encode("a b@c/ä%"), "a%20b%40c%2F%C3%A4%25");
    }

    #[test]
    fn a_resource_name_is_one_that_kubernetes_takes() {
        assert_eq!(
            resource_name("myapp_dev-web01_8080"),
            "myapp-dev-web01-8080"
        );
        assert_eq!(resource_name("__"), "pgrole");
    }
}
