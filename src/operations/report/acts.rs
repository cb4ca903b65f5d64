//! What pgrole changed since a time, as its audit log says.

use anyhow::Result;

use crate::domain::access::boxes::is_glass;
use crate::domain::act::operation::Operation;
use crate::domain::fleet_report::changes::{Aspect, Change};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::report::on_record::{by_whom, cluster_of};
use crate::run::Run;
use crate::store::{EventFilter, LoggedEvent};

/// What each operation on logins changes, in words.
const ACTS: [(Operation, Aspect, &str); 26] = [
    (Operation::UserApp, Aspect::Made, "made"),
    (Operation::UserK8s, Aspect::Made, "made"),
    (Operation::UserDevqa, Aspect::Made, "made"),
    (Operation::UserDevlead, Aspect::Made, "made"),
    (Operation::UserReadonly, Aspect::Made, "made"),
    (Operation::UserDba, Aspect::Made, "made"),
    (Operation::UserCreate, Aspect::Made, "made"),
    (Operation::UserClone, Aspect::Made, "made as a copy"),
    (
        Operation::UserBreakglass,
        Aspect::Made,
        "made for an emergency",
    ),
    (Operation::UserConvert, Aspect::Whole, "converted"),
    (Operation::UserRename, Aspect::Renamed, "renamed"),
    (Operation::UserDrop, Aspect::Gone, "dropped"),
    (Operation::UserLock, Aspect::Status, "locked"),
    (Operation::UserUnlock, Aspect::Status, "unlocked"),
    (Operation::UserSet, Aspect::Attributes, "attributes set"),
    (Operation::UserReset, Aspect::Password, "password set"),
    (Operation::Rotate, Aspect::Password, "password rotated"),
    (Operation::RotateRetire, Aspect::Whole, "retired"),
    (Operation::Recover, Aspect::Password, "password recovered"),
    (
        Operation::CredentialRotate,
        Aspect::Password,
        "password rotated",
    ),
    (Operation::AccessGrant, Aspect::Level, "access given"),
    (Operation::AccessRevoke, Aspect::Level, "access taken away"),
    (
        Operation::AccessGrantFor,
        Aspect::Level,
        "access with an end given",
    ),
    (Operation::AccessExtend, Aspect::Level, "access extended"),
    (Operation::AccessExpire, Aspect::Level, "access ended"),
    (
        Operation::AccessPrepare,
        Aspect::Level,
        "access groups prepared",
    ),
];

/// The changes of logins and access since a time on the clusters of these targets, the newest first.
///
/// # Errors
/// If the registry cannot be read.
pub fn list(run: &Run, since: Timestamp, selected: &[Target]) -> Result<Vec<Change>> {
    let targets = run.all_targets()?;
    let filter = EventFilter {
        since: Some(since),
        changes: true,
        limit: u32::MAX,
        ..EventFilter::default()
    };
    let events = run.with_store(|store| store.list_events(&filter))?;
    let mut changes = Vec::new();
    for event in events {
        let Some(cluster) = cluster_of(&targets, &event) else {
            continue;
        };
        let mut selected = selected.iter();
        let is_selected = selected.any(|target| target.cluster_id.as_ref() == Some(&cluster));
        let act = ACTS.iter().find(|(one, ..)| event.operation == one.name());
        if let Some((_, aspect, what)) = act.filter(|_| is_selected) {
            let ends_with_it = event.username.as_deref().is_some_and(is_glass)
                && [Operation::AccessExpire, Operation::AccessRevoke]
                    .iter()
                    .any(|one| one.name() == event.operation);
            let aspect = if ends_with_it { Aspect::Whole } else { *aspect };
            changes.push(change(event, cluster, aspect, what));
        }
    }
    Ok(changes)
}

fn change(event: LoggedEvent, cluster: String, aspect: Aspect, what: &str) -> Change {
    let profile = event.profile.as_ref().filter(|_| aspect == Aspect::Made);
    let what = match profile {
        Some(profile) => format!("{what}, profile {profile}"),
        None => what.to_owned(),
    };
    Change {
        by: Some(by_whom(&event)),
        what,
        at: Some(event.performed_at),
        login: event.username,
        env: event.env,
        database: event.database,
        reason: event.reason,
        event: Some(event.id),
        outside: false,
        aspect: Some(aspect),
        cluster,
        after: None,
    }
}
