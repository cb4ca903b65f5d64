//! A login that the file asks for, checked against the settings.

use std::collections::BTreeMap;

use crate::domain::access::AccessLevel;
use crate::domain::failure::Failure;
use crate::domain::fleet_file::format::{FleetLogin, LimitValue};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::role::profile::Profile;
use crate::domain::role::term::Term;
use crate::domain::settings::{Expiry, Limit, Settings};
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::{Span, Timestamp};

/// The name of a target.
pub type Place = (Environment, DatabaseName);

/// A login, and what it is to have; `None` is not said, and left as it is.
#[derive(Debug, Clone)]
pub struct DesiredLogin {
    pub place: Place,
    pub role: RoleName,
    /// With what the file says instead; `None`: it can be mended, not created.
    pub profile: Option<Profile>,
    pub login: Option<bool>,
    pub createdb: Option<bool>,
    pub createrole: Option<bool>,
    pub connection_limit: Option<Limit>,
    pub validity: Option<Validity>,
    pub access: BTreeMap<Place, AccessLevel>,
    /// Whether the file names all of its access, so that more is too much.
    pub is_access_whole: bool,
    pub search_path: BTreeMap<Place, Vec<String>>,
    /// Whether the file names all of its search paths.
    pub is_search_path_whole: bool,
    pub deliver: Deliveries,
    pub reason: Option<String>,
}

/// How long a login is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    ForEver,
    Renewed(Span),
    EndsOn(Timestamp),
}

impl Validity {
    pub fn term(self) -> Term {
        match self {
            Self::ForEver => Term::ForEver,
            Self::Renewed(span) => Term::Renewed(span),
            Self::EndsOn(end) => Term::EndsOn(end),
        }
    }
}

impl DesiredLogin {
    /// Checks a login of the file.
    ///
    /// # Errors
    /// Usage, for the first value that is not valid.
    pub fn new(login: &FleetLogin, settings: &Settings) -> Result<Self, Failure> {
        let place = place(&login.env, &login.database, settings)?;
        let profile = login.profile.as_deref();
        let profile = profile.map(|name| settings.profile(name, &place.0));
        let mut profile = profile.transpose()?;
        let limit = login.connection_limit.as_ref();
        let connection_limit = limit.map(LimitValue::limit).transpose()?;
        let mut access = BTreeMap::new();
        for (target, level) in login.access.iter().flatten() {
            access.insert(place_of(target, settings)?, *level);
        }
        let own = match (&login.access, &profile) {
            (Some(_), _) => access.get(&place).copied().unwrap_or(AccessLevel::None),
            (None, Some(profile)) => profile.access,
            (None, None) => AccessLevel::None,
        };
        access.insert(place.clone(), own);
        access.retain(|_, level| *level != AccessLevel::None);
        if let Some(profile) = &mut profile {
            profile.access = own;
            profile.createdb = login.createdb.unwrap_or(profile.createdb);
            profile.createrole = login.createrole.unwrap_or(profile.createrole);
            if let Some(Limit(limit)) = connection_limit {
                profile.connection_limit = limit;
            }
        }
        let mut search_path = BTreeMap::new();
        for (target, schemas) in login.search_path.iter().flatten() {
            search_path.insert(place_of(target, settings)?, schemas.clone());
        }
        Ok(Self {
            role: login.username.parse()?,
            login: login.login,
            createdb: login.createdb,
            createrole: login.createrole,
            connection_limit,
            validity: validity(login)?,
            access,
            is_access_whole: login.access.is_some(),
            search_path,
            is_search_path_whole: login.search_path.is_some(),
            deliver: deliver(login, profile.as_ref())?,
            reason: login.reason.clone(),
            profile,
            place,
        })
    }
}

fn place(env: &str, database: &str, settings: &Settings) -> Result<Place, Failure> {
    let env = Environment::new(env);
    settings.check_environment(&env)?;
    Ok((env, database.parse()?))
}

/// `ENV/DATABASE`
fn place_of(target: &str, settings: &Settings) -> Result<Place, Failure> {
    let (env, database) = target.split_once('/').ok_or_else(|| {
        Failure::usage(format!("{target:?} is not a target; expected ENV/DATABASE"))
    })?;
    place(env, database, settings)
}

fn validity(login: &FleetLogin) -> Result<Option<Validity>, Failure> {
    let usage = |error: anyhow::Error| Failure::usage(format!("valid_for: {error:#}"));
    match (&login.valid_for, &login.ends_on) {
        (Some(_), Some(_)) => Err(Failure::usage("valid_for and ends_on exclude each other")),
        (Some(text), None) => {
            let Expiry(span) = text.parse().map_err(usage)?;
            Ok(Some(span.map_or(Validity::ForEver, Validity::Renewed)))
        }
        (None, Some(text)) => match Timestamp::parse_day_or_time(text) {
            Some(end) => Ok(Some(Validity::EndsOn(end))),
            None => Err(Failure::usage(format!(
                "ends_on: {text:?} is not a date or time"
            ))),
        },
        (None, None) => Ok(None),
    }
}

fn deliver(login: &FleetLogin, profile: Option<&Profile>) -> Result<Deliveries, Failure> {
    let format = login.file_format.as_deref().map(str::parse).transpose()?;
    let format: FileFormat = format.unwrap_or_else(|| {
        profile
            .map(|profile| profile.file_format)
            .unwrap_or_default()
    });
    if let Some(text) = &login.deliver {
        return Deliveries::read(text, format);
    }
    let of_profile = profile.map(|profile| profile.deliver.clone());
    let destination = of_profile.unwrap_or(Destination::STDOUT);
    Ok(Deliveries::to(destination, format))
}
