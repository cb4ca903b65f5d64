//! `pgrole registry import`: many targets from a file.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::selection::confirm_in;
use crate::domain::act::status::Status;
use crate::domain::target::Environment;
use crate::operations::registry::import::{ImportPlan, carry_out, plan_import};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV with a header, JSON, a pg_service.conf, the older service's SQLite file, or another registry;
    /// "-" is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// The environment of the rows that name none
    #[arg(short, long)]
    env: Option<Environment>,

    /// Also change targets that are in the registry already and differ
    #[arg(long)]
    update: bool,

    /// Show what would be added and changed, without changing anything
    #[arg(short = 'n', long)]
    dry_run: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 6] = [
    Column::new("LINE", "line"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("HOSTNAME", "hostname"),
    Column::new("PORT", "port"),
    Column::new("STATUS", "status"),
];

impl ImportArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let mut plan = plan_import(&context.run, &self.file, self.env.as_ref(), self.update)?;
        if let Err(refusal) = plan.require_feasible() {
            plan.keep_obstacles();
            show(&plan, context)?;
            return Err(refusal.into());
        }
        if self.dry_run {
            show(&plan, context)?;
            context
                .ui
                .note(&format!("{}; nothing was changed", summary(&plan)));
            return Ok(());
        }
        for (env, count) in plan.protected_updates(&context.run) {
            confirm_in(
                context,
                &env,
                &format!("change {count} registry entries of {env}"),
            )?;
        }
        carry_out(&context.run, &plan)?;
        show(&plan, context)?;
        context.ui.note(&summary(&plan));
        Ok(())
    }
}

fn show(plan: &ImportPlan, context: &Context) -> Result<()> {
    context.ui.show_rows(&plan.rows, &COLUMNS)?;
    if context.ui.format == Format::Table {
        for remark in plan.remarks() {
            context.ui.say_more(&remark);
        }
    }
    Ok(())
}

/// "3 added, 1 updated, 20 unchanged"
fn summary(plan: &ImportPlan) -> String {
    let counts = [
        (Status::TargetAdded, "added"),
        (Status::TargetUpdated, "updated"),
        (Status::Unchanged, "unchanged"),
    ];
    let counts = counts.map(|(status, word)| format!("{} {word}", plan.count(&status)));
    counts.join(", ")
}
