//! Reads access groups as a whole: what `access check` and `access prepare` judge them by, and a role's memberships in
//! them. Each is one statement; [`catalog::read_access`] reads the part that a login needs.
//!
//! [`catalog::read_access`]: crate::server::catalog::read_access

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::domain::access::gaps::Gaps;
use crate::domain::access::revocation::MembershipState;
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::DatabaseName;
use crate::server::catalog::{AccessQuestion, Guarded, NamedSession, read_all, read_names};
use crate::wire::connection::{CatalogQuery, Connection, NameEncoding};

/// The ACLs of configuration parameters exist from this `server_version_num` on.
const HAS_PARAMETER_ACL: u32 = 150_000;

const BEFORE_PARAMETERS: &str = concat!(
    "WITH RECURSIVE",
    include_str!("sql/access_roles.sql"),
    include_str!("sql/access_tables.sql"),
);
const PARAMETERS: &str =
    "parameter_acl (name, acl) AS (SELECT parname, paracl FROM pg_catalog.pg_parameter_acl),";
const NO_PARAMETERS: &str =
    "parameter_acl (name, acl) AS (SELECT NULL::text, NULL::aclitem[] WHERE false),";
const AFTER_PARAMETERS: &str = concat!(
    include_str!("sql/access_whole_excess.sql"),
    include_str!("sql/access_owners.sql"),
    include_str!("sql/access_commanded.sql"),
    include_str!("sql/access_reach.sql"),
    include_str!("sql/access_gaps_tables.sql"),
    "SELECT json_build_object('server', json_build_object(",
    include_str!("sql/access_session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/surroundings.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ", 'access', json_build_object(",
    include_str!("sql/access_groups.sql"),
    ",",
    include_str!("sql/access.sql"),
    ")), 'gaps', json_build_object(",
    include_str!("sql/access_gaps.sql"),
    "))"
);

const READ_MEMBERSHIPS: &str = concat!(
    "WITH",
    include_str!("sql/access_roles.sql"),
    include_str!("sql/memberships_tables.sql"),
    include_str!("sql/access_commanded.sql"),
    "SELECT json_build_object('server', json_build_object(",
    include_str!("sql/access_session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    "),",
    include_str!("sql/access_groups.sql"),
    ",",
    include_str!("sql/memberships.sql"),
    ")"
);

/// Everything about one level's group.
#[derive(Debug, Deserialize)]
pub struct WholeAccess {
    /// With all that the group has beyond its level.
    pub server: ServerState,
    pub gaps: Gaps,
}

/// Reads the server's state, one role, and all that the access group of `level` has and lacks by the rules. The session is
/// named after the operation.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_whole_access(
    connection: &mut Connection,
    role: &str,
    database: &DatabaseName,
    (level, rules): (AccessLevel, &AccessRules),
    operation_id: &str,
) -> Result<Guarded<WholeAccess>> {
    let session = NamedSession::of(connection, operation_id);
    let question = AccessQuestion::new(role, database, (level, rules), &session);
    let question = question.with_all_excess(level);
    let sql = whole_access(connection.version());
    read_names(
        connection,
        ("the access group and its gaps", &sql),
        &question.parameters(),
        NameEncoding::OfDatabase,
    )
}

/// The same for the groups of all levels, in one round trip; `None` for a group that does not exist.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_all_groups(
    connection: &mut Connection,
    database: &DatabaseName,
    rules: &AccessRules,
    operation_id: &str,
) -> Result<Guarded<Vec<Option<WholeAccess>>>> {
    let session = NamedSession::of(connection, operation_id);
    let questions = GROUP_LEVELS.map(|level| {
        let question = AccessQuestion::new("", database, (level, rules), &session);
        question.with_all_excess(level)
    });
    let parameters = questions.each_ref().map(AccessQuestion::parameters);
    let whole = whole_access(connection.version());
    let if_it_exists = format!(
        "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $3::text) THEN ({whole}) END"
    );
    let queries = parameters.each_ref().map(|parameters| CatalogQuery {
        purpose: "the access groups and their gaps",
        sql: &if_it_exists,
        parameters,
        names: NameEncoding::OfDatabase,
    });
    let answers: Vec<Guarded<Option<WholeAccess>>> = read_all(connection, &queries)?;
    Guarded::together(answers).context("there is a level")
}

/// Reads the server's state, one role, and its memberships in the access groups of the database.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_memberships(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
    rules: &AccessRules,
    operation_id: &str,
) -> Result<Guarded<MembershipState>> {
    let session = NamedSession::of(connection, operation_id);
    // What is asked about a level is the same for all.
    let question = (AccessLevel::Readonly, rules);
    let question = AccessQuestion::new(role.as_str(), database, question, &session);
    read_names(
        connection,
        ("the memberships", READ_MEMBERSHIPS),
        &question.parameters(),
        NameEncoding::OfDatabase,
    )
}

fn whole_access(version: u32) -> String {
    let parameters = if version >= HAS_PARAMETER_ACL {
        PARAMETERS
    } else {
        NO_PARAMETERS
    };
    [BEFORE_PARAMETERS, parameters, AFTER_PARAMETERS].concat()
}
