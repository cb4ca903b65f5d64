//! `pgrole audit verify`: whether the log still holds what was written.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::global::Context;
use crate::domain::audit::anchor::Anchor;
use crate::operations::audit::anchors::read_anchors;
use crate::operations::audit::checkpoint::{read_checkpoint, read_public_key};
use crate::operations::audit::list::list_archives;
use crate::operations::audit::verify::{Evidence, verify_events};

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Check that the log still contains this event, the "audit_anchor" of an earlier result; may be repeated
    #[arg(long = "anchor", value_name = "SEQUENCE:HASH")]
    anchors: Vec<Anchor>,

    /// Check each anchor in this file: one per line, or JSON with "audit_anchor" keys, as pgrole prints it; may be
    /// repeated; "-" is standard input
    #[arg(long = "anchors", value_name = "FILE")]
    anchor_files: Vec<PathBuf>,

    /// Check that the log still contains what this checkpoint signed
    #[arg(long, value_name = "FILE", requires = "public_key")]
    checkpoint: Option<PathBuf>,

    /// Go through the events in this archive too, before those of the log; may be repeated
    #[arg(long = "archive", value_name = "FILE", value_hint = ValueHint::FilePath)]
    archives: Vec<PathBuf>,

    /// The signer's public key, as printed by audit checkpoint --public-key: of the checkpoint, and of archives
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    public_key: Option<PathBuf>,
}

impl VerifyArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let mut anchors = self.anchors;
        for file in &self.anchor_files {
            anchors.extend(read_anchors(file)?);
        }
        let public_key = self
            .public_key
            .as_deref()
            .map(read_public_key)
            .transpose()?;
        if let (Some(checkpoint), Some(public_key)) = (&self.checkpoint, &public_key) {
            anchors.push(read_checkpoint(checkpoint, public_key)?);
        }
        let evidence = Evidence {
            anchors,
            archives: self.archives,
            public_key,
        };
        let progress = context.ui.count("events");
        let report = verify_events(&context.run, &evidence, &mut |done, total| {
            progress.tell(done, total);
        });
        drop(progress);
        let report = report?;
        context.ui.show_record(&report)?;
        if let Some(last) = report.archived_to {
            let last = last.sequence;
            let note = format!("the events up to {last} are archived; to go through them too:");
            for file in list_archives(&context.run)? {
                context.ui.note(&format!("{note} --archive {file}"));
            }
        }
        report.outcome()
    }
}
