//! The statements by which access with an end is granted, and ended.

use super::{identifier, literal};
use crate::domain::act::plan::Change;

/// The SQL of one of these changes.
pub(super) fn render(change: &Change) -> String {
    match change {
        Change::CreateBox { role, valid_until } => format!(
            "CREATE ROLE {} NOLOGIN VALID UNTIL '{valid_until}'",
            identifier(role)
        ),
        // Division by zero rolls everything back.
        Change::RequireBox {
            role,
            oid,
            valid_until,
        } => {
            let end = match valid_until {
                Some(until) => format!(
                    "rolvaliduntil OPERATOR(pg_catalog.=) {}::pg_catalog.timestamptz",
                    literal(until)
                ),
                None => "pg_catalog.isfinite(rolvaliduntil) IS NOT TRUE".to_owned(),
            };
            format!(
                "SELECT 1 OPERATOR(pg_catalog./) pg_catalog.count(*) FROM pg_catalog.pg_roles \
                 WHERE rolname OPERATOR(pg_catalog.=) {} AND oid OPERATOR(pg_catalog.=) {oid}::pg_catalog.oid AND {end}",
                literal(role.as_str())
            )
        }
        Change::EndTheseSessions { oid, pids } => {
            let pids: Vec<_> = pids.iter().map(i32::to_string).collect();
            format!(
                "SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity \
                 WHERE usesysid OPERATOR(pg_catalog.=) {oid}::pg_catalog.oid \
                 AND pid OPERATOR(pg_catalog.=) ANY ('{{{}}}'::pg_catalog.int4[]) \
                 AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()",
                pids.join(",")
            )
        }
        other => unreachable!("rendered elsewhere: {other:?}"),
    }
}
