//! Compares a fleet file with the servers: what is to be done so that they are as it says.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Error, Result};

use crate::domain::act::operation::Operation;
use crate::domain::failure::{Failure, OnTarget};
use crate::domain::fleet_file::{DesiredLogin, FleetFile, Gap, Place, excess, gaps};
use crate::domain::role::RoleName;
use crate::domain::role::dual_state::refuse_dual;
use crate::domain::target::Target;
use crate::operations::fleet_file::reading::{ClusterLogins, read_clusters};
use crate::run::Run;

/// Whether what the file does not name is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Kept,
    /// Access is revoked, and logins are locked; none is dropped.
    Pruned,
}

/// What is to be done.
pub struct FleetPlan {
    pub steps: Vec<Step>,
    /// How much there is beyond the file that is kept.
    pub kept: usize,
    /// Clusters that did not answer, and logins that cannot be created.
    pub failed: Vec<Error>,
}

/// One gap that is to be closed.
pub struct Step {
    /// Where: the gap's own target.
    pub target: Target,
    pub role: RoleName,
    pub gap: Gap,
    /// `None` for a login that the file does not name.
    pub desired: Option<DesiredLogin>,
}

/// The logins of a file with the targets that they name, and everything that is wrong with it.
pub struct CheckedFile {
    pub logins: Vec<DesiredLogin>,
    targets: BTreeMap<Place, Target>,
    pub problems: Vec<Failure>,
}

/// Checks a file against the settings and the registry; connects to no server.
pub fn check_file(run: &Run, file: &FleetFile) -> CheckedFile {
    let mut checked = CheckedFile {
        logins: Vec::new(),
        targets: BTreeMap::new(),
        problems: Vec::new(),
    };
    for login in &file.login {
        let found = DesiredLogin::new(login, &run.settings).map_err(Error::from);
        let found = found.and_then(|desired| {
            checked.find_targets(run, &desired)?;
            Ok(desired)
        });
        match found {
            Ok(desired) => checked.logins.push(desired),
            Err(error) => checked.problems.push(problem(&login.to_string(), &error)),
        }
    }
    checked.refuse_repetitions();
    checked
}

fn problem(login: &str, error: &Error) -> Failure {
    let failure = Failure::usage(format!("{login}: {error:#}"));
    match crate::domain::failure::hint_of(error) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

impl CheckedFile {
    fn find_targets(&mut self, run: &Run, desired: &DesiredLogin) -> Result<()> {
        let places = desired.access.keys().chain(desired.search_path.keys());
        for place in std::iter::once(&desired.place).chain(places) {
            if !self.targets.contains_key(place) {
                let target = run.target(&place.0, &place.1)?;
                self.targets.insert(place.clone(), target);
            }
        }
        let own = &self.targets[&desired.place];
        let places = desired.access.keys().chain(desired.search_path.keys());
        for other in places.map(|place| &self.targets[place]) {
            if !other.is_on_cluster_of(own) {
                let what = format!("{} is on another server than {}", other.name(), own.name());
                return Err(Failure::usage(what)
                    .hint("a login of another server is a login of its own in the file")
                    .into());
            }
        }
        Ok(())
    }

    fn refuse_repetitions(&mut self) {
        let mut seen: HashMap<&RoleName, Vec<&Target>> = HashMap::new();
        for login in &self.logins {
            let target = &self.targets[&login.place];
            let others = seen.entry(&login.role).or_default();
            if others.iter().any(|other| other.is_on_cluster_of(target)) {
                let what = format!(
                    "\"{}\" on {} is there twice for the same server",
                    login.role,
                    target.name()
                );
                self.problems.push(Failure::usage(what));
            }
            others.push(target);
        }
    }

    fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }
}

