//! How an operation ended: one type for results, the audit log and messages.
//!
//! A status is worded here and nowhere else; code that needs to know something about it asks the value. Rows of earlier
//! versions keep their texts, which are shown and never parsed.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::domain::access::boxes::BoxId;
use crate::domain::audit::anchor::EventHash;
use crate::domain::failure::Phase;
use crate::domain::message::notification::{EventKind, Tally};
use crate::domain::password::change::ChangeState;
use crate::domain::role::RoleName;

/// The word for a password change that a person gave up; the journal keeps it as the reason.
pub const GIVEN_UP: &str = "given up";

/// How an operation ended, or where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Status {
    UserCreated,
    UserAlreadyExists,
    UserFound,
    UserNotFound,
    UserChanged,
    UserCloned,
    UserDropped,
    /// How many roles a run of `offboard` dropped, and how many it left, on their clusters.
    Offboarded {
        dropped: usize,
        left: usize,
    },
    /// Nothing in one database depends any more on a role that is to be dropped.
    ObjectsSettled,
    UserLocked,
    UserRenamed,
    UserUnlocked,
    /// Of a file of logins: how many are new, and how many failed.
    UsersCreated {
        created: usize,
        failed: usize,
    },
    /// Of a fleet file: how many gaps were closed.
    FleetApplied {
        closed: usize,
        failed: usize,
    },
    UsersExpiring(usize),
    UsersListed(usize),
    UsersSeen(usize),
    /// Of a check of several targets.
    TargetsChecked(usize),
    /// On how many targets a role can do what was asked, cannot, and where that is not known.
    Explained {
        can: usize,
        cannot: usize,
        unknown: usize,
    },
    /// How many logins a lower level is proposed for, how many use theirs, and of how many that is not known.
    UseSeen {
        lower: usize,
        keep: usize,
        unknown: usize,
    },
    /// Of a report: how many logins it is about, how many of them have a finding, and the SHA-256 of its rows.
    AccessReported {
        logins: usize,
        found: usize,
        sha256: String,
    },
    /// How many decisions of a review, and the SHA-256 of their file.
    ReviewAccepted {
        decisions: usize,
        sha256: String,
    },
    AccessGranted,
    /// A lower level instead of the present one.
    AccessLowered,
    AccessRevoked,
    /// Of a grant with an end, by its ID: its end is another one.
    AccessExtended(BoxId),
    /// Its end had come, so many seconds before it was dropped.
    AccessExpired {
        id: BoxId,
        late: i64,
    },
    /// It was taken away before its end, with `access revoke`.
    BoxRevoked(BoxId),
    /// It is gone, or nobody has access by it, through another hand.
    AccessRemoved(BoxId),
    /// Somebody else is a member of its role.
    AccessStranger {
        id: BoxId,
        roles: Vec<RoleName>,
    },
    /// Its end is another one than was granted, by another hand.
    AccessEndMoved(BoxId),
    /// Its end has come, and its server could not be reached, or refused.
    AccessNotExpired(BoxId),
    /// The role that was kept until its end was reported is dropped.
    BoxDropped(BoxId),
    /// A whole look for grants whose end has come: how many were found open, and how many of them due.
    BoxesSeen {
        open: usize,
        due: usize,
    },
    AccessPrepared,
    /// One of the groups that were prepared.
    GroupPrepared,
    PasswordReset,
    /// The outgoing one of two logins may not log in any more.
    LoginRetired,
    /// It may still, because somebody does.
    LoginHeldBack,
    SearchPathUpdated,
    /// Under rotation from now on.
    RoleAdopted,
    /// No longer under rotation.
    RoleForgotten,
    RotationFinished(Tally),
    RotationFailed(Tally),
    #[default]
    Unchanged,
    /// The server was asked in a transaction that was rolled back.
    Rehearsed,
    /// The same, and it could not be told: somebody else was at it.
    UnknownBusy,

    /// Of a password change, as its recovery reports it.
    ChangeEnded {
        id: String,
        end: ChangeEnd,
    },
    /// Of a password change, as its own operation reports it.
    ChangedSince,
    ChangeGivenUp,
    NothingChanged,
    /// The operation was interrupted after it had reached this status.
    CutOff(Box<Status>),

    CredentialStored,
    CredentialDeleted,
    /// The secret of a channel, by the keyring's name for it.
    SecretStored(String),
    SecretDeleted(String),
    LoginOk,
    ServerSeen,
    SettingsRead,
    Sent,

    /// Of the log that was verified.
    Intact,
    Altered,

    /// Of a target that was checked.
    Ok,
    /// Of access groups that have less or more than their levels.
    Differs,
    RightsMissing,
    ReadOnly,
    Pooler,
    InvalidEntry,
    NoCredential,
    WrongServer,
    Unreachable(Phase),
    /// With what the server said.
    LoginFailed(Option<String>),
    QueryFailed(Option<String>),

    TargetAdded,
    TargetUpdated,
    TargetEnabled,
    TargetDisabled,
    TargetRemoved,
    /// In the registry, but not as it is wanted.
    TargetDiffers,
    /// A database that no target is.
    NotRegistered,
    ClusterRemembered(String),
    /// A place leads to another server than the other places of its cluster.
    PlaceParted {
        place: String,
        cluster: String,
        before: String,
    },
    ClustersJoined {
        places: [String; 2],
        merged: String,
        kept: String,
    },
    /// The first place has a cluster of its own from then on.
    ClustersSplit {
        places: [String; 2],
        cluster: String,
        before: String,
    },
    FileCreated,
    FileAdopted {
        targets: i64,
        older_log: Option<String>,
    },
    EventsAdopted {
        count: u64,
        hash: EventHash,
    },
    /// Moved from the log into an archive.
    EventsArchived(u64),
    OlderLogAdopted {
        table: String,
        rows: u64,
        hash: EventHash,
    },

    Intended,
    NoOutcome,
    Failed,
    Interrupted,
    NotFound,
    Refused,
}

