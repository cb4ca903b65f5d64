//! Deliver: the password goes where it should, at least once, and is looked at again where others may have changed it.

use anyhow::Result;

use crate::delivery;
use crate::delivery::IssuedPassword;
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::password::deliveries::Delivery;
use crate::domain::password::destination::{FileFormat, Way};
use crate::domain::role::report::UserReport;
use crate::password::open_change::OpenChange;
use crate::password::overtaken::look_again;
use crate::run::TargetSession;

/// What becomes of the sealed copy of a password that was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SealedCopy {
    Scrubbed,
    /// Not each delivery can be confirmed.
    Kept,
}

impl OpenChange<'_> {
    /// Delivers the password of a role that is new, so that nobody else changes it yet, and ends the change. What was
    /// delivered to stdout stays sealed for a while.
    ///
    /// # Errors
    /// Exit status 8 where the password is in force and not where it should be.
    pub fn deliver(mut self, report: &mut UserReport) -> Result<()> {
        let copy = self.hand_over_noted(report)?;
        self.leave_delivered(copy);
        Ok(())
    }

    /// The same for a role that somebody else may have changed at the same time, such as pgrole with another registry:
    /// the server is asked again when all is delivered, so that of two only one says that its password is good.
    ///
    /// # Errors
    /// Exit status 8 too where the password that was delivered is no longer in force, with the change still open.
    pub fn deliver_and_look_again(
        mut self,
        server: &mut TargetSession<'_>,
        report: &mut UserReport,
    ) -> Result<()> {
        let copy = self.hand_over_noted(report)?;
        let Self {
            run,
            change,
            contents,
            can_login,
            ..
        } = &self;
        let looked = look_again(run, server, change, contents, *can_login);
        let looked = match &change.dual {
            Some(dual) => looked.and_then(|()| self.switch_over(server, dual)),
            None => looked,
        };
        let Err(overtaken) = looked else {
            self.leave_delivered(copy);
            return Ok(());
        };
        self.leave(ChangeState::Undelivered, Some(format!("{overtaken:#}")));
        Err(overtaken)
    }

    fn hand_over_noted(&mut self, report: &mut UserReport) -> Result<SealedCopy> {
        if let Some(dual) = &self.change.dual {
            // The application logs in with it, and nobody as the owner.
            report.owner = Some(self.change.role.to_string());
            report.username = dual.incoming.to_string();
        }
        if !self.change.destination.is_stdout() {
            report.delivered_to = Some(self.change.destination.in_words());
        }
        self.hand_over(report).map_err(|error| {
            self.leave(ChangeState::Undelivered, Some(format!("{error:#}")));
            self.undelivered(error)
        })
    }

    fn hand_over(&self, report: &UserReport) -> Result<SealedCopy> {
        let report = serde_json::to_value(report)?;
        let issued = IssuedPassword {
            target: &self.change.target,
            username: self.change.login().as_str(),
            password: &self.contents.password,
            is_known: self.known,
            verifier: self.contents.verifier.as_str(),
            operation_id: &self.change.operation_id,
            report: &report,
        };
        let mut copy = SealedCopy::Scrubbed;
        for one in in_order(&self.change) {
            let way = delivery::to(one, self.run.resources(self.stdout));
            let mut notes = Vec::new();
            let delivered = self.run.trace.on(&self.change.target).locally(
                "deliver",
                || Some(one.destination.to_string()),
                || way.deliver(&issued, &mut notes),
            );
            for note in notes {
                self.run.warn(note);
            }
            delivered?;
            if !way.is_confirmed(&issued) {
                copy = SealedCopy::Kept;
            }
        }
        Ok(copy)
    }
}

/// The deliveries of a change in the order in which they are made. With dual logins the pooler comes first, and is reloaded
/// before anybody is told the new login; what is reloaded after that may be so twice.
fn in_order(change: &PasswordChange) -> Vec<&Delivery> {
    let each = || change.destination.each().iter();
    let is_reload = |one: &&Delivery| one.destination.way() == Way::Reload;
    let is_pooler = |one: &&Delivery| {
        change.dual.is_some()
            && one.file_format == FileFormat::Pgbouncer
            && one.destination.way() == Way::File
    };
    let poolers = each().filter(is_pooler);
    let others: Vec<_> = each()
        .filter(|one| !is_pooler(one) && !is_reload(one))
        .collect();
    let between = each().filter(|one| is_reload(one) && !others.is_empty());
    let between: Vec<_> = between
        .filter(|_| each().any(|one| is_pooler(&one)))
        .collect();
    let last = each().filter(is_reload);
    poolers
        .chain(between)
        .chain(others.clone())
        .chain(last)
        .collect()
}