/// Reads the servers of the file's logins, and plans.
///
/// # Errors
/// If the registry cannot be read, or the audit log not written.
pub fn plan(run: &Run, file: &CheckedFile, kept: Excess) -> Result<FleetPlan> {
    // All targets of these clusters: a login may have access to more of them than the file names.
    let all = run.all_targets()?;
    let is_concerned = |target: &&Target| {
        let mut named = file.targets();
        target.active && named.any(|named| named.is_on_cluster_of(target))
    };
    let targets: Vec<Target> = all.iter().filter(is_concerned).cloned().collect();
    let act = (Operation::Apply, "cannot read the logins");
    let (clusters, failed) = read_clusters(run, &targets, act)?;
    let mut plan = FleetPlan {
        steps: Vec::new(),
        kept: 0,
        failed,
    };
    for cluster in &clusters {
        plan.add_cluster(file, cluster, kept);
    }
    let rank = |step: &Step| run.settings.rollout_rank(step.target.env.as_str());
    plan.steps.sort_by_key(rank);
    Ok(plan)
}

impl FleetPlan {
    fn add_cluster(&mut self, file: &CheckedFile, cluster: &ClusterLogins, kept: Excess) {
        let place_of = |target: &Target| (target.env.clone(), target.database.clone());
        let places: Vec<Place> = cluster.targets.iter().map(place_of).collect();
        let is_here = |login: &&DesiredLogin| cluster.has(&file.targets[&login.place]);
        let mut named = Vec::new();
        for login in file.logins.iter().filter(is_here) {
            named.push(login.role.as_str());
            let found = cluster.logins.get(login.role.as_str());
            let own = &file.targets[&login.place];
            if found.is_none() && login.login != Some(false) && login.profile.is_none() {
                self.failed.push(without_profile(login, own));
                continue;
            }
            let comment = found.and_then(|found| found.state.comment.as_deref());
            if let Err(refused) = refuse_dual(login.role.as_str(), comment) {
                self.failed.push(refused.on(own).into());
                continue;
            }
            let lacking = gaps(login, found);
            let beyond = found.map(|found| excess(login, found, &places));
            let both = lacking.into_iter().chain(beyond.into_iter().flatten());
            for gap in both {
                let target = cluster.target_of(&gap, own);
                self.add(gap, target, &login.role, Some(login), kept);
            }
        }
        for (name, placed) in &cluster.placed {
            let found = cluster.logins.get(name);
            let is_login = found.is_some_and(|found| found.state.login);
            if !is_login || named.contains(&name.as_str()) {
                continue;
            }
            let is_own = |target: &&Target| {
                target.env.as_str() == placed.env && target.database.as_str() == placed.database
            };
            let mut targets = cluster.targets.iter();
            let own = targets.clone().find(is_own).or_else(|| targets.next());
            if let Some(own) = own {
                let role = RoleName::from_server(name.clone());
                self.add(Gap::ExcessLogin, own, &role, None, kept);
            }
        }
    }

    fn add(
        &mut self,
        gap: Gap,
        target: &Target,
        role: &RoleName,
        desired: Option<&DesiredLogin>,
        kept: Excess,
    ) {
        if gap.is_excess() && kept == Excess::Kept {
            self.kept += 1;
            return;
        }
        self.steps.push(Step {
            target: target.clone(),
            role: role.clone(),
            gap,
            desired: desired.cloned(),
        });
    }
}

impl ClusterLogins {
    /// The target that a gap is about.
    fn target_of<'a>(&'a self, gap: &Gap, own: &'a Target) -> &'a Target {
        let (Gap::Access { place, .. }
        | Gap::ExcessAccess { place, .. }
        | Gap::SearchPath { place, .. }
        | Gap::ExcessSearchPath { place, .. }) = gap
        else {
            return own;
        };
        let is_it = |target: &&Target| target.env == place.0 && target.database == place.1;
        self.targets.iter().find(is_it).unwrap_or(own)
    }
}

fn without_profile(login: &DesiredLogin, target: &Target) -> Error {
    let cannot = format!("cannot create role \"{}\"", login.role);
    let failure = Failure::usage("the file names no profile for it");
    Error::from(failure).context(OnTarget::new(target, cannot))
}
