//! What the registry and the access groups print.

use crate::commands::registry::{Added, Shown};
use crate::commands::schema::results::{LIST, OBJECT, Printed, printed};
use crate::commands::schema::row::Types;
use crate::commands::schema::rows::ExportedTarget;
use crate::domain::act::status::Status;
use crate::operations::access::boxes::report::BoxReport;
use crate::operations::access::check::AccessCheck;
use crate::operations::access::prepare::GroupReport;
use crate::operations::access::report::AccessReport;
use crate::operations::access::trim::TrimRow;
use crate::operations::explain::Explanation;
use crate::operations::registry::check::TargetReport;
use crate::operations::registry::discover::DiscoveredDatabase;
use crate::operations::registry::entries::RegistryEntry;
use crate::operations::registry::import::ImportRow;

pub fn registry(types: &Types) -> Vec<Printed> {
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

pub fn access(types: &Types) -> Vec<Printed> {
    vec![
        printed(
            &["access grant", "access revoke"],
            OBJECT,
            types.anchored::<AccessReport>().status(&[
                Status::AccessGranted,
                Status::AccessLowered,
                Status::AccessRevoked,
                Status::Unchanged,
                Status::Rehearsed,
                Status::UnknownBusy,
            ]),
        ),
        printed(
            &["access list", "access expire"],
            "A list, with an object for each grant with an end; of `access expire`, for those to which something happened.",
            types.anchored::<BoxReport>(),
        ),
        printed(&["access extend"], OBJECT, types.anchored::<BoxReport>()),
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
            &["access trim"],
            "A list, with an object for each login with access, and one for each target that failed.",
            types.anchored::<TrimRow>(),
        ),
        printed(
            &["explain"],
            "One object, if `-e` and `-d` name one target; else a list, with an object for each target.",
            types.anchored::<Explanation>(),
        ),
        printed(
            &["access prepare"],
            "A list, with an object for each group.",
            types.anchored::<GroupReport>().status(&[
                Status::GroupPrepared,
                Status::Unchanged,
                Status::Rehearsed,
                Status::UnknownBusy,
            ]),
        ),
    ]
}
