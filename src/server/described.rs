//! The readings' CTE `described`: some roles, each with its state as JSON; an object of a role by its name, an array of
//! those that are listed.

/// `described AS (…)`: the roles, as `r`, that a condition chooses, each with its state. The object is built once a role,
/// and only for those: a condition on the CTE's rows would come after it.
macro_rules! described {
    ($condition:literal) => {
        concat!(
            " described AS MATERIALIZED (SELECT r.oid, r.rolname, r.rolsuper,",
            include_str!("sql/role_state.sql"),
            " AS state FROM {roles} r WHERE ",
            $condition,
            ") "
        )
    };
}

/// The role `$1` and the role that acts. Names are compared as names: only so an index finds them.
macro_rules! role_and_admin {
    () => {
        $crate::server::described::described!("r.rolname = $1::text OR r.rolname = current_user")
    };
}

/// All roles with LOGIN, and those that pgrole created and that are NOLOGIN now.
macro_rules! logins {
    () => {
        concat!(
            include_str!("sql/listed_logins.sql"),
            " AND (r.rolcanlogin OR c.description LIKE 'pgrole: %profile=%')) "
        )
    };
}

/// The same with the idle ones of dual logins, whose profile is their owner's.
macro_rules! reported_logins {
    () => {
        concat!(
            include_str!("sql/listed_logins.sql"),
            " AND (r.rolcanlogin OR c.description LIKE 'pgrole: %profile=%'
            OR c.description LIKE 'pgrole: dual login of %')) "
        )
    };
}

/// Those of them that pgrole created, but for the names `$1`.
macro_rules! marked_logins {
    () => {
        concat!(
            include_str!("sql/listed_logins.sql"),
            " AND c.description LIKE 'pgrole: %profile=%'
            AND NOT EXISTS (SELECT FROM pg_catalog.unnest($1::text[]) AS known (name) WHERE known.name = r.rolname)) "
        )
    };
}

pub(super) use {described, logins, marked_logins, reported_logins, role_and_admin};
