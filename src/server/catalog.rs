//! Reads of the system catalogs, each one statement and one round trip. Nothing here changes a server.
//!
//! Each also returns which cluster answers, and its result can only be obtained by checking that ([`Guarded`]).

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio_postgres::types::{ToSql, Type};

use crate::domain::access::rules::{AccessRules, ChoiceDuration};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, ObjectKind, group_name};
use crate::domain::failure::sqlstate_of;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::server_log;
use crate::domain::server_log::LogSettings;
use crate::domain::target::DatabaseName;
use crate::domain::target::cluster::Instance;
use crate::server::described::role_and_admin;
use crate::server::statements::session_name;
use crate::wire::connection::{CatalogQuery, Connection, NameEncoding};

/// Reads the server's own state and one role.
const READ_ROLE: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ")"
);

/// Reads the same, the role's current verifier, and whether it can log in with a password.
const READ_PASSWORD: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/verifier.sql"),
    ",",
    include_str!("sql/token.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ",",
    include_str!("sql/name.sql"),
    ")"
);

/// Reads the same as [`READ_ROLE`], and what to know before the role is created.
const READ_NEW_ROLE: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/surroundings.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ",",
    include_str!("sql/name.sql"),
    ")"
);

/// Reads the part of the same that a new login needs, and everything that access is planned from.
const READ_ACCESS: &str = concat!(
    "WITH RECURSIVE",
    include_str!("sql/access_roles.sql"),
    include_str!("sql/access_tables.sql"),
    include_str!("sql/access_excess.sql"),
    include_str!("sql/access_owners.sql"),
    include_str!("sql/access_commanded.sql"),
    include_str!("sql/access_reach.sql"),
    "SELECT json_build_object(",
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
    "))"
);

/// Reads the same, the role's search path in the database, and the schemas of the database.
const READ_SEARCH_PATH: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    r#",
    'set_already', EXISTS (
        SELECT FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        WHERE r.rolname = $1::text AND d.datname = current_database()
        AND 'search_path=' || (
            SELECT string_agg(quote_ident(w.name), ', ' ORDER BY w.place)
            FROM unnest($2::text[]) WITH ORDINALITY AS w (name, place)) = ANY (s.setconfig)),
    'previous', (
        SELECT substr(c.setting, 13) FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        CROSS JOIN unnest(s.setconfig) AS c (setting)
        WHERE r.rolname = $1::text AND d.datname = current_database()
        AND c.setting LIKE 'search\_path=%'),
    'missing', ARRAY(
        SELECT w.name FROM unnest($2::text[]) AS w (name)
        WHERE w.name NOT IN ('$user', 'pg_temp')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname::text = w.name)),
    'existing', ARRAY(
        SELECT n.nspname FROM pg_catalog.pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1)
    )"#
);

/// The state of a role whose password was changed, read after the delivery and in recovery.
#[derive(Debug, Deserialize)]
pub struct ChangedRole {
    pub timeline: Option<u32>,
    /// `None` if there is no such role.
    pub can_login: Option<bool>,
    /// The stored verifier, if the admin credential is a superuser.
    pub verifier: Option<String>,
    /// Whether its VALID UNTIL has passed: then the server refuses every password.
    pub expired: bool,
    pub in_recovery: bool,
}

/// What became of the sessions of an interrupted operation.
#[derive(Debug, Deserialize)]
pub struct EndedSessions {
    /// Whether a pooler is in between: then none was terminated.
    pub pooled: bool,
    /// How many there were.
    pub sessions: u32,
}

const READ_CHANGED_ROLE: &str = concat!(
    "WITH described AS MATERIALIZED (
        SELECT rolname, rolsuper, rolcanlogin, rolvaliduntil FROM {roles}
        WHERE rolname = $1::text OR rolname = current_user)
    SELECT json_build_object(",
    include_str!("sql/verifier.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ",",
    include_str!("sql/name.sql"),
    ", 'can_login', (SELECT rolcanlogin FROM described WHERE rolname = $1::text),
    'expired', EXISTS (SELECT FROM described WHERE rolname = $1::text AND rolvaliduntil < now()),
    'in_recovery', pg_is_in_recovery())"
);

