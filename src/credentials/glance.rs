//! Which source would answer, told without running a program, asking a person, or waiting for a keyring to be unlocked.

use crate::credentials::{Sources, command, environment, os_keyring, systemd};
use crate::domain::password::login_place::Account;
use crate::domain::settings::CredentialSource;
use crate::domain::target::Target;

/// What the sources seem to have for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Glance {
    /// A login, and where.
    Found(String),
    /// Somebody is asked for the password of this user.
    AskedFor(String),
    /// Nothing, and why.
    Nothing(String),
}

impl Sources<'_> {
    /// For each target what the first source has that has something.
    pub fn glance(&self, targets: &[Target]) -> Vec<Glance> {
        // Examined once for all, and only if no source before it has an answer.
        let mut keyring = None;
        targets
            .iter()
            .map(|target| {
                let mut tried = Vec::new();
                for source in &self.settings.sources {
                    let found = match source {
                        CredentialSource::Keyring => {
                            let examined = keyring
                                .get_or_insert_with(|| os_keyring::examine(&accounts(targets)));
                            in_keyring(examined, target)
                        }
                        source => self.glance_at(*source, target),
                    };
                    match found {
                        Ok(glance) => return glance,
                        Err(reason) => tried.push(reason),
                    }
                }
                let found = self.without_password(target);
                let found = found.or_else(|| self.by_default_certificate(target));
                match found {
                    Some(credential) => Glance::Found(credential.origin),
                    None => Glance::Nothing(tried.join("; ")),
                }
            })
            .collect()
    }

    fn glance_at(&self, source: CredentialSource, target: &Target) -> Result<Glance, String> {
        let found = match source {
            CredentialSource::Environment => environment::read(self.variables),
            CredentialSource::Systemd => systemd::read(self.variables, target),
            CredentialSource::Pgpass => self.read_pgpass(target),
            CredentialSource::Command => {
                let program = command::describe(&self.settings.command);
                return program
                    .map(|program| Glance::Found(format!("command ({program}), not run now")))
                    .map_err(|reason| format!("command: {reason}"));
            }
            CredentialSource::Prompt if self.without_password(target).is_some() => {
                return Err("prompt: not needed".to_owned());
            }
            CredentialSource::Prompt => return Ok(Glance::AskedFor(self.user(target))),
            CredentialSource::Keyring => return Err("keyring: not examined".to_owned()),
        };
        found.map(|login| Glance::Found(login.origin))
    }
}

fn in_keyring(examined: &os_keyring::Examined, target: &Target) -> Result<Glance, String> {
    let names = match &examined.outcome {
        Ok(names) => names,
        Err(failure) => return Err(failure.message.clone()),
    };
    let found = accounts_of(target)
        .into_iter()
        .map(|account| account.to_string());
    found
        .into_iter()
        .find(|account| names.contains(account))
        .map(|account| Glance::Found(format!("keyring ({account})")))
        .ok_or_else(|| "keyring: no entry".to_owned())
}

fn accounts_of(target: &Target) -> [Account; 3] {
    [
        Account::Target(target.env.clone(), target.database.clone()),
        Account::Environment(target.env.clone()),
        Account::Default,
    ]
}

fn accounts(targets: &[Target]) -> Vec<Account> {
    let mut accounts = Vec::new();
    for account in targets.iter().flat_map(accounts_of) {
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    accounts
}
