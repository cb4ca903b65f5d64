//! `pgrole registry export`: the targets as a file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::format::{FormatArg, GivenFormat, registry_format};
use crate::commands::global::Context;
use crate::commands::selection::FleetArgs;
use crate::operations::registry::export::{RegistryFormat, export_entries, write_export};
use crate::output::Stdout;

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The format of the targets; each is read by registry import [default: csv]
    #[arg(long, value_parser = registry_format())]
    format: Option<GivenFormat>,

    /// Write to this file, readable only by you, replacing an existing one [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,

    #[command(flatten)]
    selection: FleetArgs,
}

impl ExportArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let format = match self.format {
            Some(GivenFormat::Registry(format)) => format,
            // Before the name of the command.
            Some(GivenFormat::Result(FormatArg::Json)) => RegistryFormat::Json,
            _ => RegistryFormat::Csv,
        };
        let selection = self.selection.selection();
        let (text, count) = export_entries(&context.run, &selection, format)?;
        match &self.output {
            Some(file) if file != Path::new("-") => {
                write_export(&text, file)?;
                let file = file.display();
                context
                    .ui
                    .note(&format!("{count} targets written to {file}"));
                Ok(())
            }
            _ => Stdout::stream(|stdout| Ok(stdout.write_all(text.as_bytes())?)),
        }
    }
}
