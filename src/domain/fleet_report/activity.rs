//! When logins were last seen. PostgreSQL keeps no such date: it is known from sessions that pgrole's runs saw, and from
//! the server's log. Not seen is not unused: only who looked for long enough may say how long a login was not seen.

use crate::domain::timestamp::Timestamp;

/// What saw a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenBy {
    /// A session at the moment.
    Session,
    /// A session in an earlier run.
    Sample,
    ServerLog,
}

impl SeenBy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Sample => "sample",
            Self::ServerLog => "server log",
        }
    }
}

/// What is known of a login's use.
#[derive(Debug, Clone, Copy, Default)]
pub struct LastSeen {
    pub at: Option<(Timestamp, SeenBy)>,
    /// Since when somebody has looked for its sessions; `None` if nobody has.
    pub watched_since: Option<Timestamp>,
}

impl LastSeen {
    /// The point in time since which it was not seen: when it last was, or since when it is looked for.
    pub fn not_seen_since(&self) -> Option<Timestamp> {
        let last = self.at.map(|(at, _)| at);
        last.or(self.watched_since)
    }

    /// Whether it was not seen since before this time; `None` if nobody has looked for that long.
    pub fn is_unused(&self, before: Timestamp) -> Option<bool> {
        match self.at {
            Some((at, _)) if at >= before => Some(false),
            _ => self
                .watched_since
                .filter(|since| *since <= before)
                .map(|_| true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn only_who_has_looked_for_long_enough_calls_a_login_unused() {
        let before = time("2026-08-01T00:00:00Z");
        let seen = |at: Option<&str>, since: Option<&str>| LastSeen {
            at: at.map(|at| (time(at), SeenBy::Sample)),
            watched_since: since.map(time),
        };
        let old = "2026-01-01T00:00:00Z";
        let new = "2026-09-01T00:00:00Z";
        assert_eq!(seen(Some(new), Some(old)).is_unused(before), Some(false));
        assert_eq!(seen(None, Some(old)).is_unused(before), Some(true));
        assert_eq!(seen(Some(old), Some(old)).is_unused(before), Some(true));
        // Nobody has looked since: it may have been there every day.
        assert_eq!(seen(None, Some(new)).is_unused(before), None);
        assert_eq!(seen(None, None).is_unused(before), None);
    }
}
