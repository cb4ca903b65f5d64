//! Delivery to a file, and the forms that it has.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::delivery::deliver::{Deliver, Form};
use crate::delivery::dsn::dsn;
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::locked_file::{self, LockedFile};
use crate::delivery::{k8s_secret, replace};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::Failure;
use crate::domain::userlist;
use crate::locks::Locks;

pub struct ToFile<'a> {
    pub destination: &'a Destination,
    pub file_format: FileFormat,
    pub locks: &'a Locks,
}

impl ToFile<'_> {
    fn path(&self) -> &Path {
        Path::new(self.destination.path().expect("a file has a path"))
    }
}

impl Deliver for ToFile<'_> {
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()> {
        let file = LockedFile::lock(self.path(), self.locks);
        file.and_then(|file| file.rehearse(|existing| render(self.file_format, sample, existing)))
            .with_context(|| format!("cannot deliver to {}", self.destination))
    }

    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        let file = LockedFile::lock(self.path(), self.locks)?;
        file.write(password.operation_id, |existing| {
            render(self.file_format, password, existing)
        })?;
        notes.extend(file.openness());
        Ok(())
    }

    fn discard(&self, operation_id: &str) -> Result<()> {
        locked_file::discard(self.path(), operation_id, self.locks)
    }

    fn file(&self) -> Result<Option<PathBuf>> {
        replace::real_path(self.path()).map(Some)
    }

    fn form(&self) -> Form {
        match self.file_format {
            FileFormat::Pgbouncer => Form::Userlist,
            _ => Form::Whole,
        }
    }
}

/// The whole contents of a file that holds `existing` now; a pgbouncer userlist keeps its other lines.
fn render(
    format: FileFormat,
    issued: &IssuedPassword<'_>,
    existing: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let text = match format {
        FileFormat::Json => format!("{}\n", *issued.object_with_password().to_pretty()),
        FileFormat::Env => env_lines(issued)?,
        FileFormat::Dsn => format!("{}\n", dsn(issued)?),
        FileFormat::K8sSecret => k8s_secret::render(issued, existing)?,
        FileFormat::Pgbouncer => {
            refuse_line_ends(issued.username)?;
            let list = userlist::with_user(existing, issued.username, issued.verifier);
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

fn env_lines(issued: &IssuedPassword<'_>) -> Result<String, Failure> {
    let target = issued.target;
    let lines = [
        ("PGHOST", target.hostname.to_string()),
        ("PGPORT", target.port.to_string()),
        ("PGDATABASE", target.database.to_string()),
        ("PGUSER", issued.username.to_owned()),
        ("PGPASSWORD", issued.password.expose().to_owned()),
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
