//! `access check`: the access groups of the targets against their levels.

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::commands::access::change::grantable_level;
use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::commands::target_rows::TargetRows;
use crate::domain::access::AccessLevel;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::operations::access::check::{AccessCheck, check_access, report_invalid};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Only this level, whose group must exist; may be repeated [default: the groups that exist]
    #[arg(long, value_name = "LEVEL", value_parser = grantable_level())]
    level: Vec<AccessLevel>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 6] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status"),
    Column::new("GAPS", "gaps"),
    Column::new("EXCESS", "excess"),
    Column::new("GROUPS", "levels"),
];

/// How many lines a person reads about one target.
const MOST_SAID: usize = 40;

/// What a table has of a target.
#[derive(Serialize)]
struct TableRow<'a> {
    env: &'a str,
    database: &'a str,
    status: String,
    gaps: Option<u64>,
    excess: Option<u64>,
    levels: String,
}

impl CheckArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let mut rows = TargetRows::of_list(context, &COLUMNS, &fleet.targets, shown);
        if !fleet.targets.is_empty() {
            check_access(&context.run, &fleet.targets, &self.level, |result| {
                rows.take(result.place, result.row, result.error);
            })?;
        }
        for invalid in fleet.invalid {
            rows.take(usize::MAX, report_invalid(&invalid), Some(invalid.error));
        }
        let (rows, failed) = rows.end()?;
        if context.ui.format == Format::Table {
            for row in &rows {
                explain(row, context);
            }
        }
        outcome_of_many(failed, asked, "targets", context)?;
        self.judge(&rows)
    }

    /// # Errors
    /// Differences, if a group has less or more than its level.
    fn judge(&self, rows: &[AccessCheck]) -> Result<()> {
        let differing: Vec<_> = rows.iter().filter(|row| !row.is_as_wanted()).collect();
        if differing.is_empty() {
            return Ok(());
        }
        let gaps = differing.iter().map(|row| row.gaps).sum::<u64>();
        let excess = differing.iter().map(|row| row.excess).sum::<u64>();
        let what = format!(
            "access groups differ from their levels on {}: {}, {excess} beyond",
            counted(differing.len(), "target"),
            counted(gaps, "gap")
        );
        let mend = match differing.as_slice() {
            [only] => pasteable(
                "pgrole access prepare -e {} -d {}",
                &[&only.env, &only.database],
            ),
            _ => "pgrole access prepare -e ENV -d DATABASE".to_owned(),
        };
        let mend = mend
            + if self.level.is_empty() {
                " --existing"
            } else {
                ""
            };
        Err(Failure::new(Kind::Differences, what)
            .hint(format!("to mend it: {mend}"))
            .into())
    }
}

/// A row as it is listed: people read a summary.
fn shown(row: &AccessCheck, context: &Context) -> Result<Vec<Value>> {
    let row = match context.ui.format {
        Format::Table if !context.ui.has_chosen_columns() => {
            serde_json::to_value(TableRow::from(row))?
        }
        Format::Table | Format::Json | Format::Jsonl => serde_json::to_value(row)?,
    };
    Ok(vec![row])
}

impl<'a> From<&'a AccessCheck> for TableRow<'a> {
    fn from(row: &'a AccessCheck) -> Self {
        let levels: Vec<_> = row.groups.iter().map(|group| group.access).collect();
        let answered = row.error.is_none();
        Self {
            env: &row.env,
            database: &row.database,
            status: row.status.to_string(),
            gaps: answered.then_some(row.gaps),
            excess: answered.then_some(row.excess),
            levels: levels.join(", "),
        }
    }
}

/// Tells a person each gap and each excess; scripts find them in the row.
fn explain(row: &AccessCheck, context: &Context) {
    let name = format!("{}/{}", row.env, row.database);
    let said = row.groups.iter().flat_map(|group| {
        let sentences = group.sentences().into_iter();
        sentences.map(|sentence| format!("{name}: \"{}\" {sentence}", group.group))
    });
    let said: Vec<_> = said.collect();
    for sentence in said.iter().take(MOST_SAID) {
        context.ui.warn(sentence);
    }
    if let Some(more @ 1..) = said.len().checked_sub(MOST_SAID) {
        context.ui.note(&format!(
            "{name}: {more} more of the kind; all of them: --format json"
        ));
    }
    for warning in &row.warnings {
        context.ui.warn(&format!("{name}: {warning}"));
    }
}
