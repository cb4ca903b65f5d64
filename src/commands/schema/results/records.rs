//! What the audit log, the fleet's file, notifications and checks print; and what is not printed by a command.

use crate::commands::apply::PlannedGap;
use crate::commands::notify::{ChannelRow, Flushed, Tested};
use crate::commands::schema::results::{LIST, OBJECT, OF_A_NEW_LOGIN, Printed, printed, user};
use crate::commands::schema::row::Types;
use crate::commands::schema::rows::{
    DeliveredRow, ErrorLine, ExportedEvent, NoteLine, StepLine, StoredRow, WarningLine,
};
use crate::domain::act::status::Status;
use crate::domain::audit::checkpoint::Checkpoint;
use crate::domain::fleet_file::FleetFile;
use crate::domain::message::notification::Message;
use crate::domain::role::report::{Created, RoleDescription, UserReport};
use crate::operations::audit::archive::ArchiveReport;
use crate::operations::audit::list::LoggedEvent;
use crate::operations::audit::show::ShownEvent;
use crate::operations::audit::verify::VerifyReport;
use crate::operations::config_file::check::ConfigProblem;
use crate::operations::config_file::init::WrittenFile;
use crate::operations::config_file::paths::FilePath;
use crate::operations::config_file::show::ShownSetting;
use crate::operations::doctor::Finding;
use crate::operations::notify::expiring::ExpiringRole;

pub fn audit(types: &Types) -> Vec<Printed> {
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

pub fn fleet(types: &Types) -> Vec<Printed> {
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
    ]
}

pub fn notifications(types: &Types) -> Vec<Printed> {
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

pub fn config(types: &Types) -> Vec<Printed> {
    vec![
        printed(&["config init"], OBJECT, types.row::<WrittenFile>()),
        printed(
            &["config show"],
            "A list, with an object for each setting.",
            types.row::<ShownSetting>(),
        ),
        printed(
            &["config check"],
            "A list, with an object for each mistake.",
            types.row::<ConfigProblem>(),
        ),
        printed(&["config path"], LIST, types.row::<FilePath>()),
    ]
}

/// What is printed on stderr, and what other programs receive.
pub fn no_commands(types: &Types) -> Vec<Printed> {
    let delivered = types.row::<UserReport>().keeping(&[
        "cloned_from",
        "not_cloned",
        "renamed_from",
        "default_privileges_of",
        "line",
        "delivered_to",
        "warnings",
    ]);
    vec![
        Printed {
            names: &["stderr"],
            shape: "An object on each line of standard error, where the format of results is JSON.",
            rows: vec![
                types.row::<ErrorLine<'_>>().titled("An error"),
                types.row::<WarningLine>().titled("A warning"),
                types.row::<NoteLine>().titled("A detail, with `-v`"),
                types
                    .row::<StepLine>()
                    .titled("A step that ended, with `-vv`"),
            ],
        },
        printed(
            &["delivery"],
            "What a command of `--deliver exec:` or `credential.store_command` reads, and what a file of format `json` holds: one object.",
            delivered
                .perhaps_with::<Created>(types)
                .perhaps_with::<RoleDescription>(types)
                .perhaps_with::<StoredRow>(types)
                .with::<DeliveredRow>(types),
        ),
        printed(
            &["message"],
            "What a command or a webhook of a notification channel receives: one object.",
            types.row::<Message>(),
        ),
    ]
}
