//! `pgrole notify`: messages to channels, and those that a run leaves queued.

use anyhow::Result;
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::domain::act::status::Status;
use crate::domain::choice;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::message::channel::Channel;
use crate::domain::message::notification::EventKind;
use crate::domain::target::Environment;
use crate::domain::timestamp::Span;
use crate::operations::notify;
use crate::operations::notify::ChannelReport;
use crate::operations::notify::expiring::{announce_expiring, find_expiring};
use crate::output::{Column, Format};
use crate::run::fleet::clusters;

#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// List the channels in the config file, and the messages queued for each
    #[command(after_help = "Example:
  pgrole notify list")]
    List(ArrangeArgs),
    /// Send a test message
    #[command(after_help = "Examples:
  pgrole notify test
  pgrole notify test team")]
    Test(ChannelArgs),
    /// Send all queued messages now, regardless of when they are due to be retried
    #[command(after_help = "Examples:
  pgrole notify flush
  pgrole notify flush team --given-up")]
    Flush(FlushArgs),
    /// Find passwords that expire soon or have just expired, on all servers, and notify each channel once
    #[command(after_help = "Examples:
  pgrole notify expiring --within 14d
  # From cron; prints failures only:
  pgrole notify expiring --within 14d --quiet

Each channel is notified once when a password is about to expire and once when
it has expired; not again until VALID UNTIL changes, except with --again.")]
    Expiring(ExpiringArgs),
}

#[derive(Debug, Args)]
pub struct ChannelArgs {
    /// Only this channel [default: all]
    #[arg(value_name = "NAME")]
    name: Option<String>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

#[derive(Debug, Args)]
pub struct FlushArgs {
    #[command(flatten)]
    channel: ChannelArgs,

    /// Also retry messages that were given up
    #[arg(long)]
    given_up: bool,
}

#[derive(Debug, Args)]
pub struct ExpiringArgs {
    /// Passwords whose VALID UNTIL is at most this far in the future or the past: 14d, 2w, 36h
    #[arg(long, value_name = "SPAN", default_value = "14d")]
    within: Span,

    #[command(flatten)]
    selection: FleetArgs,

    /// Notify channels again of passwords that they were already notified of
    #[arg(long)]
    again: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

/// A channel and its queue.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChannelRow {
    /// The name of the channel in the config file.
    channel: String,
    /// How it sends: `email`, `slack`, `teams`, `webex`, `webhook` or `command`; null if the config file no longer has
    /// the channel.
    kind: Option<&'static str>,
    /// The events that it reports; empty: all.
    events: Vec<&'static str>,
    /// The environments that it reports on; empty: all.
    environments: Vec<Environment>,
    #[serde(flatten)]
    queue: notify::Queue,
}

/// The result of a test message.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tested {
    /// The name of the channel in the config file.
    channel: String,
    /// How it sends: `email`, `slack`, `teams`, `webex`, `webhook` or `command`.
    kind: &'static str,
    /// `sent`.
    status: Status,
}

/// A channel's queue after its messages were sent.
#[derive(Serialize, JsonSchema)]
pub(super) struct Flushed {
    #[serde(flatten)]
    report: ChannelReport,
    /// How many messages are still queued.
    pending: u32,
}

const LIST_COLUMNS: [Column; 8] = [
    Column::new("CHANNEL", "channel"),
    Column::new("KIND", "kind"),
    Column::new("EVENTS", "events"),
    Column::new("ENVIRONMENTS", "environments"),
    Column::new("PENDING", "pending"),
    Column::new("FAILED", "failed"),
    Column::new("GIVEN UP", "given_up"),
    Column::new("LAST ERROR", "last_error"),
];

const TEST_COLUMNS: [Column; 3] = [
    Column::new("CHANNEL", "channel"),
    Column::new("KIND", "kind"),
    Column::new("STATUS", "status"),
];

const FLUSH_COLUMNS: [Column; 5] = [
    Column::new("CHANNEL", "channel"),
    Column::new("SENT", "sent"),
    Column::new("FAILED", "failed"),
    Column::new("GIVEN UP", "given_up"),
    Column::new("PENDING", "pending"),
];

const EXPIRING_COLUMNS: [Column; 7] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("PROFILE", "profile"),
    Column::new("STATUS", "status"),
    Column::new("VALID UNTIL", "valid_until"),
    Column::new("DAYS LEFT", "days_left"),
];

impl NotifyCommand {
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::List(arrange) => list(&arrange.on(context)),
            Self::Test(args) => test(&args, &args.arrange.on(context)),
            Self::Flush(args) => flush(&args, &args.channel.arrange.on(context)),
            Self::Expiring(args) => args.run(context),
        }
    }
}

impl ExpiringArgs {
    fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let (targets, mut failed) = self.selection.fleet(context)?.split();
        let asked = clusters(&targets).len() + failed.len();
        let (roles, unasked) = find_expiring(&context.run, &targets, self.within)?;
        failed.extend(unasked);
        if !interrupt::is_raised() {
            announce_expiring(&context.run, &roles, self.again)?;
        }
        if roles.is_empty() && context.ui.format == Format::Table {
            context.ui.note("none");
        } else if !context.ui.quiet {
            context.ui.show_rows(&roles, &EXPIRING_COLUMNS)?;
        }
        outcome_of_many(failed, asked, "servers", context)
    }
}

