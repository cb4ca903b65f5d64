//! Which roles are meant: by what was selected, by what pgrole placed, by how old each password is.

use anyhow::Result;

use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::role::term::Term;
use crate::domain::settings::matches_pattern;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::password::remembered::{OtherDelivery, Remembered, others, read};
use crate::run::Run;
use crate::run::fleet::{clusters, is_on};
use crate::store::PlacedRole;

/// What a role must be to be selected; each list is of `*` patterns, and an empty one fits all.
#[derive(Debug, Clone, Default)]
pub struct RoleSelection {
    pub environments: Vec<String>,
    pub databases: Vec<String>,
    pub usernames: Vec<String>,
    pub profiles: Vec<String>,
    /// None of these roles, whatever else is said.
    pub excluded: Vec<String>,
}

/// When a password was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedAt {
    At(Timestamp),
    /// What the registry says is in the future: this machine's clock is wrong, or was then.
    Future(Timestamp),
    /// The role is under rotation, and was not changed from here yet.
    NotYet,
    /// The role is not under rotation: a server showed it with pgrole's mark.
    Elsewhere,
}

/// A role that may be due.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    /// The targets of its cluster that lead there by another name. Those of one name are told apart by where a role was
    /// placed: databases of several environments may be side by side on one server.
    pub other_names: Vec<Target>,
    pub role: RoleName,
    pub profile: Option<String>,
    pub changed_at: ChangedAt,
    /// Where its passwords go.
    pub deliver: Deliveries,
    /// Whether that is pgrole's own record, or the config file's word.
    pub is_recorded: bool,
    /// Until when it is good; None: nobody said.
    pub term: Option<Term>,
    /// The VALID UNTIL whose passing was named already.
    pub end_named: Option<String>,
    /// Where else the password went under other names of the cluster, until somebody picks.
    pub others: Vec<OtherDelivery>,
}

/// The selected roles that pgrole placed, each cluster's once, in rollout order, the oldest password first.
///
/// # Errors
/// Where the registry cannot be read.
pub fn list_known(run: &Run, selection: &RoleSelection) -> Result<Vec<Candidate>> {
    let mut known = list_all(run)?;
    known.retain(|candidate| selection.fits(candidate));
    Ok(known)
}

/// The same of all roles that are under rotation.
///
/// # Errors
/// Where the registry cannot be read.
pub fn list_all(run: &Run) -> Result<Vec<Candidate>> {
    let now = Timestamp::now();
    let targets = run.fleet(None, None)?.targets;
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

/// In rollout order, the oldest password first, and those of unknown age before all.
pub fn sort(candidates: &mut [Candidate], run: &Run) {
    let environments = &run.settings.environments;
    let rank = |candidate: &Candidate| {
        environments
            .iter()
            .position(|env| *env == candidate.target.env)
    };
    candidates.sort_by_key(|candidate| (rank(candidate), candidate.changed_at.time()));
}

/// The latest time of a change that makes a password due; None: any is.
///
/// # Errors
/// Where the span is longer than there was time.
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
    /// All that its password was delivered to, its own first; placeholders are replaced.
    ///
    /// # Errors
    /// Where a name would lead out of its place in a path.
    pub fn deliveries(&self) -> Result<Vec<OtherDelivery>> {
        let resolved = self.deliver.resolve(&self.target, &self.role)?;
        let own = OtherDelivery::each(&resolved, &self.target);
        Ok(own.chain(self.others.iter().cloned()).collect())
    }

    /// Whether both are one role of one cluster.
    pub fn is_same_role(&self, other: &Self) -> bool {
        self.role == other.role && self.target.is_on_cluster_of(&other.target)
    }

    /// By which it is meant and asked about: that over which it was placed, and those by another name of its cluster, which
    /// have the same role.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let others = self.others.iter().map(|other| &other.target);
        let own = std::iter::once(&self.target);
        own.chain(others).chain(&self.other_names)
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

    /// Whether the password was changed before then, or it is not known when; None: it is due whatever its age.
    pub fn is_due(&self, before: Option<Timestamp>) -> bool {
        match (before, self.changed_at) {
            (Some(before), ChangedAt::At(changed_at)) => changed_at < before,
            _ => true,
        }
    }

    /// When its account ends, if it is to.
    pub fn ends_on(&self) -> Option<Timestamp> {
        match self.term {
            Some(Term::EndsOn(end)) => Some(end),
            _ => None,
        }
    }

    /// The name of role and target, as messages have them.
    pub fn name(&self) -> String {
        format!("\"{}\" on {}", self.role, self.target.name())
    }
}

impl ChangedAt {
    /// Clocks of machines that share a registry may differ by this, in seconds.
    const TOLERATED: i64 = 60;

    /// Reads what the registry says; what is no time is not known.
    fn read(text: &str, now: Timestamp) -> Self {
        match Timestamp::parse(text) {
            None => Self::NotYet,
            Some(then) if then.seconds_since(now) > Self::TOLERATED => Self::Future(then),
            Some(then) => Self::At(then),
        }
    }

    /// None: not known.
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(then) => Some(then),
            Self::Future(_) | Self::NotYet | Self::Elsewhere => None,
        }
    }

    /// What is on record, even where it cannot be.
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

    /// Whether a role is meant that may be excluded all the same.
    pub fn fits_but_for_exclusion(&self, candidate: &Candidate) -> bool {
        candidate.targets().any(|target| self.fits_target(target))
            && fits_any(&self.usernames, candidate.role.as_str())
            && fits_any(&self.profiles, candidate.profile())
    }

    fn excludes(&self, role: &str) -> bool {
        let mut excluded = self.excluded.iter();
        excluded.any(|pattern| matches_pattern(pattern, role))
    }

    /// The patterns that fit none of these roles, as flags.
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

    /// Whether the roles of a target of that name may be selected.
    pub fn fits_names(&self, env: &str, database: &str) -> bool {
        fits_any(&self.environments, env) && fits_any(&self.databases, database)
    }
}

fn fits_any(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &String| matches_pattern(pattern, name);
    patterns.is_empty() || patterns.iter().any(fits)
}
