//! `user reset`: a new password for an existing role.

use std::fmt;

use anyhow::Result;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::{ChangeKind, PasswordChange};
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::role::term::{Decision, Term, Terms};
use crate::domain::settings::Settings;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::dual::rotate::{DualRequest, rotate};
use crate::password::NewPassword;
use crate::password::recover::settle_target;
use crate::password::remembered::Remembered;
use crate::password::{DeliveryRoute, OpenChange, SharedRecords, give_up, preflight};
use crate::run::login_state::{
    Protection, for_people, no_such_role, require_direct, require_writable, undo,
};
use crate::run::{Act, Done, IdleSessions, Run, TargetSession};
use crate::server::catalog;

/// A role that is to get a new password.
pub struct ResetPassword<'a> {
    pub target: Target,
    pub role: RoleName,
    pub kind: ChangeKind,
    pub password: NewPassword,
    pub terms: Terms,
    pub protection: Protection,
    pub route: DeliveryRoute<'a>,
    /// Where its previous password went.
    pub remembered: Option<Remembered>,
    pub proof: ProofMethod,
    /// How long the outgoing one of two logins stays valid; `None`: as the config file says.
    pub grace: Option<Span>,
    pub mode: Mode,
}

/// Whether the new password is verified by a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofMethod {
    /// An acknowledged commit is enough.
    ByCommit,
    ByLogin,
}

/// Sets the password of an existing role, and delivers it.
///
/// # Errors
/// Not found, if there is no such role; refused, if it is protected; the server's error. Exit status 8 if the password
/// is in force but not yet delivered.
pub fn reset_password(
    run: &Run,
    operation: Operation,
    wanted: &ResetPassword<'_>,
) -> Result<UserReport> {
    let target = &wanted.target;
    let act = wanted.act(operation);
    if wanted.mode == Mode::Run {
        let ready = preflight(run, &wanted.route, target, &wanted.role);
        act.named(target, ready)?;
        settle_target(run, target)?;
    }
    run.audited(&act, target, |server| reset(run, server, wanted))
}

/// The same as one of many, over sessions and with records that they share.
///
/// # Errors
/// As for [`reset_password`].
pub fn reset_one_of_many(
    run: &Run,
    (sessions, records): (&IdleSessions<'_>, &SharedRecords<'_>),
    operation: Operation,
    wanted: &ResetPassword<'_>,
) -> Result<UserReport> {
    let target = &wanted.target;
    let act = wanted.act(operation);
    let ready = records.preflight(&wanted.route, target, &wanted.role);
    act.named(target, ready)?;
    settle_target(run, target)?;
    sessions.audited(&act, target, |server| reset(run, server, wanted))
}

impl ResetPassword<'_> {
    /// The request as one for the logins of this role, if it is the owner of two.
    fn of_dual(&self, role: &RoleState) -> Result<Option<DualRequest<'_>>, Failure> {
        let profile = match role.mark() {
            Some(Mark::LoginOf(owner)) => {
                let what = format!("\"{}\" is one of the dual logins of \"{owner}\"", self.role);
                let hint = on_target(
                    "pgrole user reset -e {} -d {} -u {}",
                    &self.target,
                    &[&owner],
                );
                return Err(Failure::usage(what).hint(format!("name the owner: {hint}")));
            }
            Some(Mark::Dual(_)) => None,
            _ => return Ok(None),
        };
        let deliver = self.route.deliver;
        let next = self.remembered.as_ref();
        Ok(Some(DualRequest {
            target: &self.target,
            owner: &self.role,
            password: &self.password,
            terms: self.terms,
            route: self.route,
            next: next.map_or(deliver, |remembered| remembered.next(deliver)),
            grace: self.grace,
            is_forced: self.protection == Protection::Overridden,
            profile,
            mode: self.mode,
        }))
    }

    fn act(&self, operation: Operation) -> Act {
        let cannot = format!("cannot reset the password of \"{}\"", self.role);
        Act::on(&self.target, operation, cannot)
            .in_mode(self.mode)
            .role(&self.role)
    }
}

