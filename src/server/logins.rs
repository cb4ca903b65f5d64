//! Reads which roles a server has: one by its name, or all logins; and, in the same round trip, which databases.

use std::collections::HashSet;

use anyhow::Result;
use serde::Deserialize;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::login_names;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::{logins, marked_logins};
use crate::wire::connection::{Connection, NameEncoding};

const FIND_ROLE: &str = concat!(
    "SELECT json_build_object('roles', (SELECT coalesce(json_agg(f.state), '[]') FROM (SELECT",
    include_str!("sql/role_state.sql"),
    " AS state FROM {roles} r WHERE r.rolname IN ($1::text, $2::text, $3::text)) f)"
);

/// All roles with LOGIN, and those that pgrole created and that are NOLOGIN now.
const LIST_LOGINS: &str = concat!(
    "WITH",
    logins!(),
    "SELECT json_build_object('roles', coalesce(json_agg(state ORDER BY rolname), '[]')"
);

/// The state of few of them; how many there are takes no state.
const LIST_MARKED: &str = concat!(
    "WITH",
    marked_logins!(),
    "SELECT json_build_object('roles', coalesce(json_agg(state ORDER BY rolname), '[]'),
        'logins', (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_'
            AND (r.rolcanlogin OR r.oid IN (SELECT oid FROM described))))
    FROM described"
);

const AND_DATABASES: &str = ", 'databases', ARRAY(SELECT datname FROM pg_catalog.pg_database)";

/// What a server was found to have.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FoundRoles {
    /// By name.
    pub roles: Vec<RoleState>,
    /// Empty if they were not asked for.
    #[serde(default)]
    pub databases: HashSet<String>,
}

/// The same of one role.
#[derive(Debug, Deserialize)]
struct FoundRole {
    /// And the two that may be its logins.
    roles: Vec<RoleState>,
    #[serde(default)]
    databases: HashSet<String>,
}

/// The logins with pgrole's mark that were wanted, and how many logins there are.
#[derive(Debug, Clone, Deserialize)]
pub struct MarkedLogins {
    /// By name.
    pub roles: Vec<RoleState>,
    pub logins: usize,
}

/// Whether the databases are read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Databases {
    Unread,
    Read,
}

/// Looks for one role.
///
/// # Errors
/// If the server cannot be queried.
pub fn find_role(
    connection: &mut Connection,
    role: &RoleName,
    databases: Databases,
) -> Result<Guarded<FoundRoles>> {
    let [first, second] = login_names(role);
    let found = read_names::<FoundRole>(
        connection,
        ("the role", &format!("{FIND_ROLE}{})", databases.beside())),
        &[
            (&role.as_str(), Type::TEXT),
            (&first.as_str(), Type::TEXT),
            (&second.as_str(), Type::TEXT),
        ],
        NameEncoding::OfCluster,
    )?;
    Ok(found.map(|found| FoundRoles {
        roles: folded(found.roles)
            .into_iter()
            .filter(|found| found.name == role.as_str())
            .collect(),
        databases: found.databases,
    }))
}

/// The roles without those that are one of two logins of another one, which has them.
pub fn folded(mut roles: Vec<RoleState>) -> Vec<RoleState> {
    let owner_of = |role: &RoleState| match role.mark() {
        Some(Mark::LoginOf(owner)) => Some(owner),
        _ => None,
    };
    let logins: Vec<_> = roles
        .iter()
        .filter_map(|role| Some((owner_of(role)?, role.clone())))
        .collect();
    if logins.is_empty() {
        return roles;
    }
    for role in &mut roles {
        let Some(Mark::Dual(mark)) = role.mark() else {
            continue;
        };
        let owner = RoleName::from_server(role.name.as_str());
        let names = login_names(&owner).into_iter();
        role.logins = names.map(|name| name.to_string()).collect();
        let current = mark.current.map(|current| current.name(&owner));
        for (_, login) in logins.iter().filter(|(of, _)| *of == owner) {
            role.login |= login.login;
            // Until when the application may log in.
            if current
                .as_ref()
                .is_some_and(|name| name.as_str() == login.name)
            {
                role.valid_until.clone_from(&login.valid_until);
                (role.expired, role.seconds_left) = (login.expired, login.seconds_left);
            }
        }
    }
    let owners: HashSet<_> = roles
        .iter()
        .filter(|role| !role.logins.is_empty())
        .map(|role| role.name.clone())
        .collect();
    roles.retain(|role| owner_of(role).is_none_or(|owner| !owners.contains(owner.as_str())));
    roles
}

/// Reads all logins.
///
/// # Errors
/// If the server cannot be queried.
pub fn list_logins(
    connection: &mut Connection,
    databases: Databases,
) -> Result<Guarded<FoundRoles>> {
    let found: Guarded<FoundRoles> = read_names(
        connection,
        (
            "the logins",
            &format!("{LIST_LOGINS}{}) FROM described", databases.beside()),
        ),
        &[],
        NameEncoding::OfCluster,
    )?;
    Ok(found.map(|found| FoundRoles {
        roles: folded(found.roles),
        ..found
    }))
}

/// Reads the logins with pgrole's mark, without those of these names: of 10,000 only those that are not known.
///
/// # Errors
/// If the server cannot be queried.
pub fn list_marked(connection: &mut Connection, known: &[&str]) -> Result<Guarded<MarkedLogins>> {
    read_names(
        connection,
        ("the logins that pgrole created", LIST_MARKED),
        &[(&known, Type::TEXT_ARRAY)],
        NameEncoding::OfCluster,
    )
}

impl Databases {
    fn beside(self) -> &'static str {
        match self {
            Self::Unread => "",
            Self::Read => AND_DATABASES,
        }
    }
}
