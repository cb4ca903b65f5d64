//! Asks servers which logins they have: those that pgrole made from elsewhere are of unknown age here.

use anyhow::Result;

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::interrupt;
use crate::domain::mark::Mark;
use crate::domain::role::RoleName;
use crate::domain::state::RoleState;
use crate::domain::target::Target;
use crate::operations::fleet::{clusters, for_each, is_on};
use crate::operations::rotate::selection::{Candidate, Selection};
use crate::operations::session::{Act, Done, Session};
use crate::server::catalog;
use crate::store::Subject;

/// How many clusters are asked at once which logins they have.
const SURVEY_JOBS: usize = 16;

/// Selected logins that carry pgrole's mark, and whose passwords were never changed from here. Where a server cannot be
/// asked, that is a warning: its known roles are tried all the same, and fail by name.
///
/// # Errors
/// Where the registry cannot be read.
pub fn find_unknown(session: &Session, selection: &Selection) -> Result<Vec<Candidate>> {
    let targets = session.fleet(None, None)?.targets;
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let is_known = |candidate: &Candidate| {
        let name = candidate.role.as_str();
        let mut same_name = placed.iter().filter(|role| role.username == name);
        same_name.any(|role| is_on(role, &candidate.target))
    };
    let selected = targets
        .iter()
        .filter(|target| selection.fits_target(target));
    let mut unknown = ask(session, &clusters(selected));
    unknown.retain(|candidate| selection.fits(candidate) && !is_known(candidate));
    Ok(unknown)
}

fn ask(session: &Session, clusters: &[&Target]) -> Vec<Candidate> {
    let mut found: Vec<_> = clusters.iter().map(|_| Vec::new()).collect();
    for_each(
        clusters,
        SURVEY_JOBS,
        |target| survey(session, target),
        |place, candidates| found[place] = candidates,
    );
    found.into_iter().flatten().collect()
}

fn survey(session: &Session, target: &Target) -> Vec<Candidate> {
    if interrupt::is_raised() {
        return Vec::new();
    }
    let act = Act {
        operation: "rotate survey".to_owned(),
        subject: Subject::from(target),
    };
    let surveyed = session.audited(act, target, |server| {
        let logins = server.read(catalog::list_logins)?;
        let done = Done {
            status: format!("{} users seen", logins.len()),
            ..Done::default()
        };
        Ok((logins, done))
    });
    let logins = match surveyed {
        Ok(logins) => logins,
        Err(error) => {
            session.warn(format!("cannot look for roles of unknown age: {error:#}"));
            return Vec::new();
        }
    };
    let (named, others): (Vec<_>, Vec<_>) = logins
        .into_iter()
        .partition(|login| !holds_shown_byte(&login.name));
    let marked = |login: &RoleState| matches!(login.mark(), Some(Mark::Profile(_)));
    for login in others.iter().filter(|login| marked(login)) {
        session.warn(format!(
            "role \"{}\" on {} is left out: its name is not UTF-8, or reads like one that is not",
            login.name,
            target.name()
        ));
    }
    let marked = named.into_iter().filter_map(|login| match login.mark() {
        Some(Mark::Profile(profile)) => Some((login.name, profile)),
        _ => None,
    });
    marked
        .map(|(name, profile)| Candidate {
            target: target.clone(),
            role: RoleName::from_server(name),
            destination: session
                .settings
                .profile(&profile, &target.env)
                .map_or(Destination::Stdout, |profile| profile.deliver),
            is_recorded: true,
            profile: Some(profile),
            changed_at: None,
            file_format: FileFormat::default(),
        })
        .collect()
}
