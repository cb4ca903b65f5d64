//! `pgrole audit export`: all events, for other programs.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::audit::list::PeriodArgs;
use crate::commands::format::{GivenFormat, export_format};
use crate::commands::global::Context;
use crate::operations::audit::export::{Export, ExportFormat, export_events, export_to_file};
use crate::output::Stdout;

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The format of events: jsonl is exact; csv is for spreadsheets, with an apostrophe before text that would be taken
    /// for a formula; cef is for security monitoring [default: jsonl]
    #[arg(long, value_parser = export_format())]
    format: Option<GivenFormat>,

    /// Write to this file, readable only by you, replacing an existing one [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    period: PeriodArgs,
}

impl ExportArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let export = Export {
            format: match self.format {
                Some(GivenFormat::Export(format)) => format,
                _ => ExportFormat::Jsonl,
            },
            since: self.period.since,
            until: self.period.until,
        };
        match &self.output {
            Some(file) if file != Path::new("-") => {
                let count = export_to_file(&context.run, &export, file)?;
                let file = file.display();
                context
                    .ui
                    .note(&format!("{count} events written to {file}"));
                Ok(())
            }
            _ => Stdout::stream(|stdout| {
                export_events(&context.run, &export, stdout)?;
                Ok(())
            }),
        }
    }
}
