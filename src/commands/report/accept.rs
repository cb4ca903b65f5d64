//! `report accept`: reviewers' decisions, read back from CSV.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::domain::counted::counted;
use crate::operations::report::accept::accept_reviews;
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// The file of report access --format csv, with decision, decision_reason, reviewed_by and reviewed_at filled in
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// Who decided, where the file does not say so: neither the login itself nor who runs pgrole
    #[arg(long, value_name = "PERSON")]
    reviewed_by: Option<String>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 7] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LOGIN", "login"),
    Column::new("DECISION", "decision"),
    Column::new("REASON", "decision_reason"),
    Column::new("REVIEWED BY", "reviewed_by"),
    Column::new("REVIEWED AT", "reviewed_at"),
];

impl AcceptArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let accepted = accept_reviews(&context.run, &self.file, self.reviewed_by.as_deref())?;
        context
            .ui
            .show_rows(&accepted.rows, &context.columns(&COLUMNS))?;
        if context.ui.format == Format::Table {
            for command in accepted.rows.iter().filter_map(|row| row.command.as_ref()) {
                context.ui.note(&format!("to carry it out: {command}"));
            }
        }
        if accepted.undecided > 0 {
            let rows = counted(accepted.undecided, "row");
            context.ui.note(&format!("{rows} without a decision"));
        }
        Ok(())
    }
}
