//! The statements by which a role is locked, and by which its objects and privileges are settled before it is dropped.

use super::{identifier, literal};
use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS, NOTHING_LEFT, NamedObject};
use crate::domain::role::reach::{Borrowed, Borrowing};

/// How many of the objects that are left an error names.
const MOST_NAMED: u32 = 20;

/// The SQL of one of these changes.
pub(super) fn render(change: &Change, version: u32) -> String {
    match change {
        Change::SetLogin { role, can_login } => {
            let word = if *can_login { "LOGIN" } else { "NOLOGIN" };
            format!("ALTER ROLE {} {word}", identifier(role))
        }
        Change::EndSessions { oids } => {
            let oids: Vec<_> = oids.iter().map(u32::to_string).collect();
            format!(
                "SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity \
                 WHERE usesysid OPERATOR(pg_catalog.=) ANY ('{{{}}}'::pg_catalog.oid[]) \
                 AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()",
                oids.join(",")
            )
        }
        // Division by zero rolls everything back.
        Change::RequireRole { role, oid } => format!(
            "SELECT 1 OPERATOR(pg_catalog./) pg_catalog.count(*) FROM pg_catalog.pg_roles \
             WHERE rolname OPERATOR(pg_catalog.=) {} AND oid OPERATOR(pg_catalog.=) {oid}::pg_catalog.oid",
            literal(role.as_str())
        ),
        Change::RequireOwned { oid, count } => format!(
            "SELECT 1 OPERATOR(pg_catalog./) (pg_catalog.count(*) OPERATOR(pg_catalog.=) {count})::pg_catalog.int4 \
             FROM pg_catalog.pg_shdepend WHERE {} AND deptype OPERATOR(pg_catalog.=) 'o'::pg_catalog.\"char\" \
             AND classid OPERATOR(pg_catalog.<>) ALL (ARRAY['pg_catalog.pg_default_acl', \
             'pg_catalog.pg_user_mapping']::pg_catalog.regclass[]::pg_catalog.oid[])",
            depends_here(*oid)
        ),
        // The cast fails, with the names in its message: by the time they could be read again, all has been rolled back.
        Change::RequireNothingLeft { oid } => format!(
            "SELECT pg_catalog.concat('{NOTHING_LEFT}', pg_catalog.string_agg(pg_catalog.pg_describe_object(\
             classid, objid, objsubid), '; '))::pg_catalog.int4 FROM (SELECT classid, objid, objsubid \
             FROM pg_catalog.pg_shdepend WHERE {} LIMIT {MOST_NAMED}) AS found \
             HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0",
            depends_here(*oid)
        ),
        Change::BorrowAs(borrowing) => render_borrowed(borrowing, version),
        Change::GiveBack(borrowing) => render_given_back(borrowing, version),
        Change::ActAs(role) => format!("SET LOCAL ROLE {}", identifier(role)),
        Change::SetOwner { object, owner } => {
            format!(
                "ALTER {} OWNER TO {}",
                render_object(object),
                identifier(owner)
            )
        }
        Change::ReassignOwned { role, heir } => {
            format!(
                "REASSIGN OWNED BY {} TO {}",
                identifier(role),
                identifier(heir)
            )
        }
        Change::DropOwned(role) => format!("DROP OWNED BY {}", identifier(role)),
        Change::GrantAgain {
            privilege,
            object,
            grantee,
            grantable,
        } => format!(
            "GRANT {privilege}{} ON {} TO {}{}",
            of_column(object),
            render_object(object),
            grantee.as_ref().map_or("PUBLIC".to_owned(), identifier),
            if *grantable { " WITH GRANT OPTION" } else { "" }
        ),
        Change::RevokeAll { object, role } => format!(
            "REVOKE ALL{} ON {} FROM {} CASCADE",
            of_column(object),
            render_object(object),
            identifier(role)
        ),
        Change::RepeatMembership {
            group,
            member,
            admin,
            inherit,
            set,
            grantor,
        } => format!(
            "GRANT {} TO {} WITH ADMIN {}, INHERIT {}, SET {}{}",
            identifier(group),
            identifier(member),
            option(*admin),
            option(*inherit),
            option(*set),
            granted_by(grantor.as_ref().map(identifier))
        ),
        other => unreachable!("rendered elsewhere: {other:?}"),
    }
}

/// The rows of `pg_shdepend` of this database that name a role.
fn depends_here(oid: u32) -> String {
    format!(
        "refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid \
         AND refobjid OPERATOR(pg_catalog.=) {oid}::pg_catalog.oid AND deptype OPERATOR(pg_catalog.<>) 'p'::pg_catalog.\"char\" \
         AND dbid OPERATOR(pg_catalog.=) (SELECT oid FROM pg_catalog.pg_database \
         WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database())"
    )
}

fn render_object(object: &NamedObject) -> String {
    format!("{} {}", object.keyword, object.name)
}

fn of_column(object: &NamedObject) -> String {
    match object.column.as_str() {
        "" => String::new(),
        column => format!(" ({column})"),
    }
}

fn option(is_set: bool) -> &'static str {
    if is_set { "TRUE" } else { "FALSE" }
}

fn granted_by(grantor: Option<String>) -> String {
    grantor.map_or(String::new(), |grantor| format!(" GRANTED BY {grantor}"))
}

fn render_borrowed(borrowing: &Borrowing, version: u32) -> String {
    let options = match borrowing.what {
        _ if version < MEMBERSHIP_OPTIONS => "",
        Borrowed::Membership => " WITH INHERIT TRUE, SET TRUE",
        Borrowed::Inherit => " WITH INHERIT TRUE",
        Borrowed::Set => " WITH SET TRUE",
    };
    format!(
        "GRANT {} TO CURRENT_USER{options}{}",
        identifier(&borrowing.role),
        grantor_of(borrowing, version)
    )
}

fn render_given_back(borrowing: &Borrowing, version: u32) -> String {
    let option = match borrowing.what {
        Borrowed::Membership => "",
        Borrowed::Inherit => "INHERIT OPTION FOR ",
        Borrowed::Set => "SET OPTION FOR ",
    };
    format!(
        "REVOKE {option}{} FROM CURRENT_USER{}",
        identifier(&borrowing.role),
        grantor_of(borrowing, version)
    )
}

/// Named, because the server would choose another role that the borrower has the rights of by then.
fn grantor_of(borrowing: &Borrowing, version: u32) -> String {
    if version < MEMBERSHIP_OPTIONS {
        return String::new();
    }
    granted_by(Some(identifier(&borrowing.grantor)))
}