impl ChannelArgs {
    /// The channel of that name, or all.
    fn channels(&self, context: &Context) -> Result<Vec<Channel>> {
        let all = &context.run.settings.channels;
        let fits = |channel: &&Channel| self.name.as_ref().is_none_or(|name| *name == channel.name);
        let meant: Vec<_> = all.iter().filter(fits).cloned().collect();
        if !meant.is_empty() {
            return Ok(meant);
        }
        let names: Vec<_> = all.iter().map(|channel| channel.name.as_str()).collect();
        Err(match &self.name {
            Some(name) if !names.is_empty() => {
                let hint = choice::did_you_mean(name, names.iter().copied());
                let hint = hint.unwrap_or_else(|| "list the channels: pgrole notify list".to_owned());
                Failure::not_found(choice::unknown("channel", name, &names)).hint(hint)
            }
            _ => Failure::not_found("the config file defines no channel").hint(
                "add a section [notify.NAME] to the config file; docs/notifications.md has one of each kind",
            ),
        }
        .into())
    }
}

fn list(context: &Context) -> Result<()> {
    let mut queues = notify::list_queues(&context.run)?;
    let mut rows = Vec::new();
    for channel in &context.run.settings.channels {
        let place = queues
            .iter()
            .position(|queue| queue.channel == channel.name);
        rows.push(ChannelRow {
            channel: channel.name.clone(),
            kind: Some(channel.kind.as_str()),
            events: channel
                .events
                .iter()
                .copied()
                .map(EventKind::as_str)
                .collect(),
            environments: channel.environments.clone(),
            queue: place.map(|place| queues.remove(place)).unwrap_or_default(),
        });
    }
    rows.extend(queues.into_iter().map(|queue| ChannelRow {
        channel: queue.channel.clone(),
        kind: None,
        events: Vec::new(),
        environments: Vec::new(),
        queue,
    }));
    context.ui.show_rows(&rows, &LIST_COLUMNS)?;
    if rows.is_empty() {
        context
            .ui
            .note("none; to define one, add a section [notify.NAME] to the config file");
    }
    Ok(())
}

fn test(args: &ChannelArgs, context: &Context) -> Result<()> {
    let channels = args.channels(context)?;
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    notify::test(&context.run, &channels, |place, result| {
        let channel = &channels[place];
        match result {
            Ok(()) => rows.push(Tested {
                channel: channel.name.clone(),
                kind: channel.kind.as_str(),
                status: Status::Sent,
            }),
            Err(reason) => failed.push(
                Failure::new(
                    Kind::Failed,
                    format!("channel \"{}\" did not accept the message", channel.name),
                )
                .caused_by(reason)
                .into(),
            ),
        }
    })?;
    if !rows.is_empty() {
        context.ui.show_rows(&rows, &TEST_COLUMNS)?;
    }
    outcome_of_many(failed, channels.len(), "channels", context)
}

fn flush(args: &FlushArgs, context: &Context) -> Result<()> {
    let channels = args.channel.channels(context)?;
    let reports = notify::flush(&context.run, &channels, args.given_up)?;
    let queues = notify::list_queues(&context.run)?;
    let pending = |name: &str| {
        let queue = queues.iter().find(|queue| queue.channel == name);
        queue.map_or(0, |queue| queue.pending)
    };
    let mut failed = Vec::new();
    let mut rows = Vec::new();
    for report in reports {
        warn_of_recipients(&report, context);
        if let Some(error) = &report.error {
            let what = format!("channel \"{}\" did not accept all messages", report.channel);
            failed.push(
                Failure::new(Kind::Failed, what)
                    .caused_by(error.clone())
                    .into(),
            );
        }
        rows.push(Flushed {
            pending: pending(&report.channel),
            report,
        });
    }
    context.ui.show_rows(&rows, &FLUSH_COLUMNS)?;
    outcome_of_many(failed, channels.len(), "channels", context)
}

/// Sends the messages of a run that has ended. A failure to send is a warning, which a quiet run omits if a later run
/// will retry.
pub fn send_after_run(context: &Context) {
    let reports = match notify::send_after_run(&context.run) {
        Ok(reports) => reports,
        Err(error) => {
            context
                .ui
                .warn(&format!("notifications stay queued: {error:#}"));
            return;
        }
    };
    for report in &reports {
        if context.verbose && report.sent > 0 {
            let ChannelReport { channel, sent, .. } = report;
            let note = format!("notifications sent to \"{channel}\": {sent}");
            context.ui.say_more(&note);
        }
        warn_of_recipients(report, context);
        if let Some(warning) = warning(report, context.ui.quiet) {
            context.ui.warn(&warning);
        }
    }
}

/// A refused recipient does not keep a mail from the others, and is named.
fn warn_of_recipients(report: &ChannelReport, context: &Context) {
    for remark in &report.remarks {
        let channel = &report.channel;
        context
            .ui
            .warn(&format!("a notification to \"{channel}\": {remark}"));
    }
}

fn warning(report: &ChannelReport, is_quiet: bool) -> Option<String> {
    let error = report.error.as_ref()?;
    let name = &report.channel;
    if report.given_up > 0 {
        return Some(format!(
            "a notification to \"{name}\" was given up: {error}; to try again: pgrole notify flush --given-up"
        ));
    }
    if report.is_lasting {
        return Some(format!(
            "a notification to \"{name}\" was refused: {error}; once that is fixed: pgrole notify flush"
        ));
    }
    (!is_quiet).then(|| {
        format!("a notification to \"{name}\" stays queued: {error}; a later run retries, or: pgrole notify flush")
    })
}
