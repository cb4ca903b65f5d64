//! The forms of a delivered file.

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::{Parcel, joined, k8s_secret, object_with_password, percent_encode};
use crate::domain::address::Address;
use crate::domain::destination::FileFormat;
use crate::domain::failure::Failure;
use crate::domain::userlist;

/// The whole contents of a file that holds `existing` now; a pgbouncer userlist keeps its other lines.
pub fn render(
    format: FileFormat,
    parcel: &Parcel<'_>,
    existing: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let mut text = match format {
        FileFormat::Json => joined(&[&object_with_password(parcel).to_pretty(), "\n"]),
        FileFormat::Env => env_lines(parcel)?,
        FileFormat::Dsn => joined(&[&dsn(parcel)?, "\n"]),
        FileFormat::K8sSecret => k8s_secret::render(parcel, existing)?,
        FileFormat::Pgbouncer => {
            refuse_line_ends(parcel.username)?;
            return Ok(userlist::with_user(
                existing,
                parcel.username,
                parcel.verifier,
            ));
        }
    };
    // The same buffer: nothing is left behind.
    Ok(Zeroizing::new(std::mem::take(&mut *text).into_bytes()))
}

/// Readers of these files take each line for an entry of its own.
fn refuse_line_ends(name: &str) -> Result<(), Failure> {
    if name.contains(['\n', '\r', '\0']) {
        let what = format!("{name:?} has a line end in it, and no line of the file can name it");
        return Err(Failure::refused(what).hint("deliver it as --file-format json"));
    }
    Ok(())
}

fn env_lines(parcel: &Parcel<'_>) -> Result<Zeroizing<String>, Failure> {
    let target = parcel.target;
    let (host, port) = (target.hostname.to_string(), target.port.to_string());
    let lines = [
        ("PGHOST", host.as_str()),
        ("PGPORT", &port),
        ("PGDATABASE", target.database.as_str()),
        ("PGUSER", parcel.username),
        ("PGPASSWORD", parcel.password.expose()),
    ];
    let lines = lines.iter().map(|(name, value)| {
        refuse_line_ends(value)?;
        Ok(joined(&[name, "=", &env_value(value), "\n"]))
    });
    let lines: Vec<_> = lines.collect::<Result<_, Failure>>()?;
    let lines: Vec<_> = lines.iter().map(|line| line.as_str()).collect();
    Ok(joined(&lines))
}

/// Docker's and kubectl's readers take quotes for a part of the value: there are none where a shell needs none. Where it
/// does, single ones serve its `.` and systemd's `EnvironmentFile=` alike.
fn env_value(value: &str) -> Zeroizing<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if value.bytes().all(is_plain) {
        return joined(&[value]);
    }
    let mut parts = vec!["'"];
    for (place, part) in value.split('\'').enumerate() {
        if place > 0 {
            parts.push("'\\''");
        }
        parts.push(part);
    }
    parts.push("'");
    joined(&parts)
}

/// A connection URI (PostgreSQL documentation, 34.1.1.2), with all hosts of the target.
pub fn dsn(parcel: &Parcel<'_>) -> Result<Zeroizing<String>> {
    let addresses = parcel.target.addresses()?;
    let places: Vec<_> = addresses.iter().map(dsn_place).collect();
    Ok(joined(&[
        "postgresql://",
        &percent_encode(parcel.username),
        ":",
        &percent_encode(parcel.password.expose()),
        "@",
        &places.join(","),
        "/",
        &percent_encode(parcel.target.database.as_str()),
        if places.len() > 1 {
            "?target_session_attrs=read-write"
        } else {
            ""
        },
    ]))
}

fn dsn_place(address: &Address) -> String {
    let host = address.host.as_str();
    if host.contains(':') {
        // The zone of an IPv6 address begins with a percent sign (RFC 6874, section 2).
        format!("[{}]:{}", host.replace('%', "%25"), address.port)
    } else {
        format!("{}:{}", *percent_encode(host), address.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_where_a_shell_would_not_take_it_as_it_is() {
        assert_eq!(
            *env_value("db-1.example.com,[::1]"),
            "'db-1.example.com,[::1]'"
        );
        assert_eq!(*env_value("db-1.example.com"), "db-1.example.com");
        assert_eq!(*env_value("/run/postgresql"), "/run/postgresql");
        assert_eq!(*env_value("pass w'rd"), "'pass w'\\''rd'");
        assert_eq!(*env_value("~jane"), "'~jane'");
    }
}
