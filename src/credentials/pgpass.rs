//! The password from `PGPASSFILE` or `~/.pgpass`, by libpq's rules.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::password::pgpass::{PgpassQuery, find};
use crate::domain::password::secret::Secret;
use crate::domain::variables::Variables;

/// The password of the first matching line; else why there is none.
pub fn read(variables: &Variables, wanted: PgpassQuery<'_>) -> Result<Secret, String> {
    let path = path(variables).ok_or("pgpass: no home folder, and PGPASSFILE is not set")?;
    let shown = path.display();
    let text = match fs::read(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!("pgpass: no file {shown}"));
        }
        Err(error) => return Err(format!("pgpass: cannot read {shown}: {error}")),
    };
    if is_lax(&path, variables) {
        return Err(format!(
            "pgpass: {shown} is not used because group or others may read it: chmod 0600"
        ));
    }
    let password = find(&text, wanted).ok_or_else(|| {
        let PgpassQuery {
            host,
            port,
            database,
            user,
        } = wanted;
        format!("pgpass: no line of {shown} matches {host}:{port}:{database}:{user}")
    })?;
    match std::str::from_utf8(&password) {
        Ok(password) => Ok(Secret::new(password.to_owned())),
        Err(_) => Err(format!(
            "pgpass: the password in the matching line of {shown} is not UTF-8"
        )),
    }
}

/// The file that would be read, whatever the target; else why none would be.
pub fn describe(variables: &Variables) -> Result<String, String> {
    let path = path(variables).ok_or("no home folder, and PGPASSFILE is not set")?;
    let shown = path.display().to_string();
    if !path.exists() {
        return Err(format!("no file {shown}"));
    }
    if is_lax(&path, variables) {
        return Err(format!(
            "{shown} is not used because group or others may read it"
        ));
    }
    Ok(shown)
}

/// The file itself, with links resolved: the file is replaced, not a link to it.
pub fn real_path(variables: &Variables) -> Result<String, String> {
    let path = path(variables).ok_or("pgpass: no home folder, and PGPASSFILE is not set")?;
    let path = fs::canonicalize(&path)
        .map_err(|error| format!("pgpass: cannot read {}: {error}", path.display()))?;
    Ok(path.display().to_string())
}

/// The file that libpq would read.
pub fn path(variables: &Variables) -> Option<PathBuf> {
    match variables.text("PGPASSFILE") {
        Some(path) => Some(PathBuf::from(path)),
        None => Some(etcetera::home_dir().ok()?.join(".pgpass")),
    }
}

fn is_lax(path: &Path, variables: &Variables) -> bool {
    !variables.names_credential(path)
        && fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}
