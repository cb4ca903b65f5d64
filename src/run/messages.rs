//! Turns an act and its outcome into messages for the channels that want them.

use crate::domain::failure::Kind;
use crate::domain::message::channel::Channel;
use crate::domain::message::notification::{Announcement, Draft, EventKind, RoleNote, Tally};
use crate::store::{CutOff, Outcome};

/// How an act ended, as far as messages need it.
pub struct ActEnd<'a> {
    /// Whether the summary of its run covers it.
    pub is_told_in_summary: bool,
    /// Whether its failure is reported, because it was to change a server.
    pub tells_of_failure: bool,
    pub env: Option<&'a str>,
    pub outcome: &'a Outcome,
    /// What it reports besides its status.
    pub announcement: Option<&'a Announcement>,
    /// `None` if it succeeded.
    pub failed: Option<Kind>,
}

/// A message for each channel that wants one.
pub fn drafts(channels: &[Channel], ended: &ActEnd<'_>) -> Vec<Draft> {
    let drafts = channels
        .iter()
        .filter_map(|channel| match ended.announcement {
            Some(announcement) if announcement.access.is_none() => summary(channel, announcement),
            _ => single(channel, ended),
        });
    drafts.collect()
}

/// The messages of an act that was interrupted after it had done its work.
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
        access: ended.announcement.and_then(|said| said.access.clone()),
    })
}

/// The kind of message about one role. The roles of a rotation are covered by its summary.
fn event(ended: &ActEnd<'_>) -> Option<EventKind> {
    if ended.is_told_in_summary {
        return None;
    }
    match ended.failed {
        None => ended.outcome.status.event_kind(),
        Some(Kind::Undelivered) => Some(EventKind::PasswordUndelivered),
        // It was never begun, or concerns only the operator.
        Some(Kind::Usage | Kind::NotFound | Kind::Refused | Kind::Busy | Kind::Interrupted) => None,
        Some(_) => ended.tells_of_failure.then_some(EventKind::OperationFailed),
    }
}

/// The part of a summary that a channel wants.
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
        access: None,
    })
}
