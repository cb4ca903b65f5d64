//! Settles what depends on a role, in one database or on the cluster as a whole.

use anyhow::{Result, bail};

use crate::domain::act::operation::Operation;
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::estate::settlement::{Disposal, Leaver, Settlement};
use crate::domain::role::estate::{Estate, ObjectNames};
use crate::domain::target::Target;
use crate::operations::user::drop::preview::{DatabasePreview, read_for_named, with_heir};
use crate::operations::user::drop::request::DropRole;
use crate::operations::user::drop::transaction::{Ending, execute, still_depends};
use crate::run::login_state::{for_people, undo};
use crate::run::{Act, Done, Run, TargetSession};

/// How often to plan again because something was made or changed meanwhile.
const PLANS: u32 = 4;

/// Which part of the work an act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What belongs to no database, and memberships that the role granted.
    Cluster,
    Subscriptions,
    Database,
}

/// Gives away what belongs to no database, and repeats the memberships that the role granted.
///
/// # Errors
/// The server's error; what was settled before stays settled.
pub fn settle_cluster(run: &Run, wanted: &DropRole<'_>, target: &Target, oid: u32) -> Result<()> {
    settle(run, wanted, target, oid, (Part::Cluster, None))
}

/// Gives away the subscriptions of a database.
///
/// # Errors
/// The same.
pub fn settle_subscriptions(
    run: &Run,
    wanted: &DropRole<'_>,
    database: &DatabasePreview,
    oid: u32,
) -> Result<()> {
    let part = (Part::Subscriptions, Some(database));
    settle(run, wanted, &database.target, oid, part)
}

/// Leaves nothing of the role in a database.
///
/// # Errors
/// The same; refused, if objects that the preview did not show would be dropped.
pub fn settle_database(
    run: &Run,
    wanted: &DropRole<'_>,
    database: &DatabasePreview,
    oid: u32,
) -> Result<()> {
    let part = (Part::Database, Some(database));
    settle(run, wanted, &database.target, oid, part)
}

fn settle(
    run: &Run,
    wanted: &DropRole<'_>,
    target: &Target,
    oid: u32,
    part: (Part, Option<&DatabasePreview>),
) -> Result<()> {
    let act = Act::on(
        target,
        Operation::UserDrop,
        format!("cannot drop \"{}\"", wanted.role),
    )
    .role(wanted.role)
    .reason(wanted.reason);
    run.audited(&act, target, |server| {
        let (changes, version, seen) = work(server, wanted, oid, part)?;
        let status = if changes.is_empty() {
            Status::Unchanged
        } else {
            Status::ObjectsSettled
        };
        let mut undo = undo(&changes, &[wanted.role], version);
        // What was where, for good: the statements name no object.
        for remark in seen {
            undo.add_remark(remark);
        }
        let done = Done {
            status,
            statements: for_people(&changes, version),
            undo,
            ..Done::default()
        };
        Ok(((), done))
    })
}

/// Runs the transactions of a part, and plans again where the catalog has changed.
fn work(
    server: &mut TargetSession<'_>,
    wanted: &DropRole<'_>,
    oid: u32,
    (part, before): (Part, Option<&DatabasePreview>),
) -> Result<(Vec<Change>, u32, Vec<String>)> {
    let role = wanted.role;
    let mut left = String::new();
    let mut ran: Vec<Change> = Vec::new();
    let mut seen = Vec::new();
    for _ in 0..PLANS {
        let mut estate = read_for_named(server, wanted)?;
        if part == Part::Database && estate.oid.is_some() {
            estate = with_heir(server, wanted, estate)?;
        }
        let version = estate.server.version;
        match estate.oid {
            None => return Ok((ran, version, seen)),
            Some(found) if found != oid => bail!(is_other_role(role)),
            Some(_) => {}
        }
        require_seen(&estate, wanted, before)?;
        if part == Part::Database && seen.is_empty() {
            seen = remarks(&estate, role);
        }
        let transactions = plan(&estate, wanted, oid, part)?;
        let mut is_done = true;
        for transaction in transactions {
            match execute(server, role, &transaction, version)? {
                Ending::Committed => ran.extend(transaction),
                Ending::Moved => is_done = false,
                Ending::Left(names) => {
                    is_done = false;
                    left = names;
                }
            }
            if !is_done {
                break;
            }
        }
        if is_done {
            return Ok((ran, version, seen));
        }
    }
    if left.is_empty() {
        bail!(
            Failure::new(
                Kind::Busy,
                format!("what depends on \"{role}\" changes all the time")
            )
            .hint("run the command again")
        )
    }
    bail!(still_depends(role, &left))
}

