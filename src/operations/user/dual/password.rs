//! A new password for one of the logins: the steps that a rotation and a conversion have in common.

use anyhow::Result;

use crate::domain::act::operation::Mode;
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password::change::{ChangeKind, DualChange, PasswordChange};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, DualMark, DualStep};
use crate::domain::role::dual_state::DualState;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::ServerState;
use crate::domain::role::term::{Decision, Terms};
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::dual::read;
use crate::operations::user::dual::retire::{Ending, retire};
use crate::password::{DeliveryRoute, NewPassword, OpenChange, give_up};
use crate::run::login_state::{for_people, undo};
use crate::run::{Done, Run, TargetSession};

/// What is wanted of an owner's logins.
pub struct DualRequest<'a> {
    pub target: &'a Target,
    pub owner: &'a RoleName,
    pub password: &'a NewPassword,
    pub terms: Terms,
    pub route: DeliveryRoute<'a>,
    /// Where the next password goes.
    pub next: &'a Deliveries,
    /// `None`: as the config file says.
    pub grace: Option<Span>,
    /// Whether what another host began is taken over, and a login retired that is still used.
    pub is_forced: bool,
    pub profile: Option<&'a str>,
    pub mode: Mode,
}

/// A planned change.
pub(super) struct PlannedChange {
    pub login: DualLogin,
    pub verifier: Verifier,
    pub decision: Decision,
    pub changes: Vec<Change>,
    pub warnings: Vec<String>,
}

impl DualRequest<'_> {
    fn grace(&self, run: &Run) -> Span {
        self.grace.unwrap_or(run.settings.rotate_grace)
    }

    /// Until when the new password is valid: as the term says, else as long as the present login.
    pub(super) fn decide(&self, present: Option<&str>) -> Result<Decision> {
        let mut decision = self.terms.decide(present.is_some(), Timestamp::now())?;
        decision.valid_until = decision
            .valid_until
            .or_else(|| present.and_then(Timestamp::parse));
        Ok(decision)
    }

    /// Makes the change, proves it, delivers it, and switches over; or shows it.
    pub(super) fn carry_out(
        &self,
        run: &Run,
        server: &mut TargetSession<'_>,
        found: &ServerState,
        plan: PlannedChange,
    ) -> Result<(UserReport, Done)> {
        let (owner, target) = (self.owner, self.target);
        let login = plan.login.name(owner);
        let statements = for_people(&plan.changes, found.version);
        let mut report = UserReport::new(owner.as_str(), Status::Unchanged, target);
        report.warnings = plan.warnings;
        if self.mode == Mode::DryRun {
            report.statements = Some(statements);
            return Ok((report, Done::default()));
        }
        if self.mode == Mode::Rehearsal {
            let script = Script::of_password(target, &plan.changes, &login, found)?;
            return rehearse_role(run, server, script, report);
        }
        let change = PasswordChange {
            operation_id: server.operation_id.clone(),
            kind: ChangeKind::Reset,
            target: target.clone(),
            role: owner.clone(),
            renamed_from: None,
            profile: self.profile.map(str::to_owned),
            destination: self.route.deliver.resolve(target, owner)?,
            delivery: self.next.clone(),
            cluster: server.cluster().map(str::to_owned),
            timeline: found.timeline,
            valid_until: plan.decision.valid_until,
            term: plan.decision.term,
            dual: Some(DualChange {
                incoming: login,
                grace: self.grace(run),
            }),
        };
        let stdout = Some(self.route.stdout);
        let password = (self.password, plan.verifier);
        let mut open = OpenChange::seal(server, stdout, change, password, None)?;
        if let Err(error) = open.apply(server, &plan.changes, found) {
            let is_moved = sqlstate_of(&error) == Some("22012");
            let error = give_up(Some(open), error);
            return Err(if is_moved { moved(owner).into() } else { error });
        }
        open.prove(server)?;
        report.status = Status::PasswordReset;
        report.warnings.extend(server.take_warnings());
        open.deliver_and_look_again(server, &mut report)?;
        self.end_grace(run, server, &mut report)?;
        let done = Done {
            status: Status::PasswordReset,
            undo: undo(&plan.changes, &[owner], found.version),
            statements,
            ..Done::default()
        };
        Ok((report, done))
    }

    /// Without a grace time the outgoing login is retired at once.
    fn end_grace(
        &self,
        run: &Run,
        server: &mut TargetSession<'_>,
        report: &mut UserReport,
    ) -> Result<()> {
        let state = read(server, self.owner)?;
        let Ok(DualMark {
            step: DualStep::Grace {
                previous, until, ..
            },
            ..
        }) = state.mark(self.owner)
        else {
            return Ok(());
        };
        if self.grace(run).whole_seconds() == 0 {
            let retired = retire(run, server, (self.target, self.owner), true);
            if let Ok((Ending::Retired(_), _)) = retired {
                return Ok(());
            }
            report.warnings.push(format!(
                "\"{}\" is not retired yet: the next rotation does it",
                previous.name(self.owner)
            ));
        }
        report.outgoing = Some(previous.name(self.owner).to_string());
        report.retire_at = Some(until.to_string());
        Ok(())
    }
}

/// What people should know of an owner before its login changes.
pub(super) fn warnings(state: &DualState, owner: &RoleName) -> Vec<String> {
    let limit = state.role(owner).map(|role| role.connection_limit);
    let limit = limit.and_then(|limit| state.warning_of_limit(limit));
    [state.warning_of_version(), limit]
        .into_iter()
        .flatten()
        .collect()
}

/// The error for a comment that somebody else has changed meanwhile.
fn moved(owner: &RoleName) -> Failure {
    Failure::new(
        Kind::Busy,
        format!("the dual logins of \"{owner}\" were changed by somebody else at the same time"),
    )
    .hint("nothing was changed; look again: pgrole rotate status")
}
