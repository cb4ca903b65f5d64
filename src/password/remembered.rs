//! Where the password of a role went before: there its next one goes too, unless a person says otherwise.

use std::fmt;

use anyhow::{Context, Result};

use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::{Deliveries, Delivery};
use crate::domain::password::destination::{Destination, FileFormat, Way};
use crate::domain::role::RoleName;
use crate::domain::role::term::{Term, Terms};
use crate::domain::target::{Environment, Target};
use crate::domain::timestamp::Span;
use crate::run::Run;
use crate::store::{MetDelivery, PlacedRole};

/// A delivery that is on record with its role. Never stdout: what was printed is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// As the operator wrote it, placeholders and all.
    pub deliver: Deliveries,
    /// Whether pgrole itself recorded it.
    pub is_recorded: bool,
    /// Other places, until somebody picks. Where there are some, this one may be stdout.
    pub others: Vec<OtherDelivery>,
}

/// A delivery of the same role, from when its cluster was known as two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDelivery {
    /// Over which it was placed.
    pub target: Target,
    /// With placeholders replaced.
    pub delivery: Delivery,
}

/// The record of a role; `None` if pgrole has neither changed its password nor adopted it.
///
/// # Errors
/// Where the registry cannot be read.
pub fn find_placed(run: &Run, target: &Target, role: &RoleName) -> Result<Option<PlacedRole>> {
    let Some(cluster_id) = &target.cluster_id else {
        return Ok(None);
    };
    let found = run.with_store(|store| store.find_placed_role(cluster_id, role.as_str()))?;
    require_valid_record(run, target, role)?;
    Ok(found)
}

/// Refuses to take a role whose record is not valid for one without a record: its password would go elsewhere, and what
/// it goes to now would be forgotten.
///
/// # Errors
/// Refused; if the registry cannot be read.
pub fn require_valid_record(run: &Run, target: &Target, role: &RoleName) -> Result<()> {
    let Some(cluster_id) = &target.cluster_id else {
        return Ok(());
    };
    let bad = run.with_store(|store| store.find_bad_placed_role(cluster_id, role.as_str()))?;
    let Some(bad) = bad else {
        return Ok(());
    };
    let what = format!(
        "the record of \"{role}\" on {} is not valid: {}: {}",
        target.name(),
        bad.column,
        bad.problem
    );
    Err(Failure::refused(what)
        .hint(format!(
            "correct or delete that row of {} in the registry: {}",
            bad.table,
            pasteable("sqlite3 {}", &[&run.registry().display()])
        ))
        .into())
}

/// What decides on the VALID UNTIL of a role's next password.
///
/// # Errors
/// Where the registry does not hold a term there.
pub fn terms(
    run: &Run,
    placed: Option<&PlacedRole>,
    target: &Target,
    wanted: Option<Term>,
) -> Result<Terms> {
    let recorded = placed.and_then(|placed| placed.term.as_deref());
    let recorded = recorded.map(str::parse).transpose();
    let profile = placed.and_then(|placed| placed.profile.as_deref());
    Ok(Terms {
        wanted,
        recorded: recorded.context("the registry's term of the role")?,
        configured: configured(run, profile, target),
    })
}

/// How long the config file lets a password of that profile be good.
pub fn configured(run: &Run, profile: Option<&str>, target: &Target) -> Option<Span> {
    let settings = &run.settings;
    let profile = profile.and_then(|name| settings.profile(name, &target.env).ok());
    profile.map_or(settings.valid_for, |profile| profile.valid_for)
}

/// The other deliveries of a role that is on record, until somebody picks.
///
/// # Errors
/// Where the registry does not hold a delivery there.
pub fn others(placed: &PlacedRole, target: &Target, role: &RoleName) -> Result<Vec<OtherDelivery>> {
    let met = placed.met.iter();
    let others: Result<Vec<_>> = met.map(|met| others_met(met, target, role)).collect();
    Ok(others?.into_iter().flatten().collect())
}

fn others_met(met: &MetDelivery, target: &Target, role: &RoleName) -> Result<Vec<OtherDelivery>> {
    let target = Target {
        env: Environment::new(&met.env),
        database: met.database.parse()?,
        ..target.clone()
    };
    let deliver = read(met.deliver.as_deref(), met.file_format.as_deref())?;
    Ok(OtherDelivery::each(&deliver.resolve(&target, role)?, &target).collect())
}

impl OtherDelivery {
    /// Each of some deliveries that were made over a target.
    pub fn each(deliver: &Deliveries, target: &Target) -> impl Iterator<Item = Self> {
        deliver.each().iter().map(|delivery| Self {
            target: target.clone(),
            delivery: delivery.clone(),
        })
    }
}

/// Reads a delivery that is on record.
///
/// # Errors
/// If the record is not valid.
pub fn read(deliver: Option<&str>, file_format: Option<&str>) -> Result<Deliveries> {
    let file_format: Option<FileFormat> = file_format.map(str::parse).transpose()?;
    let file_format = file_format.unwrap_or_default();
    Ok(match deliver {
        Some(deliver) => Deliveries::read(deliver, file_format)?,
        None => Deliveries::to(Destination::STDOUT, file_format),
    })
}