/// Terminates other sessions by their `application_name`, and counts those that existed. They belong to the login role,
/// so `role` is reset first.
const END_SESSIONS: &str = "WITH login AS MATERIALIZED (SELECT set_config('role', 'none', true))
    SELECT json_build_object(
    'pooled', pg_backend_pid() <> $2::integer,
    'sessions', (SELECT count(pg_terminate_backend(pid)) FROM login, pg_catalog.pg_stat_activity
        WHERE application_name = $1::text AND pid <> pg_backend_pid() AND pg_backend_pid() = $2::integer))";

/// The state that `user search-path` needs.
#[derive(Debug, Deserialize)]
pub struct SearchPathState {
    #[serde(flatten)]
    pub server: ServerState,
    /// Whether the role's search path in this database is already the wanted one.
    pub set_already: bool,
    /// The role's path in this database, as the server writes it; `None` if it has none of its own.
    pub previous: Option<String>,
    /// Wanted schemas that do not exist.
    pub missing: Vec<String>,
    /// All schemas other than the system's.
    pub existing: Vec<String>,
}

/// Reads the server's state and one role.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_role(connection: &mut Connection, role: &RoleName) -> Result<Guarded<ServerState>> {
    read(
        connection,
        ("the role", READ_ROLE),
        &[(&role.as_str(), Type::TEXT)],
    )
}

/// Reads the server's state, one role, and its verifier if a superuser asks. The session's `application_name` is set to
/// the operation's before anything is changed, so that recovery finds the session.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_password(
    connection: &mut Connection,
    role: &RoleName,
    operation_id: &str,
) -> Result<Guarded<ServerState>> {
    let question = ("the role and its verifier", READ_PASSWORD);
    read_for_change(connection, question, role, operation_id)
}

/// Reads the server's state, one role if it exists, and what is around it if it is created. The session is named after
/// the operation, as in [`read_password`].
///
/// # Errors
/// If the server cannot be queried.
pub fn read_new_role(
    connection: &mut Connection,
    role: &RoleName,
    operation_id: &str,
) -> Result<Guarded<ServerState>> {
    let question = ("the role and what is around it", READ_NEW_ROLE);
    read_for_change(connection, question, role, operation_id)
}

/// Reads the server's state, one role, and what the access group of `level` has and lacks by the rules. The session is
/// named after the operation, as in [`read_password`].
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
    let session = NamedSession::of(connection, operation_id);
    let question = AccessQuestion::new(role, database, (level, rules), &session);
    read_names(
        connection,
        ("the role and the access group", READ_ACCESS),
        &question.parameters(),
        NameEncoding::OfDatabase,
    )
}

/// The same for the access groups of all levels, in one round trip.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_access_of_all_levels(
    connection: &mut Connection,
    database: &DatabaseName,
    rules: &AccessRules,
    operation_id: &str,
) -> Result<Guarded<Vec<ServerState>>> {
    let session = NamedSession::of(connection, operation_id);
    let questions =
        GROUP_LEVELS.map(|level| AccessQuestion::new("", database, (level, rules), &session));
    let parameters = questions.each_ref().map(AccessQuestion::parameters);
    let queries = parameters.each_ref().map(|parameters| CatalogQuery {
        purpose: "the access groups",
        sql: READ_ACCESS,
        parameters,
        names: NameEncoding::OfDatabase,
    });
    let answers: Vec<Guarded<ServerState>> = read_all(connection, &queries)?;
    Guarded::together(answers).context("there is a level")
}

/// The `application_name` to set, and the process ID that the server announced.
pub(super) struct NamedSession {
    pub(super) name: String,
    pub(super) process: i32,
    /// `server_version_num`, as the server reported at login.
    version: u32,
}

impl NamedSession {
    pub(super) fn of(connection: &Connection, operation_id: &str) -> Self {
        Self {
            name: session_name(operation_id),
            process: connection.promised_process(),
            version: connection.version(),
        }
    }
}

