//! Sends the messages in the outbox: the channels in parallel, each message within a deadline. The act that a message
//! reports has ended before, and nothing here delays or undoes it.

pub mod expiring;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;
use schemars::JsonSchema;
use serde::Serialize;

use crate::credentials::channel::read_secrets;
use crate::domain::act::operation::Operation;
use crate::domain::audit::operator::Operator;
use crate::domain::counted::in_seconds;
use crate::domain::interrupt;
use crate::domain::message::channel::Channel;
use crate::domain::message::notification::Message;
use crate::domain::timestamp::{Span, Timestamp};
use crate::notify;
use crate::notify::{MessageRefusal, Taken};
use crate::run::Run;
use crate::run::fleet::for_each;
use crate::store::{Claimed, Failed, Wanted};

pub use crate::store::Queue;

/// How long before it would be abandoned an attempt stops by itself, and kills its command.
const GRACE: Duration = Duration::from_millis(200);
/// How long a run keeps sending after its own act.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest that one message may take; a claim lasts longer.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(30);
/// The first pause after a failure, in seconds; each further one is twice as long.
const FIRST_PAUSE: u64 = 60;
const LONGEST_PAUSE: u64 = 3_600;
/// The pause in seconds if somebody must fix something first.
const LASTING_PAUSE: u64 = 6 * 3_600;

/// How many failures end a channel's turn in a flush: if only one message is at fault, the others are still sent.
const FLUSH_FAILURES: u32 = 3;
/// How many channels are tested at once.
const TEST_JOBS: usize = 16;

/// What to send, and how persistently.
#[derive(Debug, Clone, Copy)]
struct Sending {
    wanted: Wanted,
    /// After this no further message is started, and those in progress are abandoned.
    deadline: Option<Instant>,
    each: Duration,
    /// How many failures end a channel's turn.
    most_failures: u32,
}

/// The result for a channel.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ChannelReport {
    /// The name of the channel in the config file.
    pub channel: String,
    /// How many messages were sent.
    pub sent: u32,
    /// How many failed and will be tried again.
    pub failed: u32,
    /// How many will not be tried again.
    pub given_up: u32,
    /// The last error; null if there was none.
    pub error: Option<String>,
    /// Which of several recipients did not get a message that was sent, and why; absent if all did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Whether somebody must fix something before it can work.
    #[serde(skip)]
    pub is_lasting: bool,
}

/// Sends the messages that the run's own act left in the outbox, and earlier ones that are due. Does nothing if there
/// are no channels, or the run recorded no act.
///
/// # Errors
/// If the outbox cannot be read or written.
pub fn send_after_run(run: &Run) -> Result<Vec<ChannelReport>> {
    if run.settings.channels.is_empty() || !run.has_acted() || interrupt::is_raised() {
        return Ok(Vec::new());
    }
    let sending = Sending {
        wanted: Wanted::Due,
        deadline: Some(Instant::now() + PATIENCE),
        each: PATIENCE,
        most_failures: 1,
    };
    send(run, &run.settings.channels, sending)
}

/// Sends all pending messages of the channels; also those that were given up, if wanted.
///
/// # Errors
/// If the outbox cannot be read or written.
pub fn flush(run: &Run, channels: &[Channel], with_given_up: bool) -> Result<Vec<ChannelReport>> {
    if with_given_up {
        for channel in channels {
            run.with_store(|store| store.revive_messages(&channel.name))?;
        }
    }
    let sending = Sending {
        wanted: Wanted::AllSince(Timestamp::now()),
        deadline: None,
        each: run.timeout,
        most_failures: FLUSH_FAILURES,
    };
    send(run, channels, sending)
}

/// Sends a test message to each channel, past the outbox.
///
/// # Errors
/// If the registry cannot be read, or the random source fails. The result of a channel goes to `take`.
pub fn test(
    run: &Run,
    channels: &[Channel],
    take: impl FnMut(usize, Result<(), String>),
) -> Result<()> {
    let anchor = run.with_store(|store| store.audit_anchor())?;
    let message = Message {
        audit_anchor: anchor.map(|anchor| anchor.to_string()),
        ..test_message(run.operator())?
    };
    let limit = run.timeout.min(LONGEST_ATTEMPT);
    let watched = run.watch("channels", channels.len());
    let attempt = |channel: &Channel| {
        let attempt = || attempt_within(channel, &message, limit);
        watched.attempt(|| channel.name.clone(), attempt)
    };
    for_each(channels, TEST_JOBS, attempt, take);
    Ok(())
}

