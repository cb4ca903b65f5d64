//! Which roles are selected: by the filters, by what pgrole created, by the age of each password.

use anyhow::Result;

use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::role::term::Term;
use crate::domain::settings::{matches_any, matches_pattern};
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::password::remembered::{OtherDelivery, Remembered, others, read};
use crate::run::Run;
use crate::run::fleet::{clusters, is_on};
use crate::run::targets::TargetSelection;
use crate::store::PlacedRole;

/// The filters on roles; each list contains `*` patterns, and an empty one matches all.
#[derive(Debug, Clone, Default)]
pub struct RoleSelection {
    pub environments: Vec<String>,
    pub databases: Vec<String>,
    pub usernames: Vec<String>,
    pub profiles: Vec<String>,
    /// Never these roles, whatever the other filters say.
    pub excluded: Vec<String>,
}

/// When a password was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedAt {
    At(Timestamp),
    /// The recorded time is in the future: this machine's clock is wrong, or was then.
    Future(Timestamp),
    /// The role is under rotation, but was not changed with this registry yet.
    NotYet,
    /// The role is not under rotation: it was found on a server with pgrole's mark.
    Elsewhere,
}

/// A role that may be due.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    /// The targets that lead to its cluster by another name. Targets with the same name are distinguished by where a
    /// role was created: databases of several environments may share one server.
    pub other_names: Vec<Target>,
    pub role: RoleName,
    pub profile: Option<String>,
    pub changed_at: ChangedAt,
    /// Where its passwords go.
    pub deliver: Deliveries,
    /// Whether pgrole recorded that itself or the config file sets it, so that it can be trusted.
    pub is_recorded: bool,
    /// How its validity is decided; `None` if nobody chose.
    pub term: Option<Term>,
    /// The VALID UNTIL whose passing was already reported.
    pub end_named: Option<String>,
    /// Where else the password went under other names of the cluster, until somebody chooses.
    pub others: Vec<OtherDelivery>,
}

/// The selected roles that pgrole created or adopted, once per cluster, in rollout order, the oldest password first.
///
/// # Errors
/// If the registry cannot be read.
pub fn list_known(run: &Run, selection: &RoleSelection) -> Result<Vec<Candidate>> {
    let mut known = list_all(run)?;
    known.retain(|candidate| selection.fits(candidate));
    Ok(known)
}

/// The same for all roles under rotation.
///
/// # Errors
/// If the registry cannot be read.
pub fn list_all(run: &Run) -> Result<Vec<Candidate>> {
    let now = Timestamp::now();
    let targets = run.fleet(&TargetSelection::default())?.targets;
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let mut known = Vec::new();
    for target in clusters(&targets) {
        for role in placed.iter().filter(|role| is_on(role, target)) {
            known.push(candidate(role, &targets, target, now)?);
        }
    }
    sort(&mut known, run);
    Ok(known)
}

/// Sorts in rollout order, the oldest password first, those of unknown age before all.
pub fn sort(candidates: &mut [Candidate], run: &Run) {
    let rank = |candidate: &Candidate| run.settings.rollout_rank(candidate.target.env.as_str());
    candidates.sort_by_key(|candidate| (rank(candidate), candidate.changed_at.time()));
}

/// The latest change time that makes a password due; `None` if any does.
///
/// # Errors
/// If the span reaches further back than timestamps do.
pub fn due_before(older_than: Option<Span>, now: Timestamp) -> Result<Option<Timestamp>> {
    older_than.map(|span| now.before(span)).transpose()
}

fn candidate(
    role: &PlacedRole,
    targets: &[Target],
    cluster: &Target,
    now: Timestamp,
) -> Result<Candidate> {
    let own = |target: &&Target| {
        target.env.as_str() == role.env
            && target.database.as_str() == role.database
            && is_on(role, target)
    };
    let target = targets.iter().find(own).unwrap_or(cluster);
    let deliver = read(role.deliver.as_deref(), role.file_format.as_deref())?;
    let name = RoleName::from_server(&role.username);
    Ok(Candidate {
        target: target.clone(),
        other_names: other_names(target, targets),
        others: others(role, target, &name)?,
        role: name,
        profile: role.profile.clone(),
        changed_at: ChangedAt::read(&role.password_changed_at, now),
        deliver,
        is_recorded: role.is_recorded,
        term: role.term.as_deref().map(str::parse).transpose()?,
        end_named: role.end_named.clone(),
    })
}

/// The targets that lead to a target's cluster by another name.
pub fn other_names(target: &Target, targets: &[Target]) -> Vec<Target> {
    let is_it = |other: &&Target| other.is_on_cluster_of(target) && !other.is_at_place_of(target);
    targets.iter().filter(is_it).cloned().collect()
}

