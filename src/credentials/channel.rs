//! The secrets of a notification channel: from the config file, a private file, a command or the keyring.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::credentials::command::output_of;
use crate::credentials::os_keyring;
use crate::domain::command_line::pasteable;
use crate::domain::message::channel::{Channel, SecretSource, Secrets};
use crate::domain::password::secret::Secret;
use crate::domain::variables::{Variables, WITHHELD};

/// More than any secret needs, in bytes.
const LONGEST: u64 = 65_536;

/// Reads all secrets of a channel.
///
/// # Errors
/// Why a secret cannot be read; the text contains no secret.
pub fn read_secrets(channel: &Channel, limit: Duration) -> Result<Secrets, String> {
    let sources = channel.secrets.iter();
    let secrets = sources.map(|(name, source)| {
        let secret =
            read(source, limit).map_err(|reason| format!("its {}: {reason}", name.as_str()));
        Ok((*name, secret?))
    });
    secrets.collect()
}

fn read(source: &SecretSource, limit: Duration) -> Result<Secret, String> {
    let text = match source {
        SecretSource::Literal(secret) => return Ok(secret.clone()),
        SecretSource::File(path) => read_file(path)?,
        SecretSource::Command(words) => output_of(words, limit, &WITHHELD)?,
        SecretSource::Keyring(name) => {
            let found = os_keyring::read_channel_secret(name).map_err(|failure| failure.message)?;
            return found.ok_or_else(|| {
                let account = os_keyring::channel_account(name);
                let set = pasteable("pgrole credential set --notify {}", &[name]);
                format!("keyring: no entry for {account}; to store one: {set}")
            });
        }
    };
    let line = text.trim_end_matches(['\r', '\n']);
    if line.is_empty() || line.contains(['\r', '\n']) {
        return Err("it is not a single line of text".to_owned());
    }
    Ok(Secret::new(line.to_owned()))
}

/// Refuses a file that others may read.
fn read_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let unusable = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let file = fs::File::open(path).map_err(|error| unusable(&error))?;
    let metadata = file.metadata().map_err(|error| unusable(&error))?;
    if metadata.permissions().mode() & 0o077 != 0 && !Variables::of_process().names_credential(path)
    {
        let shown = path.display();
        return Err(format!(
            "{shown} may be read by others; to close it: chmod 600 {shown}"
        ));
    }
    let mut text = Zeroizing::new(String::new());
    let read = file.take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| unusable(&error))?;
    Ok(text)
}