fn reset(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &ResetPassword<'_>,
) -> Result<(UserReport, Done)> {
    let encoding = server.encoding();
    encoding.check_name("role name", wanted.role.as_str(), &wanted.target.name())?;
    let id = server.operation_id.clone();
    wanted.password.compute_ahead(server.scram_iterations());
    let found = server.read(|connection| catalog::read_password(connection, &wanted.role, &id))?;
    // Before the role is looked up: a standby may lag behind and not have it yet.
    require_writable(&found, &wanted.target)?;
    let Some(role) = &found.role else {
        return Err(no_such_role(server, &wanted.role, &wanted.target));
    };
    let settings = &run.settings;
    check_role(wanted, role, server, settings)?;
    if let Some(wanted) = wanted.of_dual(role)? {
        require_direct(found.pooled, wanted.target)?;
        return rotate(run, server, &wanted, &found);
    }
    require_password_login(&found, wanted)?;
    require_direct(found.pooled, &wanted.target)?;
    let has_valid_until = role.valid_until.is_some() || role.expired;
    let decision = wanted.terms.decide(has_valid_until, Timestamp::now())?;
    let valid_until = decision.valid_until;
    if wanted.proof == ProofMethod::ByLogin {
        require_usable(wanted, role, valid_until)?;
    }
    let previous = found.verifier.clone().map(Verifier::from_server);
    let iterations = server.scram_iterations();
    let verifier = wanted.password.verifier(iterations, previous.as_ref())?;
    let changes = [Change::SetPassword {
        role: wanted.role.clone(),
        verifier: verifier.clone(),
        valid_until,
    }];
    let statements = for_people(&changes, found.version);
    let mut report = UserReport::new(wanted.role.as_str(), Status::Unchanged, &wanted.target);
    if wanted.mode == Mode::DryRun {
        report.statements = Some(statements);
        return Ok((report, done(Status::Unchanged, Vec::new())));
    }
    if wanted.mode == Mode::Rehearsal {
        let script = Script::of_password(&wanted.target, &changes, &wanted.role, &found)?;
        return rehearse_role(run, server, script, report);
    }
    let change = password_change(server, wanted, &found, decision)?;
    let password = (&wanted.password, verifier);
    let stdout = Some(wanted.route.stdout);
    let mut open = OpenChange::seal(server, stdout, change, password, previous)?;
    if let Err(error) = open.apply(server, &changes, &found) {
        return Err(give_up(Some(open), error));
    }
    // The server refuses every password of an expired role, so a login proves nothing.
    if wanted.proof == ProofMethod::ByLogin && !stays_expired(role, valid_until) {
        open.prove(server)?;
    }
    report.status = Status::PasswordReset;
    report.warnings = warnings(role, &found, &server.admin, valid_until);
    report.warnings.extend(stale_delivery(wanted));
    report.warnings.extend(assumed_end(role, decision, wanted));
    report.warnings.extend(server.take_warnings());
    open.deliver_and_look_again(server, &mut report)?;
    let done = Done {
        undo: undo(&changes, &[&wanted.role], found.version),
        ..done(Status::PasswordReset, statements)
    };
    Ok((report, done))
}

/// Why a role has no use for a password: the service accepts only tokens for it.
#[derive(Debug)]
pub struct LogsInByToken;

impl fmt::Display for LogsInByToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the service accepts only tokens from its members, never a password")
    }
}

impl std::error::Error for LogsInByToken {}

/// Refuses a role whose new password could not be verified: the server refuses every password of an expired one.
fn require_usable(
    wanted: &ResetPassword<'_>,
    role: &RoleState,
    new_valid_until: Option<Timestamp>,
) -> Result<(), Failure> {
    if !stays_expired(role, new_valid_until) {
        return Ok(());
    }
    let until = role.valid_until.as_deref().unwrap_or("-infinity");
    if let Some(Term::EndsOn(_)) = wanted.terms.recorded {
        let what = format!("role \"{}\" has ended", role.name);
        return Err(Failure::refused(what).caused_by(HasEnded {
            valid_until: until.to_owned(),
        }));
    }
    let what = format!(
        "the VALID UNTIL of \"{}\" has passed ({until}): the server refuses every password of it",
        role.name
    );
    Err(Failure::refused(what).hint(format!(
        "to let it log in again: {}; to skip it: --exclude",
        on_target(
            "pgrole user reset -e {} -d {} -u {} --valid-for 90d",
            &wanted.target,
            &[&role.name]
        )
    )))
}

/// Why a role is not rotated any more: its account has reached its end.
#[derive(Debug)]
pub struct HasEnded {
    pub valid_until: String,
}

impl fmt::Display for HasEnded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "its account was set to end on {}",
            self.valid_until
        )
    }
}

impl std::error::Error for HasEnded {}

/// Refuses a role that cannot use a password, unless that is overridden.
fn require_password_login(found: &ServerState, wanted: &ResetPassword<'_>) -> Result<(), Failure> {
    match &found.token_group {
        Some(group) if wanted.protection == Protection::Respected => {
            let role = &wanted.role;
            Err(
                Failure::refused(format!("role \"{role}\" is a member of {group}"))
                    .hint(format!(
                        "to let it use a password: REVOKE {group} FROM \"{role}\"; to set one anyway, add --force"
                    ))
                    .caused_by(LogsInByToken),
            )
        }
        _ => Ok(()),
    }
}

