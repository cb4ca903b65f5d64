//! What can be looked at before anything is changed: whether each delivery would work, and the keys.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::config::require_home_of;
use crate::delivery;
use crate::delivery::{IssuedPassword, Sink};
use crate::domain::act::status::Status;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::secret::Secret;
use crate::domain::role::RoleName;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::password::claimed_files::ClaimedFiles;
use crate::password::seal::sealing_key;
use crate::password::sole_holder;
use crate::run::Run;

/// As long as an operation's id.
const ID_LENGTH: usize = 36;
/// As long as a verifier with the server's usual salt, and an iteration count of six digits.
const VERIFIER_LENGTH: usize = 135;

/// Where a new password goes, and the stdout that it may go to.
#[derive(Clone, Copy)]
pub struct DeliveryRoute<'a> {
    /// As the operator wrote it, placeholders and all.
    pub deliver: &'a Deliveries,
    pub stdout: &'a dyn Sink,
}

/// Does a delivery's work up to the moment in which something would change, before a server is touched.
///
/// # Errors
/// What stands in its way, and a sealing key that cannot be had.
pub fn preflight(
    run: &Run,
    route: &DeliveryRoute<'_>,
    target: &Target,
    role: &RoleName,
) -> Result<()> {
    preflight_renamed(run, route, target, (role, None))
}

/// The same for a role that has another name until now: what is its own under that name may be written over.
///
/// # Errors
/// As for [`preflight`].
pub fn preflight_renamed(
    run: &Run,
    route: &DeliveryRoute<'_>,
    target: &Target,
    names: (&RoleName, Option<&RoleName>),
) -> Result<()> {
    rehearse(run, &mut ClaimedFiles::new(run), route, target, names)?;
    prepare_keys(run)
}

/// The part of it that is about one role; what `claimed` knows already is not read again.
///
/// # Errors
/// What stands in the delivery's way.
pub fn rehearse(
    run: &Run,
    claimed: &mut ClaimedFiles<'_>,
    route: &DeliveryRoute<'_>,
    target: &Target,
    names: (&RoleName, Option<&RoleName>),
) -> Result<()> {
    check_files(claimed, route, target, names)?;
    rehearse_again(run, route, target, names.0)
}

/// Whether the files are the role's own.
fn check_files(
    claimed: &mut ClaimedFiles<'_>,
    route: &DeliveryRoute<'_>,
    target: &Target,
    names: (&RoleName, Option<&RoleName>),
) -> Result<()> {
    let (role, _) = names;
    for one in route.deliver.resolve(target, role)?.each() {
        sole_holder::check(claimed, one, target, names)
            .with_context(|| format!("cannot deliver to {}", one.destination))?;
    }
    Ok(())
}

/// What is the same for the roles of a run whose passwords change one after the other, or at once: whose each file is,
/// and the keys.
pub struct SharedRecords<'a> {
    run: &'a Run,
    /// Whether no role gets another delivery than it had: then what this run records changes nobody's claim.
    keeps_deliveries: bool,
    /// With the state of the registry in which it was read.
    claimed: Mutex<Option<(i64, ClaimedFiles<'a>)>>,
    has_keys: AtomicBool,
}

impl<'a> SharedRecords<'a> {
    pub fn new(run: &'a Run, keeps_deliveries: bool) -> Self {
        Self {
            run,
            keeps_deliveries,
            claimed: Mutex::default(),
            has_keys: AtomicBool::new(false),
        }
    }

    /// Does what [`preflight`] does. What is on record is read again where somebody changed it.
    ///
    /// # Errors
    /// As for [`preflight`].
    pub fn preflight(
        &self,
        route: &DeliveryRoute<'_>,
        target: &Target,
        role: &RoleName,
    ) -> Result<()> {
        let run = self.run;
        let state = run.with_store(|store| store.foreign_state())?;
        {
            let mut slot = self.claimed();
            let known = slot.take_if(|(before, _)| self.keeps_deliveries && *before == state);
            let (_, claimed) =
                slot.insert(known.unwrap_or_else(|| (state, ClaimedFiles::new(run))));
            check_files(claimed, route, target, (role, None))?;
        }
        rehearse_again(run, route, target, role)?;
        if !self.has_keys.load(Ordering::SeqCst) {
            prepare_keys(run)?;
            self.has_keys.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    /// What is on record is read again for the next role.
    pub fn renew(&self) {
        *self.claimed() = None;
    }

    fn claimed(&self) -> MutexGuard<'_, Option<(i64, ClaimedFiles<'a>)>> {
        self.claimed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What may have changed since, such as the room on a disk: asked anew for each of many roles.
///
/// # Errors
/// What stands in the delivery's way.
pub fn rehearse_again(
    run: &Run,
    route: &DeliveryRoute<'_>,
    target: &Target,
    role: &RoleName,
) -> Result<()> {
    let deliveries = route.deliver.resolve(target, role)?;
    let sample = Sample::new(run, target, role)?;
    let sample = sample.issued(target, role);
    for one in deliveries.each() {
        delivery::to(one, run.resources(Some(route.stdout))).check(&sample)?;
    }
    Ok(())
}

/// The part of it that is the same for all roles.
///
/// # Errors
/// A sealing key that cannot be had.
pub fn prepare_keys(run: &Run) -> Result<()> {
    require_home_of(&run.key_file).context("cannot keep a sealing key")?;
    sealing_key(run)?;
    run.with_store(|store| store.prepare_record_key())?;
    Ok(())
}

/// What stands for a password that is not yet: as long as it, and no secret.
struct Sample {
    report: Value,
    password: Secret,
    verifier: String,
    operation_id: String,
}

impl Sample {
    fn new(run: &Run, target: &Target, role: &RoleName) -> Result<Self> {
        let report = UserReport::new(role.as_str(), Status::PasswordReset, target);
        Ok(Self {
            report: serde_json::to_value(report)?,
            password: Secret::new("x".repeat(run.settings.password_length)),
            verifier: "x".repeat(VERIFIER_LENGTH),
            operation_id: "x".repeat(ID_LENGTH),
        })
    }

    fn issued<'a>(&'a self, target: &'a Target, role: &'a RoleName) -> IssuedPassword<'a> {
        IssuedPassword {
            target,
            username: role.as_str(),
            password: &self.password,
            is_known: false,
            verifier: &self.verifier,
            operation_id: &self.operation_id,
            report: &self.report,
        }
    }
}
