//! What the server says of a statement when it plans it as a role, without running it: a refusal is looked up among the
//! objects that the statement names. That it was planned is never taken for "can".

use serde::Deserialize;

use crate::domain::role::explanation::{
    AccessQuestion, AccessReading, Action, Cause, Findings, SubjectKind, UNKNOWN,
};
use crate::domain::role::named_objects::{bare_name, parts};

/// What the server says of a statement that it planned.
const PLANNED: &str = "00000";
/// A syntax error, and more than one statement.
const NOT_PLANNABLE: [&str; 2] = ["42601", "42P11"];
/// A parameter, such as in what `pg_stat_statements` shows.
const PARAMETER: &str = "42P02";
/// What the server finds only when it runs the statement.
const AT_RUN_TIME: [&str; 10] = [
    "standby",
    "read_only_role",
    "read_only_database",
    "read_only_server",
    "sequence",
    "expression",
    "user_mapping",
    "rls_none",
    "rls_other",
    "rls_force",
];

/// The rank of what a default or a domain calls, which is a part of the plan.
const PLANNED_EXPRESSION: u32 = 152;

/// Whether a statement may be planned as a role, and what that takes.
#[derive(Debug, Clone, Deserialize)]
pub struct PlannerGround {
    /// As whom the login acts; `None` if there is no such role.
    pub role: Option<String>,
    /// Why it may not be planned.
    pub obstacles: Vec<String>,
    /// Those that making a function would set off.
    pub event_triggers: Vec<SourceOfTrigger>,
    #[serde(default)]
    pub needs_membership: Option<bool>,
    #[serde(default)]
    pub needs_temporary: Option<bool>,
    pub is_asked_by_superuser: bool,
    /// Whether the login may take on the role's name for itself.
    pub may_authorize: bool,
    /// The role's, as its setting has it.
    pub search_path: String,
    /// Of the functions that were named, those that may be a cause.
    pub functions: Vec<String>,
}

/// An event trigger, and the MD5 of its function's source.
#[derive(Debug, Clone, Deserialize)]
pub struct SourceOfTrigger {
    pub name: String,
    pub md5: String,
}

/// What the server said.
#[derive(Debug, Clone, Deserialize)]
pub struct PlannerAnswer {
    pub sqlstate: String,
    pub message: String,
    /// As whom it planned.
    pub role: String,
}

impl PlannerGround {
    /// Whether the question can tell anything that the server might say.
    pub fn is_worth_asking(&self, question: &AccessQuestion) -> bool {
        question.kind != SubjectKind::Function
            || bare_name(&question.object).is_some_and(|name| self.functions.contains(&name))
    }
}

impl PlannerAnswer {
    /// What follows, given what is known of the objects that the statement names, and the search path with which a schema
    /// is added to the path of the role.
    pub fn findings(self, named: Vec<(AccessQuestion, AccessReading)>) -> (Findings, Vec<String>) {
        let mut whole = Findings::default();
        for (_, reading) in &named {
            for limit in &reading.limits {
                if !whole.limits.contains(limit) {
                    whole.limits.push(limit.clone());
                }
            }
        }
        if self.sqlstate == PLANNED {
            let found = named.into_iter().flat_map(|(question, reading)| {
                let needs = move |cause: Cause| may_do_without(&question, cause);
                reading.causes.into_iter().map(needs)
            });
            let is_kept = |cause: &Cause| {
                cause.is_unknown() && cause.name != "no_object" || is_at_run_time(cause)
            };
            whole.add(found.filter(is_kept).collect());
            if whole.causes.is_empty() {
                whole.unknown.insert(0, NO_CAUSE.to_owned());
            }
            return (whole, Vec::new());
        }
        if let Some((causes, search_path)) = self.looked_up(&named) {
            whole.add(causes);
            return (whole, search_path);
        }
        let said = format!(
            "the server says: {} (SQLSTATE {})",
            self.message, self.sqlstate
        );
        if self.sqlstate == PARAMETER {
            whole
                .unknown
                .push(format!("{said}; write values instead of parameters"));
        } else if NOT_PLANNABLE.contains(&self.sqlstate.as_str()) {
            whole.unknown.push(format!("{said}; one SELECT, INSERT, UPDATE, DELETE or MERGE can be explained, --on is for the rest"));
        } else if self.sqlstate.starts_with("42") {
            whole.causes.push(Cause {
                rank: 0,
                name: "refused".to_owned(),
                sqlstate: Some(self.sqlstate),
                message: format!("the server says: {}", self.message),
                remedy: None,
                value: None,
            });
        } else {
            whole.unknown.push(said);
        }
        (whole, Vec::new())
    }

    /// The cause by which an object that the server names is refused so, and what would come after it.
    fn looked_up(
        &self,
        named: &[(AccessQuestion, AccessReading)],
    ) -> Option<(Vec<Cause>, Vec<String>)> {
        let is_it = |cause: &Cause| {
            cause.sqlstate.as_ref() == Some(&self.sqlstate) && !is_at_run_time(cause)
        };
        let is_said = |question: &AccessQuestion| {
            let parts = parts(&question.object);
            parts.iter().any(|name| says(&self.message, name))
        };
        // What is behind a view, a policy or a default is named without it.
        let is_behind = |cause: &Cause| {
            let is_behind = ["policy", "expression"].contains(&cause.name.as_str());
            let is_behind = is_behind || cause.name.starts_with("view_");
            is_behind && cause.sqlstate.as_ref() == Some(&self.sqlstate)
        };
        let has = |reading: &AccessReading, is_it: &dyn Fn(&Cause) -> bool| {
            reading.causes.iter().any(is_it)
        };
        let mut by_name = named
            .iter()
            .filter(|(question, reading)| is_said(question) && has(reading, &is_it));
        let mut by_view = named.iter().filter(|(_, reading)| has(reading, &is_behind));
        let (_, reading) = by_name.next().or_else(|| by_view.next())?;
        let mut causes = reading.causes_of_refusal();
        causes.retain(|cause| !cause.is_unknown());
        causes.sort_by_key(|cause| cause.rank);
        // What is found at run time may come before it.
        let first = causes
            .iter()
            .position(|cause| is_it(cause) || is_at_run_time(cause))?;
        Some((causes.split_off(first), reading.search_path()))
    }
}

