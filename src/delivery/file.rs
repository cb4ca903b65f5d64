//! The forms of a delivered file.

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::{Parcel, k8s_secret, object_with_password, percent_encode};
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
    let text = match format {
        FileFormat::Json => format!("{}\n", *object_with_password(parcel).to_pretty()),
        FileFormat::Env => env_lines(parcel)?,
        FileFormat::Dsn => format!("{}\n", dsn(parcel)?),
        FileFormat::K8sSecret => k8s_secret::render(parcel, existing)?,
        FileFormat::Pgbouncer => {
            refuse_line_ends(parcel.username)?;
            let list = userlist::with_user(existing, parcel.username, parcel.verifier);
            return Ok(Zeroizing::new(list));
        }
    };
    Ok(Zeroizing::new(text.into_bytes()))
}

/// Readers of these files take each line for an entry of its own.
fn refuse_line_ends(name: &str) -> Result<(), Failure> {
    if name.contains(['\n', '\r', '\0']) {
        let what = format!("{name:?} has a line end in it, and no line of the file can name it");
        return Err(Failure::refused(what).hint("deliver it as --file-format json"));
    }
    Ok(())
}

fn env_lines(parcel: &Parcel<'_>) -> Result<String, Failure> {
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
        .map(|(name, value)| {
            refuse_line_ends(value)?;
            Ok(format!("{name}={}\n", env_value(value)))
        })
        .collect()
}

/// Docker's and kubectl's readers take quotes for a part of the value: there are none where a shell needs none. Where it
/// does, single ones serve its `.` and systemd's `EnvironmentFile=` alike.
fn env_value(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if value.bytes().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', "'\\''"))
}

/// A connection URI (PostgreSQL documentation, 34.1.1.2), with all hosts of the target.
pub fn dsn(parcel: &Parcel<'_>) -> Result<String> {
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
        // The zone of an IPv6 address begins with a percent sign (RFC 6874, section 2).
        format!("[{}]:{}", host.replace('%', "%25"), address.port)
    } else {
        format!("{}:{}", percent_encode(host), address.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_where_a_shell_would_not_take_it_as_it_is() {
        assert_eq!(
            env_value("db-1.example.com,[::1]"),
            "'db-1.example.com,[::1]'"
        );
        assert_eq!(env_value("db-1.example.com"), "db-1.example.com");
        assert_eq!(env_value("/run/postgresql"), "/run/postgresql");
        assert_eq!(env_value("pass w'rd"), "'pass w'\\''rd'");
        assert_eq!(env_value("~jane"), "'~jane'");
    }
}