impl Candidate {
    /// All deliveries of its password, its own first; placeholders are replaced.
    ///
    /// # Errors
    /// If a name in a path would lead outside its folder.
    pub fn deliveries(&self) -> Result<Vec<OtherDelivery>> {
        let resolved = self.deliver.resolve(&self.target, &self.role)?;
        let own = OtherDelivery::each(&resolved, &self.target);
        Ok(own.chain(self.others.iter().cloned()).collect())
    }

    /// Whether both are one role of one cluster.
    pub fn is_same_role(&self, other: &Self) -> bool {
        self.role == other.role && self.target.is_on_cluster_of(&other.target)
    }

    /// The targets by which it can be selected: the one over which it was created, and those that lead to its cluster
    /// by another name.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let others = self.others.iter().map(|other| &other.target);
        let own = std::iter::once(&self.target);
        own.chain(others).chain(&self.other_names)
    }

    /// Whether the target leads to the role's cluster, as far as that is known.
    pub fn may_be_on(&self, target: &Target) -> bool {
        self.targets().any(|own| own.is_on_cluster_of(target))
    }

    fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or("")
    }

    /// Where its password went before, unless it was printed.
    pub fn remembered(&self) -> Option<Remembered> {
        let is_known = self.changed_at != ChangedAt::Elsewhere;
        let others = self.others.clone();
        let found = Remembered::new(self.deliver.clone(), others)?;
        is_known.then_some(Remembered {
            is_recorded: self.is_recorded,
            ..found
        })
    }

    /// Whether the password was changed before then, or at an unknown time; with `None` it is due whatever its age.
    pub fn is_due(&self, before: Option<Timestamp>) -> bool {
        match (before, self.changed_at) {
            (Some(before), ChangedAt::At(changed_at)) => changed_at < before,
            _ => true,
        }
    }

    /// When its account ends, if an end is set.
    pub fn ends_on(&self) -> Option<Timestamp> {
        match self.term {
            Some(Term::EndsOn(end)) => Some(end),
            _ => None,
        }
    }

    /// The names of role and target, for messages.
    pub fn name(&self) -> String {
        format!("\"{}\" on {}", self.role, self.target.name())
    }
}

impl ChangedAt {
    /// How far the clocks of machines that share a registry may differ, in seconds.
    const TOLERATED: i64 = 60;

    /// Reads the recorded time; anything else is unknown.
    fn read(text: &str, now: Timestamp) -> Self {
        match Timestamp::parse(text) {
            None => Self::NotYet,
            Some(then) if then.seconds_since(now) > Self::TOLERATED => Self::Future(then),
            Some(then) => Self::At(then),
        }
    }

    /// The time; `None` if not known.
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(then) => Some(then),
            Self::Future(_) | Self::NotYet | Self::Elsewhere => None,
        }
    }

    /// The recorded time, even if it is impossible.
    pub fn recorded(self) -> Option<Timestamp> {
        match self {
            Self::At(then) | Self::Future(then) => Some(then),
            Self::NotYet | Self::Elsewhere => None,
        }
    }
}

impl RoleSelection {
    pub fn fits(&self, candidate: &Candidate) -> bool {
        self.fits_but_for_exclusion(candidate) && !self.excludes(candidate.role.as_str())
    }

    /// Whether a role matches, apart from the exclusions.
    pub fn fits_but_for_exclusion(&self, candidate: &Candidate) -> bool {
        candidate.targets().any(|target| self.fits_target(target))
            && matches_any(&self.usernames, candidate.role.as_str())
            && matches_any(&self.profiles, candidate.profile())
    }

    fn excludes(&self, role: &str) -> bool {
        let mut excluded = self.excluded.iter();
        excluded.any(|pattern| matches_pattern(pattern, role))
    }

    /// The patterns that match none of these roles, as flags.
    pub fn without_any(&self, known: &[Candidate]) -> Vec<String> {
        type NamePatterns = fn(&Candidate) -> Vec<&str>;
        let lists: [(&str, &[String], NamePatterns); 4] = [
            ("-e", &self.environments, |known| {
                known.targets().map(|target| target.env.as_str()).collect()
            }),
            ("-d", &self.databases, |known| {
                let names = known.targets().map(|target| target.database.as_str());
                names.collect()
            }),
            ("-u", &self.usernames, |known| vec![known.role.as_str()]),
            ("--profile", &self.profiles, |known| vec![known.profile()]),
        ];
        let mut without = Vec::new();
        for (flag, patterns, names) in lists {
            for pattern in patterns {
                let mut known = known.iter().flat_map(names);
                if !known.any(|name| matches_pattern(pattern, name)) {
                    without.push(format!("{flag} {pattern}"));
                }
            }
        }
        without
    }

    pub fn fits_target(&self, target: &Target) -> bool {
        self.fits_names(target.env.as_str(), target.database.as_str())
    }

    /// Whether roles of a target with these names may be selected.
    pub fn fits_names(&self, env: &str, database: &str) -> bool {
        matches_any(&self.environments, env) && matches_any(&self.databases, database)
    }
}
