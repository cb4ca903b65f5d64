//! The operating system's keyring: service `pgrole`, account `ENV/DATABASE`, `ENV`, `default` or `notify/NAME`.
//!
//! Each entry holds user and password as one JSON object. Each call has a deadline, because a keyring may wait forever
//! for somebody to unlock it.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Result;
use keyring::v1::Entry;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::credentials::FoundLogin;
use crate::domain::counted::in_seconds;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::password::login_place::{Account, LoginSource};
use crate::domain::password::secret::Secret;
use crate::domain::target::Target;

/// The service of admin credentials.
const SERVICE: &str = "pgrole";
/// The service of delivered passwords.
const DELIVERY_SERVICE: &str = "pgrole-delivery";
/// The service of the keys that seal the journal and sign checkpoints.
const JOURNAL_SERVICE: &str = "pgrole-journal";
/// How long to wait for the keyring: with somebody there to unlock it, and without.
const ATTENDED_TIMEOUT: Duration = Duration::from_secs(60);
const UNATTENDED_TIMEOUT: Duration = Duration::from_secs(3);

/// How the message begins if there is no keyring at all.
pub(super) const NOT_RUNNING: &str = "keyring: not running";

#[derive(Serialize, Deserialize)]
struct Stored {
    user: String,
    password: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.password);
    }
}

/// The target's entry, else its environment's, else the default one.
pub(super) fn read_most_exact(target: &Target) -> Result<FoundLogin, String> {
    let accounts = [
        Account::Target(target.env.clone(), target.database.clone()),
        Account::Environment(target.env.clone()),
        Account::Default,
    ];
    for account in &accounts {
        match read(account) {
            Ok(Some(credential)) => return Ok(credential),
            Ok(None) => {}
            Err(failure) => return Err(failure.message),
        }
    }
    let [exact, env, default] = accounts.map(|account| account.to_string());
    Err(format!("keyring: no entry for {exact}, {env} or {default}"))
}

/// Reads one entry; `None` if there is none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
fn read(account: &Account) -> Result<Option<FoundLogin>, Failure> {
    let Some(stored) = call(SERVICE, account.to_string(), Entry::get_secret)? else {
        return Ok(None);
    };
    let stored = Zeroizing::new(stored);
    let mut stored: Stored = serde_json::from_slice(&stored).map_err(|_| {
        Failure::new(
            Kind::NoCredential,
            format!("keyring: the entry for {account} was not written by pgrole"),
        )
    })?;
    Ok(Some(FoundLogin {
        user: Some(std::mem::take(&mut stored.user)),
        password: Secret::new(std::mem::take(&mut stored.password)),
        origin: format!("keyring ({account})"),
        passwords_of_hosts: Vec::new(),
        kept: LoginSource::Keyring(account.clone()),
    }))
}

/// The user of an entry; `None` if there is no entry.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn read_user(account: &Account) -> Result<Option<String>, Failure> {
    Ok(read(account)?.and_then(|found| found.user))
}

/// Writes an entry, replacing an existing one.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn write(account: &Account, user: &str, password: &Secret) -> Result<(), Failure> {
    let stored = encode(user, password);
    call(SERVICE, account.to_string(), move |entry| {
        entry.set_secret(&stored)
    })?;
    Ok(())
}

/// Puts a delivered password under `ENV/DATABASE/ROLE`, and reads it back.
///
/// # Errors
/// If the keyring is not running, is locked, does not answer, or holds something else afterwards.
pub fn deliver(target: &Target, user: &str, password: &Secret) -> Result<(), Failure> {
    let account = format!("{}/{user}", target.name());
    write_and_read_back(DELIVERY_SERVICE, account, user, password)
}

/// Removes a delivered password; false if there was none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn take_back(target: &Target, user: &str) -> Result<bool, Failure> {
    let account = format!("{}/{user}", target.name());
    Ok(call(DELIVERY_SERVICE, account, Entry::delete_credential)?.is_some())
}

/// Writes an admin credential, and reads it back.
///
/// # Errors
/// If the keyring is not running, is locked, does not answer, or holds something else afterwards.
pub fn replace(account: &Account, user: &str, password: &Secret) -> Result<(), Failure> {
    write_and_read_back(SERVICE, account.to_string(), user, password)
}

fn write_and_read_back(
    service: &'static str,
    account: String,
    user: &str,
    password: &Secret,
) -> Result<(), Failure> {
    let stored = encode(user, password);
    let read_back = call(service, account, move |entry| {
        entry.set_secret(&stored)?;
        Ok(Zeroizing::new(entry.get_secret()?) == stored)
    })?;
    if read_back == Some(true) {
        return Ok(());
    }
    Err(unavailable("it does not return what was stored"))
}

/// Checks whether the keyring accepts a new entry by storing one: of a missing entry, even a locked keyring only says
/// that it is missing.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn check() -> Result<(), Failure> {
    let account = format!("probe-{}", std::process::id());
    call(DELIVERY_SERVICE, account, |entry| {
        entry.set_secret(b"probe")?;
        entry.delete_credential()
    })?;
    Ok(())
}

/// How the keyring answered, and how long it took.
#[derive(Debug)]
pub struct Examined {
    /// The accounts that it has logins for.
    pub outcome: Result<Vec<String>, Failure>,
    pub took: Duration,
}

