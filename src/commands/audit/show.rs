//! `pgrole audit show`: one act, with its SQL and what would undo it.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::global::Context;
use crate::operations::audit::show::show_event;
use crate::output::{Format, Ui};

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The ID of the event or of its operation, as shown by pgrole audit list
    id: String,

    /// Look in this archive
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    archive: Option<PathBuf>,
}

impl ShowArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let mut shown = show_event(&context.run, &self.id, self.archive.as_deref())?;
        if context.ui.format != Format::Table {
            return context.ui.show_record(&shown);
        }
        let ran = shown.event.statements.take();
        context.ui.show_record(&shown.event)?;
        if let Some(ran) = ran {
            Ui::show_lines(&format!("\n-- what ran\n{ran};"))?;
        }
        if !shown.undo.is_empty() {
            let undo = shown.undo.join(";\n");
            Ui::show_lines(&format!("\n-- what would undo it\n{undo};"))?;
        }
        for remark in shown.undo_remarks {
            Ui::show_lines(&format!("-- {remark}"))?;
        }
        Ok(())
    }
}
