//! The files that passwords go to, of the roles that pgrole placed and of those that a run is about to create, with
//! whose each is. One look-up a file, whatever the number of roles.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::delivery::{self, Form, replace};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::placeholders::PlaceholderNames;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::run::Run;
use crate::store::{MetDelivery, PlacedRole};

/// Whose password each file is to hold.
pub struct ClaimedFiles<'a> {
    run: &'a Run,
    /// `None` until somebody asks.
    known: Option<Known>,
}

#[derive(Default)]
struct Known {
    claims: Vec<ClaimedFile>,
    /// By the path as it is written.
    by_path: HashMap<PathBuf, Vec<usize>>,
    /// By the file itself, whatever links lead to it.
    by_inode: HashMap<(u64, u64), Vec<usize>>,
    /// By where links lead.
    by_real_path: HashMap<PathBuf, Vec<usize>>,
    /// All targets of the registry.
    targets: Option<Arc<Vec<Target>>>,
}

/// A file, and the role whose password goes there.
pub struct ClaimedFile {
    pub username: String,
    /// `HOST:PORT` of the role's server.
    pub place: String,
    /// The line of the roster that asks for it, if one does.
    pub line: Option<u64>,
    is_on_record: bool,
    cluster_id: Option<String>,
    form: Form,
    /// As it is written.
    file: PathBuf,
}

/// A file that a role's password is to go to.
pub(super) struct WantedFile<'a> {
    /// Links resolved.
    pub file: &'a Path,
    /// `None` if it does not exist yet.
    pub there: Option<&'a Metadata>,
    pub form: Form,
}

impl<'a> ClaimedFiles<'a> {
    /// What is on record is read when it is needed.
    pub fn new(run: &'a Run) -> Self {
        Self { run, known: None }
    }

    pub(super) fn run(&self) -> &'a Run {
        self.run
    }

    /// Adds the files of a role that is about to be created.
    ///
    /// # Errors
    /// If the registry cannot be read; if a name leads out of its place in a path.
    pub fn claim(
        &mut self,
        deliver: &Deliveries,
        target: &Target,
        role: &RoleName,
        line: Option<u64>,
    ) -> Result<()> {
        let deliver = deliver.resolve(target, role)?;
        let run = self.run;
        self.known()?.add(run, &deliver, |form, file| ClaimedFile {
            username: role.to_string(),
            place: format!("{}:{}", target.hostname, target.port),
            line,
            is_on_record: false,
            cluster_id: target.cluster_id.clone(),
            form,
            file: file.to_owned(),
        });
        Ok(())
    }

    /// Another role's claim to a file that cannot hold the passwords of both; a role may have two names, old and new.
    pub(super) fn find_other(
        &mut self,
        wanted: &WantedFile<'_>,
        target: &Target,
        is_own_name: impl Fn(&str) -> bool,
    ) -> Result<Option<&ClaimedFile>> {
        let known = self.known()?;
        let by_path = [&known.by_path, &known.by_real_path];
        let by_path = by_path
            .into_iter()
            .filter_map(|by| by.get(wanted.file))
            .flatten();
        // What had that number may have been replaced since, and the number be another file's.
        let is_still_it = |there: &Metadata, index: &usize| {
            let claim = known.claims.get(*index);
            let now = claim.and_then(|claim| fs::metadata(&claim.file).ok());
            now.is_some_and(|now| (now.dev(), now.ino()) == (there.dev(), there.ino()))
        };
        let by_inode = wanted.there.into_iter().flat_map(|there| {
            let same = known.by_inode.get(&(there.dev(), there.ino()));
            let same = same.into_iter().flatten();
            same.filter(move |index| is_still_it(there, index))
        });
        let found = by_path.chain(by_inode);
        let place = format!("{}:{}", target.hostname, target.port);
        let is_own = |claim: &ClaimedFile| {
            let is_joined = claim.cluster_id.is_some() && claim.cluster_id == target.cluster_id;
            // What is on record has a cluster.
            let is_same = is_joined || !claim.is_on_record && claim.place == place;
            is_own_name(&claim.username) && is_same
        };
        let others = found.filter(|index| {
            let claim = known.claims.get(**index);
            claim.is_some_and(|claim| !wanted.form.goes_with(claim.form) && !is_own(claim))
        });
        Ok(others.min().and_then(|index| known.claims.get(*index)))
    }

    /// All targets of the registry.
    pub(super) fn targets(&mut self) -> Result<Arc<Vec<Target>>> {
        let run = self.run;
        let known = self.known()?;
        if let Some(targets) = &known.targets {
            return Ok(Arc::clone(targets));
        }
        let targets = Arc::new(run.all_targets()?);
        known.targets = Some(Arc::clone(&targets));
        Ok(targets)
    }

    fn known(&mut self) -> Result<&mut Known> {
        if self.known.is_none() {
            let placed = self.run.with_store(|store| store.list_placed_roles())?;
            let mut known = Known::default();
            for role in &placed {
                known.add_placed(self.run, role);
            }
            self.known = Some(known);
        }
        Ok(self.known.get_or_insert_default())
    }
}

