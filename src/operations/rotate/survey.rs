//! Queries servers for their logins: those that pgrole created with another registry are of unknown age here.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::encoding::holds_shown_byte;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::rotate::rotation::{Rotation, UnknownAge};
use crate::operations::rotate::selection::{
    Candidate, ChangedAt, RoleSelection, list_known, other_names,
};
use crate::password::remembered::{OtherDelivery, require_valid_record};
use crate::run::fleet::{clusters, for_each, is_on};
use crate::run::targets::TargetSelection;
use crate::run::{Act, FleetReading, IdleSessions, Run};
use crate::server::logins::list_marked;
use crate::store::{PlacedRole, SeenRole};

/// How many servers are queried for their logins at once.
pub const SURVEY_JOBS: usize = 16;

/// The logins that servers reported.
#[derive(Debug, Default)]
pub struct Survey {
    /// Selected logins with pgrole's mark whose passwords were never changed with this registry.
    pub unknown: Vec<Candidate>,
    /// How many places were to be queried.
    pub asked: usize,
    /// Why some of them could not be queried.
    pub failed: Vec<anyhow::Error>,
}

/// Queries the servers of the selected targets, each place once, for which of them are one server and which logins they
/// have, and records both. If a server cannot be queried, its known roles fail individually. The sessions are left to
/// those who change the roles.
///
/// # Errors
/// If the registry cannot be read or written.
pub fn find_unknown(
    run: &Run,
    rotation: &Rotation<'_>,
    sessions: &IdleSessions<'_>,
) -> Result<Survey> {
    let selection = &rotation.selection;
    let targets = run.fleet(&TargetSelection::default())?.targets;
    let selected = targets
        .iter()
        .filter(|target| selection.fits_target(target));
    let mut selected = places(selected);
    if let Some(known) = find_named(run, rotation)? {
        selected.retain(|target| known.iter().any(|role| role.may_be_on(target)));
    }
    let Asked {
        mut answered,
        mut found,
        failed,
    } = ask_all(run, &selected, sessions)?;
    // Nobody selected these: if one does not answer, that is reported, but is not a failure of the run.
    let relatives = ask_all(run, &places(find_relatives(run, &targets)?), sessions)?;
    for error in &relatives.failed {
        run.warn(format!("{error:#}"));
    }
    answered.extend(relatives.answered);
    found.extend(relatives.found);
    let unknown = note_seen(run, answered, found)?;
    Ok(Survey {
        unknown: join_same(unknown, selection)?,
        asked: selected.len(),
        failed,
    })
}

/// The roles that the operator names, if each of the names is known: then no other server need be queried for them.
/// `None` if any server may have one that nobody knows.
fn find_named(run: &Run, rotation: &Rotation<'_>) -> Result<Option<Vec<Candidate>>> {
    let names = &rotation.selection.usernames;
    let is_pattern = |name: &String| name.contains('*');
    // Who wants the unknown ones, too, wants them from wherever they are.
    if names.is_empty() || names.iter().any(is_pattern) || rotation.unknown == UnknownAge::Rotate {
        return Ok(None);
    }
    let mut known = list_known(run, &rotation.selection)?;
    known.extend(list_seen(run, &rotation.selection)?);
    let is_known = |name: &String| known.iter().any(|role| role.role.as_str() == name);
    Ok(names.iter().all(is_known).then_some(known))
}

/// Records the logins by cluster: places found to be one server are one cluster by now. Returns the logins whose
/// passwords were never changed with this registry, perhaps twice for one cluster.
fn note_seen(run: &Run, answered: Vec<Target>, found: Vec<Candidate>) -> Result<Vec<Candidate>> {
    let targets = run.fleet(&TargetSelection::default())?.targets;
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let current = |target: Target| {
        let mut same = targets.iter().filter(|other| other.name() == target.name());
        same.next().cloned().unwrap_or(target)
    };
    let answered: Vec<_> = answered.into_iter().map(current).collect();
    let found = found.into_iter().map(|candidate| {
        let target = current(candidate.target);
        Candidate {
            other_names: other_names(&target, &targets),
            target,
            ..candidate
        }
    });
    let is_unknown = |candidate: &Candidate| {
        let is_known = |role: &PlacedRole| {
            role.username == candidate.role.as_str() && is_on(role, &candidate.target)
        };
        !placed.iter().any(is_known)
    };
    let mut unknown: Vec<_> = found.filter(is_unknown).collect();
    unknown.retain(|candidate| has_valid_record(run, candidate));
    let seen = unknown.iter().filter_map(|candidate| {
        let Candidate { target, role, .. } = candidate;
        SeenRole::new(target, role.as_str(), candidate.profile.clone())
    });
    let seen: Vec<_> = seen.collect();
    run.with_store(|store| store.note_seen_roles(&answered, &seen, Timestamp::now()))?;
    Ok(unknown)
}

