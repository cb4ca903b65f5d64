//! What stands in the way of a drop, found before anything is changed; and what is lost with the role.

use crate::domain::command_line::on_target;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::estate::settlement::Disposal;
use crate::domain::role::estate::{DependentDatabase, Estate, ObjectNames};
use crate::operations::user::drop::request::DropRole;
use crate::run::login_state::Protection;
use crate::store::LockedRole;

/// Up to this version the owner of a subscription must be a superuser.
const SUBSCRIPTIONS_OF_ANYBODY: u32 = 160_000;
/// How many names a message has.
const MOST_NAMED: usize = 5;

/// What the decision needs beside what was read.
pub struct Grounds<'a> {
    pub wanted: &'a DropRole<'a>,
    pub oid: u32,
    locked: Option<&'a LockedRole>,
}

impl<'a> Grounds<'a> {
    pub fn new(wanted: &'a DropRole<'a>, oid: u32, locked: Option<&'a LockedRole>) -> Self {
        Self {
            wanted,
            oid,
            locked,
        }
    }
}

/// What the cluster as a whole shows.
pub fn of_cluster(grounds: &Grounds<'_>, found: &Estate) -> Vec<Failure> {
    let wanted = grounds.wanted;
    let role = wanted.role;
    let cluster = &found.cluster;
    let mut reasons = Vec::new();
    let mut refuse = |what: String, hint: String| reasons.push(Failure::refused(what).hint(hint));
    if *role == found.reach.admin {
        refuse(
            format!("\"{role}\" is the admin credential itself"),
            "use another admin credential: pgrole credential set -e ENV -U ROLE".to_owned(),
        );
    }
    if found.bootstrap {
        refuse(
            format!("\"{role}\" is the role that initdb made, which cannot be dropped"),
            "lock it, or rename it".to_owned(),
        );
    }
    if grounds
        .locked
        .is_some_and(|locked| locked.oid != grounds.oid)
    {
        refuse(
            format!("\"{role}\" is not the role that was locked, but a new one of its name"),
            format!(
                "if the new one is to be dropped, lock it first: {}",
                locking(wanted)
            ),
        );
    }
    for prepared in &cluster.prepared {
        let gid = prepared.gid.replace('\'', "''");
        refuse(
            format!(
                "prepared transaction '{gid}' of \"{role}\" in database \"{}\" keeps its locks",
                prepared.database
            ),
            format!("as a superuser or as \"{role}\", in that database: ROLLBACK PREPARED '{gid}'"),
        );
    }
    let is_forced = wanted.protection == Protection::Overridden || found.reach.superuser;
    if !cluster.sole_admin_of.is_empty() && !is_forced {
        let names = quoted(&cluster.sole_admin_of);
        refuse(
            format!(
                "{}, which nobody but a superuser could change afterwards",
                sole_admin(found)
            ),
            format!(
                "as a superuser: GRANT {} TO … WITH ADMIN OPTION; to drop it anyway, add --force; or only lock it: {}",
                names.join(", "),
                locking(wanted)
            ),
        );
    }
    let owns_databases = cluster
        .shared
        .iter()
        .any(|object| object.keyword == "DATABASE");
    if owns_databases && !found.reach.superuser && !found.server.admin.createdb {
        let admin = &found.reach.admin;
        refuse(
            format!("\"{admin}\" may not give databases to another owner: it has no CREATEDB"),
            format!("run this once as a role that is allowed to: ALTER ROLE \"{admin}\" CREATEDB"),
        );
    }
    let has_shared = !cluster.shared.is_empty();
    match (&wanted.heirs.role, &found.heir) {
        (Some(heir), _) if heir == role => refuse(
            format!("\"{role}\" cannot be its own heir"),
            "name another role: --reassign-to ROLE".to_owned(),
        ),
        // Also if nothing is owned: who is dropped is not asked for twice.
        (Some(heir), None) => reasons.push(no_heir(heir)),
        (None, _) if has_shared => {
            let owned: Vec<_> = cluster
                .shared
                .iter()
                .map(|object| format!("{} {}", object.keyword.to_lowercase(), object.name))
                .collect();
            refuse(
                format!("\"{role}\" owns {}", shortened(&owned)),
                "say who gets it: --reassign-to ROLE".to_owned(),
            );
        }
        _ => {}
    }
    reasons
}

