//! Where the password of a role went before: there its next one goes too, unless a person says otherwise.

use anyhow::{Context, Result};

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
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

/// The delivery that is on record with a role; None: its passwords were printed, or pgrole never changed one.
///
/// # Errors
/// Where the registry cannot be read, or does not hold a delivery there.
pub fn find_remembered(
    session: &Session,
    target: &Target,
    role: &RoleName,
) -> Result<Option<Remembered>> {
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let is_it = |placed: &&PlacedRole| placed.username == role.as_str() && is_on(placed, target);
    let Some(placed) = placed.iter().find(is_it) else {
        return Ok(None);
    };
    let what = || format!("the registry's delivery of \"{role}\"");
    let destination = placed.deliver.as_deref().map(str::parse).transpose();
    let format = placed.file_format.as_deref().map(str::parse).transpose();
    Ok(match destination.with_context(what)? {
        None | Some(Destination::Stdout) => None,
        Some(destination) => Some(Remembered {
            destination,
            file_format: format.with_context(what)?.unwrap_or_default(),
        }),
    })
}

impl Remembered {
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