/// The parameters of [`READ_ACCESS`].
pub(super) struct AccessQuestion<'a> {
    role: &'a str,
    groups: Vec<String>,
    wanted: String,
    tables: Vec<&'static str>,
    sequences: Vec<&'static str>,
    schemas: Vec<&'static str>,
    routines: Vec<String>,
    rules: &'a AccessRules,
    choose_schemas: bool,
    for_good: bool,
    /// The privileges on tables that the level does not grant, as `has_table_privilege` takes them; empty if they are not
    /// asked about.
    beyond: String,
    session: &'a NamedSession,
}

impl<'a> AccessQuestion<'a> {
    pub(super) fn new(
        role: &'a str,
        database: &DatabaseName,
        (level, rules): (AccessLevel, &'a AccessRules),
        session: &'a NamedSession,
    ) -> Self {
        let name = |level| group_name(database, level);
        let privileges = |kind| rules.privileges(level, kind, session.version);
        Self {
            role,
            groups: GROUP_LEVELS.map(|level| name(level).to_string()).to_vec(),
            wanted: name(level).to_string(),
            tables: privileges(ObjectKind::Tables),
            sequences: privileges(ObjectKind::Sequences),
            schemas: privileges(ObjectKind::Schemas),
            routines: rules.execute(level),
            rules,
            choose_schemas: rules.choose_schemas(),
            for_good: rules.selection == ChoiceDuration::ForGood,
            beyond: String::new(),
            session,
        }
    }

    /// The same question, and what the group has beyond the level.
    pub(super) fn with_all_excess(self, level: AccessLevel) -> Self {
        Self {
            beyond: self.rules.beyond_on_tables(level, self.session.version),
            ..self
        }
    }

    pub(super) fn parameters(&self) -> [(&(dyn ToSql + Sync), Type); 14] {
        [
            (&self.role, Type::TEXT),
            (&self.groups, Type::TEXT_ARRAY),
            (&self.wanted, Type::TEXT),
            (&self.tables, Type::TEXT_ARRAY),
            (&self.sequences, Type::TEXT_ARRAY),
            (&self.routines, Type::TEXT_ARRAY),
            (&self.schemas, Type::TEXT_ARRAY),
            (&self.session.name, Type::TEXT),
            (&self.session.process, Type::INT4),
            (&self.rules.schemas, Type::TEXT_ARRAY),
            (&self.rules.excluded_schemas, Type::TEXT_ARRAY),
            (&self.choose_schemas, Type::BOOL),
            (&self.for_good, Type::BOOL),
            (&self.beyond, Type::TEXT),
        ]
    }
}

/// Reads the server's state, one role, and its search path against the wanted one.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_search_path(
    connection: &mut Connection,
    role: &RoleName,
    schemas: &[String],
) -> Result<Guarded<SearchPathState>> {
    read_names(
        connection,
        ("the role's search path", READ_SEARCH_PATH),
        &[(&role.as_str(), Type::TEXT), (&schemas, Type::TEXT_ARRAY)],
        NameEncoding::OfDatabase,
    )
}

/// Reads the state of a role whose password was changed. The session is named after the operation, because recovery may
/// complete an interrupted change in it: the next recovery finds it by that name.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_changed_role(
    connection: &mut Connection,
    role: &RoleName,
    operation_id: &str,
) -> Result<Guarded<ChangedRole>> {
    let question = ("the changed role", READ_CHANGED_ROLE);
    read_for_change(connection, question, role, operation_id)
}

/// Terminates the other sessions of an operation, unless a pooler is in between.
///
/// # Errors
/// If the server cannot be queried, or the admin credential may not terminate them.
pub fn end_sessions_named(
    connection: &mut Connection,
    operation_id: &str,
) -> Result<Guarded<EndedSessions>> {
    let name = session_name(operation_id);
    let process = connection.promised_process();
    let parameters: Parameters<'_> = &[(&name.as_str(), Type::TEXT), (&process, Type::INT4)];
    read(
        connection,
        ("sessions of an interrupted change", END_SESSIONS),
        parameters,
    )
}