/// The error for a name that is another role's by now.
pub fn is_other_role(role: &RoleName) -> Failure {
    Failure::refused(format!(
        "\"{role}\" is not the role that is being dropped, but a new one of its name"
    ))
}

/// What the role owned and had privileges on, by name.
fn remarks(estate: &Estate, role: &RoleName) -> Vec<String> {
    let here = &estate.database;
    let owned = here.owned.iter().map(|group| ("owned", group));
    let privileges = here
        .privileges
        .iter()
        .map(|group| ("had privileges on", group));
    let remark = |(verb, group): (&str, &ObjectNames)| {
        format!(
            "\"{role}\" {verb} {} here: {}",
            group.count,
            group.names.join(", ")
        )
    };
    owned.chain(privileges).map(remark).collect()
}

/// Objects that came after the preview are nobody's to drop.
fn require_seen(
    estate: &Estate,
    wanted: &DropRole<'_>,
    before: Option<&DatabasePreview>,
) -> Result<(), Failure> {
    let Some(before) = before.filter(|_| wanted.heirs.drop_owned) else {
        return Ok(());
    };
    let (seen, found) = (
        before.estate.database.to_dispose_of,
        estate.database.to_dispose_of,
    );
    if found <= seen {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "\"{}\" owns {found} objects in database \"{}\" now, and {seen} when they were shown",
        wanted.role, estate.database.name
    ))
    .hint("run the command again, which shows them"))
}

/// The transactions of a part, for what was read.
///
/// # Errors
/// Refused, if the admin credential cannot act for one of the roles, or nobody said what becomes of what is owned.
pub fn plan(
    estate: &Estate,
    wanted: &DropRole<'_>,
    oid: u32,
    part: Part,
) -> Result<Vec<Vec<Change>>, Failure> {
    let leaver = Leaver {
        role: wanted.role,
        oid,
        estate,
    };
    match part {
        Part::Cluster => leaver.settle_cluster(wanted.heirs.role.as_ref()),
        Part::Subscriptions => match &wanted.heirs.role {
            Some(heir) if !estate.database.subscriptions.is_empty() => {
                Ok(vec![leaver.settle_subscriptions(heir)?])
            }
            _ => Ok(Vec::new()),
        },
        Part::Database => {
            let here = &estate.database;
            let is_empty = here.dependencies == 0 && estate.cluster.shared_privileges == 0;
            if is_empty && estate.cluster.granted.is_empty() {
                return Ok(Vec::new());
            }
            let disposal = wanted.heirs.disposal(here, wanted.role);
            let Some(disposal) = disposal else {
                return Err(Failure::refused(format!(
                    "\"{}\" owns objects in database \"{}\" now, and none when they were shown",
                    wanted.role, here.name
                ))
                .hint("say what becomes of them: --reassign-to ROLE, --reassign-to-owner, or --drop-owned"));
            };
            let Settlement { mut batches, rest } = leaver.settle(&disposal)?;
            batches.push(rest);
            Ok(batches)
        }
    }
}

/// What a person reads of a disposal.
pub fn describe(disposal: &Disposal) -> &'static str {
    match disposal {
        Disposal::ReassignTo(_) => "reassigned",
        Disposal::Drop => "dropped",
        Disposal::Nothing => "none",
    }
}
