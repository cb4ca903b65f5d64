//! `pgrole audit archive`: old events in a file of their own.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::audit::list::parse_when;
use crate::commands::global::Context;
use crate::domain::act::operation::Mode;
use crate::domain::timestamp::Timestamp;
use crate::operations::audit::archive::{Wanted, archive_events};

#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// Move the events from before this time: a date (2026-01-01), a time or a span (365d) [default: the
    /// beginning of this year, UTC]
    #[arg(long, value_name = "WHEN", value_parser = parse_when)]
    before: Option<Timestamp>,

    /// Write them to this file, readable only by you, which must not exist [default: beside the registry,
    /// named after the first and the last event]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// Show what would be moved, without writing anything
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl ArchiveArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let mode = if self.dry_run {
            Mode::DryRun
        } else {
            Mode::Run
        };
        let wanted = Wanted {
            before: self.before,
            output: self.output,
            mode,
        };
        let progress = context.ui.count("events");
        let report = archive_events(&context.run, &wanted, &mut |done, total| {
            progress.tell(done, total);
        });
        drop(progress);
        let report = report?;
        context.ui.show_record(&report)?;
        if let Some(event) = report.kept_back_by {
            context.ui.note(&format!(
                "later events stay in the log because event {event} had not ended by then"
            ));
        }
        if mode == Mode::DryRun {
            context.ui.note("nothing was changed");
        }
        Ok(())
    }
}
