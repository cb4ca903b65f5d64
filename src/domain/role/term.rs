//! How long a login is valid: two purposes that one VALID UNTIL has to serve. A password may be valid for a while,
//! which each rotation renews; or the account ends on a day, which no rotation moves.

use std::fmt;
use std::str::FromStr;

use anyhow::Result;

use crate::domain::failure::Failure;
use crate::domain::timestamp::{Span, Timestamp};

/// What was chosen for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Each new password is valid for this long.
    Renewed(Span),
    /// The same, for as long as the config file says when it is made.
    Configured,
    /// The account ends then.
    EndsOn(Timestamp),
    /// It has no end, whatever the config file says.
    ForEver,
}

/// Everything that decides the VALID UNTIL of a new password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// By an option.
    pub wanted: Option<Term>,
    /// With the role, since an earlier change.
    pub recorded: Option<Term>,
    /// In the config file.
    pub configured: Option<Span>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// `None` leaves VALID UNTIL unchanged.
    pub valid_until: Option<Timestamp>,
    /// `None` leaves what is recorded unchanged.
    pub term: Option<Term>,
    /// Whether VALID UNTIL stays because its purpose was never stated: it is taken for a fixed end.
    pub is_assumed_end: bool,
}

impl Terms {
    /// Decides for a role with or without a VALID UNTIL. One whose purpose was never stated is a fixed end: neither an
    /// upgrade nor a new line in the config file may prolong an account.
    ///
    /// # Errors
    /// If a span leads beyond the range of time.
    pub fn decide(self, has_valid_until: bool, now: Timestamp) -> Result<Decision> {
        let term = self.wanted.or(self.recorded);
        let valid_until = match term {
            Some(Term::Renewed(span)) => Some(now.after(span)?),
            Some(Term::EndsOn(end)) => self.wanted.map(|_| end),
            Some(Term::ForEver) => None,
            None if has_valid_until => None,
            Some(Term::Configured) | None => {
                self.configured.map(|span| now.after(span)).transpose()?
            }
        };
        let configured = (term.is_none() && valid_until.is_some()).then_some(Term::Configured);
        Ok(Decision {
            valid_until,
            term: self.wanted.or(configured),
            is_assumed_end: term.is_none() && has_valid_until,
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Renewed(span) => write!(formatter, "valid for {span}"),
            Self::Configured => formatter.write_str("valid as configured"),
            Self::EndsOn(end) => write!(formatter, "ends on {end}"),
            Self::ForEver => formatter.write_str("valid for ever"),
        }
    }
}

impl FromStr for Term {
    type Err = anyhow::Error;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self> {
        if text == "valid for ever" {
            return Ok(Self::ForEver);
        }
        if let Some(span) = text.strip_prefix("valid for ") {
            return Ok(Self::Renewed(span.parse()?));
        }
        if let Some(end) = text.strip_prefix("ends on ") {
            return Ok(Self::EndsOn(end.parse()?));
        }
        match text {
            "valid as configured" => Ok(Self::Configured),
            _ => Err(Failure::usage(format!("{text:?} is not a validity of a login")).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T08:00:00Z".parse().unwrap()
    }

    fn decided(terms: Terms, has_valid_until: bool) -> (Option<String>, Option<Term>) {
        let decision = terms.decide(has_valid_until, now()).unwrap();
        (
            decision.valid_until.map(|until| until.to_string()),
            decision.term,
        )
    }

    #[test]
    fn an_end_that_nobody_explained_is_not_moved_by_the_config_file() {
        let configured = Some("90d".parse().unwrap());
        let terms = Terms {
            configured,
            ..Terms::default()
        };
        assert_eq!(decided(terms, true), (None, None));
        let until = Some("2027-02-21T08:00:00.000000Z".to_owned());
        assert_eq!(
            decided(terms, false),
            (until.clone(), Some(Term::Configured))
        );
        let recorded = Terms {
            recorded: Some(Term::Configured),
            ..terms
        };
        assert_eq!(decided(recorded, true), (until, None));
        assert_eq!(decided(Terms::default(), false), (None, None));
    }

    #[test]
    fn a_span_is_renewed_and_an_end_is_not() {
        let renewed = Term::Renewed("1d".parse().unwrap());
        let recorded = Terms {
            recorded: Some(renewed),
            configured: Some("90d".parse().unwrap()),
            ..Terms::default()
        };
        let tomorrow = Some("2026-11-24T08:00:00.000000Z".to_owned());
        assert_eq!(decided(recorded, true), (tomorrow.clone(), None));
        let ends = Terms {
            recorded: Some(Term::EndsOn(now())),
            ..recorded
        };
        assert_eq!(decided(ends, true), (None, None));
        let wanted = Terms {
            wanted: Some(renewed),
            ..ends
        };
        assert_eq!(decided(wanted, true), (tomorrow, Some(renewed)));
        let for_ever = Terms {
            recorded: Some(Term::ForEver),
            ..recorded
        };
        assert_eq!(decided(for_ever, false), (None, None));
    }

    #[test]
    fn a_term_is_read_as_it_is_written() {
        for term in [
            Term::Renewed("36h".parse().unwrap()),
            Term::Configured,
            Term::EndsOn(now()),
            Term::ForEver,
        ] {
            assert_eq!(term.to_string().parse::<Term>().unwrap(), term);
        }
    }
}