/// Looks for the logins of these accounts. Does not wait for anybody to unlock the keyring; that it is locked shows
/// only if it has one of them.
pub fn examine(accounts: &[Account]) -> Examined {
    let started = Instant::now();
    let mut outcome = Ok(Vec::new());
    for account in accounts {
        let left = UNATTENDED_TIMEOUT.saturating_sub(started.elapsed());
        let found = call_within(left, SERVICE, account.to_string(), |entry| {
            entry.get_secret().map(Zeroizing::new)
        });
        match (found, &mut outcome) {
            (Ok(Some(_)), Ok(names)) => names.push(account.to_string()),
            (Ok(_), _) => {}
            (Err(failure), _) => {
                outcome = Err(failure);
                break;
            }
        }
    }
    Examined {
        outcome,
        took: started.elapsed(),
    }
}

/// Reads a key that pgrole made for itself; `None` if there is none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub(super) fn read_key(name: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    let key = call(JOURNAL_SERVICE, name.to_owned(), Entry::get_password)?;
    Ok(key.map(Zeroizing::new))
}

/// Stores a key that pgrole made for itself.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub(super) fn write_key(name: &str, key: &str) -> Result<(), Failure> {
    let key = Zeroizing::new(key.to_owned());
    call(JOURNAL_SERVICE, name.to_owned(), move |entry| {
        entry.set_password(&key)
    })?;
    Ok(())
}

/// Reads the secret of a notification channel (account `notify/NAME`); `None` if there is none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn read_channel_secret(name: &str) -> Result<Option<Secret>, Failure> {
    let found = call(SERVICE, channel_account(name), Entry::get_password)?;
    Ok(found.map(Secret::new))
}

/// Stores the secret of a notification channel, replacing an existing one.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn write_channel_secret(name: &str, secret: &Secret) -> Result<(), Failure> {
    let secret = secret.clone();
    call(SERVICE, channel_account(name), move |entry| {
        entry.set_password(secret.expose())
    })?;
    Ok(())
}

/// Removes the secret of a notification channel; false if there was none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn delete_channel_secret(name: &str) -> Result<bool, Failure> {
    Ok(call(SERVICE, channel_account(name), Entry::delete_credential)?.is_some())
}

/// The keyring's name for the secret of a notification channel.
pub fn channel_account(name: &str) -> String {
    format!("notify/{name}")
}

fn encode(user: &str, password: &Secret) -> Zeroizing<Vec<u8>> {
    let stored = Stored {
        user: user.to_owned(),
        password: password.expose().to_owned(),
    };
    Zeroizing::new(serde_json::to_vec(&stored).expect("two texts make JSON"))
}

/// Removes an entry; false if there was none.
///
/// # Errors
/// If the keyring is not running, is locked, or does not answer.
pub fn delete(account: &Account) -> Result<bool, Failure> {
    Ok(call(SERVICE, account.to_string(), Entry::delete_credential)?.is_some())
}

/// Calls the keyring in a thread of its own and waits until the deadline; `None` if there is no such entry.
fn call<T: Send + 'static>(
    service: &'static str,
    account: String,
    act: impl FnOnce(&Entry) -> keyring::v1::Result<T> + Send + 'static,
) -> Result<Option<T>, Failure> {
    let somebody_is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
    let deadline = if somebody_is_there {
        ATTENDED_TIMEOUT
    } else {
        UNATTENDED_TIMEOUT
    };
    call_within(deadline, service, account, act)
}

fn call_within<T: Send + 'static>(
    deadline: Duration,
    service: &'static str,
    account: String,
    act: impl FnOnce(&Entry) -> keyring::v1::Result<T> + Send + 'static,
) -> Result<Option<T>, Failure> {
    let (sender, receiver) = mpsc::channel();
    // Not joined: a hanging call ends with the process.
    std::thread::spawn(move || {
        let answer = Entry::new(service, &account).and_then(|entry| act(&entry));
        // The receiver is gone once the deadline has passed.
        sender.send(answer.map_err(explain)).ok();
    });
    match wait(&receiver, deadline)? {
        Ok(value) => Ok(Some(value)),
        Err(None) => Ok(None),
        Err(Some(reason)) => Err(unavailable(&reason)),
    }
}

/// Waits for the thread's answer, the deadline, or Ctrl-C.
fn wait<T>(receiver: &mpsc::Receiver<T>, deadline: Duration) -> Result<T, Failure> {
    let started = Instant::now();
    while started.elapsed() < deadline {
        if interrupt::is_to_cancel() {
            return Err(Failure::new(Kind::Interrupted, "interrupted"));
        }
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(unavailable("exited without an answer"));
            }
        }
    }
    Err(unavailable(&format!(
        "no answer within {}",
        in_seconds(deadline)
    )))
}

/// Why the keyring gave nothing; `None` if it has no such entry.
fn explain(error: keyring::v1::Error) -> Option<String> {
    match error {
        keyring::v1::Error::NoEntry => None,
        keyring::v1::Error::NoStorageAccess(_) => Some("locked".to_owned()),
        keyring::v1::Error::NoDefaultStore => Some(match Entry::store_status() {
            Err(error) => format!("not running ({})", one_line(error)),
            Ok(()) => "not running".to_owned(),
        }),
        error => Some(one_line(&error)),
    }
}

fn one_line(error: &dyn std::error::Error) -> String {
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn unavailable(reason: &str) -> Failure {
    Failure::new(Kind::NoCredential, format!("keyring: {reason}")).hint(
        "unlock or start the desktop's keyring, or set PG_ADMIN_USER and PG_ADMIN_PASS instead",
    )
}
