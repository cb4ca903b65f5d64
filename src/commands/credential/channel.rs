//! `pgrole credential … --notify NAME`: the secrets of notification channels, in the keyring.

use anyhow::{Context as _, Result};

use crate::commands::Context;
use crate::commands::credential::{StoredLogin, not_in_keyring};
use crate::credentials::keyring;
use crate::domain::channel::SecretSource;
use crate::domain::failure::Failure;
use crate::operations::session::Act;
use crate::output::prompt;
use crate::store::Subject;

/// Stores a secret that is asked for, or read from standard input.
pub fn set(name: &str, from_stdin: bool, context: &Context) -> Result<()> {
    let secret = if from_stdin {
        prompt::read_secret_from_stdin()?
    } else {
        prompt::ask_password(&format!("secret of \"{name}\""))?
    };
    if secret.expose().is_empty() {
        return Err(Failure::usage("the secret is empty").into());
    }
    let account = keyring::channel_account(name);
    context
        .session
        .audited_locally(act("credential set"), &format!("{account} stored"), || {
            Ok(keyring::write_channel_secret(name, &secret)?)
        })
        .with_context(|| format!("cannot store the secret for {account}"))?;
    context.ui.show_record(&StoredLogin {
        account,
        user: None,
    })
}

/// Removes a secret.
pub fn delete(name: &str, context: &Context) -> Result<()> {
    let account = keyring::channel_account(name);
    let deleted = format!("{account} deleted");
    context
        .session
        .audited_locally(act("credential delete"), &deleted, || {
            let was_there = keyring::delete_channel_secret(name)
                .with_context(|| format!("cannot delete the secret for {account}"))?;
            was_there
                .then_some(())
                .ok_or_else(|| not_in_keyring(&account))
        })?;
    context
        .ui
        .note(&format!("deleted the secret for {account}"));
    Ok(())
}

/// The entries that the config file's channels speak of, as far as they are there.
pub fn stored(context: &Context) -> Result<Vec<StoredLogin>> {
    let channels = context.session.settings.channels.iter();
    let sources = channels.flat_map(|channel| channel.secrets.values());
    let names = sources.filter_map(|source| match source {
        SecretSource::Keyring(name) => Some(name.as_str()),
        _ => None,
    });
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for name in names {
        let found = keyring::read_channel_secret(name).context("cannot list the credentials")?;
        if found.is_some() {
            rows.push(StoredLogin {
                account: keyring::channel_account(name),
                user: None,
            });
        }
    }
    Ok(rows)
}

fn act(operation: &str) -> Act {
    Act {
        operation: operation.to_owned(),
        subject: Subject::default(),
    }
}
