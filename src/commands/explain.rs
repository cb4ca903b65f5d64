//! `explain`: why a role cannot log in or do something, and what mends it.

use anyhow::Result;
use clap::Args;
use serde_json::Value;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::{FleetArgs, NameArgs};
use crate::commands::target_rows::TargetRows;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::explanation::{AccessQuestion, Action, SubjectKind, Verdict};
use crate::domain::role::named_objects::{is_function, is_name, stored_name};
use crate::domain::target::encryption::name_of;
use crate::operations::explain::{
    ExplainedTarget, Explanation, Question, Wanted, explain, report_invalid,
};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    selection: FleetArgs,

    /// Whether it can log in [default, unless --on or --sql is given]
    #[arg(long, conflicts_with_all = ["on", "sql"])]
    login: bool,

    /// Whether it can log in, and act on this: a table, or what --kind says, written as in SQL
    #[arg(long, value_name = "OBJECT")]
    on: Option<String>,

    /// Whether it can log in, and run this statement, which the server plans as the role and does not run
    #[arg(long, value_name = "STATEMENT", conflicts_with = "on")]
    sql: Option<String>,

    /// What kind of object that is
    #[arg(long, value_enum, requires = "on", default_value = "table")]
    kind: SubjectKind,

    /// What it wants to do [default: select, execute, usage, create or set, by the kind]
    #[arg(long, value_enum, requires = "on")]
    action: Option<Action>,

    /// The columns that it needs of a table; may be repeated [default: all]
    #[arg(long, value_name = "NAME", requires = "on")]
    column: Vec<String>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 7] = [
    Column::new("VERDICT", "verdict"),
    Column::new("CAUSE", "cause"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("THROUGH", "through"),
    Column::new("REMEDY", "remedy"),
    Column::new("UNKNOWN", "unknown"),
];

impl ExplainArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let question = self.question()?;
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let is_one_object = self.selection.is_one_target() && context.ui.format == Format::Json;
        let mut rows = if is_one_object {
            TargetRows::of_one_object(context, shown)
        } else {
            TargetRows::of_list(context, &COLUMNS, &fleet.targets, shown)
        };
        if !fleet.targets.is_empty() {
            explain(
                &context.run,
                &fleet.targets,
                &question,
                |result: ExplainedTarget| {
                    rows.take(result.place, result.row, result.error);
                },
            )?;
        }
        for invalid in fleet.invalid {
            let row = report_invalid(&invalid, &question);
            rows.take(usize::MAX, row, Some(invalid.error));
        }
        let (rows, failed) = rows.end()?;
        outcome_of_many(failed, asked, "targets", context)?;
        judge(&rows, &question)
    }

    /// # Errors
    /// Usage, if the action is none of that kind's.
    fn question(&self) -> Result<Question, Failure> {
        let role = self
            .name
            .role()
            .map_err(|error| Failure::usage(error.to_string()))?;
        if let Some(statement) = &self.sql {
            let wanted = Wanted::Statement(statement.clone());
            return Ok(Question { role, wanted });
        }
        let Some(object) = &self.on else {
            let wanted = Wanted::Login;
            return Ok(Question { role, wanted });
        };
        let actions = self.kind.actions();
        let action = match self.action {
            None => actions.first().copied().unwrap_or(Action::Select),
            Some(action) if actions.contains(&action) => action,
            Some(action) => {
                let names: Vec<_> = actions.iter().map(|action| name_of(*action)).collect();
                return Err(Failure::usage(format!(
                    "--action {} is not for a {}; expected one of {}",
                    name_of(action),
                    name_of(self.kind),
                    names.join(", ")
                )));
            }
        };
        let access = AccessQuestion {
            kind: self.kind,
            object: self.object(object)?,
            action,
            columns: self.column.clone(),
        };
        Ok(Question {
            role,
            wanted: Wanted::Access(access),
        })
    }
}

impl ExplainArgs {
    /// The name of the object, as the server is asked about it.
    ///
    /// # Errors
    /// Usage, if it is none.
    fn object(&self, written: &str) -> Result<String, Failure> {
        let (name, form) = match self.kind {
            SubjectKind::Table | SubjectKind::Sequence | SubjectKind::Type => (
                is_name(written).then(|| written.to_owned()),
                "[SCHEMA.]NAME",
            ),
            SubjectKind::Function => (
                is_function(written).then(|| written.to_owned()),
                "[SCHEMA.]NAME or [SCHEMA.]NAME(TYPES)",
            ),
            SubjectKind::LargeObject => (
                written.parse().ok().map(|oid: u32| oid.to_string()),
                "its OID",
            ),
            // These are named as everywhere else: as PostgreSQL stores them.
            SubjectKind::Schema
            | SubjectKind::Database
            | SubjectKind::Tablespace
            | SubjectKind::Role => (
                (!written.is_empty()).then(|| stored_name(written)),
                "its name",
            ),
        };
        name.ok_or_else(|| {
            let kind = name_of(self.kind).replace('-', " ");
            Failure::usage(format!("--on {written:?} is not the name of a {kind}")).hint(format!(
                "give {form}, with double quotes where SQL needs them"
            ))
        })
    }
}

/// # Errors
/// Differences, if the role cannot; failed, if that is not known.
fn judge(rows: &[Explanation], question: &Question) -> Result<()> {
    let of = |verdict| rows.iter().filter(move |row| row.verdict == verdict);
    let (cannot, unknown) = (of(Verdict::Cannot).count(), of(Verdict::Unknown).count());
    let what = match &question.wanted {
        Wanted::Login => "log in".to_owned(),
        Wanted::Access(access) => access.deed(),
        Wanted::Statement(_) => "run that statement".to_owned(),
    };
    let role = &question.role;
    if let ([row], true) = (rows, cannot + unknown > 0) {
        let place = format!("{}/{}", row.env, row.database);
        let mut failure = if row.verdict == Verdict::Cannot {
            let message = row.message.as_deref().unwrap_or_default();
            let what = format!("\"{role}\" cannot {what} on {place}: {message}");
            let failure = Failure::new(Kind::Differences, what);
            match &row.sqlstate {
                Some(sqlstate) => failure.sqlstate(sqlstate),
                None => failure,
            }
        } else {
            let unknown = row.unknown.join("; ");
            let what = format!("it is unknown whether \"{role}\" can {what} on {place}: {unknown}");
            Failure::new(Kind::Failed, what)
        };
        failure.target = Some(Box::new((row.env.clone(), row.database.clone())));
        return Err(match &row.remedy {
            Some(remedy) => failure.hint(format!("to mend it: {remedy}")),
            None => failure,
        }
        .into());
    }
    let asked = counted(rows.len(), "target");
    if cannot > 0 {
        let what = format!("\"{role}\" cannot {what} on {cannot} of {asked}");
        return Err(Failure::new(Kind::Differences, what).into());
    }
    if unknown > 0 {
        let what = format!("it is unknown whether \"{role}\" can {what} on {unknown} of {asked}");
        return Err(Failure::new(Kind::Failed, what).into());
    }
    Ok(())
}

fn shown(row: &Explanation, _: &Context) -> Result<Vec<Value>> {
    Ok(vec![serde_json::to_value(row)?])
}