/// Reads only which server answers, as every read does.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_contact(connection: &mut Connection) -> Result<Guarded<()>> {
    read(connection, ("the cluster", "SELECT NULL::json"), &[])
}

const LOG_SETTINGS: &str = "SELECT coalesce(json_object_agg(name, setting), '{}')
    FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[])";

/// Reads the settings that decide which passwords get into the server's log.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_log_settings(connection: &mut Connection) -> Result<Guarded<LogSettings>> {
    read(
        connection,
        ("the log settings", LOG_SETTINGS),
        &[(&server_log::READ.as_slice(), Type::TEXT_ARRAY)],
    )
}

/// Reads how the server writes its log: `log_line_prefix` and `log_timezone`.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_log_form(connection: &mut Connection) -> Result<Guarded<(String, String)>> {
    const FORM: &str = "SELECT json_build_array(current_setting('log_line_prefix'), current_setting('log_timezone'))";
    read(connection, ("the form of the log", FORM), &[])
}

/// Reads the server's clock, as seconds since 1970.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_clock(connection: &mut Connection) -> Result<Guarded<f64>> {
    read(
        connection,
        ("the clock", "SELECT extract(epoch FROM clock_timestamp())"),
        &[],
    )
}

type Parameters<'a> = &'a [(&'a (dyn ToSql + Sync), Type)];

/// The cluster's `system_identifier`, which every role may read unless a site or a service has revoked that.
const CLUSTER: &str = "(SELECT system_identifier::text FROM pg_catalog.pg_control_system())";

/// Identifies the postmaster, which is the same under every name of a server and different on every copy, and where a
/// standby receives from.
const INSTANCE: &str = include_str!("sql/instance.sql");

/// The current timeline, with its JSON key.
const TIMELINE: &str = include_str!("sql/timeline.sql");

/// A query's result, with the current role and the backend process.
#[derive(Deserialize)]
struct CatalogAnswer<T> {
    #[serde(flatten)]
    contact: ServerIdentity,
    acting: String,
    /// "on" or "off".
    is_superuser: String,
    process: i32,
    found: T,
}

/// What a server returned, which can only be obtained by checking that it is the right one.
#[derive(Debug)]
pub struct Guarded<T> {
    contact: ServerIdentity,
    found: T,
}

/// Which server answered.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerIdentity {
    /// The `system_identifier`; `None` if the admin credential may not read it.
    pub cluster: Option<String>,
    pub instance: Instance,
}

impl<T> Guarded<T> {
    /// What one session returned in several answers; `None` if there are none.
    pub(super) fn together(answers: Vec<Self>) -> Option<Guarded<Vec<T>>> {
        let contact = answers.first()?.contact.clone();
        let found = answers.into_iter().map(|answer| answer.found).collect();
        Some(Guarded { contact, found })
    }

    /// What `change` makes of the result, on the same condition.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Guarded<U> {
        Guarded {
            contact: self.contact,
            found: change(self.found),
        }
    }

    /// What `pick` makes of the result, on the same condition; `None` if that is nothing.
    pub(super) fn filter_map<U>(self, pick: impl FnOnce(T) -> Option<U>) -> Option<Guarded<U>> {
        let contact = self.contact;
        pick(self.found).map(|found| Guarded { contact, found })
    }

    /// The result, if `check` accepts the cluster that answered. There is no other way to get it.
    ///
    /// # Errors
    /// The error of `check`.
    pub fn checked(self, check: impl FnOnce(ServerIdentity) -> Result<()>) -> Result<T> {
        check(self.contact)?;
        Ok(self.found)
    }
}

/// Reads a role, and names the session.
fn read_for_change<T: DeserializeOwned>(
    connection: &mut Connection,
    question: (&'static str, &str),
    role: &RoleName,
    operation_id: &str,
) -> Result<Guarded<T>> {
    let name = session_name(operation_id);
    let process = connection.promised_process();
    let parameters: Parameters<'_> = &[
        (&role.as_str(), Type::TEXT),
        (&name.as_str(), Type::TEXT),
        (&process, Type::INT4),
    ];
    read(connection, question, parameters)
}

