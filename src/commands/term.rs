//! Options that limit how long a login is valid: a span that each rotation renews, or a fixed end.

use anyhow::Result;
use clap::Args;

use crate::domain::failure::Failure;
use crate::domain::role::term::Term;
use crate::domain::settings::Expiry;
use crate::domain::timestamp::{Span, Timestamp};

#[derive(Debug, Clone, Copy, Args)]
pub struct TermArgs {
    /// How long each password is valid: 90d, 12h, 2w; each rotation renews it [default: as the profile says,
    /// else password.valid_for in the config file; an existing VALID UNTIL is left unchanged]
    #[arg(long, value_name = "SPAN")]
    valid_for: Option<Span>,

    /// When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time
    /// (2027-03-31T18:00:00Z)
    #[arg(long, value_name = "DATE", conflicts_with = "valid_for", value_parser = parse_end)]
    ends_on: Option<Timestamp>,
}

/// The same for a new role.
#[derive(Debug, Clone, Copy, Args)]
pub struct NewTermArgs {
    /// How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the
    /// profile says, else password.valid_for in the config file, else no limit]
    #[arg(long, value_name = "SPAN")]
    valid_for: Option<Expiry>,

    /// When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time
    /// (2027-03-31T18:00:00Z)
    #[arg(long, value_name = "DATE", conflicts_with = "valid_for", value_parser = parse_end)]
    ends_on: Option<Timestamp>,
}

/// The same for a role that keeps its password.
#[derive(Debug, Clone, Copy, Args)]
pub struct ChangedTermArgs {
    /// How long each password is valid, from its change on: 90d, 12h, 2w; each rotation renews it
    #[arg(long, value_name = "SPAN")]
    valid_for: Option<Span>,

    /// When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time
    /// (2027-03-31T18:00:00Z)
    #[arg(long, value_name = "DATE", conflicts_with = "valid_for", value_parser = parse_end)]
    ends_on: Option<Timestamp>,

    /// Neither its account nor its passwords end
    #[arg(long, conflicts_with_all = ["valid_for", "ends_on"])]
    no_end: bool,
}

impl ChangedTermArgs {
    /// What the options say.
    ///
    /// # Errors
    /// Usage, if the end is in the past.
    pub fn term(self) -> Result<Option<Term>, Failure> {
        let end = self.ends_on.map(end).transpose()?;
        let never = self.no_end.then_some(Term::ForEver);
        Ok(end.or(self.valid_for.map(Term::Renewed)).or(never))
    }
}

impl TermArgs {
    /// What the options say.
    ///
    /// # Errors
    /// Usage, if the end is in the past.
    pub fn term(self) -> Result<Option<Term>, Failure> {
        let end = self.ends_on.map(end).transpose()?;
        Ok(end.or(self.valid_for.map(Term::Renewed)))
    }
}

impl NewTermArgs {
    /// What the options say.
    ///
    /// # Errors
    /// Usage, if the end is in the past.
    pub fn term(self) -> Result<Option<Term>, Failure> {
        let end = self.ends_on.map(end).transpose()?;
        let valid_for = self.valid_for.map(|Expiry(span)| match span {
            Some(span) => Term::Renewed(span),
            None => Term::ForEver,
        });
        Ok(end.or(valid_for))
    }
}

fn end(end: Timestamp) -> Result<Term, Failure> {
    if end <= Timestamp::now() {
        let what = format!("--ends-on is in the past: {end}");
        return Err(Failure::usage(what).hint("name a day in the future"));
    }
    Ok(Term::EndsOn(end))
}

fn parse_end(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse_day_or_time(text).ok_or_else(|| {
        Failure::usage(format!(
            "{text:?} is not a date or time; expected a date (2027-03-31) or a time (2027-03-31T18:00:00Z)"
        ))
    })
}
