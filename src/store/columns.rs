//! What each column of the tables may hold, so that one bad row can be named and passed over: another program, or a
//! damaged disk, may have put anything there.

use rusqlite::types::{Type, ValueRef};

use crate::domain::fleet_report::changes::SnapshotRow;
use crate::domain::fleet_report::review::Decision;
use crate::domain::password::change::ChangeState;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::FileFormat;
use crate::domain::role::state::RoleState;
use crate::domain::role::term::Term;
use crate::domain::target::DatabaseName;
use crate::domain::target::address::{Hosts, Ports};
use crate::domain::timestamp::Timestamp;

use crate::domain::message::notification::Message;

/// A table, and the columns that tell its rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    pub name: &'static str,
    pub key: &'static [&'static str],
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key }
}

pub(super) const ACCESS_BOX: Table = table("access_box", &["id"]);
pub(super) const ACCESS_REPORT: Table = table("access_report", &["id"]);
pub(super) const ACCESS_REVIEW: Table = table(
    "access_review",
    &["cluster_id", "username", "env", "db_name", "accepted_at"],
);
pub(super) const ACCESS_SNAPSHOT: Table =
    table("access_snapshot", &["env", "db_name", "report_id"]);
pub(super) const AUDIT_LOG: Table = table("audit_log", &["id"]);
pub(super) const CLUSTER: Table = table("cluster", &["id"]);
pub(super) const CLUSTER_PLACE: Table = table("cluster_place", &["hostname", "port"]);
pub(super) const CLUSTER_WATCH: Table = table("cluster_watch", &["cluster_id"]);
pub(super) const DB_REGISTRY: Table = table("db_registry", &["env", "db_name"]);
pub(super) const DUAL_LOGIN: Table = table("dual_login", &["cluster_id", "username"]);
pub(super) const EXPIRY_NOTICE: Table = table(
    "expiry_notice",
    &[
        "channel",
        "hostname",
        "port",
        "username",
        "valid_until",
        "status",
    ],
);
pub(super) const FOUND_LOGIN: Table = table("found_login", &["cluster_id", "username"]);
pub(super) const KNOWN_ADMIN: Table = table("known_admin", &["name"]);
pub(super) const LISTED_LOGINS: Table = table("listed_logins", &["cluster_id"]);
pub(super) const LOCKED_ROLE: Table = table("locked_role", &["cluster_id", "username"]);
pub(super) const LOGIN_ACTIVITY: Table = table("login_activity", &["cluster_id", "username"]);
pub(super) const MET_DELIVERY: Table = table(
    "met_delivery",
    &["cluster_id", "username", "hostname", "port"],
);
pub(super) const OUTBOX: Table = table("outbox", &["id"]);
pub(super) const PASSWORD_CHANGE: Table = table("password_change", &["operation_id"]);
pub(super) const PLACED_ROLE: Table = table("placed_role", &["cluster_id", "username"]);
pub(super) const SEEN_ROLE: Table = table("seen_role", &["cluster_id", "username"]);

pub(super) const TARGET_LIST: Table = table("target_list", &["hash"]);

pub(super) const TABLES: [Table; 22] = [
    ACCESS_BOX,
    ACCESS_REPORT,
    ACCESS_REVIEW,
    ACCESS_SNAPSHOT,
    AUDIT_LOG,
    CLUSTER,
    CLUSTER_PLACE,
    CLUSTER_WATCH,
    DB_REGISTRY,
    DUAL_LOGIN,
    EXPIRY_NOTICE,
    FOUND_LOGIN,
    KNOWN_ADMIN,
    LISTED_LOGINS,
    LOCKED_ROLE,
    LOGIN_ACTIVITY,
    MET_DELIVERY,
    OUTBOX,
    PASSWORD_CHANGE,
    PLACED_ROLE,
    SEEN_ROLE,
    TARGET_LIST,
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Text,
    /// Says when something was; nothing is decided by it that harms if it is unknown.
    Time,
    /// A time that something depends on.
    End,
    Integer {
        least: i64,
        most: i64,
    },
    /// Yes or no, as a number or as the text of one.
    Flag,
    Real,
    Blob,
    Hosts,
    Ports,
    Database,
    Deliveries,
    FileFormat,
    Term,
    Kind,
    State,
    Message,
    Login,
    Logins,
    Targets,
    Snapshot,
    Decision,
}

/// What is wrong with a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub what: String,
    /// Whether the rest of the row can be used nevertheless.
    pub is_harmless: bool,
}

/// Stands for the time of a role that was adopted and has had no new password since. As text it sorts before all times:
/// if a role is merged with itself under another name of its cluster, a known time counts as newer.
pub(super) const NOT_YET: &str = "(unknown)";

