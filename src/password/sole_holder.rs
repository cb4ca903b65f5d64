//! A file that holds one password whole holds that of one role: what would write over another's is refused before
//! anything is changed. Looked for among the roles that pgrole placed, among changes that are under way, and in the file.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::delivery;
use crate::delivery::{FileHolder, Form, holder_of, is_of_many, replace};
use crate::domain::failure::Failure;
use crate::domain::password::change::{PasswordChange, name_of_lock};
use crate::domain::password::deliveries::{Deliveries, Delivery};
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::DualLogin;
use crate::domain::target::Target;
use crate::locks::Lock;
use crate::password::claimed_files::{ClaimedFiles, WantedFile};
use crate::run::Run;

/// A role's claim to a file.
struct Claim<'a> {
    run: &'a Run,
    target: &'a Target,
    role: &'a RoleName,
    /// Its name until now.
    renamed_from: Option<&'a RoleName>,
    /// Whether it has two logins, whose names are in the file.
    is_dual: bool,
    form: Form,
    /// What the path of a delivery follows.
    before_path: String,
    /// Whatever links lead to it.
    file: PathBuf,
    /// `None` if it does not exist yet.
    there: Option<Metadata>,
}

/// Refuses a delivery to a file that holds another role's password, or is to hold it.
///
/// # Errors
/// Refused, naming the other role.
pub fn check(
    claimed: &mut ClaimedFiles<'_>,
    delivery: &Delivery,
    target: &Target,
    names: (&RoleName, Option<&RoleName>),
) -> Result<()> {
    let Some(claim) = Claim::new(claimed.run(), delivery, target, names)? else {
        return Ok(());
    };
    let wanted = WantedFile {
        file: &claim.file,
        there: claim.there.as_ref(),
        form: claim.form,
    };
    if let Some(other) = claimed.find_other(&wanted, target, |name| claim.is_own_name(name))? {
        return Err(claim
            .refusal(&other.username, Some(&other.place), other.line)
            .into());
    }
    claim.check_contents(|| claimed.targets())
}

/// The same at the last moment, among what runs at the same time. While the lock is held, nobody else claims the file; who
/// comes later finds this change in the journal. Empty: it is no delivery to a file.
///
/// # Errors
/// Refused, naming the other role.
pub fn claim(run: &Run, change: &PasswordChange) -> Result<Vec<Lock>> {
    let PasswordChange { target, role, .. } = change;
    let names = (role, change.renamed_from.as_ref());
    let each = change.destination.each().iter();
    let claims = each.map(|one| Claim::new(run, one, target, names));
    let claims: Vec<_> = claims.collect::<Result<_>>()?;
    let mut claims: Vec<_> = claims.into_iter().flatten().collect();
    // In one order, so that two changes of several files never wait for each other.
    claims.sort_by(|one, other| one.file.cmp(&other.file));
    claims.dedup_by(|one, other| one.file == other.file);
    for claim in &mut claims {
        claim.is_dual |= change.dual.is_some();
    }
    let claims = claims.iter_mut().map(|claim| {
        let lock = run.lock(&name_of_lock("claim", &claim.file))?;
        // Whoever held the lock may have put the file there, and ended.
        claim.there = fs::metadata(&claim.file).ok();
        claim.check_open_changes()?;
        claim.check_contents(|| run.all_targets().map(Arc::new))?;
        Ok(lock)
    });
    claims.collect()
}

/// Whether a role has two logins, as far as is on record here.
fn is_dual(run: &Run, target: &Target, role: &RoleName) -> Result<bool> {
    let Some(cluster_id) = &target.cluster_id else {
        return Ok(false);
    };
    let found = run.with_store(|store| store.find_dual(cluster_id, role.as_str()))?;
    Ok(found.is_some())
}

impl<'a> Claim<'a> {
    fn new(
        run: &'a Run,
        delivery: &Delivery,
        target: &'a Target,
        (role, renamed_from): (&'a RoleName, Option<&'a RoleName>),
    ) -> Result<Option<Self>> {
        let way = delivery::to(delivery, run.resources(None));
        let is_dual = is_dual(run, target, role)?;
        Ok(way.file()?.map(|file| Self {
            run,
            target,
            role,
            renamed_from,
            is_dual,
            form: way.form(),
            before_path: delivery.destination.before_path(),
            there: fs::metadata(&file).ok(),
            file,
        }))
    }