/// The end of a password change that was not ended by its own operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeEnd {
    Delivered,
    Superseded,
    RefusedByPolicy,
    NotApplied,
    Acknowledged,
    GivenUp,
}

impl From<ChangeState> for ChangeEnd {
    /// What recovery found, or left behind.
    fn from(state: ChangeState) -> Self {
        match state {
            ChangeState::Applied | ChangeState::Delivered | ChangeState::Closed => Self::Delivered,
            ChangeState::Superseded => Self::Superseded,
            ChangeState::Refused => Self::RefusedByPolicy,
            _ => Self::NotApplied,
        }
    }
}

impl ChangeEnd {
    fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "password in force, delivered",
            Self::Superseded => "password changed by somebody else since",
            Self::RefusedByPolicy => "refused by a policy of the server's own, nothing changed",
            Self::NotApplied => "not applied, nothing changed",
            Self::Acknowledged => "acknowledged",
            Self::GivenUp => GIVEN_UP,
        }
    }
}

impl Status {
    /// The event that channels are notified of; `None` if they are not.
    pub fn event_kind(&self) -> Option<EventKind> {
        match self {
            Self::UserCreated => Some(EventKind::UserCreated),
            Self::UserAlreadyExists => Some(EventKind::UserAlreadyExists),
            Self::AccessGranted => Some(EventKind::AccessGranted),
            Self::AccessRevoked | Self::AccessLowered | Self::BoxRevoked(_) => {
                Some(EventKind::AccessRevoked)
            }
            Self::AccessExtended(_) | Self::AccessEndMoved(_) => Some(EventKind::AccessExtended),
            Self::AccessExpired { .. } => Some(EventKind::AccessExpired),
            Self::AccessRemoved(_) => Some(EventKind::AccessRemoved),
            Self::AccessStranger { .. } => Some(EventKind::AccessStranger),
            Self::AccessNotExpired(_) => Some(EventKind::AccessNotExpired),
            Self::UserChanged => Some(EventKind::UserChanged),
            Self::UserCloned => Some(EventKind::UserCloned),
            Self::UserDropped => Some(EventKind::UserDropped),
            Self::UserLocked => Some(EventKind::UserLocked),
            Self::UserRenamed => Some(EventKind::UserRenamed),
            Self::UserUnlocked => Some(EventKind::UserUnlocked),
            Self::PasswordReset => Some(EventKind::PasswordReset),
            Self::SearchPathUpdated => Some(EventKind::SearchPathUpdated),
            Self::CutOff(status) => status.event_kind(),
            _ => None,
        }
    }

