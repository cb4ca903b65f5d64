//! Asks servers which logins they have: those that pgrole made from elsewhere are of unknown age here.

use anyhow::{Context, Result};

use crate::domain::access::Mark;
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::interrupt;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::fleet::{clusters, for_each, is_on};
use crate::operations::rotate::selection::{Candidate, ChangedAt, Selection};
use crate::operations::session::{Act, Done, Session};
use crate::server::catalog;
use crate::store::{SeenRole, Subject};

/// How many clusters are asked at once which logins they have.
const SURVEY_JOBS: usize = 16;

/// What servers said of the logins that they have.
#[derive(Debug, Default)]
pub struct Survey {
    /// Selected logins that carry pgrole's mark, and whose passwords were never changed from here.
    pub unknown: Vec<Candidate>,
    /// How many clusters were to be asked.
    pub asked: usize,
    /// Why some of them could not be looked at.
    pub failed: Vec<anyhow::Error>,
}

/// Asks the selected clusters, and notes what they have. Where a server cannot be asked, its known roles are tried all the
/// same, and fail by name.
///
/// # Errors
/// Where the registry cannot be read or written.
pub fn find_unknown(session: &Session, selection: &Selection) -> Result<Survey> {
    let targets = session.fleet(None, None)?.targets;
    let selected = targets
        .iter()
        .filter(|target| selection.fits_target(target));
    let asked = clusters(selected);
    let mut answered = Vec::new();
    let mut survey = Survey {
        asked: asked.len(),
        ..Survey::default()
    };
    let mut found: Vec<_> = asked.iter().map(|_| Vec::new()).collect();
    for_each(
        &asked,
        SURVEY_JOBS,
        |target| ask(session, target),
        |place, result| match result {
            Ok(candidates) => {
                answered.push(asked[place]);
                found[place] = candidates;
            }
            Err(error) => survey.failed.push(error),
        },
    );
    survey.unknown = found.into_iter().flatten().collect();
    let placed = session.with_store(|store| store.list_placed_roles())?;
    survey.unknown.retain(|candidate| {
        let name = candidate.role.as_str();
        let mut same_name = placed.iter().filter(|role| role.username == name);
        !same_name.any(|role| is_on(role, &candidate.target))
    });
    let seen = survey.unknown.iter().map(|candidate| {
        let Candidate {
            target,
            role,
            profile,
            ..
        } = candidate;
        SeenRole::new(target, role.as_str(), profile.clone())
    });
    let seen: Vec<_> = seen.collect();
    session.with_store(|store| store.note_seen_roles(&answered, &seen, Timestamp::now()))?;
    survey.unknown.retain(|candidate| selection.fits(candidate));
    Ok(survey)
}

/// The selected logins that servers showed last, whose passwords were never changed from here.
///
/// # Errors
/// Where the registry cannot be read.
pub fn list_seen(session: &Session, selection: &Selection) -> Result<Vec<Candidate>> {
    let seen = session.with_store(|store| store.list_seen_roles())?;
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let targets = session.fleet(None, None)?.targets;
    let mut unknown = Vec::new();
    for target in clusters(&targets) {
        let is_known = |seen: &&SeenRole| {
            let mut placed = placed.iter();
            placed.any(|role| role.username == seen.username && is_on(role, target))
        };
        let here = seen.iter().filter(|seen| {
            seen.hostname == target.hostname.to_string() && seen.port == target.port.to_string()
        });
        let here = here.filter(|seen| !is_known(seen)).map(|seen| {
            let own = |target: &&Target| {
                target.env.as_str() == seen.env && target.database.as_str() == seen.database
            };
            let target = targets.iter().find(own).unwrap_or(target);
            candidate(session, target, seen.username.clone(), seen.profile.clone())
        });
        unknown.extend(here.filter(|candidate| selection.fits(candidate)));
    }
    Ok(unknown)
}

fn ask(session: &Session, target: &Target) -> Result<Vec<Candidate>> {
    if interrupt::is_raised() {
        return Err(Failure::new(Kind::Interrupted, "interrupted").into());
    }
    let act = Act {
        operation: "rotate survey".to_owned(),
        subject: Subject::from(target),
    };
    let logins = session
        .audited(act, target, |server| {
            let logins = server.read(catalog::list_logins)?;
            let done = Done {
                status: format!("{} users seen", logins.len()),
                ..Done::default()
            };
            Ok((logins, done))
        })
        .with_context(|| OnTarget::new(target, "cannot look for roles of unknown age"))?;
    let marked = logins.into_iter().filter_map(|login| match login.mark() {
        Some(Mark::Profile(profile)) => Some(candidate(session, target, login.name, Some(profile))),
        _ => None,
    });
    Ok(marked.collect())
}

fn candidate(
    session: &Session,
    target: &Target,
    name: String,
    profile: Option<String>,
) -> Candidate {
    let settings = profile
        .as_deref()
        .and_then(|profile| session.settings.profile(profile, &target.env).ok());
    Candidate {
        target: target.clone(),
        role: RoleName::from_server(name),
        destination: settings.map_or(Destination::Stdout, |profile| profile.deliver),
        profile,
        changed_at: ChangedAt::Elsewhere,
        file_format: FileFormat::default(),
        term: None,
        end_named: None,
    }
}
