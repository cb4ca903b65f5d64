//! What each command prints: the one list that the schema, the documents and the manual are made from.

use crate::commands::apply::PlannedGap;
use crate::commands::notify::{ChannelRow, Flushed, Tested};
use crate::commands::registry::{Added, Shown};
use crate::commands::rotate::{Closing, NotRotated};
use crate::commands::schema::row::{Row, Types};
use crate::commands::schema::rows::{
    DeliveredRow, ErrorLine, ExportedEvent, ExportedTarget, NoteLine, WarningLine,
};
use crate::domain::act::status::Status;
use crate::domain::audit::checkpoint::Checkpoint;
use crate::domain::fleet_file::FleetFile;
use crate::domain::message::notification::Message;
use crate::domain::role::report::{Created, RoleDescription, UserReport};
use crate::operations::access::check::AccessCheck;
use crate::operations::access::prepare::GroupReport;
use crate::operations::access::report::AccessReport;
use crate::operations::audit::archive::ArchiveReport;
use crate::operations::audit::list::LoggedEvent;
use crate::operations::audit::show::ShownEvent;
use crate::operations::audit::verify::VerifyReport;
use crate::operations::config_file::check::ConfigProblem;
use crate::operations::config_file::init::WrittenFile;
use crate::operations::config_file::paths::FilePath;
use crate::operations::config_file::show::ShownSetting;
use crate::operations::credential::check::CredentialReport;
use crate::operations::credential::stored::StoredLogin;
use crate::operations::doctor::Finding;
use crate::operations::notify::expiring::ExpiringRole;
use crate::operations::offboard::PersonReport;
use crate::operations::registry::check::TargetReport;
use crate::operations::registry::discover::DiscoveredDatabase;
use crate::operations::registry::entries::RegistryEntry;
use crate::operations::registry::import::ImportRow;
use crate::operations::rotate::status::RoleStatus;
use crate::operations::user::cluster_rows::ClusterRow;
use crate::operations::user::compare::RoleComparison;
use crate::operations::user::drop::DropReport;
use crate::operations::user::lock::LockReport;
use crate::operations::user::show::RoleOverview;
use crate::password::recover::JournalEntry;

/// What some commands print.
pub struct Printed {
    /// The commands, without `pgrole`; or what else prints or receives JSON.
    pub names: &'static [&'static str],
    /// The shape of the result.
    pub shape: &'static str,
    pub rows: Vec<Row>,
}