/// Refuses a delivery that somebody else wrote into the file, or changed there.
///
/// # Errors
/// Refused, with what to do.
pub fn require_record(
    is_recorded: bool,
    target: &Target,
    role: &RoleName,
    deliver: &Deliveries,
) -> Result<(), Failure> {
    if is_recorded {
        return Ok(());
    }
    let target = target.name();
    Err(Failure::refused(format!(
        "pgrole did not record that the password of \"{role}\" on {target} goes to {deliver}"
    ))
    .hint(deliver_again(role.as_str()))
    .caused_by(NotRecorded))
}

/// Why a stored delivery is not used.
#[derive(Debug)]
struct NotRecorded;

impl fmt::Display for NotRecorded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("somebody else wrote that into the registry, or changed it there")
    }
}

impl std::error::Error for NotRecorded {}

/// Whether that is why it failed.
pub fn is_unrecorded(error: &anyhow::Error) -> bool {
    let says_so = |link: &(dyn std::error::Error + 'static)| link.is::<NotRecorded>();
    error.chain().any(says_so)
}

/// The command that records anew where a password goes.
pub fn deliver_again(username: &str) -> String {
    format!(
        "choose the delivery: {}",
        pasteable("pgrole rotate -u {} --deliver WHERE", &[&username])
    )
}

impl Remembered {
    /// The delivery on record for a role; `None` if its passwords were printed.
    ///
    /// # Errors
    /// Where the registry does not hold a delivery there.
    pub fn of(placed: &PlacedRole, target: &Target, role: &RoleName) -> Result<Option<Self>> {
        let what = || format!("the registry's delivery of \"{}\"", placed.username);
        let deliver =
            read(placed.deliver.as_deref(), placed.file_format.as_deref()).with_context(what)?;
        let others = others(placed, target, role).with_context(what)?;
        let found = Self::new(deliver, others);
        Ok(found.map(|found| Self {
            is_recorded: placed.is_recorded,
            ..found
        }))
    }

    /// `None` if it was printed.
    pub fn new(deliver: Deliveries, others: Vec<OtherDelivery>) -> Option<Self> {
        let is_one = !deliver.is_stdout() || !others.is_empty();
        is_one.then_some(Self {
            deliver,
            is_recorded: true,
            others,
        })
    }

    /// Refuses a delivery that somebody else wrote into the file, or changed there.
    ///
    /// # Errors
    /// Refused, with what to do.
    pub fn require_record(&self, target: &Target, role: &RoleName) -> Result<(), Failure> {
        require_record(self.is_recorded, target, role, &self.deliver)
    }

    /// Each place that holds the password from before.
    pub fn places(&self, target: &Target, role: &RoleName) -> Vec<Delivery> {
        let own = self.deliver.resolve(target, role).ok();
        let own = own.iter().flat_map(Deliveries::each);
        let others = self.others.iter().map(|other| &other.delivery);
        own.chain(others)
            .filter(|place| {
                !place.destination.is_stdout() && place.destination.way() != Way::Reload
            })
            .cloned()
            .collect()
    }

    /// The places, in words, that hold the password from before when the new one goes to `other`.
    pub fn left_by(&self, other: &Deliveries, target: &Target, role: &RoleName) -> Option<String> {
        let other = other.resolve(target, role).ok()?;
        let is_left = |place: &Delivery| {
            let mut chosen = other.each().iter();
            let file = |destination: &Destination| {
                let path = destination.path().map(str::to_owned);
                path.filter(|_| destination.receivers().is_some())
            };
            let before = file(&place.destination);
            // The same file may be encrypted for somebody else now.
            !chosen.any(|chosen| {
                chosen.destination == place.destination
                    || before.is_some() && before == file(&chosen.destination)
            })
        };
        let mut left: Vec<_> = self
            .places(target, role)
            .iter()
            .filter(|place| is_left(place))
            .map(|place| place.destination.to_string())
            .collect();
        left.dedup();
        (!left.is_empty()).then(|| left.join(", "))
    }

    /// The format of a file that the password goes to, as it was there before, else that of all.
    pub fn format_at(&self, chosen: &Destination, target: &Target, role: &RoleName) -> FileFormat {
        let resolved = chosen.resolve(target, role).ok();
        let mut places = self.places(target, role).into_iter();
        let before = places.find(|place| Some(&place.destination) == resolved.as_ref());
        before.map_or(self.deliver.file_format(), |before| before.file_format)
    }

    /// What the role's next delivery is when this one goes to `chosen`: what is printed by hand is no place to go to
    /// again.
    pub fn next<'a>(&'a self, chosen: &'a Deliveries) -> &'a Deliveries {
        // What somebody else wrote there does not become our own record.
        if chosen.is_stdout() && self.is_recorded {
            &self.deliver
        } else {
            chosen
        }
    }

    /// Refuses to choose between several places: a person has to.
    ///
    /// # Errors
    /// Refused, naming them.
    pub fn require_one(&self, target: &Target, role: &RoleName) -> Result<(), Failure> {
        if self.others.is_empty() {
            return Ok(());
        }
        let places = self.places(target, role);
        let names = places.iter().map(|place| place.destination.to_string());
        let names: Vec<_> = names.collect();
        Err(Failure::refused(format!(
            "the passwords of \"{role}\" went to several places while its server had several names: {}",
            names.join(", ")
        ))
        .hint(format!(
            "choose where they go from now on, one place or several: {}; --deliver stdout prints this one",
            on_target("pgrole rotate -e {} -d {} -u {} --deliver WHERE", target, &[role])
        )))
    }
}
