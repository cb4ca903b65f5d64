//! `pgrole recover`: settles interrupted password changes.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::target::Target;
use crate::output::{Column, Format, Ui};
use crate::password::recover::{JournalEntry, close_by_hand, find_change, recover, recover_one};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  # Lists the open changes:
  pgrole recover
  pgrole recover run
  pgrole recover ack 1f0c5d7a9be2d344")]
pub struct RecoverArgs {
    #[command(subcommand)]
    command: Option<RecoverCommand>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

#[derive(Debug, Subcommand)]
enum RecoverCommand {
    /// List open password changes, and deliveries to stdout or the keyring in the last 24 hours
    #[command(after_help = "Example:
  pgrole recover list")]
    List(ArrangeArgs),
    /// Settle open password changes: find out which password is in force, and deliver it or record that nothing changed
    #[command(after_help = "Examples:
  pgrole recover run
  # Again, while its sealed copy is kept:
  pgrole recover run 1f0c5d7a9be2d344")]
    Run(RecoverRunArgs),
    /// Show one password change
    #[command(after_help = "Example:
  pgrole recover show 1f0c5d7a9be2d344")]
    Show(PasswordChangeArgs),
    /// Acknowledge that the password has arrived; its sealed copy is scrubbed
    #[command(after_help = "Example:
  pgrole recover ack 1f0c5d7a9be2d344")]
    Ack(PasswordChangeArgs),
    /// Give up a password change: its sealed copy is scrubbed, the server is not changed
    #[command(after_help = "Example:
  pgrole recover abort 1f0c5d7a9be2d344")]
    Abort(PasswordChangeArgs),
}

#[derive(Debug, Args)]
struct PasswordChangeArgs {
    /// The ID of the change, as shown by pgrole recover list
    id: String,
}

#[derive(Debug, Args)]
struct RecoverRunArgs {
    /// Only this change; one that was delivered to stdout or the keyring in the last 24 hours is delivered again
    /// [default: all open changes]
    id: Option<String>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 7] = [
    Column::new("ID", "id"),
    Column::new("STATE", "state"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("DELIVER", "deliver"),
    Column::new("KEPT UNTIL", "keep_until"),
];

impl RecoverArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        match self.command {
            None => list(&self.arrange.on(context)),
            Some(RecoverCommand::List(arrange)) => list(&arrange.on(context)),
            Some(RecoverCommand::Run(wanted)) => run(&wanted, &wanted.arrange.on(context)),
            Some(RecoverCommand::Show(change)) => {
                let row = find_change(&context.run, &change.id)?;
                context.ui.show_record(&JournalEntry::from(row))
            }
            Some(RecoverCommand::Ack(change)) => close(&change, ChangeState::Closed, context),
            Some(RecoverCommand::Abort(change)) => close(&change, ChangeState::Aborted, context),
        }
    }
}

fn list(context: &Context) -> Result<()> {
    let rows = context.run.open_changes()?;
    let mut entries: Vec<_> = rows.into_iter().map(JournalEntry::from).collect();
    if context.ui.format == Format::Table {
        // What needs a person first, what only waits for its time last.
        entries.sort_by_key(|entry| match entry.state {
            ChangeState::Stuck => 0,
            ChangeState::Delivered => 2,
            _ => 1,
        });
    }
    context.ui.show_rows(&entries, &COLUMNS)?;
    say_what_to_do(&entries, context);
    Ok(())
}

/// Says which command ends the changes in the list.
fn say_what_to_do(entries: &[JournalEntry], context: &Context) {
    let of = |fits: fn(ChangeState) -> bool| {
        let ids = entries.iter().filter(|entry| fits(entry.state));
        let ids: Vec<_> = ids.map(|entry| entry.id.as_str()).collect();
        (ids.len(), ids.first().copied().unwrap_or_default())
    };
    let changes = |count: usize| counted(count, "password change");
    if let (count @ 1.., id) = of(|state| state == ChangeState::Stuck) {
        context.ui.note(&format!(
            "another cluster answers for {}, so that you must decide: {}",
            changes(count),
            pasteable("pgrole recover show {}", &[&id])
        ));
    }
    let is_open = |state| !matches!(state, ChangeState::Stuck | ChangeState::Delivered);
    if let (count @ 1.., _) = of(is_open) {
        let what = changes(count);
        context
            .ui
            .note(&format!("to settle {what}: pgrole recover run"));
    }
    if let (count @ 1.., id) = of(|state| state == ChangeState::Delivered) {
        context.ui.note(&format!(
            "delivered, and kept until confirmed: {}; once the password has arrived: {}",
            changes(count),
            pasteable("pgrole recover ack {}", &[&id])
        ));
    }
    if entries.is_empty() {
        context.ui.note("no password change is open");
    }
}