/// Runs a query, given with its purpose, that returns one JSON value and contains no names of the database itself.
fn read<T: DeserializeOwned>(
    connection: &mut Connection,
    query: (&'static str, &str),
    parameters: Parameters<'_>,
) -> Result<Guarded<T>> {
    read_names(connection, query, parameters, NameEncoding::OfCluster)
}

pub(super) fn read_names<T: DeserializeOwned>(
    connection: &mut Connection,
    (purpose, sql): (&'static str, &str),
    parameters: Parameters<'_>,
    names: NameEncoding,
) -> Result<Guarded<T>> {
    let query = CatalogQuery {
        purpose,
        sql,
        parameters,
        names,
    };
    let mut answers = read_all(connection, &[query])?;
    answers.pop().context("a query has an answer")
}

/// Runs several such queries, in one round trip.
pub(super) fn read_all<T: DeserializeOwned>(
    connection: &mut Connection,
    queries: &[CatalogQuery<'_>],
) -> Result<Vec<Guarded<T>>> {
    let first = read_as_believed(connection, queries);
    let is_mistaken = connection.is_superuser()
        && match &first {
            Ok(answers) => answers.iter().any(|answer| answer.is_superuser != "on"),
            Err(error) => sqlstate_of(error) == Some("42501"),
        };
    let answers = if is_mistaken {
        connection.note_no_superuser();
        read_as_believed(connection, queries)
    } else {
        first
    }?;
    if let Some(answer) = answers.first() {
        connection.note_session(answer.acting.clone(), answer.process);
    }
    let guarded = |CatalogAnswer { contact, found, .. }| Guarded { contact, found };
    Ok(answers.into_iter().map(guarded).collect())
}

fn read_as_believed<T: DeserializeOwned>(
    connection: &mut Connection,
    queries: &[CatalogQuery<'_>],
) -> Result<Vec<CatalogAnswer<T>>> {
    let documents = match ask(connection, queries, CLUSTER) {
        Err(error) if is_hidden(&error) => {
            let without =
                |query: &CatalogQuery<'_>| query.sql.replace(TIMELINE, "'timeline', NULL");
            let sqls: Vec<_> = queries.iter().map(without).collect();
            let queries: Vec<_> = (queries.iter().zip(&sqls))
                .map(|(query, sql)| CatalogQuery { sql, ..*query })
                .collect();
            ask(connection, &queries, "NULL::text")?
        }
        answers => answers?,
    };
    let parse = |document: &String| serde_json::from_str(document);
    let parsed: Result<Vec<_>, _> = documents.iter().map(parse).collect();
    parsed.context("cannot parse what the server's catalog returned")
}

fn ask(
    connection: &mut Connection,
    queries: &[CatalogQuery<'_>],
    cluster: &str,
) -> Result<Vec<String>> {
    // The view costs a superuser time, and protects nobody from it.
    let roles = if connection.is_superuser() {
        "pg_catalog.pg_authid"
    } else {
        "pg_catalog.pg_roles"
    };
    let guarded = |query: &CatalogQuery<'_>| {
        let sql = query.sql.replace("{roles}", roles);
        format!(
            "SELECT json_build_object('cluster', {cluster}, 'instance', {INSTANCE}, 'acting', current_user, \
             'is_superuser', current_setting('is_superuser'), \
             'process', pg_backend_pid(), 'found', ({sql}))::text"
        )
    };
    let sqls: Vec<_> = queries.iter().map(guarded).collect();
    let queries: Vec<_> = queries
        .iter()
        .zip(&sqls)
        .map(|(query, sql)| CatalogQuery { sql, ..*query })
        .collect();
    connection.query_texts(&queries)
}

/// Whether the server refuses to read its control file. The functions' names are the same in every language.
fn is_hidden(error: &anyhow::Error) -> bool {
    sqlstate_of(error) == Some("42501") && format!("{error:#}").contains("pg_control_")
}
