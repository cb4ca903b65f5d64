//! Asks servers which logins they have: those that pgrole made from elsewhere are of unknown age here.

use anyhow::Result;

use crate::domain::destination::{Destination, FileFormat};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::interrupt;
use crate::domain::mark::Mark;
use crate::domain::role::RoleName;
use crate::domain::state::RoleState;
use crate::domain::target::Target;
use crate::operations::fleet::{for_each, is_on};
use crate::operations::rotate::Rotation;
use crate::operations::rotate::selection::{Candidate, OtherDelivery, Selection};
use crate::operations::session::{Act, Done, Session};
use crate::server::catalog;
use crate::store::{PlacedRole, Subject};

/// How many servers are asked at once which logins they have.
const SURVEY_JOBS: usize = 16;

/// Asks the servers of the selected targets, each place once, which of them are one server, and for the selected
/// logins that carry pgrole's mark and whose passwords were never changed from here. Where a server cannot be asked,
/// that is a warning: its known roles are tried all the same, and fail by name.
///
/// # Errors
/// Where the registry cannot be read.
pub fn find_unknown(session: &Session, selection: &Selection) -> Result<Vec<Candidate>> {
    let targets = session.fleet(None, None)?.targets;
    let selected = targets
        .iter()
        .filter(|target| selection.fits_target(target));
    let mut found = ask(session, &places(selected));
    found.extend(ask(session, &places(find_relatives(session, &targets)?)));
    // What was found to be one server is one cluster by now.
    let targets = session.fleet(None, None)?.targets;
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let mut unknown: Vec<Candidate> = Vec::new();
    for mut candidate in found {
        let is_it = |target: &&Target| target.name() == candidate.target.name();
        if let Some(target) = targets.iter().find(is_it) {
            candidate.target = target.clone();
        }
        let is_known = |role: &PlacedRole| {
            role.username == candidate.role.as_str() && is_on(role, &candidate.target)
        };
        if !selection.fits(&candidate) || placed.iter().any(is_known) {
            continue;
        }
        match unknown.iter_mut().find(|known| is_same(known, &candidate)) {
            Some(known) => add_delivery(known, &candidate)?,
            None => unknown.push(candidate),
        }
    }
    Ok(unknown)
}

fn is_same(one: &Candidate, other: &Candidate) -> bool {
    one.role == other.role && one.target.is_on_cluster_of(&other.target)
}

/// A role that was found under two names of its cluster has two deliveries, unless both profiles lead to one place.
fn add_delivery(known: &mut Candidate, other: &Candidate) -> Result<()> {
    let deliveries = known.deliveries()?;
    for delivery in other.deliveries()? {
        let is_there = |there: &OtherDelivery| there.destination == delivery.destination;
        if !deliveries.iter().any(is_there) {
            known.others.push(delivery);
        }
    }
    Ok(())
}

/// One target of each place: whether two places are one server, only both can say.
fn places<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Vec<&'a Target> {
    let mut places: Vec<&Target> = Vec::new();
    for target in targets {
        if !places.iter().any(|other| other.is_at_place_of(target)) {
            places.push(target);
        }
    }
    places
}

/// The targets with placed roles that were not asked, and may be one of the servers that were, by their identifiers:
/// what is changed on those may be what was delivered for these.
fn find_relatives<'a>(session: &Session, targets: &'a [Target]) -> Result<Vec<&'a Target>> {
    let placed = session.with_store(|store| store.list_placed_roles())?;
    let seen: Vec<_> = targets
        .iter()
        .filter_map(|target| session.sighting_of(target)?.identifier)
        .collect();
    let is_relative = |target: &&Target| {
        let identifier = target.cluster.as_ref();
        identifier.is_some_and(|identifier| seen.contains(identifier))
            && session.sighting_of(target).is_none()
            && placed.iter().any(|role| is_on(role, target))
    };
    Ok(targets.iter().filter(is_relative).collect())
}

/// Whether it was a person who chose where the password goes. The role's name and the profile in its comment are the
/// words of anybody with CREATEROLE, and neither leads to a place by a template.
pub fn is_chosen(candidate: &Candidate, rotation: &Rotation<'_>) -> bool {
    let is_named = || {
        let mut names = rotation.selection.usernames.iter();
        names.any(|name| name == candidate.role.as_str())
    };
    if rotation.deliver.is_empty() {
        return candidate.destination == Destination::Stdout;
    }
    let mut wanted = rotation.deliver.iter();
    !wanted.any(|(destination, _)| destination.has_placeholders()) || is_named()
}

/// Says which roles were left alone, because nothing but their comment speaks for them.
pub fn warn_of_strangers(session: &Session, strangers: &[Candidate]) {
    if strangers.is_empty() {
        return;
    }
    let names: Vec<_> = strangers
        .iter()
        .map(|stranger| format!("\"{}\" on {}", stranger.role, stranger.target.name()))
        .collect();
    session.warn(format!(
        "known only by their comments, which anybody with CREATEROLE can write, and so not delivered by a template: {}; to rotate one: pgrole rotate --include-unknown -u NAME --deliver WHERE",
        names.join(", ")
    ));
}

fn ask(session: &Session, places: &[&Target]) -> Vec<Candidate> {
    let mut found: Vec<_> = places.iter().map(|_| Vec::new()).collect();
    for_each(
        places,
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
            profile: Some(profile),
            changed_at: None,
            file_format: FileFormat::default(),
            others: Vec::new(),
        })
        .collect()
}
