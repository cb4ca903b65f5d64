//! What the commands about logins print: new ones, those that exist, those that leave.

use crate::commands::schema::results::{LIST, OBJECT, OF_A_NEW_LOGIN, Printed, printed, user};
use crate::commands::schema::row::Types;
use crate::domain::act::status::Status;
use crate::domain::role::report::{Created, RoleDescription};
use crate::operations::offboard::PersonReport;
use crate::operations::user::cluster_rows::ClusterRow;
use crate::operations::user::compare::RoleComparison;
use crate::operations::user::drop::DropReport;
use crate::operations::user::lock::LockReport;
use crate::operations::user::show::RoleOverview;

/// The ways in which a login or a target of many fails.
const FAILURES: [Status; 3] = [Status::Failed, Status::Refused, Status::Interrupted];

pub fn new_logins(types: &Types) -> Vec<Printed> {
    let statuses = [
        Status::UserCreated,
        Status::UserAlreadyExists,
        Status::AccessGranted,
        Status::Unchanged,
        Status::Rehearsed,
        Status::UnknownBusy,
    ];
    let new = |more: &[&str]| {
        let row = user(
            types,
            &[&OF_A_NEW_LOGIN[..], &["owner", "rehearsal"], more].concat(),
        );
        row.perhaps_with::<Created>(types)
    };
    let cloned = user(
        types,
        &[
            "owner",
            "cloned_from",
            "not_cloned",
            "delivered_to",
            "default_privileges_of",
            "statements",
            "rehearsal",
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
                "user breakglass",
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
                Status::Rehearsed,
                Status::UnknownBusy,
            ]),
        ),
    ]
}

/// What a command that can be rehearsed comes to.
fn of_trial(done: Status) -> [Status; 4] {
    [
        done,
        Status::Unchanged,
        Status::Rehearsed,
        Status::UnknownBusy,
    ]
}

pub fn logins(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["user reset", "user convert"],
            OBJECT,
            user(
                types,
                &[
                    "owner",
                    "outgoing",
                    "retire_at",
                    "delivered_to",
                    "statements",
                    "rehearsal",
                    "warnings",
                ],
            )
            .status(&of_trial(Status::PasswordReset)),
        ),
        printed(
            &["user set"],
            OBJECT,
            user(
                types,
                &[
                    "changed",
                    "default_privileges_of",
                    "statements",
                    "rehearsal",
                    "warnings",
                ],
            )
            .always(&["changed"])
            .with::<RoleDescription>(types)
            .status(&of_trial(Status::UserChanged)),
        ),
        printed(
            &["user rename"],
            OBJECT,
            user(
                types,
                &[
                    "renamed_from",
                    "delivered_to",
                    "statements",
                    "rehearsal",
                    "warnings",
                ],
            )
            .always(&["renamed_from"])
            .status(&of_trial(Status::UserRenamed)),
        ),
        printed(
            &["user search-path"],
            OBJECT,
            user(
                types,
                &[
                    "search_path",
                    "previous",
                    "statements",
                    "rehearsal",
                    "warnings",
                ],
            )
            .status(&of_trial(Status::SearchPathUpdated)),
        ),
        printed(
            &["user unlock"],
            OBJECT,
            user(types, &["statements", "rehearsal", "warnings"])
                .status(&of_trial(Status::UserUnlocked)),
        ),
    ]
}

pub fn seen_logins(types: &Types) -> Vec<Printed> {
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

pub fn leavers(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["user lock"],
            OBJECT,
            types
                .anchored::<LockReport>()
                .status(&of_trial(Status::UserLocked)),
        ),
        printed(
            &["user drop"],
            OBJECT,
            types
                .anchored::<DropReport>()
                .status(&of_trial(Status::UserDropped)),
        ),
        printed(
            &["offboard"],
            "A list, with an object for each person.",
            types.anchored::<PersonReport>().status(&[
                Status::UserDropped,
                Status::Failed,
                Status::UserNotFound,
                Status::Unchanged,
                Status::Rehearsed,
                Status::UnknownBusy,
            ]),
        ),
    ]
}
