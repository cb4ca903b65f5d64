//! Which roles are meant: by what was selected, by what pgrole placed, by how old each password is.

use anyhow::Result;

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::settings::matches_pattern;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::fleet::{clusters, is_on};
use crate::operations::session::Session;
use crate::store::PlacedRole;

/// What a role must be to be selected; each list is of `*` patterns, and an empty one fits all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub environments: Vec<String>,
    pub databases: Vec<String>,
    pub usernames: Vec<String>,
    pub profiles: Vec<String>,
}

/// A role that may be due.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    pub role: RoleName,
    pub profile: Option<String>,
    /// None: unknown.
    pub changed_at: Option<String>,
    pub destination: Destination,
    /// Whether that is pgrole's own record, or the config file's word.
    pub is_recorded: bool,
    pub file_format: FileFormat,
}

/// The selected roles that pgrole placed, each cluster's once, in rollout order, the oldest password first.
///
/// # Errors
/// Where the registry cannot be read.
pub fn list_known(session: &Session, selection: &Selection) -> Result<Vec<Candidate>> {
    let targets = session.fleet(None, None)?.targets;
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let mut known = Vec::new();
    for target in clusters(&targets) {
        for role in placed.iter().filter(|role| is_on(role, target)) {
            let candidate = candidate(role, &targets, target)?;
            if selection.fits(&candidate) {
                known.push(candidate);
            }
        }
    }
    sort(&mut known, session);
    Ok(known)
}

/// In rollout order, the oldest password first, and those of unknown age before all.
pub fn sort(candidates: &mut [Candidate], session: &Session) {
    let environments = &session.settings.environments;
    let rank = |candidate: &Candidate| {
        environments
            .iter()
            .position(|env| *env == candidate.target.env)
    };
    candidates.sort_by_key(|candidate| (rank(candidate), candidate.changed_at.clone()));
}

/// The latest time of a change that makes a password due; None: any is.
///
/// # Errors
/// Where the span is longer than there was time.
pub fn due_before(older_than: Option<Span>, now: Timestamp) -> Result<Option<String>> {
    let before = older_than.map(|span| now.before(span)).transpose()?;
    Ok(before.map(|before| before.to_string()))
}

fn candidate(role: &PlacedRole, targets: &[Target], cluster: &Target) -> Result<Candidate> {
    let own = |target: &&Target| {
        target.env.as_str() == role.env
            && target.database.as_str() == role.database
            && is_on(role, target)
    };
    let target = targets.iter().find(own).unwrap_or(cluster);
    let destination = role.deliver.as_deref().map(str::parse).transpose()?;
    let file_format = role.file_format.as_deref().map(str::parse).transpose()?;
    Ok(Candidate {
        target: target.clone(),
        role: RoleName::from_server(&role.username),
        profile: role.profile.clone(),
        changed_at: Some(role.password_changed_at.clone()),
        destination: destination.unwrap_or(Destination::Stdout),
        is_recorded: role.is_recorded,
        file_format: file_format.unwrap_or_default(),
    })
}

impl Candidate {
    /// Whether the password was changed before then; None: it is due whatever its age. An unknown age is none.
    pub fn is_due(&self, before: Option<&str>) -> bool {
        let changed_at = self.changed_at.as_deref();
        before.is_none_or(|before| changed_at.is_some_and(|changed_at| changed_at < before))
    }
}

impl Selection {
    pub fn fits(&self, candidate: &Candidate) -> bool {
        self.fits_target(&candidate.target)
            && fits_any(&self.usernames, candidate.role.as_str())
            && fits_any(&self.profiles, candidate.profile.as_deref().unwrap_or(""))
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
