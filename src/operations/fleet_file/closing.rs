//! Closes a gap by the operation that a person would use for it, recorded and undoable as such.

use anyhow::Result;

use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::act::operation::Mode;
use crate::domain::failure::Failure;
use crate::domain::fleet_file::Gap;
use crate::domain::role::report::UserReport;
use crate::domain::settings::Limit;
use crate::operations::access::grant::{GrantAccess, Lowering, grant_access};
use crate::operations::access::report::AccessReport;
use crate::operations::access::revoke::{RevokeAccess, revoke_access};
use crate::operations::fleet_file::plan::Step;
use crate::operations::user::lock::{LockRole, MemberSessions, lock_role};
use crate::operations::user::search_path::{SetSearchPath, set_search_path};
use crate::operations::user::set::{SetUser, set_user};
use crate::operations::user::unlock::{UnlockRole, unlock_role};
use crate::password::remembered::find_placed;
use crate::run::Run;
use crate::run::login_state::Protection;

/// What is the same for all gaps.
pub struct Closing<'a> {
    /// Why, where the file does not say.
    pub reason: Option<&'a str>,
    pub mode: Mode,
}

impl Closing<'_> {
    /// Closes a gap of a login that is there.
    ///
    /// # Errors
    /// Those of the operation.
    pub fn close(&self, run: &Run, step: &Step) -> Result<UserReport> {
        match &step.gap {
            Gap::SearchPath { wanted, .. } => self.set_path(run, step, Some(wanted.clone())),
            Gap::ExcessSearchPath { .. } => self.set_path(run, step, None),
            Gap::ExcessLogin | Gap::Login { wanted: false } => self.lock(run, step),
            Gap::Login { wanted: true } => self.unlock(run, step),
            Gap::Access { wanted, .. } => {
                let granted = self.grant(run, step, *wanted)?;
                Ok(report(step, vec![granted]))
            }
            Gap::ExcessAccess { wanted, found, .. } => self.lower(run, step, (*wanted, *found)),
            Gap::ConnectionLimit { wanted, .. } => {
                let connection_limit = Some(Limit(*wanted));
                self.set(run, step, |set| SetUser {
                    connection_limit,
                    ..set
                })
            }
            Gap::Validity { wanted, .. } => {
                let term = Some(wanted.term());
                self.set(run, step, |set| SetUser { term, ..set })
            }
            Gap::Createdb { .. } | Gap::Createrole { .. } => {
                let desired = step.desired.as_ref();
                let profile = desired.and_then(|desired| desired.profile.clone());
                if profile.is_none() {
                    let what = format!("cannot mend {} without a profile", step.gap.what());
                    return Err(Failure::usage(what)
                        .hint("name the login's profile in the file")
                        .into());
                }
                self.set(run, step, |set| SetUser { profile, ..set })
            }
            Gap::Missing => Err(Failure::usage("a login that is missing is created first").into()),
        }
    }

    fn reason<'s>(&'s self, step: &'s Step) -> Option<&'s str> {
        let desired = step.desired.as_ref();
        let own = desired.and_then(|desired| desired.reason.as_deref());
        own.or(self.reason)
    }

    fn set_path(&self, run: &Run, step: &Step, schemas: Option<Vec<String>>) -> Result<UserReport> {
        let wanted = SetSearchPath {
            target: step.target.clone(),
            role: step.role.clone(),
            schemas,
            ask: None,
            protection: Protection::Respected,
            mode: self.mode,
        };
        set_search_path(run, &wanted)
    }

    fn lock(&self, run: &Run, step: &Step) -> Result<UserReport> {
        let wanted = LockRole {
            target: &step.target,
            role: &step.role,
            member_sessions: MemberSessions::Kept,
            protection: Protection::Respected,
            reason: self.reason(step),
            mode: self.mode,
        };
        let locked = lock_role(run, &wanted)?;
        let mut report = UserReport::new(step.role.as_str(), locked.status, &step.target);
        report.statements = locked.statements;
        report.warnings = locked.warnings;
        Ok(report)
    }

    fn unlock(&self, run: &Run, step: &Step) -> Result<UserReport> {
        let wanted = UnlockRole {
            target: &step.target,
            role: &step.role,
            protection: Protection::Respected,
            reason: self.reason(step),
            mode: self.mode,
        };
        unlock_role(run, &wanted)
    }

    fn grant(&self, run: &Run, step: &Step, level: AccessLevel) -> Result<AccessReport> {
        let target = &step.target;
        let wanted = GrantAccess {
            target: target.clone(),
            role: step.role.clone(),
            level: Some(level),
            rules: run.settings.access_rules(&target.env, &target.database),
            adoption: GroupAdoption::Refuse,
            protection: Protection::Respected,
            lowering: Lowering::Refused,
            reason: self.reason(step).map(str::to_owned),
            mode: self.mode,
        };
        grant_access(run, &wanted)
    }

    /// Takes away each level above the wanted one, and makes sure of that one, which the higher may have stood for.
    fn lower(
        &self,
        run: &Run,
        step: &Step,
        (wanted, found): (AccessLevel, AccessLevel),
    ) -> Result<UserReport> {
        let target = &step.target;
        let above = |level: &AccessLevel| *level > wanted && *level <= found;
        let mut reports = Vec::new();
        for level in GROUP_LEVELS.into_iter().rev().filter(above) {
            let revoke = RevokeAccess {
                target: target.clone(),
                role: step.role.clone(),
                level: Some(level),
                rules: run.settings.access_rules(&target.env, &target.database),
                protection: Protection::Respected,
                reason: self.reason(step).map(str::to_owned),
                mode: self.mode,
            };
            reports.push(revoke_access(run, &revoke)?);
        }
        let status = reports.first().map(|report| report.status.clone());
        // In a dry run it still has the higher one.
        if wanted != AccessLevel::None && self.mode == Mode::Run {
            reports.push(self.grant(run, step, wanted)?);
        }
        let mut report = report(step, reports);
        if let Some(status) = status {
            report.status = status;
        }
        Ok(report)
    }

    fn set(
        &self,
        run: &Run,
        step: &Step,
        change: impl FnOnce(SetUser) -> SetUser,
    ) -> Result<UserReport> {
        let (target, role) = (&step.target, &step.role);
        let nothing = SetUser {
            target: target.clone(),
            role: role.clone(),
            connection_limit: None,
            term: None,
            profile: None,
            rules: run.settings.access_rules(&target.env, &target.database),
            adoption: GroupAdoption::Refuse,
            placed: find_placed(run, target, role)?,
            protection: Protection::Respected,
            mode: self.mode,
        };
        set_user(run, &change(nothing))
    }
}

/// The acts on a role's access as one row, with the status of the last.
fn report(step: &Step, acts: Vec<AccessReport>) -> UserReport {
    let status = acts.last().map(|act| act.status.clone());
    let status = status.unwrap_or_default();
    let mut report = UserReport::new(step.role.as_str(), status, &step.target);
    for act in acts {
        report.warnings.extend(act.warnings);
        report
            .default_privileges_of
            .extend(act.default_privileges_of);
        if let Some(statements) = act.statements {
            report.statements.get_or_insert_default().extend(statements);
        }
    }
    report
}