fn attempt_within(channel: &Channel, message: &Message, limit: Duration) -> Result<(), String> {
    let (sender, receiver) = mpsc::channel();
    let deadline = Instant::now() + limit;
    let (channel, message) = (channel.clone(), message.clone());
    // Not joined: a hanging attempt ends with the process.
    std::thread::spawn(move || sender.send(attempt_to_send(&channel, &message, deadline)));
    match receiver.recv_timeout(limit) {
        Ok(Ok(taken)) if taken.remarks.is_empty() => Ok(()),
        Ok(Ok(taken)) => Err(taken.remarks.join("; ")),
        Ok(Err(refusal)) => Err(refusal.reason),
        Err(_) => Err(format!("no answer within {}", in_seconds(limit))),
    }
}

/// The contents of the outbox, by channel.
///
/// # Errors
/// If the registry cannot be read.
pub fn list_queues(run: &Run) -> Result<Vec<Queue>> {
    run.with_store(|store| store.list_queues())
}

fn test_message(operator: &Operator) -> Result<Message> {
    let mut id = [0; 16];
    SysRng
        .try_fill_bytes(&mut id)
        .context("the operating system's random source failed")?;
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut message = Message {
        operation_id: id[..16].to_owned(),
        id,
        event: "test".to_owned(),
        summary: String::new(),
        at: Timestamp::now().to_string(),
        env: None,
        database: None,
        hostname: None,
        port: None,
        username: None,
        profile: None,
        error: None,
        rotation: None,
        roles: Vec::new(),
        access: None,
        operation: Operation::NotifyTest.name().to_owned(),
        operator: operator.user.clone(),
        host: operator.host.clone(),
        audit_anchor: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    message.summary = format!("{}: {}", message.event, message.subject());
    Ok(message)
}

/// Sends messages of the channels.
fn send(run: &Run, channels: &[Channel], sending: Sending) -> Result<Vec<ChannelReport>> {
    let (sender, receiver) = mpsc::channel();
    let desk = Desk {
        run,
        sending,
        sender,
    };
    let places = channels.iter().enumerate();
    let mut lanes: Vec<_> = places.map(|(place, own)| Lane::new(place, own)).collect();
    for lane in &mut lanes {
        lane.begin_next(&desk)?;
    }
    let begun = lanes.iter().filter(|lane| lane.deadline().is_some());
    let watched = run.watch("channels", begun.clone().count());
    let waiting = begun.map(|lane| (lane.place, watched.begin(|| lane.channel.name.clone())));
    let mut waiting: BTreeMap<_, _> = waiting.collect();
    while let Some(end) = lanes.iter().filter_map(Lane::deadline).min() {
        match next_answer(&receiver, end) {
            NextMessage::Answer(answer) => lanes[answer.place].take(&desk, answer)?,
            NextMessage::NoneYet => {}
            NextMessage::TooLate => {
                for lane in &mut lanes {
                    lane.abandon_if_late(&desk)?;
                }
            }
            NextMessage::Interrupted => break,
        }
        for lane in lanes.iter().filter(|lane| lane.deadline().is_none()) {
            if let Some(mut ended) = waiting.remove(&lane.place) {
                ended.has_failed = lane.report.failed + lane.report.given_up > 0;
            }
        }
    }
    Ok(lanes.into_iter().map(|lane| lane.report).collect())
}

/// What all lanes share.
struct Desk<'a> {
    run: &'a Run,
    sending: Sending,
    sender: Sender<SendResult>,
}

/// A thread's result for the message that it was given.
struct SendResult {
    place: usize,
    attempt: u32,
    result: Result<Taken, MessageRefusal>,
}

enum NextMessage {
    Answer(SendResult),
    NoneYet,
    TooLate,
    Interrupted,
}

/// Waits briefly for a thread's result.
fn next_answer(receiver: &Receiver<SendResult>, end: Instant) -> NextMessage {
    if interrupt::is_raised() {
        return NextMessage::Interrupted;
    }
    let left = end.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left.min(Duration::from_millis(100))) {
        Ok(answer) => NextMessage::Answer(answer),
        Err(RecvTimeoutError::Timeout) if left.is_zero() => NextMessage::TooLate,
        Err(_) => NextMessage::NoneYet,
    }
}

/// A channel's queue: one message at a time.
struct Lane {
    place: usize,
    channel: Arc<Channel>,
    under_way: Option<UnderWay>,
    /// How many messages were started; identifies late results of abandoned ones.
    begun: u32,
    report: ChannelReport,
}

struct UnderWay {
    claimed: Claimed,
    begun_at: Instant,
    deadline: Instant,
}

