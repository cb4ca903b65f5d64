//! When a login that exists is to end: on a day, never, or so long after each password change.

use anyhow::Result;

use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::role::report::ChangedAttribute;
use crate::domain::role::state::RoleState;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::store::PlacedRole;

/// The VALID UNTIL that a term leads to.
pub struct NewEnd {
    /// As the server reads it; `None` if it is so already.
    pub valid_until: Option<String>,
    /// As it is shown from then on.
    pub shown: Option<String>,
    /// Whether the role had none, which no statement brings back.
    pub was_never_set: bool,
}

/// A login whose end is to change.
pub struct EndingLogin<'a> {
    pub target: &'a Target,
    pub state: &'a RoleState,
    /// The registry's record of it.
    pub placed: Option<&'a PlacedRole>,
}

impl EndingLogin<'_> {
    /// What a term changes.
    ///
    /// # Errors
    /// Usage, if nothing would renew a span; refused, if the present password is older than it.
    pub fn new_end(&self, term: Term, changed: &mut Vec<ChangedAttribute>) -> Result<NewEnd> {
        let now = Timestamp::now();
        let wanted = match term {
            Term::EndsOn(end) => Some(end),
            Term::Renewed(span) => Some(self.renewed(span, now)?),
            Term::ForEver | Term::Configured => None,
        };
        self.note_term(term, changed);
        let is_there = match wanted {
            Some(wanted) => self.is_at(wanted) || self.is_within(term, wanted, now),
            None => self.state.valid_until.is_none() && !self.state.expired,
        };
        if is_there {
            return Ok(NewEnd {
                valid_until: None,
                shown: self.state.valid_until.clone(),
                was_never_set: false,
            });
        }
        let shown = wanted.map(|until| until.to_string());
        changed.push(ChangedAttribute {
            what: "valid_until",
            before: self.valid_until(),
            after: shown.clone().unwrap_or_else(|| "none".to_owned()),
        });
        Ok(NewEnd {
            // Nothing unsets it.
            valid_until: Some(shown.clone().unwrap_or_else(|| "infinity".to_owned())),
            shown,
            was_never_set: self.state.valid_until.is_none() && !self.state.expired,
        })
    }

    /// The end of the present password, which counts from its change.
    fn renewed(&self, span: Span, now: Timestamp) -> Result<Timestamp> {
        let (role, target) = (&self.state.name, self.target);
        let Some(placed) = self.placed else {
            let what = format!(
                "pgrole does not rotate \"{role}\", so that nothing would renew its validity"
            );
            return Err(Failure::usage(what)
                .hint(format!(
                    "name a day with --ends-on; or put it under rotation: {}",
                    on_target(
                        "pgrole rotate adopt -e {} -d {} -u {} --deliver WHERE",
                        target,
                        &[role]
                    )
                ))
                .into());
        };
        let changed_at = Timestamp::parse(&placed.password_changed_at);
        let end = changed_at.unwrap_or(now).after(span)?;
        if end > now {
            return Ok(end);
        }
        let changed_at = changed_at.unwrap_or(now);
        let what = format!(
            "the password of \"{role}\" was changed on {changed_at}: valid for {span}, it would have ended already"
        );
        Err(Failure::refused(what)
            .hint(format!(
                "give it a new one, valid for as long: {}",
                on_target(
                    "pgrole user reset -e {} -d {} -u {} --valid-for {}",
                    target,
                    &[role, &span]
                )
            ))
            .into())
    }

    /// The server shows whole seconds.
    fn is_at(&self, wanted: Timestamp) -> bool {
        let found = self.state.valid_until.as_deref().and_then(Timestamp::parse);
        found.is_some_and(|found| found.unix_seconds() == wanted.unix_seconds())
    }

    /// Whether the password ends within a span that is on record already: since when it counts is not known.
    fn is_within(&self, term: Term, wanted: Timestamp, now: Timestamp) -> bool {
        let is_known =
            |placed: &PlacedRole| Timestamp::parse(&placed.password_changed_at).is_some();
        let found = self.state.valid_until.as_deref().and_then(Timestamp::parse);
        self.recorded() == Some(term)
            && !self.placed.is_some_and(is_known)
            && found.is_some_and(|found| now < found && found <= wanted)
    }

    fn recorded(&self) -> Option<Term> {
        self.placed?.term.as_deref()?.parse().ok()
    }

    /// The term is on record with roles under rotation.
    fn note_term(&self, term: Term, changed: &mut Vec<ChangedAttribute>) {
        let before = self.recorded();
        if self.placed.is_none() || before == Some(term) {
            return;
        }
        changed.push(ChangedAttribute {
            what: "term",
            before: before.map_or("none".to_owned(), |term| term.to_string()),
            after: term.to_string(),
        });
    }

    fn valid_until(&self) -> String {
        match &self.state.valid_until {
            Some(until) => until.clone(),
            None if self.state.expired => "-infinity".to_owned(),
            None => "none".to_owned(),
        }
    }
}
