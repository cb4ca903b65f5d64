//! What the reports print.

use crate::commands::report::Summed;
use crate::commands::schema::results::{LIST, Printed, printed};
use crate::commands::schema::row::Types;
use crate::domain::fleet_report::row::LoginAccess;
use crate::operations::report::accept::AcceptedDecision;
use crate::operations::report::connections::ConnectionReport;
use crate::operations::report::passwords::PasswordReport;
use crate::operations::report::unused::UnusedLogin;

pub fn reports(types: &Types) -> Vec<Printed> {
    vec![
        Printed {
            names: &["report access"],
            shape: "A list; the summary is its last object, unless the rows are arranged.",
            rows: vec![
                types
                    .anchored::<LoginAccess>()
                    .titled("Of each login on each target"),
                types.anchored::<Summed<'_>>().titled("The summary"),
            ],
        },
        printed(
            &["report accept"],
            LIST,
            types.anchored::<AcceptedDecision>(),
        ),
        printed(
            &["report passwords"],
            "A list, with an object for each login on each cluster.",
            types.anchored::<PasswordReport>(),
        ),
        printed(
            &["report unused"],
            "A list, with an object for each login on each cluster.",
            types.anchored::<UnusedLogin>(),
        ),
        printed(
            &["report connections"],
            "A list, with an object for each login on each cluster.",
            types.anchored::<ConnectionReport>(),
        ),
    ]
}