impl Meaning {
    /// What a column of a table holds; text, if that is not known.
    pub fn of(table: &str, column: &str) -> Self {
        const COUNT: Meaning = Meaning::Integer {
            least: 0,
            most: u32::MAX as i64,
        };
        match (table, column) {
            ("audit_log" | "outbox" | "access_report", "id") | ("access_snapshot", "report_id") => {
                Self::Integer {
                    least: i64::MIN,
                    most: i64::MAX,
                }
            }
            ("audit_log" | "db_registry", "port") => Self::Integer {
                least: 0,
                most: i64::from(u16::MAX),
            },
            ("audit_log", "uid" | "pid")
            | ("outbox", "attempts")
            | ("locked_role", "oid")
            | ("login_activity" | "cluster_watch", "peak_sessions")
            | ("cluster_watch", "samples")
            | ("password_change", "timeline" | "grace") => COUNT,
            ("audit_log", "duration_ms") => Self::Real,
            ("db_registry", "active" | "direct") | ("locked_role", "could_login") => Self::Flag,
            // The texts of the log are as they were written, and those of the registry people write: its entries have
            // findings of their own. When a cluster was started is as its server writes it.
            ("audit_log" | "db_registry", _) | ("cluster_place", "started_at") => Self::Text,
            (_, "hostname") => Self::Hosts,
            (_, "port") => Self::Ports,
            (_, "db_name") => Self::Database,
            (_, "deliver" | "deliver_template") => Self::Deliveries,
            (_, "file_format") => Self::FileFormat,
            (_, "term") => Self::Term,
            ("password_change", "kind") => Self::Kind,
            ("password_change", "state") => Self::State,
            ("password_change", "sealed") => Self::Blob,
            ("password_change", "valid_until")
            | ("outbox", "next_attempt_at")
            | ("access_box", "ends_at") => Self::End,
            ("password_change", "keep_until") => Self::Time,
            ("outbox", "message") => Self::Message,
            ("access_snapshot", "snapshot") => Self::Snapshot,
            ("access_review", "decision") => Self::Decision,
            ("found_login", "login") => Self::Login,
            ("listed_logins", "logins") => Self::Logins,
            ("target_list", "targets") => Self::Targets,
            (_, column) if column.ends_with("_at") => Self::Time,
            _ => Self::Text,
        }
    }

    /// What is wrong with a value, if anything. Whether it may be missing, SQLite sees to.
    pub fn fault(self, value: ValueRef<'_>) -> Option<Fault> {
        let text = match (self, value) {
            (_, ValueRef::Null)
            | (Self::Blob, ValueRef::Blob(_))
            | (Self::Flag, ValueRef::Integer(0 | 1) | ValueRef::Text(b"0" | b"1"))
            | (Self::Real, ValueRef::Real(_) | ValueRef::Integer(_)) => return None,
            (Self::Integer { least, most }, ValueRef::Integer(number)) => {
                let fits = (least..=most).contains(&number);
                return (!fits).then(|| Fault::new(format!("{number} is out of range")));
            }
            (Self::Flag, _) => return Some(Fault::new("neither 0 nor 1")),
            (Self::Integer { .. } | Self::Real | Self::Blob, other) => {
                return Some(Fault::of_type(self.type_name(), other.data_type()));
            }
            (_, ValueRef::Text(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => return Some(Fault::new("not valid UTF-8")),
            },
            (_, other) => return Some(Fault::of_type(self.type_name(), other.data_type())),
        };
        self.fault_of_text(text)
    }

    fn fault_of_text(self, text: &str) -> Option<Fault> {
        let parsed = match self {
            Self::Time => {
                let is_one = text == NOT_YET || Timestamp::parse(text).is_some();
                return (!is_one).then(|| Fault {
                    is_harmless: true,
                    ..Fault::new(format!("{text:?} is not a time"))
                });
            }
            Self::End => {
                let is_one = Timestamp::parse(text).is_some();
                return (!is_one).then(|| Fault::new(format!("{text:?} is not a time")));
            }
            Self::Kind => {
                let is_one = matches!(text, "create" | "reset" | "admin");
                return (!is_one).then(|| Fault::new(format!("unknown kind {text:?}")));
            }
            Self::Hosts => text.parse::<Hosts>().err().map(|error| error.to_string()),
            Self::Ports => text.parse::<Ports>().err().map(|error| error.to_string()),
            Self::Database => text
                .parse::<DatabaseName>()
                .err()
                .map(|error| error.to_string()),
            Self::Deliveries => Deliveries::read(text, FileFormat::default())
                .err()
                .map(|error| error.to_string()),
            Self::FileFormat => text
                .parse::<FileFormat>()
                .err()
                .map(|error| error.to_string()),
            Self::Term => text.parse::<Term>().err().map(|error| error.to_string()),
            Self::State => text
                .parse::<ChangeState>()
                .err()
                .map(|error| error.to_string()),
            // What serde says quotes the text, which is long.
            Self::Message => serde_json::from_str::<Message>(text)
                .err()
                .map(|_| "not a message".to_owned()),
            Self::Login => serde_json::from_str::<RoleState>(text)
                .err()
                .map(|_| "not a login as JSON".to_owned()),
            Self::Logins => serde_json::from_str::<Vec<RoleState>>(text)
                .err()
                .map(|_| "not a list of logins as JSON".to_owned()),
            Self::Targets => serde_json::from_str::<Vec<String>>(text)
                .err()
                .map(|_| "not a list of targets as JSON".to_owned()),
            Self::Snapshot => serde_json::from_str::<Vec<SnapshotRow>>(text)
                .err()
                .map(|_| "not a list of logins as JSON".to_owned()),
            Self::Decision => text
                .parse::<Decision>()
                .err()
                .map(|error| error.to_string()),
            Self::Text | Self::Integer { .. } | Self::Flag | Self::Real | Self::Blob => None,
        };
        parsed.map(Fault::new)
    }

    fn type_name(self) -> &'static str {
        match self {
            Self::Integer { .. } => "an integer",
            Self::Real => "a number",
            Self::Blob => "a blob",
            _ => "text",
        }
    }
}

impl Fault {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            is_harmless: false,
        }
    }

    fn of_type(wanted: &str, found: Type) -> Self {
        Self::new(format!("{}, not {wanted}", name_of_type(found)))
    }
}

/// A type of SQLite, as a person says it.
pub(super) fn name_of_type(of: Type) -> &'static str {
    match of {
        Type::Null => "NULL",
        Type::Integer => "an integer",
        Type::Real => "a number with a fraction",
        Type::Text => "text",
        Type::Blob => "a blob",
    }
}
