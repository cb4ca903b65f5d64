//! The admin credential from systemd's `$CREDENTIALS_DIRECTORY` (systemd.exec(5), "CREDENTIALS"): a file
//! `pgrole.ENV` with the password, or with `{"user":…,"password":…}`.

use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::credentials::FoundLogin;
use crate::credentials::parse_login;
use crate::domain::target::Target;
use crate::domain::variables::Variables;

/// The files that exist, whatever the environment; else why there are none.
pub fn describe(variables: &Variables) -> Result<String, String> {
    let folder = variables
        .text("CREDENTIALS_DIRECTORY")
        .ok_or("CREDENTIALS_DIRECTORY is not set")?;
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {folder}: {error}"))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| name.starts_with("pgrole.")).collect();
    if names.is_empty() {
        return Err(format!("no credential pgrole.ENV in {folder}"));
    }
    names.sort();
    Ok(names.join(", "))
}

/// The login in the file of the target's environment; else why there is none.
pub fn read(variables: &Variables, target: &Target) -> Result<FoundLogin, String> {
    let folder = variables
        .text("CREDENTIALS_DIRECTORY")
        .ok_or("systemd: CREDENTIALS_DIRECTORY is not set")?;
    let path = Path::new(folder).join(format!("pgrole.{}", target.env));
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!("systemd: no credential pgrole.{}", target.env));
        }
        Err(error) => return Err(format!("systemd: cannot read {}: {error}", path.display())),
    };
    let origin = format!("systemd (pgrole.{})", target.env);
    parse_login(&text, origin).map_err(|reason| format!("systemd: {reason}"))
}
