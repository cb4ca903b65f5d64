//! `credential set | list | delete`: the admin credentials and the channels' secrets in the keyring.

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::credentials::{WITHOUT_KEYRING, os_keyring};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::message::channel::SecretSource;
use crate::domain::password::login_place::Account;
use crate::domain::password::secret::Secret;
use crate::domain::role::RoleName;
use crate::domain::target::Environment;
use crate::run::{Act, Run};
use crate::store::Subject;

/// One entry of the keyring.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StoredLogin {
    /// What the entry is for: `default`, `ENV`, `ENV/DATABASE` or `notify/CHANNEL`.
    pub account: String,
    /// The role that it logs in as; null for the secret of a channel.
    pub user: Option<String>,
}

/// Checks that the keyring accepts an entry, before anybody is asked for what is to be stored there.
///
/// # Errors
/// If it does not; the hint names where else a login can be kept.
pub fn require_keyring() -> Result<(), Failure> {
    os_keyring::check().map_err(not_kept)
}

fn not_kept(failure: Failure) -> Failure {
    failure.hint(format!(
        "unlock or start the desktop's keyring, or keep the login in {WITHOUT_KEYRING}, or set PG_ADMIN_USER and PG_ADMIN_PASS"
    ))
}

/// The same for the secret of a channel.
///
/// # Errors
/// If it does not; the hint names where else a secret can be kept.
pub fn require_keyring_for_secrets() -> Result<(), Failure> {
    os_keyring::check().map_err(|failure| {
        failure.hint("unlock or start the desktop's keyring, or name a file or a command for the secret in the config file (url_file, url_command)")
    })
}

/// Stores a login.
///
/// # Errors
/// If the keyring does not accept it.
pub fn store_login(
    run: &Run,
    account: &Account,
    user: &RoleName,
    password: &Secret,
) -> Result<StoredLogin> {
    let act = Act::here(Operation::CredentialSet).about(Subject {
        username: Some(user.to_string()),
        ..subject(account)
    });
    run.audited_locally(&act, Status::CredentialStored, || {
        Ok(os_keyring::write(account, user.as_str(), password).map_err(not_kept)?)
    })
    .with_context(|| format!("cannot store the credential for {account}"))?;
    Ok(StoredLogin {
        account: account.to_string(),
        user: Some(user.to_string()),
    })
}

/// Removes a login.
///
/// # Errors
/// Not found; if the keyring cannot delete it.
pub fn delete_login(run: &Run, account: &Account) -> Result<()> {
    let act = Act::here(Operation::CredentialDelete).about(subject(account));
    run.audited_locally(&act, Status::CredentialDeleted, || {
        let was_there = os_keyring::delete(account)
            .with_context(|| format!("cannot delete the credential for {account}"))?;
        require(was_there, &account.to_string())
    })
}

/// Stores the secret of a channel.
///
/// # Errors
/// If the keyring does not accept it.
pub fn store_channel_secret(run: &Run, name: &str, secret: &Secret) -> Result<StoredLogin> {
    let account = os_keyring::channel_account(name);
    let act = Act::here(Operation::CredentialSet);
    run.audited_locally(&act, Status::SecretStored(account.clone()), || {
        Ok(os_keyring::write_channel_secret(name, secret)?)
    })
    .with_context(|| format!("cannot store the secret for {account}"))?;
    Ok(StoredLogin {
        account,
        user: None,
    })
}

/// Removes the secret of a channel; returns the keyring's name for it.
///
/// # Errors
/// Not found; if the keyring cannot delete it.
pub fn delete_channel_secret(run: &Run, name: &str) -> Result<String> {
    let account = os_keyring::channel_account(name);
    let act = Act::here(Operation::CredentialDelete);
    run.audited_locally(&act, Status::SecretDeleted(account.clone()), || {
        let was_there = os_keyring::delete_channel_secret(name)
            .with_context(|| format!("cannot delete the secret for {account}"))?;
        require(was_there, &account)
    })?;
    Ok(account)
}

/// Lists the stored entries. Not every keyring can list its entries, so this queries those that pgrole would look for.
///
/// # Errors
/// If the keyring or the registry cannot be read.
pub fn list_stored(run: &Run) -> Result<Vec<StoredLogin>> {
    let mut accounts = vec![Account::Default];
    let environments = &run.settings.environments;
    accounts.extend(environments.iter().cloned().map(Account::Environment));
    for entry in run.entries()? {
        if let Ok(database) = entry.database.parse() {
            accounts.push(Account::Target(Environment::new(entry.env), database));
        }
    }
    let mut stored = Vec::new();
    for account in accounts {
        let user = os_keyring::read_user(&account).context("cannot list the credentials")?;
        if user.is_some() {
            stored.push(StoredLogin {
                account: account.to_string(),
                user,
            });
        }
    }
    stored.extend(list_channel_secrets(run)?);
    Ok(stored)
}

/// The existing entries that the config file's channels refer to.
fn list_channel_secrets(run: &Run) -> Result<Vec<StoredLogin>> {
    let channels = run.settings.channels.iter();
    let sources = channels.flat_map(|channel| channel.secrets.values());
    let names = sources.filter_map(|source| match source {
        SecretSource::Keyring(name) => Some(name.as_str()),
        _ => None,
    });
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    let mut stored = Vec::new();
    for name in names {
        let found = os_keyring::read_channel_secret(name).context("cannot list the credentials")?;
        if found.is_some() {
            stored.push(StoredLogin {
                account: os_keyring::channel_account(name),
                user: None,
            });
        }
    }
    Ok(stored)
}

fn subject(account: &Account) -> Subject {
    let (env, database) = match account {
        Account::Target(env, database) => (Some(env), Some(database)),
        Account::Environment(env) => (Some(env), None),
        Account::Default => (None, None),
    };
    Subject {
        env: env.map(ToString::to_string),
        database: database.map(ToString::to_string),
        ..Subject::default()
    }
}

fn require(was_there: bool, account: &str) -> Result<()> {
    if was_there {
        return Ok(());
    }
    let what = format!("the keyring has no entry for {account}");
    Err(Failure::new(Kind::NotFound, what)
        .hint("list the entries: pgrole credential list")
        .into())
}
