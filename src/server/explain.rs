//! Reads why a role cannot log in, or cannot do something: one statement each, which changes nothing and runs nothing of
//! the database's own.

use anyhow::{Context, Result};
use serde::Deserialize;
use tokio_postgres::types::{ToSql, Type};

use crate::domain::role::RoleName;
use crate::domain::role::explanation::{AccessQuestion, AccessReading, LoginReading, SubjectKind};
use crate::domain::role::planner::PlannerGround;
use crate::domain::target::DatabaseName;
use crate::server::catalog::{Guarded, read_all, read_names};
use crate::wire::connection::{CatalogQuery, Connection, NameEncoding};

const READ_LOGIN: &str = include_str!("sql/explain_login.sql");
const READ_ACCESS: &str = concat!(
    include_str!("sql/explain_acting.sql"),
    include_str!("sql/explain_access.sql")
);
const READ_LOGIN_AND_RELATIONS: &str = concat!(
    "SELECT json_build_object('login', (",
    include_str!("sql/explain_login.sql"),
    "), 'relations', (",
    include_str!("sql/relation_kinds.sql"),
    "))"
);
const READ_LOGIN_AND_GROUND: &str = concat!(
    "SELECT json_build_object('login', (",
    include_str!("sql/explain_login.sql"),
    "), 'relations', (",
    include_str!("sql/relation_kinds.sql"),
    "), 'ground', (",
    include_str!("sql/explain_acting.sql"),
    include_str!("sql/planner_ground.sql"),
    "))"
);

/// What one reading says of both.
#[derive(Debug, Deserialize)]
pub struct LoginAndRelations {
    pub login: LoginReading,
    pub relations: RelationKinds,
}

/// What one reading says of all three.
#[derive(Debug, Deserialize)]
pub struct LoginAndGround {
    pub login: LoginReading,
    pub relations: RelationKinds,
    pub ground: PlannerGround,
}

/// What is among the relations that are asked about: why a role cannot do something to these takes longer to plan.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RelationKinds {
    views: bool,
    foreign_tables: bool,
    row_security: bool,
}

impl RelationKinds {
    /// Where it has not been read.
    pub const ALL: Self = Self {
        views: true,
        foreign_tables: true,
        row_security: true,
    };
}

/// Reads why a role cannot log in to a database of the server.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_login(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
) -> Result<Guarded<LoginReading>> {
    read_names(
        connection,
        ("why the role cannot log in", READ_LOGIN),
        &[
            (&role.as_str(), Type::TEXT),
            (&database.as_str(), Type::TEXT),
        ],
        NameEncoding::OfDatabase,
    )
}

/// Reads the same, and what the relations are that are asked about.
///
/// # Errors
/// If the server cannot be queried, or an object's name cannot be read.
pub fn read_login_and_relations(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
    questions: &[&AccessQuestion],
) -> Result<Guarded<LoginAndRelations>> {
    read_names(
        connection,
        ("why the role cannot log in", READ_LOGIN_AND_RELATIONS),
        &[
            (&role.as_str(), Type::TEXT),
            (&database.as_str(), Type::TEXT),
            (&relations(questions), Type::TEXT_ARRAY),
        ],
        NameEncoding::OfDatabase,
    )
}

/// Reads the same, and whether a statement that calls these functions may be planned as the role.
///
/// # Errors
/// As [`read_login_and_relations`].
pub fn read_login_and_ground(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
    (questions, functions): (&[&AccessQuestion], &[String]),
) -> Result<Guarded<LoginAndGround>> {
    read_names(
        connection,
        ("why the role cannot log in", READ_LOGIN_AND_GROUND),
        &[
            (&role.as_str(), Type::TEXT),
            (&database.as_str(), Type::TEXT),
            (&relations(questions), Type::TEXT_ARRAY),
            (&functions, Type::TEXT_ARRAY),
        ],
        NameEncoding::OfDatabase,
    )
}

fn relations<'q>(questions: &[&'q AccessQuestion]) -> Vec<&'q str> {
    let questions = questions.iter();
    let about_tables = questions.filter(|question| question.kind == SubjectKind::Table);
    about_tables
        .map(|question| question.object.as_str())
        .collect()
}