impl Lane {
    fn new(place: usize, channel: &Channel) -> Self {
        Self {
            place,
            channel: Arc::new(channel.clone()),
            under_way: None,
            begun: 0,
            report: ChannelReport {
                channel: channel.name.clone(),
                ..ChannelReport::default()
            },
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.under_way.as_ref().map(|message| message.deadline)
    }

    /// Claims the next message, and sends it in a thread of its own, which ends with the process if it hangs.
    fn begin_next(&mut self, desk: &Desk<'_>) -> Result<()> {
        let Sending {
            wanted,
            deadline,
            each,
            most_failures,
        } = desk.sending;
        let now = Instant::now();
        let is_over = deadline.is_some_and(|deadline| deadline <= now);
        if is_over || self.report.failed + self.report.given_up >= most_failures {
            return Ok(());
        }
        let name = &self.channel.name;
        let claimed = desk
            .run
            .with_store(|store| store.claim_message(name, wanted, Timestamp::now()))?;
        let Some(claimed) = claimed else {
            return Ok(());
        };
        let left = deadline.map_or(each, |deadline| each.min(deadline - now));
        let left = left.min(LONGEST_ATTEMPT);
        let attempt_deadline = now + left.saturating_sub(GRACE);
        self.begun += 1;
        let (place, attempt) = (self.place, self.begun);
        let (channel, message) = (Arc::clone(&self.channel), claimed.message.clone());
        let sender = desk.sender.clone();
        std::thread::spawn(move || {
            let result = attempt_to_send(&channel, &message, attempt_deadline);
            // The receiver is gone once the deadline has passed.
            sender
                .send(SendResult {
                    place,
                    attempt,
                    result,
                })
                .ok();
        });
        self.under_way = Some(UnderWay {
            claimed,
            begun_at: now,
            deadline: now + left,
        });
        Ok(())
    }

    /// Records a result, unless it comes too late, and continues.
    fn take(&mut self, desk: &Desk<'_>, answer: SendResult) -> Result<()> {
        if answer.attempt != self.begun {
            return Ok(());
        }
        let Some(message) = self.under_way.take() else {
            return Ok(());
        };
        match answer.result {
            Ok(taken) => {
                self.report.remarks.extend(taken.remarks);
                self.report.sent += 1;
                let now = Timestamp::now();
                desk.run
                    .with_store(|store| store.note_sent(&message.claimed, now))?;
            }
            Err(refusal) => self.fail(desk, &message.claimed, refusal)?,
        }
        self.begin_next(desk)
    }

    /// Abandons the message in progress if its time is over, and continues.
    fn abandon_if_late(&mut self, desk: &Desk<'_>) -> Result<()> {
        let late = self
            .under_way
            .take_if(|message| message.deadline <= Instant::now());
        let Some(message) = late else {
            return Ok(());
        };
        let waited = in_seconds(message.deadline - message.begun_at);
        let refusal = MessageRefusal::passing(format!("no answer within {waited}"));
        self.fail(desk, &message.claimed, refusal)?;
        self.begin_next(desk)
    }

    fn fail(&mut self, desk: &Desk<'_>, claimed: &Claimed, refusal: MessageRefusal) -> Result<()> {
        let now = Timestamp::now();
        let give_up_after = desk.run.settings.give_up_after;
        let rest = pause(claimed.attempts, refusal.is_lasting, refusal.retry_after);
        let failed = Failed {
            error: refusal.reason,
            next_attempt_at: now.after(rest)?,
            given_up: claimed.created_at <= now.before(give_up_after)?.to_string(),
        };
        desk.run
            .with_store(|store| store.note_failed(claimed, &failed, now))?;
        if failed.given_up {
            self.report.given_up += 1;
        } else {
            self.report.failed += 1;
        }
        self.report.is_lasting = refusal.is_lasting;
        self.report.error = Some(failed.error);
        Ok(())
    }
}

/// How long to wait after a failure. The channel's own `Retry-After` counts, up to a day.
fn pause(attempts: u32, is_lasting: bool, retry_after: Option<Duration>) -> Span {
    let doubled = FIRST_PAUSE << attempts.min(16);
    let own = if is_lasting {
        LASTING_PAUSE
    } else {
        doubled.min(LONGEST_PAUSE)
    };
    let asked = retry_after.map_or(0, |wait| wait.as_secs().min(86_400));
    Span::seconds(own.max(asked).cast_signed())
}

fn attempt_to_send(
    channel: &Channel,
    message: &Message,
    deadline: Instant,
) -> Result<Taken, MessageRefusal> {
    let left = deadline.saturating_duration_since(Instant::now());
    let secrets = read_secrets(channel, left).map_err(MessageRefusal::lasting)?;
    notify::send(channel, &secrets, message, deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_an_hour_and_is_never_shorter_than_asked_for() {
        let seconds = |attempts, wait| {
            let wait: Option<u64> = wait;
            pause(attempts, false, wait.map(Duration::from_secs))
                .duration()
                .as_secs()
        };
        assert_eq!(
            [0, 1, 2, 5, 6, 99].map(|attempts| seconds(attempts, None)),
            [60, 120, 240, 1_920, 3_600, 3_600]
        );
        assert_eq!(seconds(0, Some(90)), 90);
        assert_eq!(seconds(0, Some(5)), 60);
        assert_eq!(seconds(0, Some(u64::MAX)), 86_400);
        assert_eq!(pause(0, true, None).duration().as_secs(), 21_600);
    }
}
