//! The places where an admin login is kept (`Destination::Credential`): how its new password gets into them.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::credentials::{command, keyring};
use crate::delivery::{Courier, Parcel, deliver_to_server, rehearse_for_server, replace};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::Failure;
use crate::domain::login_place::Place;
use crate::domain::password_change::name_of_lock;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::operations::file_delivery;
use crate::operations::password_change::courier;
use crate::operations::session::Session;

/// Looks whether each place takes a new password, before a server is touched.
///
/// # Errors
/// What stands in its way.
pub fn check(session: &Session, places: &[Place], sample: &Parcel<'_>) -> Result<()> {
    for place in places {
        match place {
            Place::Keyring(_) => keyring::check()?,
            Place::Pgpass { path, host, port } => {
                let path = replace::real_path(Path::new(path))?;
                let _lock = session.lock(&name_of_lock("file", &path))?;
                rehearse_for_server(&path, (host, *port), sample)?;
            }
            Place::Command(env, database) => {
                let words = Destination::Command(store_words(session, env, database)?);
                let format = FileFormat::default();
                file_delivery::rehearse(session, &words, format, sample)?;
            }
        }
    }
    Ok(())
}

/// Puts the password into each place, and reads it back from there.
///
/// # Errors
/// The first place that does not take it.
pub fn put(session: &Session, places: &[Place], parcel: &Parcel<'_>) -> Result<()> {
    for place in places {
        put_into(session, place, parcel).with_context(|| format!("cannot store it in {place}"))?;
    }
    Ok(())
}

/// Removes what a change that was cut off left in the places.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn discard(session: &Session, places: &[Place], operation_id: &str) -> Result<()> {
    for place in places {
        if let Some(destination) = file_of(place) {
            let courier = courier(session, &destination, FileFormat::default());
            file_delivery::discard(session, &courier, operation_id)?;
        }
    }
    Ok(())
}

/// Whether what was put there may be lost with the power: gnome-keyring syncs its file, but not the folder.
pub fn may_be_forgotten(places: &[Place]) -> bool {
    places
        .iter()
        .any(|place| matches!(place, Place::Keyring(_)))
}

fn file_of(place: &Place) -> Option<Destination> {
    match place {
        Place::Pgpass { path, .. } => Some(Destination::Pgpass(Some(path.clone()))),
        Place::Keyring(_) | Place::Command(..) => None,
    }
}

fn store_words(
    session: &Session,
    env: &Environment,
    database: &DatabaseName,
) -> Result<Vec<String>> {
    let words = &session.settings.credential.store_command;
    if words.is_empty() {
        return Err(Failure::usage("the config file has no credential.store_command").into());
    }
    Ok(command::fill(words, env.as_str(), database.as_str()))
}

fn put_into(session: &Session, place: &Place, parcel: &Parcel<'_>) -> Result<()> {
    match place {
        Place::Keyring(account) => Ok(keyring::replace(account, parcel.username, parcel.password)?),
        Place::Pgpass { path, host, port } => {
            let path = replace::real_path(Path::new(path))?;
            // The file is read and written whole: two at once would lose a line.
            let _lock = session.lock(&name_of_lock("file", &path))?;
            deliver_to_server(&path, (host, *port), parcel)
        }
        Place::Command(env, database) => {
            let target = Target {
                env: env.clone(),
                database: database.clone(),
                ..parcel.target.clone()
            };
            store_by_command(session, &target, parcel)
        }
    }
}

fn store_by_command(session: &Session, target: &Target, parcel: &Parcel<'_>) -> Result<()> {
    let words = store_words(session, &target.env, &target.database)?;
    let mut object = parcel.object.clone();
    if let Some(object) = object.as_object_mut() {
        let text = |text: &str| Value::String(text.to_owned());
        object.insert("env".to_owned(), text(target.env.as_str()));
        object.insert("database".to_owned(), text(target.database.as_str()));
        // As `credential.command` is to print it: what stores the object can be as plain as a file.
        object.insert("user".to_owned(), text(parcel.username));
    }
    let destination = Destination::Command(words);
    let courier = Courier {
        // It belongs to the command that gives the login, and may log in to a vault as that does.
        withheld: &["PG_ADMIN_PASS"],
        ..courier(session, &destination, FileFormat::default())
    };
    let parcel = Parcel {
        target,
        object: &object,
        ..*parcel
    };
    file_delivery::deliver(session, &courier, &parcel)?;
    let stored = command::read_password(
        &session.settings.credential.command,
        target,
        parcel.username,
    )
    .map_err(|reason| anyhow!(reason))
    .context("it cannot be read back")?;
    if stored.expose() != parcel.password.expose() {
        bail!("credential.command does not give back what credential.store_command was given");
    }
    Ok(())
}
