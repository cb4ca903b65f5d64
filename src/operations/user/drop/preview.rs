//! What dropping a role would do, in every database of its cluster: read before anything is changed.

use anyhow::Result;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::role::RoleName;
use crate::domain::role::estate::Estate;
use crate::domain::role::estate::settlement::{Disposal, Leaver, Settlement};
use crate::domain::target::Target;
use crate::operations::user::drop::refusals::{self, Grounds};
use crate::operations::user::drop::request::DropRole;
use crate::run::login_state::{for_people, no_such_role, require_writable};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::estate::read_estate;

/// A role that can be dropped, and everything that depends on it.
pub struct DropPreview {
    /// The target by which the cluster is reached, with what its contact showed.
    pub target: Target,
    pub cluster_id: String,
    /// `None` if the role is gone, and it was this registry that was dropping it.
    pub oid: Option<u32>,
    /// What the cluster as a whole showed, and the database of the target.
    pub main: Option<Estate>,
    /// The databases in which something depends on it, and the target's own; that is the first.
    pub databases: Vec<DatabasePreview>,
    pub warnings: Vec<String>,
}

/// One database, and what becomes of the role's objects there.
pub struct DatabasePreview {
    pub target: Target,
    pub estate: Estate,
    pub disposal: Disposal,
    /// What would run, one transaction after another.
    pub transactions: Vec<Vec<String>>,
}

/// Reads the cluster and each database in which something depends on the role.
///
/// # Errors
/// Not found; refused, with everything that stands in the way; if a database cannot be read, its error, which names it.
pub fn preview(run: &Run, wanted: &DropRole<'_>) -> Result<DropPreview> {
    match find(run, wanted)? {
        Some(found) => Ok(found),
        None => not_found(run, wanted),
    }
}

/// The same before a drop that is meant: that it was refused is on record as its own end, not as that of a preview.
///
/// # Errors
/// As for [`preview`].
pub fn preview_in_earnest(run: &Run, wanted: &DropRole<'_>) -> Result<DropPreview> {
    let found = preview(run, wanted);
    let Err(error) = found else {
        return found;
    };
    if kind_of(&error) != Kind::Refused {
        return Err(error);
    }
    let act = act(wanted, wanted.target).in_mode(Mode::Run);
    run.audited_run(&act, || Err(error))
}

/// The same; `None` if there is no such role, and this registry did not begin to drop it.
///
/// # Errors
/// Refused, with everything that stands in the way; if a database cannot be read, its error, which names it.
pub fn find(run: &Run, wanted: &DropRole<'_>) -> Result<Option<DropPreview>> {
    let role = wanted.role;
    let main = read(run, wanted, wanted.target)?;
    // By now it is known which cluster this is.
    let target = match run.target(&wanted.target.env, &wanted.target.database) {
        Ok(target) if target.is_at_place_of(wanted.target) => target,
        _ => wanted.target.clone(),
    };
    let cluster_id = run.cluster_id_of(&target)?;
    let locked = run.with_store(|store| store.find_locked(&cluster_id, role))?;
    let Some((main, first, oid)) = main else {
        // Gone: dropped by an earlier run that did not come to say so, or never there.
        return Ok(locked.map(|_| DropPreview {
            target,
            cluster_id,
            oid: None,
            main: None,
            databases: Vec::new(),
            warnings: Vec::new(),
        }));
    };
    let grounds = Grounds::new(wanted, oid, locked.as_ref());
    if let Some(state) = &main.server.role {
        wanted
            .protection
            .check(state, main.reach.admin.as_str(), &run.settings)?;
    }
    let mut refused = refusals::of_cluster(&grounds, &main);
    let mut databases = vec![(target.clone(), first)];
    let here = &main.database.name;
    let others = main.cluster.databases.iter();
    for other in others.filter(|other| other.name != *here) {
        if let Some(reason) = refusals::of_contact(other, wanted) {
            refused.push(reason);
            continue;
        }
        let target = target.in_database(other.name.parse()?);
        if let Some((_, found, _)) = read(run, wanted, &target)? {
            databases.push((target, found));
        }
    }
    let mut previews = Vec::new();
    for (target, estate) in databases {
        let (preview, reasons) = of_database(&grounds, target, estate);
        refused.extend(reasons);
        previews.extend(preview);
    }
    refuse(refused, &target)?;
    let warnings = refusals::warnings(&main);
    Ok(Some(DropPreview {
        target,
        cluster_id,
        oid: Some(oid),
        main: Some(main),
        databases: previews,
        warnings,
    }))
}

fn not_found(run: &Run, wanted: &DropRole<'_>) -> Result<DropPreview> {
    let target = wanted.target;
    run.audited(&act(wanted, target), target, |server| {
        // Nothing is done on a server before it is known which it is.
        read_for_named(server, wanted)?;
        Err(no_such_role(server, wanted.role, target))
    })
}

