//! The sealed password of a change, opened with the key that it was sealed with.

use std::path::Path;

use anyhow::{Context, Result};

use crate::credentials::sealing_key;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::sealing::Contents;
use crate::store::JournalRow;

/// Decrypts the sealed password of a change.
///
/// # Errors
/// If the key is a different one, or the sealed password has been scrubbed.
pub fn open(key_file: &Path, row: &JournalRow) -> Result<Contents> {
    let role = &row.change.role;
    let key =
        sealing_key::find_by_id(key_file, &row.key_id).map_err(|error| {
            Failure::new(
            Kind::Undelivered,
            format!("the password of \"{role}\" was sealed with another key ({})", row.key_id),
        )
        .hint("run this where that key is (the same user, the same keyring or key file): pgrole recover run")
        .caused_by(error)
        })?;
    let sealed = row
        .sealed
        .as_deref()
        .context("the sealed password is gone")?;
    let change = &row.change;
    let opened = key.open(sealed, &change.associated_data(&row.key_id));
    // A row of the previous release is trusted about its delivery because the migration signed it.
    let opened = match opened {
        Err(_) if row.is_adopted => key.open(sealed, &change.associated_data_before()),
        opened => opened,
    };
    opened.map_err(|error| {
        let id = &change.operation_id;
        Failure::refused(format!(
            "password change {id} was altered since pgrole recorded it: nothing is delivered to {}",
            change.destination
        ))
        .hint(format!(
            "abort it, and set a new password: {}; {}",
            pasteable("pgrole recover abort {}", &[id]),
            on_target(
                "pgrole user reset -e {} -d {} -u {}",
                &change.target,
                &[&change.role]
            )
        ))
        .caused_by(error)
        .into()
    })
}
