//! From an act and its outcome to the messages that the channels want of it.

use crate::domain::failure::Kind;
use crate::domain::message::channel::Channel;
use crate::domain::message::notification::{Announcement, Draft, EventKind, RoleNote, Tally};
use crate::store::{CutOff, Outcome};

/// How an act ended, as far as notifications go.
pub struct ActEnd<'a> {
    /// Whether a summary tells of it, that of its run.
    pub is_told_in_summary: bool,
    /// Whether it was to change a server.
    pub tells_of_failure: bool,
    pub env: Option<&'a str>,
    pub outcome: &'a Outcome,
    /// What it says beside its status.
    pub announcement: Option<&'a Announcement>,
    /// None: it went well.
    pub failed: Option<Kind>,
}

/// A message for each channel that wants one.
pub fn drafts(channels: &[Channel], ended: &ActEnd<'_>) -> Vec<Draft> {
    let drafts = channels
        .iter()
        .filter_map(|channel| match ended.announcement {
            Some(announcement) => summary(channel, announcement),
            None => single(channel, ended),
        });
    drafts.collect()
}

/// The messages of an act that was cut off after it had done its work.
pub fn drafts_of_cut_off(channels: &[Channel], cut_off: &CutOff) -> Vec<Draft> {
    let outcome = Outcome {
        status: cut_off.status.clone(),
        ..Outcome::default()
    };
    let ended = ActEnd {
        is_told_in_summary: cut_off.is_told_in_summary,
        tells_of_failure: false,
        env: cut_off.subject.env.as_deref(),
        outcome: &outcome,
        announcement: None,
        failed: None,
    };
    drafts(channels, &ended)
}

fn single(channel: &Channel, ended: &ActEnd<'_>) -> Option<Draft> {
    let event = event(ended)?;
    let wanted = channel.wants(event, ended.env);
    wanted.then(|| Draft {
        channel: channel.name.clone(),
        event,
        error: ended.outcome.error.clone(),
        rotation: None,
        roles: Vec::new(),
    })
}

/// What a channel is told of one role. The roles of a rotation are told of in its summary.
fn event(ended: &ActEnd<'_>) -> Option<EventKind> {
    if ended.is_told_in_summary {
        return None;
    }
    match ended.failed {
        None => ended.outcome.status.event_kind(),
        Some(Kind::Undelivered) => Some(EventKind::PasswordUndelivered),
        // What was never begun, or is the operator's own affair.
        Some(Kind::Usage | Kind::NotFound | Kind::Refused | Kind::Busy | Kind::Interrupted) => None,
        Some(_) => ended.tells_of_failure.then_some(EventKind::OperationFailed),
    }
}

/// The part of a summary that a channel is about.
fn summary(channel: &Channel, announcement: &Announcement) -> Option<Draft> {
    let is_told = |role: &RoleNote| {
        let mut told = announcement.told.iter();
        told.any(|notice| notice.is_of(&channel.name, role))
    };
    let wanted = |role: &&RoleNote| channel.wants_environment(&role.env) && !is_told(role);
    let roles: Vec<_> = announcement.roles.iter().filter(wanted).cloned().collect();
    let rotation = announcement.rotation.as_ref().map(|tallies| {
        let own = tallies
            .iter()
            .filter(|(env, _)| channel.wants_environment(env));
        own.map(|(_, tally)| *tally).sum::<Tally>()
    });
    let event = match rotation {
        Some(tally) if tally.due == 0 => return None,
        Some(tally) if tally.failed > 0 => EventKind::RotationFailed,
        Some(_) => EventKind::RotationFinished,
        None if roles.is_empty() => return None,
        None => EventKind::Expiring,
    };
    channel.wants(event, None).then(|| Draft {
        channel: channel.name.clone(),
        event,
        error: None,
        rotation,
        roles,
    })
}