impl Printed {
    /// The commands; a noun is named once: `recover list, show`.
    pub fn heading(&self) -> String {
        let noun = self.names.first().and_then(|name| name.split_once(' '));
        let words = self.names.iter().enumerate().map(|(place, name)| {
            let verb = name.split_once(' ').filter(|_| place > 0);
            match (verb, noun) {
                (Some((one, verb)), Some((noun, _))) if one == noun => verb,
                _ => name,
            }
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

const OBJECT: &str = "One object.";
const LIST: &str = "A list.";

/// What a new login has, that is not always there.
const OF_A_NEW_LOGIN: [&str; 5] = [
    "delivered_to",
    "differs",
    "default_privileges_of",
    "statements",
    "warnings",
];

/// The ways in which a login or a target of many fails.
const FAILURES: [Status; 3] = [Status::Failed, Status::Refused, Status::Interrupted];

/// All results, in the order of the documents.
pub fn results(types: &Types) -> Vec<Printed> {
    let groups = [
        new_logins(types),
        logins(types),
        seen_logins(types),
        leavers(types),
        access(types),
        rotation(types),
        registry(types),
        credentials(types),
        audit(types),
        fleet(types),
        notifications(types),
        no_commands(types),
    ];
    groups.into_iter().flatten().collect()
}

fn printed(names: &'static [&'static str], shape: &'static str, row: Row) -> Printed {
    let rows = vec![row];
    Printed { names, shape, rows }
}

/// The row of an operation on a login, with these of the keys that are not always there.
fn user(types: &Types, keys: &[&str]) -> Row {
    types.anchored::<UserReport>().keeping(keys)
}

fn new_logins(types: &Types) -> Vec<Printed> {
    let statuses = [
        Status::UserCreated,
        Status::UserAlreadyExists,
        Status::AccessGranted,
        Status::Unchanged,
    ];
    let new = |more: &[&str]| {
        let row = user(types, &[&OF_A_NEW_LOGIN[..], more].concat());
        row.perhaps_with::<Created>(types)
    };
    let cloned = user(
        types,
        &[
            "cloned_from",
            "not_cloned",
            "delivered_to",
            "default_privileges_of",
            "statements",
            "warnings",
        ],
    );
    vec![
        printed(
            &[
                "user app",
                "user k8s",
                "user devqa",
                "user devlead",
                "user readonly",
                "user dba",
            ],
            OBJECT,
            new(&[]).status(&statuses),
        ),
        printed(
            &["user create"],
            "One object; with `--from`, a list.",
            new(&["line", "error"]).status(&[&statuses[..], &FAILURES].concat()),
        ),
        printed(
            &["user clone"],
            OBJECT,
            cloned.with::<RoleDescription>(types).status(&[
                Status::UserCloned,
                Status::UserAlreadyExists,
                Status::Unchanged,
            ]),
        ),
    ]
}

fn logins(types: &Types) -> Vec<Printed> {
    let unchanged = Status::Unchanged;
    vec![
        printed(
            &["user reset"],
            OBJECT,
            user(types, &["delivered_to", "statements", "warnings"])
                .status(&[Status::PasswordReset, unchanged.clone()]),
        ),
        printed(
            &["user set"],
            OBJECT,
            user(
                types,
                &["changed", "default_privileges_of", "statements", "warnings"],
            )
            .always(&["changed"])
            .with::<RoleDescription>(types)
            .status(&[Status::UserChanged, unchanged.clone()]),
        ),
        printed(
            &["user rename"],
            OBJECT,
            user(
                types,
                &["renamed_from", "delivered_to", "statements", "warnings"],
            )
            .always(&["renamed_from"])
            .status(&[Status::UserRenamed, unchanged.clone()]),
        ),
        printed(
            &["user search-path"],
            OBJECT,
            user(
                types,
                &["search_path", "previous", "statements", "warnings"],
            )
            .status(&[Status::SearchPathUpdated, unchanged.clone()]),
        ),
        printed(
            &["user unlock"],
            OBJECT,
            user(types, &["statements", "warnings"]).status(&[Status::UserUnlocked, unchanged]),
        ),
    ]
}

fn seen_logins(types: &Types) -> Vec<Printed> {
    let of_cluster = || {
        let row = types.anchored::<ClusterRow>().titled("With `--by-cluster`");
        row.status(&[Status::UserFound])
    };
    let found = user(types, &["answered_at"]).titled("Of each target");
    let listed = user(types, &["answered_at"]).titled("Of each login on each target");
    vec![
        Printed {
            names: &["user find"],
            shape: "A list; with both `-e` and `-d`, one object.",
            rows: vec![
                found
                    .perhaps_with::<RoleDescription>(types)
                    .status(&[Status::UserFound, Status::UserNotFound]),
                of_cluster(),
            ],
        },
        Printed {
            names: &["user list"],
            shape: LIST,
            rows: vec![
                listed
                    .with::<RoleDescription>(types)
                    .status(&[Status::UserFound]),
                of_cluster(),
            ],
        },
        printed(
            &["user show"],
            "A list, with an object for each cluster; with both `-e` and `-d`, one object.",
            types
                .anchored::<RoleOverview>()
                .status(&[Status::UserFound]),
        ),
        printed(
            &["user compare"],
            OBJECT,
            types.anchored::<RoleComparison>(),
        ),
    ]
}

fn leavers(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["user lock"],
            OBJECT,
            types
                .anchored::<LockReport>()
                .status(&[Status::UserLocked, Status::Unchanged]),
        ),
        printed(
            &["user drop"],
            OBJECT,
            types
                .anchored::<DropReport>()
                .status(&[Status::UserDropped, Status::Unchanged]),
        ),
        printed(
            &["offboard"],
            "A list, with an object for each person.",
            types.anchored::<PersonReport>().status(&[
                Status::UserDropped,
                Status::Failed,
                Status::UserNotFound,
                Status::Unchanged,
            ]),
        ),
    ]
}

fn access(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["access grant", "access revoke"],
            OBJECT,
            types.anchored::<AccessReport>().status(&[
                Status::AccessGranted,
                Status::AccessRevoked,
                Status::Unchanged,
            ]),
        ),
        printed(
            &["access check"],
            "A list, with an object for each target.",
            types.anchored::<AccessCheck>().status(&[
                Status::Ok,
                Status::Differs,
                Status::Failed,
                Status::InvalidEntry,
            ]),
        ),
        printed(
            &["access prepare"],
            "A list, with an object for each group.",
            types
                .anchored::<GroupReport>()
                .status(&[Status::GroupPrepared, Status::Unchanged]),
        ),
    ]
}