/// All that stands in the way, at once.
fn refuse(reasons: Vec<Failure>, target: &Target) -> Result<()> {
    let mut reasons = reasons.into_iter();
    let Some(first) = reasons.next() else {
        return Ok(());
    };
    let mut text = first.message.clone();
    for other in reasons {
        if !text.contains(&other.message) {
            text += "; ";
            text += &other.message;
        }
    }
    let refused = Failure::refused(text).with_advice_of(&first);
    Err(refused.on(target).into())
}

fn act(wanted: &DropRole<'_>, target: &Target) -> Act {
    Act::on(
        target,
        Operation::UserDrop,
        format!("cannot drop \"{}\"", wanted.role),
    )
    .in_mode(Mode::DryRun)
    .role(wanted.role)
    .reason(wanted.reason)
}

/// Reads one database: for the heir that was named, for the one that it has there, and the role's oid. `None` if there is
/// no such role.
fn read(
    run: &Run,
    wanted: &DropRole<'_>,
    target: &Target,
) -> Result<Option<(Estate, Estate, u32)>> {
    let act = act(wanted, target);
    run.audited(&act, target, |server| {
        server
            .encoding()
            .check_name("role name", wanted.role.as_str(), &target.name())?;
        let named = read_for_named(server, wanted)?;
        require_writable(&named.server, target)?;
        let Some(oid) = named.oid else {
            return Ok((None, Done::default()));
        };
        let found = with_heir(server, wanted, named.clone())?;
        Ok((Some((named, found, oid)), Done::default()))
    })
}

/// Reads what depends on the role, for the heir that was named.
///
/// # Errors
/// The server's error.
pub fn read_for_named(server: &mut TargetSession<'_>, wanted: &DropRole<'_>) -> Result<Estate> {
    let heir = wanted.heirs.role.as_ref();
    server.read(|connection| read_estate(connection, wanted.role, heir))
}

/// The same for the heir that the session's database has: who that is may depend on who owns the database.
///
/// # Errors
/// The server's error.
pub fn with_heir(
    server: &mut TargetSession<'_>,
    wanted: &DropRole<'_>,
    named: Estate,
) -> Result<Estate> {
    let DropRole { role, heirs, .. } = wanted;
    let heir = heirs.heir_in(&named.database.owner, role);
    if heirs.drop_owned || heir == heirs.role.as_ref() {
        return Ok(named);
    }
    server.read(|connection| read_estate(connection, role, heir))
}

/// What would run in one database, and what stands in the way there.
fn of_database(
    grounds: &Grounds<'_>,
    target: Target,
    estate: Estate,
) -> (Option<DatabasePreview>, Vec<Failure>) {
    let wanted = grounds.wanted;
    let mut reasons = refusals::of_database(grounds, &estate);
    let Some(disposal) = wanted.heirs.disposal(&estate.database, wanted.role) else {
        return (None, reasons);
    };
    let leaver = Leaver {
        role: wanted.role,
        oid: grounds.oid,
        estate: &estate,
    };
    let settled = leaver.settle(&disposal);
    let version = estate.server.version;
    match settled {
        Err(refused) => {
            reasons.push(refused);
            (None, reasons)
        }
        Ok(Settlement { mut batches, rest }) => {
            batches.push(rest);
            let transactions = batches.iter().map(|changes| for_people(changes, version));
            let transactions = transactions.collect();
            let preview = DatabasePreview {
                target,
                estate,
                disposal,
                transactions,
            };
            (Some(preview), reasons)
        }
    }
}

impl DropPreview {
    /// Everything that would run, for psql: one database after another, each in one transaction. psql would go on after an
    /// error, and drop what a statement before was to save.
    pub fn statements(&self, role: &RoleName, heirs: Option<&RoleName>) -> Vec<String> {
        let (Some(main), Some(oid)) = (&self.main, self.oid) else {
            return Vec::new();
        };
        let version = main.server.version;
        let leaver = Leaver {
            role,
            oid,
            estate: main,
        };
        let mut statements = vec!["\\set ON_ERROR_STOP on".to_owned()];
        if main.server.role.as_ref().is_some_and(|state| state.login) {
            statements.push(format!("ALTER ROLE {} NOLOGIN", quoted(role.as_str())));
        }
        let shared = leaver.settle_cluster(heirs).unwrap_or_default();
        for transaction in shared {
            statements.extend(in_transaction(for_people(&transaction, version)));
        }
        for database in &self.databases {
            statements.push(format!(
                "\\connect {}",
                quoted(&database.estate.database.name)
            ));
            for transaction in &database.transactions {
                statements.extend(in_transaction(transaction.clone()));
            }
        }
        statements.push(format!("DROP ROLE {}", quoted(role.as_str())));
        statements
    }
}

fn in_transaction(statements: Vec<String>) -> Vec<String> {
    if statements.is_empty() {
        return statements;
    }
    [
        vec!["BEGIN".to_owned()],
        statements,
        vec!["COMMIT".to_owned()],
    ]
    .concat()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
