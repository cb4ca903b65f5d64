//! Delivery to the places where an admin credential is stored: keyring entries, lines of a .pgpass, the config file's
//! `credential.store_command`.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::credentials;
use crate::credentials::os_keyring;
use crate::delivery::command;
use crate::delivery::deliver::{Deliver, Resources};
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::locked_file;
use crate::delivery::locked_file::LockedFile;
use crate::delivery::pgpass;
use crate::domain::failure::Failure;
use crate::domain::password::login_place::LoginPlace;
use crate::domain::password::secret_json::SecretJson;
use crate::domain::target::{DatabaseName, Environment, Target};

/// The variables withheld from `credential.store_command`. It is the counterpart of `credential.command`, and may need
/// the other variables to log in to a vault.
const WITHHELD: [&str; 1] = ["PG_ADMIN_PASS"];

pub struct ToLoginStore<'a> {
    pub places: &'a [LoginPlace],
    pub resources: Resources<'a>,
}

impl Deliver for ToLoginStore<'_> {
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()> {
        let mut places = self.places.iter();
        places
            .try_for_each(|place| self.check_place(place, sample))
            .context("the new password cannot be stored where the credential is kept")
    }

    /// Stores the password in each place, and reads it back.
    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        for place in self.places {
            self.put(place, password, notes)
                .with_context(|| format!("cannot store it in {place}"))?;
        }
        Ok(())
    }

    fn discard(&self, operation_id: &str) -> Result<()> {
        for place in self.places {
            if let LoginPlace::Pgpass { path, .. } = place {
                locked_file::discard(path.as_ref(), operation_id, self.resources.locks)?;
            }
        }
        Ok(())
    }

    /// Like a delivery to the keyring.
    fn is_confirmed(&self, _: &IssuedPassword<'_>) -> bool {
        let mut places = self.places.iter();
        !places.any(|place| matches!(place, LoginPlace::Keyring(_)))
    }
}

impl ToLoginStore<'_> {
    fn check_place(&self, place: &LoginPlace, sample: &IssuedPassword<'_>) -> Result<()> {
        match place {
            LoginPlace::Keyring(_) => Ok(os_keyring::check()?),
            LoginPlace::Pgpass { path, host, port } => {
                let file = LockedFile::lock(Path::new(path), self.resources.locks)?;
                file.rehearse(|existing| pgpass::render_for_server((host, *port), sample, existing))
            }
            LoginPlace::Command(env, database) => {
                command::check(&self.store_words(env, database)?, self.resources.variables)
            }
        }
    }

    fn put(
        &self,
        place: &LoginPlace,
        issued: &IssuedPassword<'_>,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        match place {
            LoginPlace::Keyring(account) => Ok(os_keyring::replace(
                account,
                issued.username,
                issued.password,
            )?),
            LoginPlace::Pgpass { path, host, port } => {
                let file = LockedFile::lock(Path::new(path), self.resources.locks)?;
                file.write(issued.operation_id, |existing| {
                    pgpass::render_for_server((host, *port), issued, existing)
                })
            }
            LoginPlace::Command(env, database) => {
                let target = Target {
                    env: env.clone(),
                    database: database.clone(),
                    ..issued.target.clone()
                };
                self.store_by_command(&target, issued, notes)
            }
        }
    }

    fn store_words(&self, env: &Environment, database: &DatabaseName) -> Result<Vec<String>> {
        let words = &self.resources.credential.store_command;
        if words.is_empty() {
            return Err(Failure::usage("the config file has no credential.store_command").into());
        }
        Ok(credentials::command::fill(
            words,
            env.as_str(),
            database.as_str(),
        ))
    }

    fn store_by_command(
        &self,
        target: &Target,
        issued: &IssuedPassword<'_>,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        let words = self.store_words(&target.env, &target.database)?;
        let mut object = issued.object();
        if let Some(object) = object.as_object_mut() {
            let text = |text: &str| Value::String(text.to_owned());
            object.insert("env".to_owned(), text(target.env.as_str()));
            object.insert("database".to_owned(), text(target.database.as_str()));
            // In the form that `credential.command` must print: the store can be as simple as a file.
            object.insert("user".to_owned(), text(issued.username));
        }
        let object = SecretJson::with_password(object, Some(issued.password));
        let program = command::Program {
            words: &words,
            timeout: self.resources.timeout,
            withheld: &WITHHELD,
        };
        notes.extend(program.send(object, issued.password)?);
        let read_by = &self.resources.credential.command;
        let stored = credentials::command::read_password(read_by, target, issued.username)
            .map_err(|reason| anyhow!(reason))
            .context("it cannot be read back")?;
        if stored.expose() != issued.password.expose() {
            bail!("credential.command does not print what credential.store_command was given");
        }
        Ok(())
    }
}
