//! `pgrole export`: the logins that pgrole placed, as a file for `apply`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::format::{GivenFormat, fleet_format};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::domain::fleet_file::FleetFileFormat;
use crate::operations::fleet_file::export::{export, write_export};
use crate::output::Stdout;

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The format of the file; apply reads both [default: toml]
    #[arg(long, value_parser = fleet_format())]
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
            Some(GivenFormat::Fleet(format)) => format,
            _ => FleetFileFormat::default(),
        };
        let (targets, mut failed) = self.selection.fleet(context)?.split();
        let asked = targets.len() + failed.len();
        let exported = export(&context.run, &targets)?;
        failed.extend(exported.failed);
        for login in exported.gone {
            let what = format!("{login} is not there any more, and not in the file");
            context.ui.warn(&what);
        }
        let text = exported.file.to_text(format)?;
        match &self.output {
            Some(file) if file != Path::new("-") => {
                write_export(file, &text)?;
                let count = exported.file.login.len();
                let what = format!("{count} logins written to {}", file.display());
                context.ui.note(&what);
            }
            _ => Stdout::stream(|stdout| Ok(stdout.write_all(text.as_bytes())?))?,
        }
        outcome_of_many(failed, asked, "targets", context)
    }
}
