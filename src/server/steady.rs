//! Reads the steady state of an access group in one small statement; where it is not the steady one, everything.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::access::rules::AccessRules;
use crate::domain::access::steady::{SteadyQuestion, SteadyReading, may_be_steady};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, ObjectKind, group_name};
use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::role::state::ServerState;
use crate::domain::target::DatabaseName;
use crate::server::catalog;
use crate::server::catalog::{Guarded, NamedSession, read_names};
use crate::wire::connection::{Connection, NameEncoding};

/// With `{tables}`, `{sequences}`, `{inherited}` and `{held}`, which depend on the level and the version, and `{alike}`,
/// which depends on the role's name.
const STEADY: &str = concat!(
    include_str!("sql/steady.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ")"
);

/// Reads the server's state, one role, and what the access group of `level` has and lacks by the rules. One round trip
/// where it lacks nothing, and has nothing beyond its level; else two, unless that is known beforehand. The session is
/// named after the operation.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_access(
    connection: &mut Connection,
    role: &str,
    database: &DatabaseName,
    (level, rules): (AccessLevel, &AccessRules),
    operation_id: &str,
) -> Result<Guarded<ServerState>> {
    let question = SteadyQuestion {
        role,
        database,
        level,
        rules,
    };
    if may_be_steady(level, rules) {
        let reading = read_steady(connection, &question, operation_id)?;
        if let Some(steady) = reading.filter_map(|reading| reading.steady(&question)) {
            return Ok(steady);
        }
    }
    catalog::read_access(connection, role, database, (level, rules), operation_id)
}

fn read_steady(
    connection: &mut Connection,
    question: &SteadyQuestion<'_>,
    operation_id: &str,
) -> Result<Guarded<SteadyReading>> {
    let SteadyQuestion {
        role,
        database,
        level,
        rules,
    } = *question;
    let session = NamedSession::of(connection, operation_id);
    let name = |level| group_name(database, level).to_string();
    let (groups, wanted) = (GROUP_LEVELS.map(name).to_vec(), name(level));
    let sql = sql(level, rules, connection.version());
    let alike = if role.is_ascii() {
        r#"lower(r.rolname::text COLLATE "C") = lower($1::text COLLATE "C")"#
    } else {
        "r.rolname ~ '[^[:ascii:]]'"
    };
    let sql = sql.replace("{alike}", alike);
    read_names(
        connection,
        ("the role and whether the access group is steady", &sql),
        &[
            (&role, Type::TEXT),
            (&groups, Type::TEXT_ARRAY),
            (&wanted, Type::TEXT),
            (&session.name, Type::TEXT),
            (&session.process, Type::INT4),
        ],
        NameEncoding::OfDatabase,
    )
}

fn sql(level: AccessLevel, rules: &AccessRules, version: u32) -> String {
    let has_options = version >= MEMBERSHIP_OPTIONS;
    let reached = |kind, function| reached(&rules.privileges(level, kind, version), function);
    STEADY
        .replace(
            "{tables}",
            &reached(ObjectKind::Tables, "has_table_privilege"),
        )
        .replace(
            "{sequences}",
            &reached(ObjectKind::Sequences, "has_sequence_privilege"),
        )
        .replace(
            "{inherited}",
            if has_options {
                " AND m.inherit_option"
            } else {
                ""
            },
        )
        .replace("{held}", if has_options { "USAGE" } else { "MEMBER" })
}

/// Whether the group has all of the privileges on an object: by the ACL in its row, else by what the server says.
fn reached(privileges: &[&str], function: &str) -> String {
    let each = |text: &dyn Fn(&str) -> String| {
        let texts: Vec<_> = privileges.iter().map(|privilege| text(privilege)).collect();
        texts.join(" AND ")
    };
    let in_row = each(&|privilege| {
        format!("c.relacl @> makeaclitem(subject.oid, c.relowner, '{privilege}', false)")
    });
    let by_function = each(&|privilege| format!("{function}(subject.oid, c.oid, '{privilege}')"));
    format!("{in_row} OR {by_function}")
}