fn run(wanted: &RecoverRunArgs, context: &Context) -> Result<()> {
    // One change is one document, many are rows.
    let lines = match wanted.id {
        Some(_) => context.in_lines(),
        None => context.ui.in_rows(),
    };
    let mut asked = 0;
    let mut failed = Vec::new();
    let mut shown = Ok(());
    // For people, changes are told as they end; as a table only if they said how it is to look.
    let mut table = Vec::new();
    let is_table = lines.format == Format::Table && lines.is_arranged();
    let take = |result: Result<JournalEntry>| {
        asked += 1;
        match result {
            Ok(entry) if is_table => table.push(entry),
            Ok(entry) => {
                if let Err(unwritten) = show_ended(&entry, &lines) {
                    shown = Err(unwritten);
                }
            }
            Err(error) => failed.push(error),
        }
    };
    if let Some(id) = &wanted.id {
        let mut take = take;
        take(recover_one(&context.run, &lines, id));
    } else {
        confirm(context)?;
        recover(&context.run, &lines, take)?;
    }
    if asked == 0 {
        context.ui.note("no password change to settle");
    }
    let shown = shown
        .and_then(|()| match table.as_slice() {
            [] => Ok(()),
            entries => lines.show_rows(entries, &COLUMNS),
        })
        .and_then(|()| lines.end_rows());
    let is_undelivered = |error| kind_of(error) == Kind::Undelivered;
    let undelivered = failed.iter().filter(|error| is_undelivered(error)).count();
    let outcome = outcome_of_many(failed, asked, "password changes", context);
    if undelivered == 0 || asked == 1 {
        // What happened to passwords outweighs an output that cannot be written.
        return outcome.and(shown);
    }
    Err(Failure::new(
        Kind::Undelivered,
        format!("{undelivered} of {asked} password changes were not delivered"),
    )
    .hint("list the open changes: pgrole recover list")
    .into())
}

/// Asks at a terminal whether to settle the open changes now: each was confirmed when it began.
fn confirm(context: &Context) -> Result<()> {
    let unsettled = context.run.unsettled_changes()?;
    // If one of a cluster's names is protected, all are.
    let targets = context.run.all_targets()?;
    let settings = &context.run.settings;
    let place = |change: &'_ PasswordChange| {
        let is_it = |target: &&Target| {
            target.is_on_cluster_of(&change.target) && settings.is_protected(&target.env)
        };
        targets
            .iter()
            .find(is_it)
            .cloned()
            .unwrap_or_else(|| change.target.clone())
    };
    let places = unsettled.iter().map(|row| place(&row.change));
    let places: Vec<_> = places.collect();
    let counted = CountedPlan {
        act: "settle",
        noun: "password change",
        places: places.iter().collect(),
        targets: None,
        unattended: Unattended::GoesOn,
    };
    counted.confirm(context)
}

/// Shows a line for each change; one that was delivered to stdout has had its line, with the password.
fn show_ended(entry: &JournalEntry, ui: &Ui) -> Result<()> {
    let JournalEntry {
        id,
        state,
        env,
        database,
        username,
        ..
    } = entry;
    if ui.format == Format::Table {
        let state = state.as_str();
        ui.note(&format!("{id} {env}/{database} \"{username}\": {state}"));
        return Ok(());
    }
    if ui.quiet || *state == ChangeState::Delivered {
        return Ok(());
    }
    ui.show_record(entry)
}

fn close(change: &PasswordChangeArgs, state: ChangeState, context: &Context) -> Result<()> {
    let entry = close_by_hand(&context.run, &change.id, state)?;
    context.ui.show_record(&entry)
}