fn rotation(types: &Types) -> Vec<Printed> {
    let changed = || user(types, &["delivered_to", "statements", "warnings"]);
    let of_admin = user(
        types,
        &["delivered_to", "targets", "statements", "warnings"],
    );
    vec![
        Printed {
            names: &["rotate"],
            shape: "A list; the summary is its last object.",
            rows: vec![
                changed()
                    .titled("Of a role whose password was changed")
                    .status(&[Status::PasswordReset, Status::Unchanged]),
                types
                    .anchored::<NotRotated<'_>>()
                    .titled("Of a role that was not rotated")
                    .status(&[Status::Unchanged, Status::UserNotFound]),
                types.anchored::<Closing>().titled("The summary"),
            ],
        },
        printed(&["rotate status"], LIST, types.anchored::<RoleStatus>()),
        printed(
            &["rotate adopt"],
            OBJECT,
            user(types, &["deliver", "warnings"])
                .always(&["deliver"])
                .status(&[Status::RoleAdopted, Status::Unchanged]),
        ),
        printed(
            &["credential rotate"],
            LIST,
            of_admin
                .always(&["targets"])
                .status(&[Status::PasswordReset, Status::Unchanged]),
        ),
        Printed {
            names: &["recover run"],
            shape: "A list; with an ID, one object.",
            rows: vec![
                types
                    .anchored::<JournalEntry>()
                    .titled("Of a change that was settled"),
                changed()
                    .titled("Of a password that is delivered to stdout")
                    .status(&[Status::UserCreated, Status::PasswordReset]),
            ],
        },
        printed(
            &[
                "recover list",
                "recover show",
                "recover ack",
                "recover abort",
                "recover",
            ],
            "A list; of `show`, `ack` and `abort` one object.",
            types.anchored::<JournalEntry>(),
        ),
    ]
}

fn registry(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["registry add"],
            OBJECT,
            types.anchored::<Added>().status(&[
                Status::TargetAdded,
                Status::TargetUpdated,
                Status::Unchanged,
            ]),
        ),
        printed(
            &[
                "registry list",
                "registry show",
                "registry update",
                "registry enable",
                "registry disable",
            ],
            "A list; of the others one object.",
            types.anchored::<Shown>(),
        ),
        printed(
            &["registry remove"],
            OBJECT,
            types.anchored::<RegistryEntry>(),
        ),
        printed(
            &["registry check"],
            "A list, with an object for each target.",
            types.anchored::<TargetReport>().status_or(
                &[
                    Status::Ok,
                    Status::RightsMissing,
                    Status::ReadOnly,
                    Status::Pooler,
                    Status::InvalidEntry,
                    Status::NoCredential,
                    Status::WrongServer,
                    Status::Failed,
                    Status::Interrupted,
                    Status::LoginFailed(None),
                ],
                &["unreachable: ", "login failed: ", "query failed: "],
            ),
        ),
        printed(
            &["registry import"],
            LIST,
            types.anchored::<ImportRow>().status(&[
                Status::TargetAdded,
                Status::TargetUpdated,
                Status::Unchanged,
                Status::TargetDiffers,
                Status::InvalidEntry,
            ]),
        ),
        printed(
            &["registry discover"],
            LIST,
            types.anchored::<DiscoveredDatabase>().status(&[
                Status::TargetAdded,
                Status::Unchanged,
                Status::NotRegistered,
                Status::TargetDiffers,
            ]),
        ),
        printed(
            &["registry export"],
            "A list, with `--format json`.",
            types.row::<ExportedTarget>(),
        ),
    ]
}

fn credentials(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["credential list", "credential set"],
            "A list; of `set` one object.",
            types.anchored::<StoredLogin>(),
        ),
        printed(
            &["credential check"],
            "A list, with an object for each target.",
            types
                .anchored::<CredentialReport>()
                .status(&[Status::LoginOk]),
        ),
    ]
}

