//! What rotation, recovery and the admin credential print.

use crate::commands::rotate::{Closing, NotRotated};
use crate::commands::schema::results::{LIST, OBJECT, Printed, printed, user};
use crate::commands::schema::row::Types;
use crate::domain::act::status::Status;
use crate::operations::credential::check::CredentialReport;
use crate::operations::credential::stored::StoredLogin;
use crate::operations::rotate::status::RoleStatus;
use crate::password::recover::JournalEntry;

pub fn rotation(types: &Types) -> Vec<Printed> {
    let of_one = [
        "owner",
        "outgoing",
        "retire_at",
        "delivered_to",
        "statements",
        "warnings",
    ];
    let changed = || user(types, &of_one);
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
                    .status(&[
                        Status::Unchanged,
                        Status::UserNotFound,
                        Status::LoginRetired,
                    ]),
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
            of_admin.status(&[Status::PasswordReset, Status::Unchanged]),
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

pub fn credentials(types: &Types) -> Vec<Printed> {
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
