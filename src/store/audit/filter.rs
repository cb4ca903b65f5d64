//! Which acts a list of the audit log contains, as SQL that an index answers, whatever the log's length and the filter.

use rusqlite::{Connection, ToSql};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::timestamp::Timestamp;
use crate::store::audit::{changes, target_lists};

/// Filters on events; `None` matches any.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    pub since: Option<Timestamp>,
    /// Up to this time, exclusive.
    pub until: Option<Timestamp>,
    pub env: Option<String>,
    pub database: Option<String>,
    pub username: Option<String>,
    pub operator: Option<String>,
    pub operation: Option<String>,
    /// Only acts whose outcome is an error.
    pub failed: bool,
    /// Only acts that changed something, or may have.
    pub changes: bool,
    /// Only what is listed after the event with this ID.
    pub before: Option<i64>,
    pub limit: u32,
}

/// An act without an outcome is marked: the process was killed, or is still working.
pub(super) const COLUMNS: &str = "
    SELECT i.id, i.performed_at, i.operation, i.env, i.db_name, i.username,
        coalesce(o.status, CASE WHEN i.stage <> 'intent' THEN i.status END) AS status,
        i.os_user, i.reason, i.targets, i.targets_hash, i.hostname, i.port, i.profile, o.sqlstate, o.error, o.statements, o.undo, o.duration_ms,
        coalesce(o.admin_user, i.admin_user) AS admin_user,
        i.uid, i.sudo_user, i.host, i.pid, i.tty, i.version, i.operation_id";

/// Which acts a query finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ActOn {
    OneTarget,
    /// Those whose list of targets has this hash.
    List(String),
    /// Those whose list of targets is one of all that contain what is wanted.
    AnyList,
    /// Those of earlier versions, which have their targets themselves.
    OwnList,
}

/// What narrows a query beside its filter.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// The first and the last id that the period may contain.
    pub ids: Option<(i64, i64)>,
    /// A page is full with events that are all newer than those up to this one.
    pub after: Option<i64>,
    /// Whether the log has all indexes of the newest version.
    pub has_indexes: bool,
}

/// A query with its bound parameters.
pub(super) struct BoundQuery {
    pub sql: String,
    pub values: Vec<Box<dyn ToSql>>,
}

impl EventFilter {
    /// The acts whose pages together make a page: those on several targets are found by their lists.
    pub(super) fn parts(&self, connection: &Connection) -> rusqlite::Result<Vec<ActOn>> {
        let mut parts = vec![ActOn::OneTarget];
        if self.env.is_none() && self.database.is_none() {
            return Ok(parts);
        }
        if self.has_better_index() {
            parts.push(ActOn::AnyList);
        } else {
            let lists = target_lists::find_with(connection, &self.wanted_target())?;
            parts.extend(lists.into_iter().map(ActOn::List));
        }
        parts.push(ActOn::OwnList);
        Ok(parts)
    }

    /// Whether fewer acts are of a role, or failed, than are on several targets.
    fn has_better_index(&self) -> bool {
        self.username.is_some() || self.failed
    }

    /// What the list of targets contains, if it has one that is wanted.
    fn wanted_target(&self) -> String {
        // As JSON writes them, without the quote on the side that is open.
        let quoted = |name: &String| serde_json::Value::from(name.as_str()).to_string();
        let env = self.env.as_ref().map(quoted).unwrap_or_default();
        let database = self.database.as_ref().map(quoted).unwrap_or_default();
        let env = env.strip_suffix('"').unwrap_or(&env);
        let database = database.strip_prefix('"').unwrap_or(&database);
        format!("{env}/{database}")
    }

    pub(super) fn query(&self, of: &ActOn, bounds: &Bounds) -> BoundQuery {
        let by_targets = match of {
            ActOn::List(_) => "INDEXED BY audit_log_target_list",
            ActOn::OwnList if bounds.has_indexes && !self.has_better_index() => {
                "INDEXED BY audit_log_targets"
            }
            _ => "",
        };
        // The alias of the row whose time selects the acts. Failures are rare, so they are found by their outcomes.
        let (alias, tables) = if self.failed {
            (
                "o",
                "FROM audit_log o CROSS JOIN audit_log i ON i.operation_id = o.operation_id AND i.stage = 'intent'
                 WHERE o.stage = 'outcome' AND o.error IS NOT NULL"
                    .to_owned(),
            )
        } else {
            (
                "i",
                format!(
                    "FROM audit_log i {by_targets}
                     LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
                     WHERE i.stage <> 'outcome'"
                ),
            )
        };
        let mut sql = format!("{COLUMNS} {tables}");
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        // The most selective column first: its index is used; a plus sign keeps SQLite from using the others'.
        let mut plus = if self.failed { "+" } else { "" };
        for (column, wanted) in [
            ("username", &self.username),
            ("db_name", &self.database),
            ("operation", &self.operation),
            ("os_user", &self.operator),
            ("env", &self.env),
        ] {
            if *of != ActOn::OneTarget && matches!(column, "db_name" | "env") {
                continue;
            }
            if let Some(wanted) = wanted {
                if let Some(mode) = creates_by_any_profile(column, wanted) {
                    sql += &format!(" AND {}", creation_condition(alias));
                    values.push(Box::new(wanted.clone()));
                    values.push(Box::new(mode.suffix()));
                    continue;
                }
                sql += &format!(" AND {plus}{alias}.{column} = ?");
                values.push(Box::new(wanted.clone()));
                plus = "+";
            }
        }
        match of {
            ActOn::OneTarget => {}
            ActOn::List(hash) => {
                sql += " AND i.targets_hash = ?";
                values.push(Box::new(hash.clone()));
            }
            ActOn::AnyList => {
                sql += " AND +i.targets_hash IN (SELECT hash FROM target_list WHERE instr(targets, ?) > 0)";
                values.push(Box::new(self.wanted_target()));
            }
            ActOn::OwnList => {
                sql += " AND i.targets IS NOT NULL AND instr(i.targets, ?) > 0";
                values.push(Box::new(self.wanted_target()));
            }
        }
        for (sign, point) in [(">=", self.since), ("<", self.until)] {
            if let Some(point) = point {
                sql += &format!(" AND {alias}.performed_at {sign} ?");
                values.push(Box::new(point.to_string()));
            }
        }
        if let Some((first, last)) = bounds.ids {
            sql += &format!(" AND {alias}.id BETWEEN ? AND ?");
            values.push(Box::new(first));
            values.push(Box::new(last));
        }
        if self.changes {
            sql += &changes::condition();
        }
        for (sign, id) in [("<", self.before), (">", bounds.after)] {
            if let Some(id) = id {
                sql += &format!(" AND i.id {sign} ?");
                values.push(Box::new(id));
            }
        }
        // By id, so that newer events are listed first even if a clock was set back.
        sql += " ORDER BY i.id DESC LIMIT ?";
        values.push(Box::new(self.limit));
        BoundQuery { sql, values }
    }
}

