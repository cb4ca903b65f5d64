//! Delivery to a file, and the file's formats.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::delivery::deliver::{Deliver, Form};
use crate::delivery::dsn::dsn;
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::joined::joined;
use crate::delivery::locked_file;
use crate::delivery::locked_file::LockedFile;
use crate::delivery::{k8s_secret, replace};
use crate::domain::failure::Failure;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::userlist;
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

/// Renders the whole new contents of a file that now holds `existing`; a pgbouncer userlist keeps its other lines.
pub(super) fn render(
    format: FileFormat,
    issued: &IssuedPassword<'_>,
    existing: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let mut text = match format {
        FileFormat::Json => joined(&[&issued.object_with_password().to_pretty(), "\n"]),
        FileFormat::Env => env_lines(issued)?,
        FileFormat::Dsn => joined(&[&dsn(issued)?, "\n"]),
        FileFormat::K8sSecret => k8s_secret::render(issued, existing)?,
        FileFormat::Pgbouncer => {
            refuse_line_ends(issued.username)?;
            return Ok(userlist::with_user(
                existing,
                issued.username,
                issued.verifier,
            ));
        }
    };
    // The same buffer: no copy is left behind.
    Ok(Zeroizing::new(std::mem::take(&mut *text).into_bytes()))
}

/// Programs that read these files take each line for an entry.
fn refuse_line_ends(name: &str) -> Result<(), Failure> {
    if name.contains(['\n', '\r', '\0']) {
        let what = format!("{name:?} contains a line end, which a line of the file cannot hold");
        return Err(Failure::refused(what).hint("deliver it with --file-format json"));
    }
    Ok(())
}

fn env_lines(issued: &IssuedPassword<'_>) -> Result<Zeroizing<String>, Failure> {
    let target = issued.target;
    let (host, port) = (target.hostname.to_string(), target.port.to_string());
    let lines = [
        ("PGHOST", host.as_str()),
        ("PGPORT", &port),
        ("PGDATABASE", target.database.as_str()),
        ("PGUSER", issued.username),
        ("PGPASSWORD", issued.password.expose()),
    ];
    let lines = lines.iter().map(|(name, value)| {
        refuse_line_ends(value)?;
        Ok(joined(&[name, "=", &env_value(value), "\n"]))
    });
    let lines: Vec<_> = lines.collect::<Result<_, Failure>>()?;
    let lines: Vec<_> = lines.iter().map(|line| line.as_str()).collect();
    Ok(joined(&lines))
}

/// Docker and kubectl take quotes for a part of the value, so a value is quoted only if a shell needs that. Then single
/// quotes work for both a shell's `.` and systemd's `EnvironmentFile=`.
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

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::delivery::dsn::percent_encode;
    use crate::domain::password::secret::Secret;
    use crate::domain::target::Target;

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

    /// Each form, from all that it is made of: what is not zeroed does not have the type, and what grows was copied.
    #[test]
    fn all_that_a_file_is_made_of_is_zeroed_and_never_grows() {
        let target = Target::example();
        let password = Secret::new("p'w @".repeat(500));
        let issued = IssuedPassword {
            target: &target,
            username: "jane",
            password: &password,
            verifier: "SCRAM-SHA-256$4096:x$y:z",
            operation_id: "1",
            is_known: false,
            report: &serde_json::json!({"username": "jane", "password": null}),
        };
        for format in FileFormat::value_variants() {
            let rendered: Zeroizing<Vec<u8>> = render(*format, &issued, b"").unwrap();
            assert!(rendered.capacity() <= rendered.len() + 2, "{format:?}");
        }
        let parts: [Zeroizing<String>; 3] = [
            percent_encode(password.expose()),
            joined(&[password.expose(), "x"]),
            dsn(&issued).unwrap(),
        ];
        assert_eq!(parts[0].capacity(), 3 * password.expose().len());
        assert_eq!(parts[1].capacity(), parts[1].len());
        assert_eq!(parts[2].capacity(), parts[2].len());
    }
}