/// Reads why a role cannot do each of these in the session's database, in one round trip; there must be one. What the
/// relations among them are must have been read before, or is [`RelationKinds::ALL`].
///
/// # Errors
/// If the server cannot be queried, or an object's name cannot be read.
pub fn read_access(
    connection: &mut Connection,
    role: &RoleName,
    questions: &[&AccessQuestion],
    relations: RelationKinds,
) -> Result<Guarded<Vec<AccessReading>>> {
    let role = role.as_str();
    let sqls = questions.iter().map(|asked| access_sql(asked, relations));
    let sqls: Vec<_> = sqls.collect();
    let parameters: Vec<[(&(dyn ToSql + Sync), Type); 3]> = questions
        .iter()
        .map(|question| -> [(&(dyn ToSql + Sync), Type); 3] {
            [
                (&role, Type::TEXT),
                (&question.object, Type::TEXT),
                (&question.columns, Type::TEXT_ARRAY),
            ]
        })
        .collect();
    let queries: Vec<_> = sqls
        .iter()
        .zip(&parameters)
        .map(|(sql, parameters)| CatalogQuery {
            purpose: "why the role may not",
            sql,
            parameters,
            names: NameEncoding::OfDatabase,
        })
        .collect();
    let answers = read_all(connection, &queries)?;
    Guarded::together(answers).context("a query has an answer")
}

/// The reading without what does not concern the question. The kind and the action are words of our own.
fn access_sql(question: &AccessQuestion, relations: RelationKinds) -> String {
    let (kind, action) = (question.kind.as_str(), question.action.to_string());
    let mut holding = vec![kind, action.as_str()];
    let traits = [
        ("views", relations.views),
        ("foreign-tables", relations.foreign_tables),
        ("row-security", relations.row_security),
    ];
    holding.extend(
        traits
            .iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(name, _)| name),
    );
    without_other_parts(READ_ACCESS, &holding)
        .replace("{kind}", &format!("'{kind}'::text"))
        .replace("{action}", &format!("'{action}'::text"))
}

/// Leaves out what stands between `--if` and `--end` unless each word after `--if`, or one of those with `|` between them,
/// holds.
fn without_other_parts(text: &str, holding: &[&str]) -> String {
    let holds = |condition: &str| {
        let mut words = condition.split_ascii_whitespace();
        words.all(|word| word.split('|').any(|either| holding.contains(&either)))
    };
    let mut kept = String::with_capacity(text.len());
    let mut parts = vec![true];
    for line in text.lines() {
        let is_kept = parts.last().copied().unwrap_or(true);
        match line.trim_start().strip_prefix("--") {
            Some("end") => {
                parts.pop();
            }
            Some(comment) => {
                if let Some(condition) = comment.strip_prefix("if ") {
                    parts.push(is_kept && holds(condition));
                }
            }
            None if is_kept => {
                kept.push_str(line);
                kept.push('\n');
            }
            None => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::domain::role::explanation::Action;

    #[test]
    fn a_part_is_kept_where_each_of_its_words_holds() {
        let text = "a\n  --if x|y z\n  b\n  --if w\n  c\n  --end\n  --end\n  -- d\ne\n";
        let of = |holding: &[&str]| without_other_parts(text, holding).replace([' ', '\n'], "");
        assert_eq!(of(&["z"]), "ae");
        assert_eq!(of(&["x", "w"]), "ae");
        assert_eq!(of(&["y", "z"]), "abe");
        assert_eq!(of(&["x", "z", "w"]), "abce");
    }

    #[test]
    fn each_part_concerns_some_question_and_none_stays_open() {
        let mut parts: usize = 0;
        for line in READ_ACCESS.lines().map(str::trim_start) {
            if line == "--end" {
                parts = parts.checked_sub(1).expect("--if is before --end");
            }
            let Some(condition) = line.strip_prefix("--if ") else {
                continue;
            };
            parts += 1;
            for word in condition.split([' ', '|']) {
                let is_kind = SubjectKind::value_variants()
                    .iter()
                    .any(|kind| kind.as_str() == word);
                let is_action = Action::value_variants()
                    .iter()
                    .any(|action| action.to_string() == word);
                let is_trait = ["views", "foreign-tables", "row-security"].contains(&word);
                assert!(is_kind || is_action || is_trait, "{line}");
            }
        }
        assert_eq!(parts, 0);
    }
}
