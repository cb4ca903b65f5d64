//! Renders changes as SQL. The only place that builds SQL from text, with the driver's own escaping.

mod boxes;
mod duals;
mod leaving;
mod memberships;

use postgres_protocol::escape::escape_identifier;

use crate::domain::access::state::Loan;
use crate::domain::act::plan::{Change, Granted, MEMBERSHIP_OPTIONS};
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::timestamp::Timestamp;
use crate::server::role_clauses::{
    copied_attributes, identifier, literal, login_attributes, membership_options, names, parameter,
    valid_until_text,
};
use crate::wire::changes::Statement;

/// Whether a rendered statement is for the server or for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Server,
    /// The verifier is replaced by `<scram verifier>`.
    Person,
}

/// The statement of a change, for a server of `version` (`server_version_num`).
pub fn statement_of(change: &Change, version: u32) -> Statement {
    Statement::new(
        render(change, version, Reader::Server),
        render(change, version, Reader::Person),
        change.has_verifier(),
    )
}

/// The SQL of a change, without a semicolon, for a server of `version` (`server_version_num`).
#[allow(
    clippy::too_many_lines,
    reason = "one arm for each change, and none is left out"
)]
pub fn render(change: &Change, version: u32, reader: Reader) -> String {
    match change {
        Change::CreateLogin {
            role,
            createdb,
            createrole,
            connection_limit,
            valid_until,
            verifier,
        } => {
            let mut sql = format!("CREATE ROLE {} LOGIN", identifier(role));
            for (wanted, attribute) in [(createdb, " CREATEDB"), (createrole, " CREATEROLE")] {
                if *wanted {
                    sql.push_str(attribute);
                }
            }
            if let Some(limit) = connection_limit {
                sql += " CONNECTION LIMIT ";
                sql += &limit.to_string();
            }
            sql + &password_clause(verifier, reader) + &valid_until_clause(*valid_until)
        }
        Change::CloneRole {
            role,
            attributes,
            verifier,
        } => {
            format!("CREATE ROLE {}", identifier(role))
                + &copied_attributes(attributes)
                + &verifier
                    .as_ref()
                    .map_or(String::new(), |verifier| password_clause(verifier, reader))
                + &valid_until_text(attributes.valid_until.as_deref())
        }
        Change::CopyMembership {
            group,
            member,
            options,
        } => {
            let (group, member) = (identifier(group), identifier(member));
            format!(
                "GRANT {group} TO {member}{}",
                membership_options(*options, version)
            )
        }
        Change::SetParameter { role, setting } => {
            format!("ALTER ROLE {}{}", identifier(role), parameter(setting))
        }
        Change::RenameRole { role, to } => {
            format!(
                "ALTER ROLE {} RENAME TO {}",
                identifier(role),
                identifier(to)
            )
        }
        Change::AlterLogin {
            role, attributes, ..
        } => format!(
            "ALTER ROLE {}{}",
            identifier(role),
            login_attributes(attributes)
        ),
        Change::CreateGroup(role) => format!("CREATE ROLE {} NOLOGIN", identifier(role)),
        Change::CreateBox { .. } | Change::RequireBox { .. } | Change::EndTheseSessions { .. } => {
            boxes::render(change)
        }
        Change::Comment { role, mark, .. } => render_comment(role, Some(&mark.to_string())),
        Change::RestoreComment { role, comment } => render_comment(role, comment.as_deref()),
        Change::GrantMembership {
            group,
            member,
            to_hand_on,
        } => render_membership(group, member, *to_hand_on, version),
        Change::AllowCreateRole(role) => format!("ALTER ROLE {} CREATEROLE", identifier(role)),
        Change::AllowInherit(role) => format!("ALTER ROLE {} INHERIT", identifier(role)),
        Change::Borrow(role, Loan::Membership | Loan::Inheritance) => {
            render_borrowed(role, version)
        }
        Change::Return(role, loan) => render_returned(role, *loan),
        // With "off", the server could lose in a crash a commit that it has acknowledged.
        Change::CommitDurably => "SELECT pg_catalog.set_config('synchronous_commit', 'on', true) \
             WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'"
            .to_owned(),
        // Division by zero rolls everything back. Compares digests, so that the verifier appears only in CREATE and
        // ALTER ROLE, which log redaction knows.
        Change::RequireVerifier { role, verifier } => format!(
            "SELECT 1 OPERATOR(pg_catalog./) pg_catalog.count(*) FROM pg_catalog.pg_authid \
             WHERE rolname OPERATOR(pg_catalog.=) {} AND pg_catalog.encode(pg_catalog.sha256(\
             pg_catalog.convert_to(rolpassword, 'UTF8')), 'hex') OPERATOR(pg_catalog.=) '{}'",
            literal(role.as_str()),
            verifier.digest()
        ),
        Change::SetPassword {
            role,
            verifier,
            valid_until,
        } => {
            format!("ALTER ROLE {}", identifier(role))
                + &password_clause(verifier, reader)
                + &valid_until_clause(*valid_until)
        }
        Change::SetSearchPath {
            role,
            database,
            schemas,
            ..
        } => format!(
            "ALTER ROLE {} IN DATABASE {} SET search_path = {}",
            identifier(role),
            escape_identifier(database.as_str()),
            names(schemas)
        ),
        Change::ResetSearchPath { role, database, .. } => format!(
            "ALTER ROLE {} IN DATABASE {} RESET search_path",
            identifier(role),
            escape_identifier(database.as_str())
        ),
        Change::DropRole(role) => format!("DROP ROLE {}", identifier(role)),
        Change::RevokeMembership { group, member } => {
            format!("REVOKE {} FROM {}", identifier(group), identifier(member))
        }
        Change::TakeMembership(held) => memberships::take(held, version),
        Change::GiveMembershipBack(held) => memberships::give_back(held, version),
        Change::Grant {
            privileges,
            on,
            group,
        } => render_grant(&privileges.join(", "), on, &identifier(group), Verb::Grant),
        Change::Revoke {
            privileges,
            on,
            group,
        } => render_grant(&privileges.join(", "), on, &identifier(group), Verb::Revoke),
        Change::CreateNoLogin { .. }
        | Change::AdmitLogin { .. }
        | Change::LetActAs { .. }
        | Change::ResetParameter { .. }
        | Change::RequireComment { .. }
        | Change::RequireNoNewSessions { .. } => duals::render(change, version, reader),
        Change::SetLogin { .. }
        | Change::EndSessions { .. }
        | Change::RequireRole { .. }
        | Change::RequireOwned { .. }
        | Change::RequireNothingLeft { .. }
        | Change::BorrowAs(_)
        | Change::GiveBack(_)
        | Change::ActAs(_)
        | Change::SetOwner { .. }
        | Change::ReassignOwned { .. }
        | Change::DropOwned(_)
        | Change::GrantAgain { .. }
        | Change::RevokeAll { .. }
        | Change::RepeatMembership { .. } => leaving::render(change, version),
    }
}