fn audit(types: &Types) -> Vec<Printed> {
    vec![
        printed(&["audit list"], LIST, types.anchored::<LoggedEvent>()),
        printed(&["audit show"], OBJECT, types.anchored::<ShownEvent>()),
        printed(
            &["audit verify"],
            OBJECT,
            types
                .anchored::<VerifyReport>()
                .status(&[Status::Intact, Status::Altered]),
        ),
        printed(
            &["audit checkpoint"],
            OBJECT,
            types.anchored::<Checkpoint>(),
        ),
        printed(
            &["audit archive"],
            OBJECT,
            types.anchored::<ArchiveReport>(),
        ),
        printed(
            &["audit export"],
            "An object on each line.",
            types.row::<ExportedEvent>(),
        ),
    ]
}

fn fleet(types: &Types) -> Vec<Printed> {
    let step = user(
        types,
        &[
            &OF_A_NEW_LOGIN[..],
            &["changed", "search_path", "previous", "error"],
        ]
        .concat(),
    );
    vec![
        printed(
            &["export"],
            "One object, with `--format json`.",
            types.row::<FleetFile>(),
        ),
        Printed {
            names: &["apply"],
            shape: LIST,
            rows: vec![
                types
                    .anchored::<PlannedGap<'_>>()
                    .titled("With `--check`, of each difference"),
                step.perhaps_with::<Created>(types)
                    .perhaps_with::<RoleDescription>(types)
                    .titled("Of each change"),
            ],
        },
        printed(&["doctor"], LIST, types.anchored::<Finding>()),
        printed(&["config init"], OBJECT, types.row::<WrittenFile>()),
        printed(&["config show"], LIST, types.row::<ShownSetting>()),
        printed(&["config check"], LIST, types.row::<ConfigProblem>()),
        printed(&["config path"], LIST, types.row::<FilePath>()),
    ]
}

fn notifications(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["notify list"],
            "A list, with an object for each channel.",
            types.anchored::<ChannelRow>(),
        ),
        printed(
            &["notify test"],
            "A list, with an object for each channel.",
            types.anchored::<Tested>().status(&[Status::Sent]),
        ),
        printed(
            &["notify flush"],
            "A list, with an object for each channel.",
            types.anchored::<Flushed>(),
        ),
        printed(&["notify expiring"], LIST, types.anchored::<ExpiringRole>()),
    ]
}

/// What is printed on stderr, and what other programs receive.
fn no_commands(types: &Types) -> Vec<Printed> {
    let delivered = types.row::<UserReport>().with::<DeliveredRow>(types);
    vec![
        Printed {
            names: &["stderr"],
            shape: "An object on each line of standard error, where the format of results is JSON.",
            rows: vec![
                types.row::<ErrorLine<'_>>().titled("An error"),
                types.row::<WarningLine>().titled("A warning"),
                types.row::<NoteLine>().titled("A detail, with `-v`"),
            ],
        },
        printed(
            &["delivery"],
            "What a command of `--deliver exec:` reads, and what a file of format `json` holds: one object.",
            delivered.perhaps_with::<Created>(types),
        ),
        printed(
            &["message"],
            "What a command or a webhook of a notification channel receives: one object.",
            types.row::<Message>(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Command;

    use super::*;
    use crate::commands::{Cli, whole};

    /// The commands whose result is not JSON.
    const NO_JSON: [&str; 3] = ["completions", "credential delete", "schema"];

    fn leaves(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        for subcommand in command.get_subcommands() {
            let path = format!("{path} {}", subcommand.get_name());
            if !subcommand.is_subcommand_required_set() {
                found.insert(path.trim_start().to_owned());
            }
            leaves(subcommand, &path, found);
        }
    }

    #[test]
    fn every_command_has_its_result_described() {
        let types = Types::new();
        let results = results(&types);
        let names = results.iter().flat_map(|printed| printed.names);
        let not_commands = ["stderr", "delivery", "message"];
        let described = names.filter(|name| !not_commands.contains(name));
        let described: BTreeSet<_> = described.chain(&NO_JSON).map(ToString::to_string).collect();
        let mut wanted = BTreeSet::new();
        leaves(&whole::<Cli>(), "", &mut wanted);
        assert_eq!(described, wanted);
    }
}