/// Whether a role has no record that is not valid. One that has is named, and its password stays as it is.
fn has_valid_record(run: &Run, candidate: &Candidate) -> bool {
    require_valid_record(run, &candidate.target, &candidate.role).is_ok()
}

/// The selected ones, once per cluster.
fn join_same(found: Vec<Candidate>, selection: &RoleSelection) -> Result<Vec<Candidate>> {
    let mut unknown: Vec<Candidate> = Vec::new();
    for candidate in found {
        if !selection.fits(&candidate) {
            continue;
        }
        match unknown
            .iter_mut()
            .find(|known| known.is_same_role(&candidate))
        {
            Some(known) => add_delivery(known, &candidate)?,
            None => unknown.push(candidate),
        }
    }
    Ok(unknown)
}

/// The selected logins that servers reported last and whose passwords were never changed with this registry.
///
/// # Errors
/// If the registry cannot be read.
pub fn list_seen(run: &Run, selection: &RoleSelection) -> Result<Vec<Candidate>> {
    let seen = run.with_store(|store| store.list_seen_roles())?;
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let targets = run.fleet(&TargetSelection::default())?.targets;
    let mut unknown = Vec::new();
    for target in clusters(&targets) {
        let is_known = |seen: &&SeenRole| {
            let mut placed = placed.iter();
            placed.any(|role| role.username == seen.username && is_on(role, target))
        };
        let here = seen
            .iter()
            .filter(|seen| target.cluster_id.as_ref() == Some(&seen.cluster_id));
        let here = here.filter(|seen| !is_known(seen)).map(|seen| {
            let own = |other: &&Target| {
                other.env.as_str() == seen.env
                    && other.database.as_str() == seen.database
                    && other.is_on_cluster_of(target)
            };
            let target = targets.iter().find(own).unwrap_or(target);
            let (name, profile) = (seen.username.clone(), seen.profile.clone());
            Candidate {
                other_names: other_names(target, &targets),
                ..candidate(run, target, name, profile)
            }
        });
        unknown.extend(
            here.filter(|candidate| selection.fits(candidate) && has_valid_record(run, candidate)),
        );
    }
    Ok(unknown)
}

/// A role that was found under two names of its cluster has two deliveries, unless both profiles lead to the same
/// place.
fn add_delivery(known: &mut Candidate, other: &Candidate) -> Result<()> {
    let deliveries = known.deliveries()?;
    for delivery in other.deliveries()? {
        let is_there =
            |there: &OtherDelivery| there.delivery.destination == delivery.delivery.destination;
        if !deliveries.iter().any(is_there) {
            known.others.push(delivery);
        }
    }
    Ok(())
}

/// One target per place: only querying both places shows whether they are one server.
fn places<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Vec<&'a Target> {
    let mut places: Vec<&Target> = Vec::new();
    for target in targets {
        if !places.iter().any(|other| other.is_at_place_of(target)) {
            places.push(target);
        }
    }
    places
}

/// The targets with recorded roles that were not queried but, by their identifiers, may be one of the queried servers:
/// changing roles there may affect what was delivered for these.
fn find_relatives<'a>(run: &Run, targets: &'a [Target]) -> Result<Vec<&'a Target>> {
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let seen: Vec<_> = targets
        .iter()
        .filter_map(|target| run.sighting_of(target)?.identifier)
        .collect();
    let is_relative = |target: &&Target| {
        let identifier = target.cluster.as_ref();
        identifier.is_some_and(|identifier| seen.contains(identifier))
            && run.sighting_of(target).is_none()
            && placed.iter().any(|role| is_on(role, target))
    };
    Ok(targets.iter().filter(is_relative).collect())
}

