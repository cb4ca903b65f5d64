//! `--ensure` on the creating commands: an existing login gets the access that it lacks, and nothing else is changed.

use anyhow::Result;

use crate::domain::access::group_name;
use crate::domain::act::operation::Mode;
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::role::differences::{differences, held_level};
use crate::domain::role::report::UserReport;
use crate::domain::role::state::{RoleState, ServerState};
use crate::operations::access::giving::{WantedAccess, give_access};
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::operations::user::request::{CreateUser, Ensure};
use crate::run::login_state::Protection;
use crate::run::{Done, Run, TargetSession};
use crate::server::statements::{Reader, render};

/// Reports an existing login: how it differs from the request, and with `--ensure` the access that it was given.
///
/// # Errors
/// If access is to be granted and the role is protected, the server is read-only, or the server refuses.
pub fn report_existing(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &CreateUser<'_>,
    found: &ServerState,
    role: &RoleState,
) -> Result<(UserReport, Done)> {
    let mut differs = differences(
        &wanted.target,
        &wanted.profile,
        role,
        (found.version, held_level(found)),
    );
    let mut report = UserReport::new(
        wanted.role.as_str(),
        Status::UserAlreadyExists,
        &wanted.target,
    );
    report.line = wanted.line;
    let mut done = Done::default();
    let is_lacking = held_level(found) < wanted.profile.access && !role.superuser;
    if wanted.ensure == Ensure::Access && is_lacking {
        let protection = Protection::Respected.check(role, &server.admin, &run.settings);
        protection.map_err(|refusal| refusal.hint(by_hand(wanted)))?;
        let given = give_access(
            run,
            server,
            &WantedAccess {
                target: &wanted.target,
                role: &wanted.role,
                level: wanted.profile.access,
                rules: &wanted.rules,
                adoption: wanted.adoption,
                mode: wanted.mode,
            },
            found,
        )?;
        report.status = given.status;
        report.warnings = given.warnings;
        report.default_privileges_of = given.default_privileges_of;
        match wanted.mode {
            Mode::DryRun => report.statements = Some(given.statements),
            Mode::Rehearsal => {
                done = given
                    .rehearsal
                    .as_ref()
                    .map(rehearsal::done)
                    .unwrap_or_default();
                report.rehearsal = given.rehearsal;
            }
            Mode::Run => {
                done.statements = given.statements;
                done.undo = given.undo;
            }
        }
        differs.retain(|difference| difference.what != "access");
    }
    let level = wanted.profile.access;
    let too_much = warnings::excess(&wanted.target, level, found);
    let sentences = differs.iter().map(|one| one.sentence(wanted.role.as_str()));
    report.warnings.extend(sentences.chain(too_much));
    report.differs = Some(differs);
    done.status.clone_from(&report.status);
    Ok((report, done))
}

/// The creating commands have no `--force`: a person must grant access to a protected role.
fn by_hand(wanted: &CreateUser<'_>) -> String {
    let grant = Change::GrantMembership {
        group: group_name(&wanted.target.database, wanted.profile.access),
        member: wanted.role.clone(),
        to_hand_on: false,
    };
    format!(
        "omit --ensure, or grant it by hand: {}",
        render(&grant, 0, Reader::Person)
    )
}