/// Why a database cannot be connected to; DROP ROLE would fail because of what is in it.
pub fn of_contact(database: &DependentDatabase, wanted: &DropRole<'_>) -> Option<Failure> {
    let name = &database.name;
    let depend = counted(database.dependencies, "object");
    let what = format!(
        "{depend} in database \"{name}\" depend on \"{}\"",
        wanted.role
    );
    if !database.allows_connections {
        return Some(
            Failure::new(Kind::Refused, format!("{what}, and it accepts no connections"))
                .hint(format!(
                    "as its owner or a superuser: ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true, and set it back afterwards"
                )),
        );
    }
    if !database.may_connect {
        let owner = &database.owner;
        return Some(
            Failure::refused(format!(
                "{what}, and the admin credential may not connect to it"
            ))
            .sqlstate("42501")
            .hint(format!(
                "as \"{owner}\" or a superuser: GRANT CONNECT ON DATABASE \"{name}\" TO …"
            )),
        );
    }
    None
}

/// What one database shows.
pub fn of_database(grounds: &Grounds<'_>, found: &Estate) -> Vec<Failure> {
    let wanted = grounds.wanted;
    let role = wanted.role;
    let here = &found.database;
    let mut reasons = Vec::new();
    if wanted.heirs.disposal(here, role).is_none() {
        reasons.push(
            Failure::refused(format!(
                "\"{role}\" owns {} in database \"{}\": {}",
                counted(here.to_dispose_of, "object"),
                here.name,
                names_of(&here.owned)
            ))
            .hint("say what becomes of them: --reassign-to ROLE, --reassign-to-owner (of each database), or --drop-owned"),
        );
    }
    if let Some(Disposal::ReassignTo(heir)) = wanted.heirs.disposal(here, role)
        && found.heir.is_none()
    {
        reasons.push(no_heir(&heir));
    }
    let heir_is_superuser = found.heir.as_ref().is_some_and(|heir| heir.superuser);
    let mut needs_superuser = |names: &[String], what: &str| {
        if names.is_empty() || heir_is_superuser {
            return;
        }
        reasons.push(
            Failure::refused(format!(
                "{what} {} in database \"{}\" can only be owned by a superuser",
                shortened(names),
                here.name
            ))
            .sqlstate("42501")
            .hint("reassign to a superuser, or drop it first"),
        );
    };
    if !wanted.heirs.drop_owned {
        needs_superuser(&here.event_triggers, "event trigger");
    }
    if found.server.version < SUBSCRIPTIONS_OF_ANYBODY {
        needs_superuser(&here.subscriptions, "subscription");
    }
    if !here.subscriptions.is_empty() && wanted.heirs.role.is_none() {
        reasons.push(
            Failure::refused(format!(
                "\"{role}\" owns subscription {}",
                shortened(&here.subscriptions)
            ))
            .hint("say who gets it: --reassign-to ROLE; or drop it first: DROP SUBSCRIPTION"),
        );
    }
    reasons
}

/// What is lost with the role, although nobody asked for it.
pub fn warnings(found: &Estate) -> Vec<String> {
    let cluster = &found.cluster;
    let mut warnings = Vec::new();
    if !cluster.members.is_empty() {
        warnings.push(format!(
            "{} lose what they have by being members of it",
            quoted(&cluster.members).join(", ")
        ));
    }
    if !cluster.sole_admin_of.is_empty() {
        warnings.push(format!(
            "{}: from then on only superusers may grant or change that",
            sole_admin(found)
        ));
    }
    let lost = cluster.granted.iter().filter(|one| one.grantor.is_none());
    for one in lost {
        warnings.push(format!(
            "\"{}\" loses its membership in \"{}\", which only it had granted and the admin credential may not grant",
            one.member, one.group
        ));
    }
    warnings
}

/// The command that locks the role.
pub fn locking(wanted: &DropRole<'_>) -> String {
    on_target(
        "pgrole user lock -e {} -d {} {}",
        wanted.target,
        &[wanted.role],
    )
}

/// Roles that nobody else, apart from superusers, may administer.
fn sole_admin(found: &Estate) -> String {
    let role = found.server.role.as_ref();
    format!(
        "only \"{}\" administers {}",
        role.map_or("", |role| role.name.as_str()),
        shortened(&quoted(&found.cluster.sole_admin_of))
    )
}

fn quoted(names: &[RoleName]) -> Vec<String> {
    names.iter().map(|name| format!("\"{name}\"")).collect()
}

fn no_heir(heir: &RoleName) -> Failure {
    Failure::refused(format!("there is no role \"{heir}\" to reassign to"))
        .sqlstate("42704")
        .hint("name an existing role: --reassign-to ROLE")
}

fn names_of(groups: &[ObjectNames]) -> String {
    let (names, more) = ObjectNames::first_of(groups, MOST_NAMED);
    listed(&names, more)
}

fn shortened(names: &[String]) -> String {
    let shown = names.len().min(MOST_NAMED);
    listed(&names[..shown], names.len() - shown)
}

fn listed(names: &[String], more: usize) -> String {
    let names = names.join(", ");
    match more {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