/// Whether a person chose where the password goes. Anybody with CREATEROLE can set a role's name and the profile in its
/// comment, so neither may fill in a delivery template.
pub fn is_chosen(candidate: &Candidate, rotation: &Rotation<'_>) -> bool {
    let is_named = || {
        let mut names = rotation.selection.usernames.iter();
        names.any(|name| name == candidate.role.as_str())
    };
    if rotation.deliver.is_empty() {
        return candidate.deliver.is_stdout();
    }
    let mut wanted = rotation.deliver.iter();
    !wanted.any(|(destination, _)| destination.has_placeholder()) || is_named()
}

/// Warns about roles that were skipped because only their comment says that pgrole created them.
pub fn warn_of_strangers(run: &Run, strangers: &[Candidate]) {
    if strangers.is_empty() {
        return;
    }
    let names: Vec<_> = strangers
        .iter()
        .map(|stranger| format!("\"{}\" on {}", stranger.role, stranger.target.name()))
        .collect();
    run.warn(format!(
        "known only by their comments, which anybody with CREATEROLE can write, and so not delivered with a template: {}; to rotate one: pgrole rotate --include-unknown -u NAME --deliver WHERE",
        names.join(", ")
    ));
}

/// The results of the queried places.
#[derive(Default)]
struct Asked {
    answered: Vec<Target>,
    found: Vec<Candidate>,
    failed: Vec<anyhow::Error>,
}

fn ask_all(run: &Run, places: &[&Target], sessions: &IdleSessions<'_>) -> Result<Asked> {
    let mut asked = Asked::default();
    if places.is_empty() {
        return Ok(asked);
    }
    let targets: Vec<_> = places.iter().copied().cloned().collect();
    let cannot = "cannot look for roles of unknown age";
    let reading = run.begin_reading(
        &targets,
        Act::over(&targets, Operation::RotateSurvey, cannot),
    )?;
    let on_record = run.with_store(|store| store.list_placed_roles())?;
    let ask = |target: &Target| {
        let known = on_record.iter().filter(|role| is_on(role, target));
        let known: Vec<_> = known.map(|role| role.username.as_str()).collect();
        ask(run, (&reading, sessions), target, &known)
    };
    let mut seen = 0;
    let mut found: Vec<_> = places.iter().map(|_| Vec::new()).collect();
    let watched = run.watch("servers", places.len());
    for_each(
        places,
        SURVEY_JOBS,
        |target| watched.attempt(|| target.name(), || ask(target)),
        |place, result| match result {
            Ok((logins, candidates)) => {
                seen += logins;
                asked.answered.push(places[place].clone());
                found[place] = candidates;
            }
            Err(error) => asked.failed.push(error),
        },
    );
    reading.end(Status::UsersSeen(seen));
    asked.found = found.into_iter().flatten().collect();
    Ok(asked)
}

/// How many logins a target has, and those with pgrole's mark that are not known.
fn ask(
    run: &Run,
    (reading, sessions): (&FleetReading<'_>, &IdleSessions<'_>),
    target: &Target,
    known: &[&str],
) -> Result<(usize, Vec<Candidate>)> {
    if interrupt::is_raised() {
        return Err(Failure::new(Kind::Interrupted, "interrupted").into());
    }
    let found = reading.ask_over(sessions, target, |server| {
        server.read(|it| list_marked(it, known))
    })?;
    let (named, others): (Vec<_>, Vec<_>) = found
        .roles
        .into_iter()
        .partition(|login| !holds_shown_byte(&login.name));
    let marked = |login: &RoleState| login.mark().is_some_and(|mark| mark.profile().is_some());
    for login in others.iter().filter(|login| marked(login)) {
        run.warn(format!(
            "role \"{}\" on {} is left out: its name is not UTF-8, or looks like one that is not",
            login.name,
            target.name()
        ));
    }
    let marked = named.into_iter().filter_map(|login| {
        let profile = login.mark().and_then(Mark::into_profile)?;
        Some(candidate(run, target, login.name, Some(profile)))
    });
    Ok((found.logins, marked.collect()))
}

fn candidate(run: &Run, target: &Target, name: String, profile: Option<String>) -> Candidate {
    let settings = profile
        .as_deref()
        .and_then(|profile| run.settings.profile(profile, &target.env).ok());
    let destination = settings.map_or(Destination::STDOUT, |profile| profile.deliver);
    Candidate {
        target: target.clone(),
        other_names: Vec::new(),
        role: RoleName::from_server(name),
        deliver: Deliveries::to(destination, FileFormat::default()),
        is_recorded: true,
        profile,
        changed_at: ChangedAt::Elsewhere,
        term: None,
        end_named: None,
        others: Vec::new(),
    }
}
