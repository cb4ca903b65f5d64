//! `user rename`: another name for a role, and for all that pgrole has on record of it.

use anyhow::{Context, Error, Result};

use crate::domain::access::{GROUP_LEVELS, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password::change::{ChangeKind, ChangeState, PasswordChange, name_of_role_lock};
use crate::domain::password::scram::Verifier;
use crate::domain::role::dual_state::refuse_dual;
use crate::domain::role::mark::Mark;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::role::term::Decision;
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::rename_request::{PasswordChoice, RenameUser, StoredPassword};
use crate::operations::user::rename_warnings::warnings;
use crate::password::recover::settle_target;
use crate::password::renamed::{AfterRename, follow, open_changes_of};
use crate::password::{OpenChange, give_up, preflight_renamed};
use crate::run::login_state::{
    apply, for_people, no_such_role, require_direct, require_nameable, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::renaming::{Renaming, read_renaming};
use crate::store::JournalRow;

/// What came of it.
pub struct Renamed {
    pub report: UserReport,
    /// Whether a new password was set, and so delivered.
    pub has_new_password: bool,
}

/// Renames the role, as one transaction with its new password, if it gets one.
///
/// # Errors
/// Not found, if there is no such role; refused, if it is protected, or its password would be lost against the operator's
/// will; the server's error. Exit status 8 if a new password is in force but not yet delivered.
pub fn rename_user(run: &Run, wanted: &RenameUser<'_>) -> Result<Renamed> {
    let RenameUser {
        target, role, to, ..
    } = wanted;
    let cannot = format!("cannot rename \"{role}\" to \"{to}\"");
    let act = Act::on(target, Operation::UserRename, cannot)
        .in_mode(wanted.mode)
        .role(role);
    if wanted.mode == Mode::Run {
        if wanted.choice != PasswordChoice::Kept {
            let ready = preflight_renamed(run, &wanted.route, target, (to, Some(role)));
            act.named(target, ready)?;
        }
        settle_target(run, target)?;
    }
    run.audited(&act, target, |server| {
        let renaming = RoleRenaming { run, wanted };
        renaming.rename(server)
    })
}

/// A renaming under way.
struct RoleRenaming<'a> {
    run: &'a Run,
    wanted: &'a RenameUser<'a>,
}

/// What is to be done, and why.
struct Planned {
    found: ServerState,
    stored: StoredPassword,
    changes: Vec<Change>,
    /// The verifier of the new password, if there is to be one.
    verifier: Option<Verifier>,
    decision: Decision,
    warnings: Vec<String>,
}

impl RoleRenaming<'_> {
    fn rehearse(
        &self,
        server: &mut TargetSession<'_>,
        planned: &Planned,
        report: UserReport,
    ) -> Result<(UserReport, Done)> {
        let RenameUser { target, to, .. } = self.wanted;
        let Planned { found, changes, .. } = planned;
        let script = if planned.verifier.is_some() {
            Script::of_password(target, changes, to, found)?
        } else {
            Script::new(target, changes.clone(), vec![to], found)
        };
        rehearse_role(self.run, server, script, report)
    }

    fn rename(&self, server: &mut TargetSession<'_>) -> Result<(Renamed, Done)> {
        let RenameUser { target, role, .. } = self.wanted;
        let planned = self.plan(server)?;
        let statements = for_people(&planned.changes, planned.found.version);
        require_nameable(&statements)?;
        let mut report = UserReport::new(self.wanted.to.as_str(), Status::Unchanged, target);
        report.renamed_from = Some(role.to_string());
        report.warnings.clone_from(&planned.warnings);
        if self.wanted.mode == Mode::DryRun {
            report.statements = Some(statements);
            let renamed = Renamed {
                report,
                has_new_password: false,
            };
            return Ok((renamed, Done::default()));
        }
        if self.wanted.mode == Mode::Rehearsal {
            let (report, done) = self.rehearse(server, &planned, report)?;
            let renamed = Renamed {
                report,
                has_new_password: false,
            };
            return Ok((renamed, done));
        }
        report.status = Status::UserRenamed;
        let cluster_id = self.run.with_store(|store| store.find_cluster(target))?;
        let cluster_id = cluster_id.context("the cluster is known once it was read")?;
        let _lock: Lock = self.run.lock(&name_of_role_lock(&cluster_id, role))?;
        let left = self.require_settled()?;
        let has_new_password = planned.verifier.is_some();
        let undo = self.undo(&planned);
        self.copy_record(&cluster_id)?;
        let applied = match planned.verifier.clone() {
            None => apply_alone(server, &planned).map(|()| None),
            Some(verifier) => self
                .apply_with_password(server, &planned, verifier)
                .map(Some),
        };
        let open = applied.map_err(|error| self.withdraw_record(&cluster_id, error))?;
        report.warnings.extend(server.take_warnings());
        self.follow(&cluster_id, left, has_new_password);
        if let Some(open) = open {
            open.deliver_and_look_again(server, &mut report)?;
        }
        let done = Done {
            status: Status::UserRenamed,
            statements,
            undo,
            ..Done::default()
        };
        let renamed = Renamed {
            report,
            has_new_password,
        };
        Ok((renamed, done))
    }

    fn plan(&self, server: &mut TargetSession<'_>) -> Result<Planned> {
        let RenameUser {
            target, role, to, ..
        } = self.wanted;
        for name in [role, to] {
            server
                .encoding()
                .check_name("role name", name.as_str(), &target.name())?;
        }
        let id = server.operation_id.clone();
        let names = (role, to);
        let found = server.read(|connection| read_renaming(connection, names, &id))?;
        require_writable(&found.server, target)?;
        let Renaming {
            server: found,
            taken,
        } = found;
        // Somebody was cut off, or renamed it by hand: only what is on record is left to follow.
        let is_done = found.role.is_none() && taken.is_some() && self.wanted.placed.is_some();
        let state = match (&found.role, &taken) {
            (Some(_), Some(_)) => return Err(self.taken().into()),
            (Some(state), None) => state,
            (None, Some(state)) if is_done => state,
            (None, _) => return Err(no_such_role(server, role, target)),
        };
        self.check_role(state, server)?;
        let stored = stored(&found);
        let is_new = self.needs_password(stored, state, &found, is_done)?;
        let mut changes = Vec::new();
        if !is_done {
            changes.push(Change::RenameRole {
                role: role.clone(),
                to: to.clone(),
            });
        }
        let has_valid_until = state.valid_until.is_some() || state.expired;
        let decision = self
            .wanted
            .terms
            .decide(has_valid_until, Timestamp::now())?;
        let mut verifier = None;
        if is_new {
            require_direct(found.pooled, target)?;
            let iterations = server.scram_iterations();
            let made = self.wanted.password.verifier(iterations, None)?;
            changes.push(Change::SetPassword {
                role: to.clone(),
                verifier: made.clone(),
                valid_until: decision.valid_until,
            });
            verifier = Some(made);
        }
        Ok(Planned {
            warnings: warnings(self.run, self.wanted, (&found, stored), is_new)?,
            found,
            stored,
            changes,
            verifier,
            decision,
        })
    }

    fn taken(&self) -> Failure {
        let RenameUser { target, to, .. } = self.wanted;
        let what = format!("role \"{to}\" already exists on {}", target.name());
        Failure::new(Kind::Failed, what)
            .sqlstate("42710")
            .hint("choose another name")
    }

    fn check_role(&self, state: &RoleState, server: &TargetSession<'_>) -> Result<(), Failure> {
        let RenameUser { target, to, .. } = self.wanted;
        if matches!(state.mark(), Some(Mark::Group(_))) {
            let what = format!(
                "\"{}\" is an access group, whose name says which",
                state.name
            );
            return Err(Failure::usage(what));
        }
        refuse_dual(&state.name, state.comment.as_deref())?;
        let groups = GROUP_LEVELS.map(|level| group_name(&target.database, level));
        if groups.contains(to) {
            let what =
                format!("\"{to}\" is the name of an access group, which a login must not have");
            return Err(Failure::usage(what).hint("choose another name for the login"));
        }
        if state.name == server.admin || state.name == server.acting() {
            let what = format!("\"{}\" is the admin credential of this session", state.name);
            return Err(Failure::refused(what).sqlstate("0A000").hint(
                "a session cannot rename its own role: use another admin credential for it",
            ));
        }
        self.wanted
            .protection
            .check(state, &server.admin, &self.run.settings)
    }

    /// Whether the role gets a new password.
    fn needs_password(
        &self,
        stored: StoredPassword,
        state: &RoleState,
        found: &ServerState,
        is_done: bool,
    ) -> Result<bool, Failure> {
        match (self.wanted.choice, stored) {
            (PasswordChoice::New, _) => Ok(true),
            (PasswordChoice::Kept, StoredPassword::Md5) => Err(Failure::refused(format!(
                "renaming \"{}\" clears its password, which is an MD5 hash",
                self.wanted.role
            ))
            .hint("omit --keep-password: a new one is set and delivered")),
            (PasswordChoice::Kept, _) => Ok(false),
            // Whoever logs in by token has none to lose.
            _ if is_done || found.token_group.is_some() => Ok(false),
            (PasswordChoice::IfLost, StoredPassword::Md5) => Ok(true),
            (PasswordChoice::IfLost, StoredPassword::Unknown) => Ok(state.login),
            (PasswordChoice::IfLost, StoredPassword::None | StoredPassword::Scram) => Ok(false),
        }
    }

    /// Refuses while a password of the role is in force and not delivered; what was delivered is returned.
    fn require_settled(&self) -> Result<Vec<JournalRow>> {
        let RenameUser { target, role, .. } = self.wanted;
        let open = open_changes_of(self.run, target, role)?;
        if open.iter().all(|row| row.state == ChangeState::Delivered) {
            return Ok(open);
        }
        let what = format!("an earlier change of \"{role}\" is not yet delivered");
        Err(Failure::new(Kind::Undelivered, what)
            .hint("deliver it first: pgrole recover run (to list it: pgrole recover list)")
            .into())
    }

    fn apply_with_password<'a, 'run: 'a>(
        &'a self,
        server: &mut TargetSession<'run>,
        planned: &Planned,
        verifier: Verifier,
    ) -> Result<OpenChange<'a>> {
        let wanted = self.wanted;
        let RenameUser {
            target, role, to, ..
        } = wanted;
        let deliver = wanted.route.deliver;
        let next = match &wanted.remembered {
            Some(remembered) => remembered.next(deliver),
            None => deliver,
        };
        let profile = wanted.placed.as_ref().and_then(|it| it.profile.clone());
        let change = PasswordChange {
            operation_id: server.operation_id.clone(),
            kind: ChangeKind::Reset,
            target: target.clone(),
            role: to.clone(),
            renamed_from: Some(role.clone()),
            profile,
            destination: deliver.resolve(target, to)?,
            delivery: next.clone(),
            cluster: server.cluster().map(str::to_owned),
            timeline: planned.found.timeline,
            valid_until: planned.decision.valid_until,
            term: planned.decision.term,
            dual: None,
        };
        let password = (&wanted.password, verifier);
        let stdout = Some(wanted.route.stdout);
        let mut open = OpenChange::seal(server, stdout, change, password, None)?;
        match open.apply(server, &planned.changes, &planned.found) {
            Ok(()) => Ok(open),
            Err(error) => Err(give_up(Some(open), error)),
        }
    }

    /// The role stays under rotation, whatever cuts this off.
    fn copy_record(&self, cluster_id: &str) -> Result<()> {
        let RenameUser { role, to, .. } = self.wanted;
        if self.wanted.placed.is_none() {
            return Ok(());
        }
        let (role, to) = (role.as_str(), to.as_str());
        self.run
            .with_store(|store| store.copy_placed_role(cluster_id, role, to))
    }

    /// The role has its old name still, if the server said so.
    fn withdraw_record(&self, cluster_id: &str, error: Error) -> Error {
        let is_definite = sqlstate_of(&error)
            .is_some_and(|code| !code.starts_with("57P") && !code.starts_with("08"));
        if is_definite && self.wanted.placed.is_some() {
            let to = self.wanted.to.as_str();
            let withdrawn = self
                .run
                .with_store(|store| store.drop_placed_role(cluster_id, to));
            self.warn_of(withdrawn);
        }
        error
    }

    /// Everything on record follows. The role has its new name, whatever becomes of that.
    fn follow(&self, cluster_id: &str, left: Vec<JournalRow>, is_new: bool) {
        let RenameUser { role, to, .. } = self.wanted;
        let password = if is_new {
            AfterRename::Replaced
        } else {
            AfterRename::Kept
        };
        self.warn_of(follow(self.run, left, to, password));
        let (role, to) = (role.as_str(), to.as_str());
        let followed = self
            .run
            .with_store(|store| store.follow_rename(cluster_id, role, to));
        self.warn_of(followed);
    }

    fn warn_of(&self, result: Result<()>) {
        if let Err(error) = result {
            let RenameUser { role, to, .. } = self.wanted;
            self.run.warn(format!(
                "not all that is on record of \"{role}\" could follow to \"{to}\": {error:#}"
            ));
        }
    }

    fn undo(&self, planned: &Planned) -> Undo {
        let RenameUser {
            target, role, to, ..
        } = self.wanted;
        let mut undo = undo(&planned.changes, &[to], planned.found.version);
        if planned.verifier.is_none() && planned.stored == StoredPassword::Unknown {
            undo.add_remark("if its password was an MD5 hash, renaming has cleared it");
        }
        undo.add_remark(format!(
            "so that what is on record follows, too, use pgrole for it: {}",
            on_target(
                "pgrole user rename -e {} -d {} {} --to {}",
                target,
                &[to, role]
            )
        ));
        undo
    }
}

/// Without a new password.
fn apply_alone(server: &mut TargetSession<'_>, planned: &Planned) -> Result<()> {
    if planned.changes.is_empty() {
        return Ok(());
    }
    apply(server, &planned.changes, planned.found.version)
}

fn stored(found: &ServerState) -> StoredPassword {
    match &found.verifier {
        _ if !found.admin.superuser => StoredPassword::Unknown,
        None => StoredPassword::None,
        Some(stored) if stored.starts_with("SCRAM-SHA-256$") => StoredPassword::Scram,
        Some(_) => StoredPassword::Md5,
    }
}
