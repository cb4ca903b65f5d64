//! The level that is proposed for a login.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::access::usage::evidence::SeenUse;

/// What is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A lower level is enough for what it did.
    Lower,
    /// It uses its level, or has the lowest.
    Keep,
    /// The evidence does not tell.
    Unknown,
}

/// A login's level beside what it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub verdict: Verdict,
    /// `None` if that is not known.
    pub used: Option<AccessLevel>,
    pub proposed: Option<AccessLevel>,
    /// Why it is not known.
    pub unknown: Vec<String>,
}

/// Proposes a level. None is proposed below readonly: who ran nothing here may read on a standby, or only log in.
///
/// What was seen is proof even if not everything was; what was not seen is none unless all was.
pub fn propose(held: AccessLevel, seen: &SeenUse, lacks: Vec<String>) -> Proposal {
    let mut unknown = lacks;
    unknown.extend(seen.unclear.iter().cloned());
    let used = if seen.level >= held {
        Some(held)
    } else if unknown.is_empty() {
        Some(seen.level)
    } else {
        None
    };
    let lowest = AccessLevel::Readonly;
    let (verdict, proposed) = match used {
        _ if held <= lowest => (Verdict::Keep, Some(held)),
        None => (Verdict::Unknown, None),
        Some(used) if used < held => (Verdict::Lower, Some(used.max(lowest))),
        Some(_) => (Verdict::Keep, Some(held)),
    };
    if used.is_some() {
        unknown.clear();
    }
    Proposal {
        verdict,
        used,
        proposed,
        unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(level: AccessLevel, unclear: &[&str]) -> SeenUse {
        SeenUse {
            level,
            unclear: unclear.iter().map(|why| (*why).to_owned()).collect(),
            ..SeenUse::default()
        }
    }

    #[test]
    fn only_what_is_known_is_lowered() {
        use AccessLevel::{Ddl, None as Nothing, Readonly, Readwrite};
        for (held, seen_level, unclear, is_whole, wanted) in [
            (
                Readwrite,
                Readonly,
                false,
                true,
                (Verdict::Lower, Some(Readonly)),
            ),
            (
                Readwrite,
                Nothing,
                false,
                true,
                (Verdict::Lower, Some(Readonly)),
            ),
            (
                Readwrite,
                Readwrite,
                false,
                true,
                (Verdict::Keep, Some(Readwrite)),
            ),
            (
                Readwrite,
                Ddl,
                true,
                false,
                (Verdict::Keep, Some(Readwrite)),
            ),
            (Readwrite, Readonly, true, true, (Verdict::Unknown, None)),
            (Readwrite, Readonly, false, false, (Verdict::Unknown, None)),
            (Readwrite, Nothing, false, false, (Verdict::Unknown, None)),
            (
                Ddl,
                Readwrite,
                false,
                true,
                (Verdict::Lower, Some(Readwrite)),
            ),
            (Ddl, Readonly, false, true, (Verdict::Lower, Some(Readonly))),
            (Ddl, Readwrite, true, true, (Verdict::Unknown, None)),
            (
                Readonly,
                Nothing,
                false,
                false,
                (Verdict::Keep, Some(Readonly)),
            ),
        ] {
            let unclear: &[&str] = if unclear { &["it ran CALL"] } else { &[] };
            let lacks = if is_whole {
                vec![]
            } else {
                vec!["no evidence".to_owned()]
            };
            let proposal = propose(held, &seen(seen_level, unclear), lacks);
            assert_eq!(
                (proposal.verdict, proposal.proposed),
                wanted,
                "{held} {seen_level}"
            );
            assert_eq!(proposal.used.is_none(), !proposal.unknown.is_empty());
        }
    }
}