impl Known {
    /// What pgrole placed goes there again at the next rotation.
    fn add_placed(&mut self, run: &Run, role: &PlacedRole) {
        let recorded = std::iter::once(Recorded::of(role));
        // Where it went under other names of its server, until somebody picks, may be what is picked.
        for recorded in recorded.chain(role.met.iter().map(|met| Recorded::met(met, role))) {
            let place = format!("{}:{}", recorded.names.hostname, recorded.names.port);
            if let Some(deliver) = recorded.deliveries() {
                self.add(run, &deliver, |form, file| ClaimedFile {
                    username: role.username.clone(),
                    place: place.clone(),
                    line: None,
                    is_on_record: true,
                    cluster_id: Some(role.cluster_id.clone()),
                    form,
                    file: file.to_owned(),
                });
            }
        }
    }

    fn add(&mut self, run: &Run, deliver: &Deliveries, claim: impl Fn(Form, &Path) -> ClaimedFile) {
        for one in deliver.each() {
            // Without a path it is a person's own, which is another for each.
            let Some(file) = one.destination.path().map(Path::new) else {
                continue;
            };
            let form = delivery::to(one, run.resources(None)).form();
            let index = self.claims.len();
            self.claims.push(claim(form, file));
            self.by_path.entry(file.to_owned()).or_default().push(index);
            if let Ok(there) = fs::metadata(file) {
                let key = (there.dev(), there.ino());
                self.by_inode.entry(key).or_default().push(index);
            }
            // If it does not exist, a link to it may be there already; if it does, a delivery puts another in its place.
            if let Ok(real) = replace::real_path(file) {
                self.by_real_path.entry(real).or_default().push(index);
            }
        }
    }
}

/// A delivery on record.
struct Recorded<'a> {
    names: PlaceholderNames<'a>,
    deliver: Option<&'a str>,
    file_format: Option<&'a str>,
}

impl<'a> Recorded<'a> {
    fn of(role: &'a PlacedRole) -> Self {
        Self {
            names: PlaceholderNames {
                env: &role.env,
                database: &role.database,
                hostname: &role.hostname,
                port: &role.port,
                username: &role.username,
            },
            deliver: role.deliver.as_deref(),
            file_format: role.file_format.as_deref(),
        }
    }

    fn met(met: &'a MetDelivery, role: &'a PlacedRole) -> Self {
        Self {
            names: PlaceholderNames {
                env: &met.env,
                database: &met.database,
                hostname: &met.hostname,
                port: &met.port,
                username: &role.username,
            },
            deliver: met.deliver.as_deref(),
            file_format: met.file_format.as_deref(),
        }
    }

    /// What is not understood here is refused where it is used.
    fn deliveries(&self) -> Option<Deliveries> {
        let file_format = self.file_format.and_then(|format| format.parse().ok());
        let template = Deliveries::read(self.deliver?, file_format.unwrap_or_default()).ok()?;
        template.fill(&self.names).ok()
    }
}