/// An INSERT that lists no columns may give a value to the column whose default may not be taken.
fn may_do_without(question: &AccessQuestion, mut cause: Cause) -> Cause {
    let is_of_default = cause.name == "sequence";
    if question.action == Action::Insert && question.columns.is_empty() && is_of_default {
        cause.message = format!("whether it takes a default: {}", cause.message);
        cause.sqlstate = Some(UNKNOWN.to_owned());
    }
    cause
}

fn is_at_run_time(cause: &Cause) -> bool {
    let is_planned = cause.name == "expression" && cause.rank == PLANNED_EXPRESSION;
    AT_RUN_TIME.contains(&cause.name.as_str()) && !is_planned
}

const NO_CAUSE: &str = "no cause was found, but only running it would tell: functions, triggers and row security are not \
                        checked before";

/// Whether a message, in whatever language, has the name as a word of its own.
fn says(message: &str, name: &str) -> bool {
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '$';
    let mut found = message.match_indices(name);
    !name.is_empty()
        && found.any(|(place, _)| {
            let (before, rest) = message.split_at(place);
            !before.ends_with(is_word) && !rest[name.len()..].starts_with(is_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::explanation::Verdict;

    fn cause(rank: u32, name: &str, sqlstate: &str) -> Cause {
        Cause {
            rank,
            name: name.to_owned(),
            sqlstate: Some(sqlstate.to_owned()),
            message: format!("it is {name}"),
            remedy: Some(format!("mend {name}")),
            value: None,
        }
    }

    fn named(object: &str, causes: Vec<Cause>) -> (AccessQuestion, AccessReading) {
        let question = AccessQuestion {
            kind: SubjectKind::Table,
            object: object.to_owned(),
            action: Action::Select,
            columns: Vec::new(),
        };
        let reading = AccessReading {
            causes,
            through: Vec::new(),
            limits: Vec::new(),
            path: Vec::new(),
            schema: None,
        };
        (question, reading)
    }

    fn said(sqlstate: &str, message: &str) -> PlannerAnswer {
        PlannerAnswer {
            sqlstate: sqlstate.to_owned(),
            message: message.to_owned(),
            role: "jane".to_owned(),
        }
    }

    #[test]
    fn a_refusal_is_looked_up_by_the_name_in_it() {
        let table = || cause(150, "table", "42501");
        let both = || {
            vec![
                named("app.secret", vec![table()]),
                named("app.orders", vec![table()]),
            ]
        };
        let (findings, _) = said("42501", "keine Berechtigung für Tabelle orders").findings(both());
        assert_eq!(findings.causes[0].name, "table");
        // Of what is not named, no remedy is told: a function that the planner runs may say anything.
        let (findings, _) = said("42501", "permission denied for table payroll").findings(both());
        assert_eq!(findings.causes[0].name, "refused");
        assert_eq!(findings.causes[0].remedy, None);
        let view = vec![named("v", vec![cause(151, "view_owner", "42501")])];
        let (findings, _) = said("42501", "permission denied for table base").findings(view);
        assert_eq!(findings.causes[0].name, "view_owner");
    }

    #[test]
    fn a_statement_that_was_planned_is_never_one_that_can_run() {
        let (findings, _) = said("00000", "").findings(vec![named("t", Vec::new())]);
        assert_eq!(findings.verdict(), Verdict::Unknown);
        let causes = vec![
            cause(111, "no_object", "42P01"),
            cause(153, "sequence", "42501"),
        ];
        let (findings, _) = said("00000", "").findings(vec![named("t", causes)]);
        assert_eq!(findings.verdict(), Verdict::Cannot);
        assert_eq!(findings.causes.len(), 1);
        assert_eq!(findings.causes[0].name, "sequence");
        // An INSERT may give a value instead of the default, and what a default calls has been planned.
        let (mut insert, reading) = named(
            "t",
            vec![
                cause(153, "sequence", "42501"),
                cause(152, "expression", "42501"),
            ],
        );
        insert.action = Action::Insert;
        let (findings, _) = said("00000", "").findings(vec![(insert, reading)]);
        assert_eq!(findings.verdict(), Verdict::Unknown);
        assert!(findings.unknown[1].contains("it is sequence"));
    }

    #[test]
    fn what_is_no_refusal_is_unknown() {
        for sqlstate in ["42601", "42P02", "42P11", "57014", "P0001"] {
            let (findings, _) =
                said(sqlstate, "orders").findings(vec![named("orders", Vec::new())]);
            assert_eq!(findings.verdict(), Verdict::Unknown, "{sqlstate}");
        }
    }

    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert!(says("relation \"app.orders\" does not exist", "orders"));
        assert!(!says("permission denied for table orders_2", "orders"));
        assert!(!says("permission denied for table my_orders", "orders"));
    }
}
