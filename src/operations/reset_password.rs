//! `user reset`: a new password for a role that exists.

use anyhow::{Context, Result};

use crate::domain::failure::{Failure, OnTarget};
use crate::domain::plan::Change;
use crate::domain::role::RoleName;
use crate::domain::state::{RoleState, ServerState};
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::create_user::Mode;
use crate::operations::login_state::{
    apply, for_people, no_such_role, protection, require_writable,
};
use crate::operations::password::NewPassword;
use crate::operations::report::{Status, UserReport};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog;
use crate::store::Subject;

/// A role that is to get a new password.
#[derive(Debug)]
pub struct ResetPassword {
    pub target: Target,
    pub role: RoleName,
    pub password: NewPassword,
    /// None: VALID UNTIL stays as it is.
    pub valid_for: Option<Span>,
    pub protection: Protection,
    pub mode: Mode,
}

/// What protection means to a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    Respected,
    Overridden,
}

/// Sets the password of an existing role.
///
/// # Errors
/// No such role: not found. A protected role: refused. What the server refuses.
pub fn reset_password(session: &Session, wanted: &ResetPassword) -> Result<UserReport> {
    let act = Act {
        operation: wanted.mode.operation("user reset"),
        subject: Subject {
            username: Some(wanted.role.to_string()),
            ..Subject::from(&wanted.target)
        },
    };
    session
        .audited(act, &wanted.target, |server| reset(session, server, wanted))
        .with_context(|| {
            let what = format!("cannot reset the password of \"{}\"", wanted.role);
            OnTarget::new(&wanted.target, what)
        })
}

fn reset(
    session: &Session,
    server: &mut Server,
    wanted: &ResetPassword,
) -> Result<(UserReport, Done)> {
    let found = catalog::read_role(&mut server.connection, &wanted.role)?;
    let Some(role) = &found.role else {
        return Err(no_such_role(server, &wanted.role, &wanted.target));
    };
    if wanted.protection == Protection::Respected
        && let Some(reason) = protection(role, &server.admin, &session.settings)
    {
        return Err(
            Failure::refused(format!("role \"{}\" is {reason}", wanted.role))
                .hint("to change it all the same, add --force")
                .into(),
        );
    }
    require_writable(&found, &wanted.target)?;
    let valid_until = match wanted.valid_for {
        Some(span) => Some(Timestamp::now().after(span)?),
        None => None,
    };
    let change = Change::SetPassword {
        role: wanted.role.clone(),
        verifier: wanted.password.verifier.clone(),
        valid_until,
    };
    let changes = [change];
    let statements = for_people(&changes, found.version);
    let mut done = Done::default();
    let mut report = UserReport::new(wanted.role.as_str(), Status::Unchanged, &wanted.target);
    if wanted.mode == Mode::DryRun {
        report.statements = Some(statements);
    } else {
        apply(server, &changes, found.version)?;
        report.status = Status::PasswordReset;
        report.password = wanted.password.to_report();
        report.warnings = warnings(role, &found, valid_until);
        done.statements = statements;
        done.password_changed = true;
    }
    done.status.push_str(report.status.as_str());
    Ok((report, done))
}

fn warnings(
    role: &RoleState,
    found: &ServerState,
    new_valid_until: Option<Timestamp>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if found.sessions > 0 {
        warnings.push(format!(
            "{} open sessions of \"{}\" go on with the old login until they end",
            found.sessions, role.name
        ));
    }
    if !role.login {
        warnings.push(format!(
            "role \"{}\" is NOLOGIN: nobody can use the password yet",
            role.name
        ));
    }
    let now = Timestamp::now().to_string();
    let expired = role.valid_until.as_ref().filter(|until| **until < now);
    if let (Some(until), None) = (expired, new_valid_until) {
        warnings.push(format!(
            "the role's VALID UNTIL is past ({until}): the server will refuse the password; set a new one with --valid-for"
        ));
    }
    warnings
}