fn render_comment(role: &RoleName, comment: Option<&str>) -> String {
    format!(
        "COMMENT ON ROLE {} IS {}",
        identifier(role),
        comment.map_or("NULL".to_owned(), literal)
    )
}

fn render_membership(
    group: &RoleName,
    member: &RoleName,
    to_hand_on: bool,
    version: u32,
) -> String {
    let options = match (to_hand_on, version >= MEMBERSHIP_OPTIONS) {
        // A NOINHERIT login would get nothing from the membership.
        (false, true) => " WITH INHERIT TRUE",
        (false, false) => "",
        (true, true) => " WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
        (true, false) => " WITH ADMIN OPTION",
    };
    format!(
        "GRANT {} TO {}{options}",
        identifier(group),
        identifier(member)
    )
}

fn render_borrowed(role: &RoleName, version: u32) -> String {
    let options = if version >= MEMBERSHIP_OPTIONS {
        " WITH INHERIT TRUE"
    } else {
        ""
    };
    format!("GRANT {} TO CURRENT_USER{options}", identifier(role))
}

fn render_returned(role: &RoleName, loan: Loan) -> String {
    let option = match loan {
        Loan::Membership => "",
        Loan::Inheritance => "INHERIT OPTION FOR ",
    };
    format!("REVOKE {option}{} FROM CURRENT_USER", identifier(role))
}

#[derive(Debug, Clone, Copy)]
enum Verb {
    Grant,
    Revoke,
}

