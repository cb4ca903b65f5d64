//! What the reports print.

use crate::commands::report::Summed;
use crate::commands::schema::results::Printed;
use crate::commands::schema::row::Types;
use crate::domain::fleet_report::row::LoginAccess;

pub fn reports(types: &Types) -> Vec<Printed> {
    vec![Printed {
        names: &["report access"],
        shape: "A list; the summary is its last object, unless the rows are arranged.",
        rows: vec![
            types
                .anchored::<LoginAccess>()
                .titled("Of each login on each target"),
            types.anchored::<Summed<'_>>().titled("The summary"),
        ],
    }]
}