/// Whether the filter is for creations with any profile, and in which mode.
fn creates_by_any_profile(column: &str, wanted: &str) -> Option<Mode> {
    let mut modes = [Mode::Run, Mode::DryRun, Mode::Rehearsal].into_iter();
    let is_it =
        |mode: &Mode| column == "operation" && Operation::UserCreate.name_in(*mode) == wanted;
    modes.find(is_it)
}

/// Earlier versions named a creation after its profile. Names that a command of its own may have recorded stay with
/// that command.
fn creation_condition(alias: &str) -> String {
    let own: Vec<_> = Operation::OF_PROFILES
        .iter()
        .map(|operation| format!("'{}'", operation.name()))
        .collect();
    format!(
        "({alias}.operation = ? OR {alias}.operation = 'user ' || {alias}.profile || ?
            AND 'user ' || {alias}.profile NOT IN ({}))",
        own.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::domain::audit::operator::Operator;
    use crate::store::schema;

    fn plan(connection: &Connection, filter: &EventFilter, of: &ActOn) -> String {
        let bounds = Bounds {
            ids: Some((1, 9)),
            after: None,
            has_indexes: true,
        };
        let BoundQuery { sql, values } = filter.query(of, &bounds);
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let values = rusqlite::params_from_iter(values.iter().map(AsRef::as_ref));
        let lines = statement.query_map(values, |row| row.get::<_, String>(3));
        let lines: Vec<_> = lines.unwrap().map(Result::unwrap).collect();
        lines.join("; ")
    }

    #[test]
    fn every_filter_has_an_index_that_gives_the_order_too() {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        schema::migrate(&transaction, 0, &Operator::default(), Timestamp::now()).unwrap();
        transaction.commit().unwrap();
        let any = EventFilter::default;
        let x = || Some("x".to_owned());
        for (index, filter) in [
            ("INTEGER PRIMARY KEY", any()),
            ("audit_log_env", EventFilter { env: x(), ..any() }),
            (
                "audit_log_database",
                EventFilter {
                    database: x(),
                    env: x(),
                    ..any()
                },
            ),
            (
                "audit_log_username",
                EventFilter {
                    username: x(),
                    env: x(),
                    database: x(),
                    ..any()
                },
            ),
            (
                "audit_log_operator",
                EventFilter {
                    operator: x(),
                    ..any()
                },
            ),
            (
                "audit_log_operation",
                EventFilter {
                    operation: x(),
                    operator: x(),
                    ..any()
                },
            ),
            (
                "audit_log_failed",
                EventFilter {
                    failed: true,
                    username: x(),
                    ..any()
                },
            ),
        ] {
            let filter = EventFilter {
                since: Some(Timestamp::now()),
                until: Some(Timestamp::now()),
                ..filter
            };
            for before in [None, Some(5)] {
                let filter = EventFilter {
                    before,
                    ..filter.clone()
                };
                for (index_of_lists, of) in [
                    ("audit_log_target_list", ActOn::List("x".to_owned())),
                    ("audit_log_targets", ActOn::OwnList),
                ] {
                    let several = plan(&connection, &filter, &of);
                    let is_better = filter.has_better_index();
                    assert!(
                        is_better || several.contains(&format!(" {index_of_lists} ")),
                        "{several}"
                    );
                    assert!(
                        filter.failed || !several.contains("TEMP B-TREE"),
                        "{several}"
                    );
                }
                if filter.has_better_index() {
                    let any_list = plan(&connection, &filter, &ActOn::AnyList);
                    assert!(any_list.contains(&format!(" {index} ")), "{any_list}");
                }
                let plan = plan(&connection, &filter, &ActOn::OneTarget);
                assert!(plan.contains(&format!(" {index} ")), "{plan}");
                // Failures are few, and listed by their intents.
                assert!(filter.failed || !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}