fn render_grant(privileges: &str, on: &Granted, group: &str, verb: Verb) -> String {
    let (verb, to) = match verb {
        Verb::Grant => ("GRANT", "TO"),
        Verb::Revoke => ("REVOKE", "FROM"),
    };
    match on {
        Granted::Database(database) => format!(
            "{verb} {privileges} ON DATABASE {} {to} {group}",
            escape_identifier(database.as_str())
        ),
        Granted::Schema(schema) => format!(
            "{verb} {privileges} ON SCHEMA {} {to} {group}",
            escape_identifier(schema)
        ),
        Granted::All { kind, schema } => format!(
            "{verb} {privileges} ON ALL {} IN SCHEMA {} {to} {group}",
            kind.keyword(),
            escape_identifier(schema)
        ),
        Granted::Named { kind, names } => format!(
            "{verb} {privileges} ON {} {} {to} {group}",
            kind.keyword_of_one(),
            names.join(", ")
        ),
        Granted::Future {
            kind,
            creators,
            schemas,
        } => {
            let creators: Vec<_> = creators.iter().map(identifier).collect();
            let schemas: Vec<_> = schemas
                .iter()
                .map(|schema| escape_identifier(schema))
                .collect();
            let inside = match schemas.as_slice() {
                [] => String::new(),
                schemas => format!(" IN SCHEMA {}", schemas.join(", ")),
            };
            format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {}{inside} {verb} {privileges} ON {} {to} {group}",
                creators.join(", "),
                kind.keyword()
            )
        }
    }
}

/// The `application_name` of the session that makes a password change.
pub fn session_name(operation_id: &str) -> String {
    format!("pgrole:{operation_id}")
}

fn password_clause(verifier: &Verifier, reader: Reader) -> String {
    format!(" PASSWORD {}", verifier_literal(verifier, reader))
}

fn verifier_literal(verifier: &Verifier, reader: Reader) -> String {
    match reader {
        Reader::Server => literal(verifier.as_str()),
        Reader::Person => "'<scram verifier>'".to_owned(),
    }
}

fn valid_until_clause(valid_until: Option<Timestamp>) -> String {
    valid_until.map_or(String::new(), |point| format!(" VALID UNTIL '{point}'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{AccessLevel, ObjectKind};
    use crate::domain::role::mark::Mark;

    fn for_person(change: &Change, version: u32) -> String {
        render(change, version, Reader::Person)
    }

    #[test]
    fn odd_names_are_quoted_exactly() {
        let change = Change::CreateGroup(r#"a"b; DROP ROLE x; --\"#.parse().unwrap());
        assert_eq!(
            for_person(&change, 150_000),
            r#"CREATE ROLE "a""b; DROP ROLE x; --\" NOLOGIN"#
        );
        let change = Change::Comment {
            role: "x".parse().unwrap(),
            mark: Mark::Profile(r"it's\".into()),
            previous: None,
        };
        assert_eq!(
            for_person(&change, 150_000),
            r#"COMMENT ON ROLE "x" IS E'pgrole: profile=it''s\\'"#
        );
    }

    #[test]
    fn the_search_path_is_a_list_of_quoted_schemas() {
        let change = Change::SetSearchPath {
            role: "x".parse().unwrap(),
            database: "d".parse().unwrap(),
            schemas: vec!["$user".into(), "a,b".into()],
            previous: None,
        };
        assert_eq!(
            for_person(&change, 150_000),
            r#"ALTER ROLE "x" IN DATABASE "d" SET search_path = "$user", "a,b""#
        );
    }

    #[test]
    fn a_borrowed_membership_is_worded_by_version() {
        let change = Change::Borrow("x".parse().unwrap(), Loan::Membership);
        assert_eq!(for_person(&change, 150_000), r#"GRANT "x" TO CURRENT_USER"#);
        assert_eq!(
            for_person(&change, 160_000),
            r#"GRANT "x" TO CURRENT_USER WITH INHERIT TRUE"#
        );
        let change = Change::Return("x".parse().unwrap(), Loan::Inheritance);
        assert_eq!(
            for_person(&change, 160_000),
            r#"REVOKE INHERIT OPTION FOR "x" FROM CURRENT_USER"#
        );
    }

    #[test]
    fn many_creators_share_one_statement() {
        let change = Change::Grant {
            privileges: AccessLevel::Readonly
                .privileges(ObjectKind::Tables)
                .iter()
                .map(|&privilege| privilege.to_owned())
                .collect(),
            on: Granted::Future {
                creators: vec!["a".parse().unwrap(), "b".parse().unwrap()],
                kind: ObjectKind::Tables,
                schemas: Vec::new(),
            },
            group: "g".parse().unwrap(),
        };
        assert_eq!(
            for_person(&change, 150_000),
            r#"ALTER DEFAULT PRIVILEGES FOR ROLE "a", "b" GRANT SELECT ON TABLES TO "g""#
        );
    }
}