/// Refuses a protected role. The admin credential is one, except in its own rotation.
fn check_role(
    wanted: &ResetPassword<'_>,
    role: &RoleState,
    server: &TargetSession<'_>,
    settings: &Settings,
) -> Result<(), Failure> {
    let is_admin = role.name == server.admin;
    if wanted.kind != ChangeKind::Admin {
        let checked = wanted.protection.check(role, &server.admin, settings);
        return checked.map_err(|failure| {
            if is_admin {
                failure.hint(format!(
                    "to rotate it: {}",
                    on_target("pgrole credential rotate -e {} -d {}", &wanted.target, &[])
                ))
            } else {
                failure
            }
        });
    }
    if server.is_undelivered {
        let what = format!(
            "an earlier change of \"{}\" is not yet delivered",
            role.name
        );
        return Err(Failure::new(Kind::Undelivered, what)
            .hint("deliver it first: pgrole recover run (to list it: pgrole recover list)"));
    }
    if !is_admin {
        let what = format!("the admin credential is now \"{}\"", server.admin);
        return Err(Failure::new(Kind::Busy, what).hint("run it again"));
    }
    Ok(())
}

fn password_change(
    server: &TargetSession<'_>,
    wanted: &ResetPassword<'_>,
    found: &ServerState,
    decision: Decision,
) -> Result<PasswordChange> {
    let deliver = wanted.route.deliver;
    let next = match &wanted.remembered {
        Some(remembered) => remembered.next(deliver),
        None => deliver,
    };
    Ok(PasswordChange {
        operation_id: server.operation_id.clone(),
        kind: wanted.kind,
        target: wanted.target.clone(),
        role: wanted.role.clone(),
        renamed_from: None,
        profile: None,
        destination: deliver.resolve(&wanted.target, &wanted.role)?,
        delivery: next.clone(),
        cluster: server.cluster().map(str::to_owned),
        timeline: found.timeline,
        valid_until: decision.valid_until,
        term: decision.term,
        dual: None,
    })
}

/// Warns that VALID UNTIL is kept although the config file would renew it: it may be the account's end.
fn assumed_end(role: &RoleState, decision: Decision, wanted: &ResetPassword<'_>) -> Option<String> {
    let until = role.valid_until.as_deref();
    let until = until.filter(|_| decision.is_assumed_end && !role.expired)?;
    let configured = wanted.terms.configured?;
    Some(format!(
        "VALID UNTIL stays {until}: it is taken for the end of the account \"{}\"; to let each rotation renew it: {}",
        role.name,
        pasteable(
            "pgrole rotate -u {} --any-age --valid-for {}",
            &[&role.name, &configured]
        )
    ))
}

/// Warns about what still holds the previous password.
fn stale_delivery(wanted: &ResetPassword<'_>) -> Option<String> {
    let ResetPassword { target, role, .. } = wanted;
    let remembered = wanted.remembered.as_ref()?;
    let stale = remembered.left_by(wanted.route.deliver, target, role)?;
    let what = format!(
        "{stale} still holds the previous password of \"{role}\", which is no longer valid"
    );
    Some(
        if wanted.route.deliver.is_stdout() && remembered.is_recorded {
            format!("{what}; the next rotation delivers there again")
        } else {
            what
        },
    )
}

fn done(status: Status, statements: Vec<String>) -> Done {
    Done {
        status,
        statements,
        ..Done::default()
    }
}

fn warnings(
    role: &RoleState,
    found: &ServerState,
    login: &str,
    new_valid_until: Option<Timestamp>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    // Our own session does not count.
    let own = u32::from(role.name == login);
    let sessions = found.sessions.saturating_sub(own);
    if sessions > 0 {
        warnings.push(format!(
            "{sessions} open sessions of \"{}\" continue until they end, without the new password",
            role.name
        ));
    }
    if !role.login {
        warnings.push(format!(
            "role \"{}\" is NOLOGIN: nobody can use the password yet",
            role.name
        ));
    }
    if let Some(group) = &found.token_group {
        warnings.push(format!(
            "role \"{}\" is a member of {group}: {LogsInByToken}",
            role.name
        ));
    }
    if stays_expired(role, new_valid_until) {
        let until = role.valid_until.as_deref().unwrap_or("-infinity");
        warnings.push(format!(
            "the role's VALID UNTIL has passed ({until}): the server will refuse the password; set a new one with --valid-for"
        ));
    }
    warnings
}

/// Whether the role's VALID UNTIL has passed by the server's clock, and stays so.
fn stays_expired(role: &RoleState, new_valid_until: Option<Timestamp>) -> bool {
    role.expired && new_valid_until.is_none()
}
