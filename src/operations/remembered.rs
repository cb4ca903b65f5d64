//! Where the password of a role went before: there its next one goes too, unless a person says otherwise.

use anyhow::{Context, Result};

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::term::{Term, Terms};
use crate::domain::timestamp::Span;
use crate::operations::fleet::is_on;
use crate::operations::session::Session;
use crate::store::PlacedRole;

/// A delivery that is on record with its role. Never stdout: what was printed is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// As the operator wrote it, placeholders and all.
    pub destination: Destination,
    pub file_format: FileFormat,
}

/// What is on record of a role; None: pgrole never changed a password of it, and did not adopt it.
///
/// # Errors
/// Where the registry cannot be read.
pub fn find_placed(
    session: &Session,
    target: &Target,
    role: &RoleName,
) -> Result<Option<PlacedRole>> {
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let is_it = |placed: &PlacedRole| placed.username == role.as_str() && is_on(placed, target);
    Ok(placed.into_iter().find(is_it))
}

/// What decides on the VALID UNTIL of a role's next password.
///
/// # Errors
/// Where the registry does not hold a term there.
pub fn terms(
    session: &Session,
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
        configured: configured(session, profile, target),
    })
}

/// How long the config file lets a password of that profile be good.
pub fn configured(session: &Session, profile: Option<&str>, target: &Target) -> Option<Span> {
    let settings = &session.settings;
    let profile = profile.and_then(|name| settings.profile(name, &target.env).ok());
    profile.map_or(settings.valid_for, |profile| profile.valid_for)
}

impl Remembered {
    /// The delivery that is on record with a role; None: its passwords were printed.
    ///
    /// # Errors
    /// Where the registry does not hold a delivery there.
    pub fn of(placed: &PlacedRole) -> Result<Option<Self>> {
        let what = || format!("the registry's delivery of \"{}\"", placed.username);
        let destination = placed.deliver.as_deref().map(str::parse).transpose();
        let format = placed.file_format.as_deref().map(str::parse).transpose();
        Ok(match destination.with_context(what)? {
            None | Some(Destination::Stdout) => None,
            Some(destination) => Some(Self {
                destination,
                file_format: format.with_context(what)?.unwrap_or_default(),
            }),
        })
    }

    /// The destination itself, where it holds the password from before when the new one goes to `other`.
    pub fn left_by(
        &self,
        other: &Destination,
        target: &Target,
        role: &RoleName,
    ) -> Option<Destination> {
        let own = self.destination.resolve(target, role).ok()?;
        let other = other.resolve(target, role).ok()?;
        (own != other).then_some(own)
    }

    /// What the role's next delivery is when this one goes to `chosen`: what is printed by hand is no place to go to
    /// again.
    pub fn next<'a>(
        &'a self,
        chosen: &'a Destination,
        format: FileFormat,
    ) -> (&'a Destination, FileFormat) {
        match chosen {
            Destination::Stdout => (&self.destination, self.file_format),
            chosen => (chosen, format),
        }
    }
}
