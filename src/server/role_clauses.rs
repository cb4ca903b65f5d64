//! The parts of statements about roles: attributes, the options of memberships, parameters; and the escaping that all
//! statements use.

use postgres_protocol::escape::{escape_identifier, escape_literal};

use crate::domain::act::plan::{CopiedAttributes, LoginAttributes, MEMBERSHIP_OPTIONS};
use crate::domain::role::RoleName;
use crate::domain::role::definition::{DefinedSetting, MembershipOptions};
use crate::domain::role::name_list::ListKind;

pub(super) fn identifier(role: &RoleName) -> String {
    escape_identifier(role.as_str())
}

/// A literal that the server reads correctly whatever `standard_conforming_strings` is.
pub(super) fn literal(text: &str) -> String {
    escape_literal(text).trim_start().to_owned()
}

/// Only what is not the default: even naming SUPERUSER or NOSUPERUSER takes a superuser.
pub(super) fn copied_attributes(attributes: &CopiedAttributes) -> String {
    let mut clauses = if attributes.login {
        " LOGIN"
    } else {
        " NOLOGIN"
    }
    .to_owned();
    for (is_set, attribute) in [
        (attributes.superuser, " SUPERUSER"),
        (!attributes.inherit, " NOINHERIT"),
        (attributes.createdb, " CREATEDB"),
        (attributes.createrole, " CREATEROLE"),
        (attributes.replication, " REPLICATION"),
        (attributes.bypassrls, " BYPASSRLS"),
    ] {
        if is_set {
            clauses += attribute;
        }
    }
    if attributes.connection_limit != -1 {
        clauses += &format!(" CONNECTION LIMIT {}", attributes.connection_limit);
    }
    clauses
}

/// What is to change.
pub(super) fn login_attributes(attributes: &LoginAttributes) -> String {
    let mut clauses = String::new();
    for (wanted, attribute) in [
        (attributes.createdb, "CREATEDB"),
        (attributes.createrole, "CREATEROLE"),
    ] {
        clauses += match wanted {
            Some(true) => " ",
            Some(false) => " NO",
            None => continue,
        };
        clauses += attribute;
    }
    if let Some(limit) = attributes.connection_limit {
        clauses += &format!(" CONNECTION LIMIT {limit}");
    }
    clauses + &valid_until_text(attributes.valid_until.as_deref())
}

pub(super) fn valid_until_text(valid_until: Option<&str>) -> String {
    valid_until.map_or(String::new(), |until| {
        format!(" VALID UNTIL {}", literal(until))
    })
}

/// Up to PostgreSQL 15 a membership has no options but ADMIN.
pub(super) fn membership_options(options: MembershipOptions, version: u32) -> String {
    let word = |is_set: bool| if is_set { "TRUE" } else { "FALSE" };
    if version >= MEMBERSHIP_OPTIONS {
        return format!(
            " WITH ADMIN {}, INHERIT {}, SET {}",
            word(options.admin),
            word(options.inherit),
            word(options.set)
        );
    }
    let clause = if options.admin {
        " WITH ADMIN OPTION"
    } else {
        ""
    };
    clause.to_owned()
}

/// A list is set element by element: as one text it would be one element.
pub(super) fn parameter(setting: &DefinedSetting) -> String {
    let DefinedSetting {
        database,
        name,
        value,
    } = setting;
    let place = database.as_ref().map_or(String::new(), |database| {
        format!(" IN DATABASE {}", escape_identifier(database))
    });
    let name = parameter_name(name);
    let kind = ListKind::of(&setting.name);
    let value = match kind.and_then(|kind| Some((kind, kind.elements(value)?))) {
        Some((ListKind::Names, elements)) => names(&elements),
        Some((ListKind::Paths, elements)) => {
            let each: Vec<_> = elements.iter().map(|one| literal(one)).collect();
            each.join(", ")
        }
        None => literal(value),
    };
    format!("{place} SET {name} = {value}")
}

/// Without quotes where none are needed, as people write it. The server's own parameters are no keywords; the parts of an
/// extension's may be.
pub(super) fn parameter_name(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    if name.chars().all(is_plain) && !name.is_empty() {
        return name.to_owned();
    }
    let parts: Vec<_> = name.split('.').map(escape_identifier).collect();
    parts.join(".")
}

/// A list of names. To the server a list of none is one empty name, which is not a valid identifier.
pub(super) fn names(elements: &[String]) -> String {
    let name = |element: &String| match element.as_str() {
        "" => "''".to_owned(),
        element => escape_identifier(element),
    };
    if elements.is_empty() {
        return "''".to_owned();
    }
    elements.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(database: Option<&str>, name: &str, value: &str) -> String {
        parameter(&DefinedSetting {
            database: database.map(str::to_owned),
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }

    #[test]
    fn a_parameter_keeps_its_value_exactly() {
        for (setting, sql) in [
            (
                (None, "search_path", r#""$user", a, "B,c""#),
                r#" SET search_path = "$user", "a", "B,c""#,
            ),
            ((None, "search_path", r#""""#), " SET search_path = ''"),
            (
                (Some("d\"b"), "local_preload_libraries", r#"a b, "c""d""#),
                r#" IN DATABASE "d""b" SET local_preload_libraries = 'a b', 'c"d'"#,
            ),
            ((None, "TimeZone", "UTC"), r#" SET "TimeZone" = 'UTC'"#),
            (
                (None, "my.Setting", r"it's \"),
                r#" SET "my"."Setting" = E'it''s \\'"#,
            ),
            (
                (None, "datestyle", "ISO, MDY"),
                " SET datestyle = 'ISO, MDY'",
            ),
        ] {
            let (database, name, value) = setting;
            assert_eq!(rendered(database, name, value), sql);
        }
    }

    #[test]
    fn options_of_a_membership_are_worded_by_version() {
        let options = MembershipOptions {
            admin: true,
            inherit: false,
            set: true,
        };
        assert_eq!(membership_options(options, 150_000), " WITH ADMIN OPTION");
        assert_eq!(
            membership_options(options, 160_000),
            " WITH ADMIN TRUE, INHERIT FALSE, SET TRUE"
        );
    }
}
