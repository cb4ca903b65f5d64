//! What would let the admin credential do what the server refused (42501): the missing grant, or what `explain` says when
//! asked about the admin credential. One more question, after a failure only.

use anyhow::Error;

use crate::domain::act::plan::{Change, Granted, MEMBERSHIP_OPTIONS};
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::explanation::{AccessQuestion, Action, SubjectKind};
use crate::run::TargetSession;
use crate::server::explain::{RelationKinds, read_access};
use crate::server::statements::{Reader, render};
use crate::wire::failure::is_beyond_grants;

/// The error with the statement that mends it, if there is one.
pub fn with_remedy(
    mut error: Error,
    server: &mut TargetSession<'_>,
    changes: &[Change],
    version: u32,
) -> Error {
    if let Some(failure) = error.downcast_mut::<Failure>() {
        add_remedy(failure, server, changes, version);
    }
    error
}

/// The same for the failure itself. Where the question is not answered, the hint stays as it is.
pub fn add_remedy(
    failure: &mut Failure,
    server: &mut TargetSession<'_>,
    changes: &[Change],
    version: u32,
) {
    let refused = failure.statement.and_then(|place| changes.get(place));
    let is_about_rights =
        failure.sqlstate.as_deref() == Some("42501") && !is_beyond_grants(&failure.in_one_line());
    let Some(change) = refused.filter(|_| is_about_rights) else {
        return;
    };
    let acting = RoleName::from_server(server.acting());
    let statement = match administered(change) {
        Some((role, since)) if version >= since => {
            let grant = Change::GrantMembership {
                group: role.clone(),
                member: acting,
                to_hand_on: true,
            };
            Some(render(&grant, version, Reader::Person))
        }
        Some(_) => Some(render(
            &Change::AllowCreateRole(acting),
            version,
            Reader::Person,
        )),
        None => ask(server, &acting, change),
    };
    if let Some(statement) = statement {
        failure.hint = Some(format!(
            "run this once as a role that is allowed to: {statement}"
        ));
    }
}

/// The role on which a change takes ADMIN OPTION, and since which version: before, it takes CREATEROLE.
fn administered(change: &Change) -> Option<(&RoleName, u32)> {
    match change {
        Change::SetPassword { role, .. }
        | Change::SetLogin { role, .. }
        | Change::RenameRole { role, .. }
        | Change::AlterLogin { role, .. }
        | Change::SetSearchPath { role, .. }
        | Change::ResetSearchPath { role, .. }
        | Change::Comment { role, .. }
        | Change::RestoreComment { role, .. }
        | Change::DropRole(role) => Some((role, MEMBERSHIP_OPTIONS)),
        Change::GrantMembership { group, .. }
        | Change::CopyMembership { group, .. }
        | Change::RevokeMembership { group, .. }
        | Change::RepeatMembership { group, .. } => Some((group, 0)),
        Change::TakeMembership(held) => Some((&held.group, 0)),
        Change::Borrow(role, _) => Some((role, 0)),
        Change::BorrowAs(borrowing) => Some((&borrowing.role, 0)),
        _ => None,
    }
}

/// What follows `explain`'s remedy, which gives the right itself.
enum Needed {
    AsItIs,
    /// To hand it on.
    GrantOption,
    /// The rights of a role, without becoming it.
    Inheritance,
}

/// Asks why the admin credential may not, and takes the remedies for all that is missing.
fn ask(server: &mut TargetSession<'_>, acting: &RoleName, change: &Change) -> Option<String> {
    let (question, needed) = question(change, acting)?;
    let relations = RelationKinds::ALL;
    let found = server.read(|connection| read_access(connection, acting, &[&question], relations));
    let causes = found.ok()?.pop()?.findings().causes;
    let remedies = causes.into_iter().filter_map(|cause| cause.remedy);
    let remedies = remedies.map(|remedy| match needed {
        Needed::AsItIs => remedy,
        Needed::GrantOption => remedy + " WITH GRANT OPTION",
        Needed::Inheritance => remedy.replace(" WITH SET TRUE", " WITH INHERIT TRUE"),
    });
    let remedies: Vec<_> = remedies.collect();
    (!remedies.is_empty()).then(|| remedies.join("; "))
}

/// What `explain` is to be asked about a change; `None` where it would take several questions.
fn question(change: &Change, acting: &RoleName) -> Option<(AccessQuestion, Needed)> {
    let to_act_for = |role: &RoleName, needed| {
        let question = of(SubjectKind::Role, role.as_str().to_owned(), Action::Set);
        Some((question, needed))
    };
    match change {
        Change::ActAs(role) => to_act_for(role, Needed::AsItIs),
        Change::SetOwner { owner, .. } => to_act_for(owner, Needed::AsItIs),
        Change::ReassignOwned { heir, .. } => to_act_for(heir, Needed::AsItIs),
        Change::DropOwned(role) => to_act_for(role, Needed::Inheritance),
        Change::Grant {
            on: Granted::Future { creators, .. },
            ..
        }
        | Change::Revoke {
            on: Granted::Future { creators, .. },
            ..
        } => {
            let mut others = creators.iter().filter(|creator| *creator != acting);
            let only = others.next().filter(|_| others.next().is_none())?;
            to_act_for(only, Needed::Inheritance)
        }
        Change::Grant {
            privileges,
            on: Granted::Schema(schema),
            ..
        } => {
            let creates = privileges.iter().any(|privilege| privilege == "CREATE");
            let action = if creates {
                Action::Create
            } else {
                Action::Usage
            };
            let question = of(SubjectKind::Schema, schema.clone(), action);
            Some((question, Needed::GrantOption))
        }
        Change::Grant {
            on: Granted::All { schema, .. },
            ..
        } => {
            let question = of(SubjectKind::Schema, schema.clone(), Action::Usage);
            Some((question, Needed::AsItIs))
        }
        _ => None,
    }
}

fn of(kind: SubjectKind, object: String, action: Action) -> AccessQuestion {
    AccessQuestion {
        kind,
        object,
        action,
        columns: Vec::new(),
    }
}
