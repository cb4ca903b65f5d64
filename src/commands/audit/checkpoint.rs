//! `pgrole audit checkpoint`: a signed statement of where the log stands.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::operations::audit::checkpoint::{make_checkpoint, public_key, write_checkpoint};
use crate::output::Ui;

#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// Write it to this file, replacing an existing one [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the public key that verifies checkpoints, and sign nothing
    #[arg(long, conflicts_with = "output")]
    public_key: bool,
}

impl CheckpointArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        if self.public_key {
            return Ui::show_text(&public_key(&context.run)?.pem());
        }
        let progress = context.ui.count("events");
        let checkpoint = make_checkpoint(&context.run, &mut |done, total| {
            progress.tell(done, total);
        });
        drop(progress);
        let checkpoint = checkpoint?;
        let Some(file) = self.output else {
            return context.ui.show_record(&checkpoint);
        };
        write_checkpoint(&checkpoint, &file)?;
        let (anchor, file) = (checkpoint.anchor, file.display());
        context.ui.note(&format!("{anchor} signed in {file}"));
        Ok(())
    }
}
