//! `pgrole credential … --notify NAME`: the secrets of notification channels, in the keyring.

use anyhow::Result;

use crate::commands::global::Context;
use crate::domain::failure::Failure;
use crate::operations::credential::stored::{
    delete_channel_secret, require_keyring_for_secrets, store_channel_secret,
};
use crate::output::prompt;

/// Stores a secret that is asked for, or read from standard input.
pub fn set(name: &str, from_stdin: bool, context: &Context) -> Result<()> {
    let secret = if from_stdin {
        prompt::read_secret_from_stdin()?
    } else {
        prompt::require_terminal()?;
        require_keyring_for_secrets()?;
        prompt::ask_password(&format!("secret of \"{name}\""))?
    };
    if secret.is_empty() {
        return Err(Failure::usage("the secret is empty").into());
    }
    let row = store_channel_secret(&context.run, name, &secret)?;
    context.ui.show_record(&row)
}

/// Removes a secret.
pub fn delete(name: &str, context: &Context) -> Result<()> {
    let account = delete_channel_secret(&context.run, name)?;
    context
        .ui
        .note(&format!("deleted the secret for {account}"));
    Ok(())
}