    fn is_own_name(&self, name: &str) -> bool {
        let before = self.renamed_from.map(RoleName::as_str);
        let is_login = || {
            let name = RoleName::from_server(name);
            self.is_dual && DualLogin::of_name(self.role, &name).is_some()
        };
        name == self.role.as_str() || before == Some(name) || is_login()
    }

    fn check_open_changes(&self) -> Result<()> {
        let open = self
            .run
            .with_store(|store| store.list_unsettled_changes())?;
        for other in open.iter().map(|row| &row.change) {
            let is_own = self.is_own_name(other.role.as_str());
            let is_same = is_own && other.target.is_on_cluster_of(self.target);
            if !is_same && self.is_broken_by_any(&other.destination) {
                let place = format!("{}:{}", other.target.hostname, other.target.port);
                return Err(self.refusal(other.role.as_str(), Some(&place), None).into());
            }
        }
        Ok(())
    }

    fn is_broken_by_any(&self, others: &Deliveries) -> bool {
        others.each().iter().any(|other| self.is_broken_by(other))
    }

    /// Whether both go to the file, and it cannot hold both.
    fn is_broken_by(&self, other: &Delivery) -> bool {
        let way = delivery::to(other, self.run.resources(None));
        if self.form.goes_with(way.form()) {
            return false;
        }
        // Without a path it is a person's own, which is another for each.
        let Some(file) = other.destination.path().map(Path::new) else {
            return false;
        };
        if file == self.file {
            return true;
        }
        match (&self.there, fs::metadata(file)) {
            (Some(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
            // A link to it may be there already.
            (None, Err(_)) => replace::real_path(file).is_ok_and(|file| file == self.file),
            _ => false,
        }
    }

    /// What the file itself says: another registry, or a role that was forgotten here, may have put it there.
    fn check_contents(&self, targets: impl FnOnce() -> Result<Arc<Vec<Target>>>) -> Result<()> {
        if self.there.as_ref().is_none_or(|there| !there.is_file()) {
            return Ok(());
        }
        // What cannot be read is refused by the rehearsal.
        let contents = replace::read(&self.file).unwrap_or_default();
        if self.form == Form::Whole && is_of_many(&contents) {
            let file = self.file.display();
            let what = format!(
                "{file} contains the logins of many roles, and would contain only this one's"
            );
            return Err(Failure::refused(what)
                .hint("deliver to a file of its own, or in the file's format: --file-format pgbouncer, or pgpass:PATH")
                .into());
        }
        let Some(holder) = holder_of(&contents) else {
            return Ok(());
        };
        if self.is_own_name(&holder.username) && !self.is_of_another_server(&holder, targets)? {
            return Ok(());
        }
        let place = holder.hostname.zip(holder.port);
        let place = place.map(|(host, port)| format!("{host}:{port}"));
        Err(self
            .refusal(&holder.username, place.as_deref(), None)
            .into())
    }

    /// Whether the registry has a server of that name that is another one: a name that it does not have may be one that
    /// this server had before.
    fn is_of_another_server(
        &self,
        holder: &FileHolder,
        targets: impl FnOnce() -> Result<Arc<Vec<Target>>>,
    ) -> Result<bool> {
        let (Some(host), Some(port)) = (&holder.hostname, &holder.port) else {
            return Ok(false);
        };
        let is_named = |target: &&Target| {
            target.hostname.to_string() == *host && target.port.first().to_string() == *port
        };
        let is_same = |target: &Target| {
            let is_same_identifier =
                target.cluster.is_some() && target.cluster == self.target.cluster;
            target.is_on_cluster_of(self.target) || is_same_identifier
        };
        let targets = targets()?;
        let mut named = targets.iter().filter(is_named).peekable();
        Ok(named.peek().is_some() && !named.any(is_same))
    }

    fn refusal(&self, other: &str, place: Option<&str>, line: Option<u64>) -> Failure {
        let on = place.map_or(String::new(), |place| format!(" on {place}"));
        let on = line.map_or(on.clone(), |line| format!("{on} (line {line})"));
        Failure::refused(format!(
            "{} is the file of \"{other}\"{on}, and can hold only one role's password",
            self.file.display()
        ))
        .hint(format!(
            "deliver to a separate file, for example --deliver '{}{}/{{username}}@{{hostname}}.{{port}}'; if the other role no longer exists, remove the file",
            self.before_path,
            self.file.parent().unwrap_or(Path::new("")).display()
        ))
    }
}