    #[allow(
        clippy::too_many_lines,
        reason = "one line for each status, and none is left out"
    )]
    fn text(&self) -> Cow<'static, str> {
        match self {
            Self::UserCreated => EventKind::UserCreated.as_str().into(),
            Self::UserAlreadyExists => EventKind::UserAlreadyExists.as_str().into(),
            Self::UserFound => "user found".into(),
            Self::UserNotFound => "user not found".into(),
            Self::UsersCreated { created, failed } => {
                format!("{created} users created, {failed} failed").into()
            }
            Self::FleetApplied { closed, failed } => {
                format!("{closed} changes made, {failed} failed").into()
            }
            Self::UsersExpiring(count) => format!("{count} users expiring").into(),
            Self::UsersListed(count) => format!("{count} users listed").into(),
            Self::UsersSeen(count) => format!("{count} users seen").into(),
            Self::TargetsChecked(count) => format!("{count} targets checked").into(),
            Self::UseSeen {
                lower,
                keep,
                unknown,
            } => format!("{lower} to lower, {keep} to keep, {unknown} unknown").into(),
            Self::Explained {
                can,
                cannot,
                unknown,
            } => format!("explained: {can} can, {cannot} cannot, {unknown} unknown").into(),
            Self::AccessReported {
                logins,
                found,
                sha256,
            } => {
                format!("access of {logins} logins reported, {found} with findings, SHA-256 {sha256}")
                    .into()
            }
            Self::ReviewAccepted { decisions, sha256 } => {
                format!("{decisions} decisions accepted, SHA-256 {sha256}").into()
            }
            Self::AccessGranted => EventKind::AccessGranted.as_str().into(),
            Self::AccessLowered => "access lowered".into(),
            Self::AccessRevoked => EventKind::AccessRevoked.as_str().into(),
            Self::AccessExtended(id) => of_box(EventKind::AccessExtended, id),
            Self::AccessExpired { id, late } => {
                format!("{}: {id}, {late} s late", EventKind::AccessExpired.as_str()).into()
            }
            Self::BoxRevoked(id) => of_box(EventKind::AccessRevoked, id),
            Self::AccessRemoved(id) => of_box(EventKind::AccessRemoved, id),
            Self::AccessStranger { id, roles } => {
                let roles: Vec<_> = roles.iter().map(RoleName::as_str).collect();
                format!("{}: {id}, {}", EventKind::AccessStranger.as_str(), roles.join(", ")).into()
            }
            Self::AccessEndMoved(id) => format!("end moved by another hand: {id}").into(),
            Self::AccessNotExpired(id) => of_box(EventKind::AccessNotExpired, id),
            Self::BoxDropped(id) => format!("role of ended access dropped: {id}").into(),
            Self::BoxesSeen { open, due } => format!("{open} grants with an end, {due} due").into(),
            Self::UserChanged => EventKind::UserChanged.as_str().into(),
            Self::UserCloned => EventKind::UserCloned.as_str().into(),
            Self::UserDropped => EventKind::UserDropped.as_str().into(),
            Self::Offboarded { dropped, left } => {
                format!("offboarded: {dropped} dropped, {left} left").into()
            }
            Self::ObjectsSettled => "objects settled".into(),
            Self::UserLocked => EventKind::UserLocked.as_str().into(),
            Self::UserRenamed => EventKind::UserRenamed.as_str().into(),
            Self::UserUnlocked => EventKind::UserUnlocked.as_str().into(),
            Self::AccessPrepared => "access prepared".into(),
            Self::GroupPrepared => "prepared".into(),
            Self::PasswordReset => EventKind::PasswordReset.as_str().into(),
            Self::LoginRetired => "login retired".into(),
            Self::LoginHeldBack => "login held back".into(),
            Self::SearchPathUpdated => EventKind::SearchPathUpdated.as_str().into(),
            Self::RoleAdopted => "role adopted".into(),
            Self::RoleForgotten => "role is gone from its server, forgotten".into(),
            Self::RotationFinished(tally) => {
                format!("{}: {tally}", EventKind::RotationFinished.as_str()).into()
            }
            Self::RotationFailed(tally) => {
                format!("{}: {tally}", EventKind::RotationFailed.as_str()).into()
            }
            Self::Unchanged => "unchanged".into(),
            Self::Rehearsed => "rehearsed".into(),
            Self::UnknownBusy => "unknown: busy".into(),
            Self::ChangeEnded { id, end } => format!("password change {id}: {}", end.as_str()).into(),
            Self::ChangedSince => "changed by somebody else since".into(),
            Self::ChangeGivenUp => GIVEN_UP.into(),
            Self::NothingChanged => "nothing changed".into(),
            Self::CutOff(status) => format!("cut off: {status}").into(),
            Self::CredentialStored => "credential stored".into(),
            Self::CredentialDeleted => "credential deleted".into(),
            Self::SecretStored(account) => format!("{account} stored").into(),
            Self::SecretDeleted(account) => format!("{account} deleted").into(),
            Self::LoginOk => "login ok".into(),
            Self::ServerSeen => "server seen".into(),
            Self::SettingsRead => "settings read".into(),
            Self::Sent => "sent".into(),
            Self::Intact => "intact".into(),
            Self::Altered => "altered".into(),
            Self::Ok => "ok".into(),
            Self::Differs => "differs".into(),
            Self::RightsMissing => "rights missing".into(),
            Self::ReadOnly => "read-only".into(),
            Self::Pooler => "pooler".into(),
            Self::InvalidEntry => "invalid entry".into(),
            Self::NoCredential => "no credential".into(),
            Self::WrongServer => "wrong server".into(),
            Self::Unreachable(phase) => format!("unreachable: {}", phase.as_str()).into(),
            Self::LoginFailed(None) => "login failed".into(),
            Self::LoginFailed(Some(said)) => format!("login failed: {said}").into(),
            Self::QueryFailed(None) => "query failed: no answer".into(),
            Self::QueryFailed(Some(said)) => format!("query failed: {said}").into(),
            Self::TargetAdded => "target added".into(),
            Self::TargetUpdated => "target updated".into(),
            Self::TargetEnabled => "target enabled".into(),
            Self::TargetDisabled => "target disabled".into(),
            Self::TargetRemoved => "target removed".into(),
            Self::TargetDiffers => "target differs".into(),
            Self::NotRegistered => "not registered".into(),
            Self::ClusterRemembered(cluster) => format!("cluster {cluster} remembered").into(),
            Self::PlaceParted {
                place,
                cluster,
                before,
            } => format!("{place} is another server: cluster {cluster} now, no longer {before}").into(),
            Self::ClustersJoined {
                places: [one, other],
                merged,
                kept,
            } => format!(
                "one server under two names, {one} and {other}: cluster {merged} joined to {kept}"
            )
            .into(),
            Self::ClustersSplit {
                places: [one, other],
                cluster,
                before,
            } => format!(
                "{one} and {other} are two servers: {one} is cluster {cluster} now, no longer {before}"
            )
            .into(),
            Self::FileCreated => "file created".into(),
            Self::FileAdopted {
                targets,
                older_log: None,
            } => format!("file adopted with {targets} targets").into(),
            Self::FileAdopted {
                targets,
                older_log: Some(name),
            } => format!("file adopted with {targets} targets; older audit_log kept as {name}").into(),
            Self::EventsAdopted { count, hash } => {
                format!("{count} earlier events adopted, SHA-256 {hash}").into()
            }
            Self::EventsArchived(count) => format!("{count} events archived").into(),
            Self::OlderLogAdopted { table, rows, hash } => {
                format!("{rows} rows of {table} adopted, SHA-256 {hash}").into()
            }
            Self::Intended => "intended".into(),
            Self::NoOutcome => "no outcome on record".into(),
            Self::Failed => "failed".into(),
            Self::Interrupted => "interrupted".into(),
            Self::NotFound => "not found".into(),
            Self::Refused => "refused".into(),
        }
    }
}

/// What happened to a grant with an end.
fn of_box(event: EventKind, id: &BoxId) -> Cow<'static, str> {
    format!("{}: {id}", event.as_str()).into()
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Status {
    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_off_operation_came_to_is_told_as_if_it_had_ended() {
        let status = Status::CutOff(Box::new(Status::PasswordReset));
        assert_eq!(status.to_string(), "cut off: password reset");
        assert_eq!(status.event_kind(), Some(EventKind::PasswordReset));
        let recovered = Status::ChangeEnded {
            id: "1f0c".to_owned(),
            end: ChangeEnd::NotApplied,
        };
        let text = "cut off: password change 1f0c: not applied, nothing changed";
        let status = Status::CutOff(Box::new(recovered));
        assert_eq!(status.to_string(), text);
        assert_eq!(status.event_kind(), None);
    }

    #[test]
    fn a_result_is_a_text_in_json() {
        let json = serde_json::json!([Status::UserAlreadyExists, Status::UsersSeen(3)]);
        assert_eq!(
            json.to_string(),
            r#"["user already exists","3 users seen"]"#
        );
    }
}
