//! `access list`, `access extend` and `access expire`: access with an end.

use anyhow::Result;
use clap::Args;

use crate::commands::access::change::require_span;
use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::notify::send_after_run;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::{ChangeArgs, FleetArgs};
use crate::domain::access::boxes::BoxId;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Span;
use crate::operations::access::boxes::expire::{
    drop_tombstones, expire_boxes, lock, out_of_reach, with_known_boxes,
};
use crate::operations::access::boxes::expired::Expired;
use crate::operations::access::boxes::extend::{ExtendBox, extend_box, find_target};
use crate::operations::access::boxes::list::list_boxes;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::output::{Column, Format, Ui};
use crate::run::fleet::Fleet;

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    selection: FleetArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

#[derive(Debug, Args)]
pub struct ExtendArgs {
    /// The ID of the grant, as `pgrole access list` shows it
    #[arg(value_name = "ID")]
    grant: BoxId,

    /// How much longer: 30m, 1h
    #[arg(id = "for", long = "for", value_name = "SPAN")]
    span: Span,

    /// Why, for the audit log: a ticket, a sentence
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// The environment of its target [default: as this machine knows it]
    #[arg(short, long, requires = "database")]
    env: Option<Environment>,

    /// The database of its target [default: as this machine knows it]
    #[arg(short, long, requires = "env")]
    database: Option<DatabaseName>,

    #[command(flatten)]
    change: ChangeArgs,
}

#[derive(Debug, Args)]
pub struct ExpireArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Ask all targets, also for access that another machine granted [default: those on which this machine granted some]
    #[arg(long, conflicts_with_all = ["env", "database"])]
    all: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 8] = [
    Column::new("NAME", "username"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LEVEL", "access"),
    Column::new("STATUS", "status"),
    Column::new("ENDS", "ends_at"),
    Column::new("REASON", "reason"),
    Column::new("ID", "id"),
];

impl ListArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let (rows, silent) = list_boxes(&context.run, &targets)?;
        failed.extend(silent);
        show(&rows, context)?;
        outcome_of_many(failed, asked, "targets", context)
    }
}

impl ExtendArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = match (&self.env, &self.database) {
            (Some(env), Some(database)) => context.run.target(env, database)?,
            _ => find_target(&context.run, &self.grant)?,
        };
        require_span(context, &target, self.span)?;
        let act = format!("extend grant {} by {}", self.grant, self.span);
        self.change.confirm(context, &target, &act)?;
        let settings = &context.run.settings;
        let wanted = ExtendBox {
            longest: settings.access.longest(&target.env, &target.database),
            target,
            id: self.grant,
            span: self.span,
            reason: self.reason,
            mode: self.change.mode(),
        };
        let report = extend_box(&context.run, &wanted)?;
        warn(&[&report], context);
        if let (Some(statements), Format::Table) = (&report.statements, context.ui.format) {
            let statements: Vec<_> = statements.iter().map(|sql| format!("{sql};")).collect();
            return Ui::show_text(&statements.join("\n"));
        }
        context.ui.show_record(&report)
    }
}

impl ExpireArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let run = &context.run;
        let Some(_lock) = lock(run)? else {
            context.ui.note("another run ends access at the moment");
            return if context.ui.quiet {
                Ok(())
            } else {
                show(&[], context)
            };
        };
        let is_limited = !self.selection.is_every_target();
        let (targets, invalid) = match self.selection.fleet(context) {
            // What was granted on targets that are gone is still to be looked after.
            Err(error) if !is_limited && kind_of(&error) == Kind::NotFound => Fleet::default(),
            fleet => fleet?,
        }
        .split();
        let mut ended = Expired::default();
        if !is_limited {
            ended = out_of_reach(run, &targets)?;
        }
        let targets = if is_limited || self.all {
            ended.failed.extend(invalid);
            targets
        } else {
            with_known_boxes(run, targets)?
        };
        ended.add(expire_boxes(run, &targets)?);
        // The role of ended access is kept on its server until the report is under way.
        send_after_run(context);
        drop_tombstones(run, &mut ended);
        if context.ui.quiet {
            // Cron mails all output: what has ended as it should is in the log.
            ended.rows.retain(needs_attention);
        }
        if !ended.rows.is_empty() || !context.ui.quiet {
            show(&ended.rows, context)?;
        }
        verdict(&ended, context)
    }
}

/// Whether a person should know more of it than that it has ended.
fn needs_attention(row: &BoxReport) -> bool {
    row.status != BoxStatus::Expired || !row.sessions_left.is_empty() || !row.warnings.is_empty()
}

/// # Errors
/// Partial, if something that was due has not ended, whether one target was asked or several.
fn verdict(ended: &Expired, context: &Context) -> Result<()> {
    if !ended.is_incomplete() {
        return Ok(());
    }
    context
        .ui
        .show_errors(&ended.failed.iter().collect::<Vec<_>>());
    let what = "some access has not been ended although its end has come, or may have come";
    Err(Failure::new(Kind::Partial, what)
        .hint("look at what is left: pgrole access list; then run this again")
        .into())
}

fn show(rows: &[BoxReport], context: &Context) -> Result<()> {
    let mut list = context.ui.list(&COLUMNS);
    list.wait_for_all();
    for (place, row) in rows.iter().enumerate() {
        list.add(place, row)?;
    }
    list.end()?;
    warn(&rows.iter().collect::<Vec<_>>(), context);
    Ok(())
}

/// Tells people what scripts find in the rows.
fn warn(rows: &[&BoxReport], context: &Context) {
    if context.ui.format != Format::Table {
        return;
    }
    for row in rows {
        for warning in &row.warnings {
            let name = format!(
                "grant {} of \"{}\" on {}/{}",
                row.id, row.username, row.env, row.database
            );
            context.ui.warn(&format!("{name}: {warning}"));
        }
    }
}
