//! `user clone`: a login like another one, with a password of its own.

use anyhow::{Context, Result, anyhow};

use crate::domain::access::missing_right::Lack;
use crate::domain::access::planner::Planner;
use crate::domain::access::rules::Completeness;
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::{Change, Plan};
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::{ChangeKind, DualChange, PasswordChange};
use crate::domain::password::scram::Verifier;
use crate::domain::role::comparison::compare;
use crate::domain::role::copy::{CopyGround, CopyPlan, Copying, NotCloned, is_same_database};
use crate::domain::role::dual_mark::login_names;
use crate::domain::role::mark::Mark;
use crate::domain::role::report::{RoleDescription, UserReport};
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::role::term::{Decision, Terms};
use crate::domain::role::{RoleName, definition};
use crate::domain::timestamp::Timestamp;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings::warnings as access_warnings;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::clone_request::CloneUser;
use crate::operations::user::clone_warnings::warnings;
use crate::operations::user::compare::RoleOnTarget;
use crate::operations::user::dual::{copy as dual_copy, new as dual_new};
use crate::operations::user::reading::{ReadRole, read_in, read_role};
use crate::password::recover::settle_target;
use crate::password::{OpenChange, give_up, preflight};
use crate::run::login_state::{
    RACES, for_people, lost_race, require_direct, require_nameable, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::copy_ground::read_copy_ground;
use crate::server::steady;

/// Creates the login, as one transaction, and delivers its password.
///
/// # Errors
/// Not found, if the source does not exist; refused, if it is protected; if the admin credential lacks a privilege, the
/// server refuses, or the delivery cannot work; exit status 8 if the login was created but its password is not yet delivered.
pub fn clone_user(run: &Run, wanted: &CloneUser<'_>) -> Result<UserReport> {
    let (target, role) = (&wanted.target, &wanted.role);
    let source = &wanted.source;
    let cannot = format!("cannot clone \"{}\" as \"{role}\"", source.role);
    let act = Act::on(target, Operation::UserClone, cannot)
        .in_mode(wanted.mode)
        .role(role);
    if wanted.mode == Mode::Run {
        let ready = preflight(run, &wanted.route, target, role);
        act.named(target, ready)?;
        settle_target(run, target)?;
    }
    let is_same_target = is_same_database(&source.target, target);
    let read = if is_same_target {
        None
    } else {
        let read = read_role(run, Operation::UserShow, &source.target, &source.role);
        Some(act.named(target, read)?)
    };
    run.audited(&act, target, |server| {
        let read = match read {
            Some(read) => read,
            None => read_in(server, target, &source.role)?,
        };
        let cloning = Cloning {
            run,
            wanted,
            read: &read,
            is_same_target,
        };
        cloning.create(server)
    })
}

/// A clone under way.
struct Cloning<'a> {
    run: &'a Run,
    wanted: &'a CloneUser<'a>,
    read: &'a ReadRole,
    is_same_target: bool,
}

/// The decision after reading the server's state.
enum Considered {
    AlreadyThere(Box<RoleState>),
    Planned(Box<Planned>),
}

struct Planned {
    found: ServerState,
    changes: Vec<Change>,
    statements: Vec<String>,
    decision: Decision,
    verifier: Verifier,
    clone: RoleDescription,
    not_cloned: Vec<NotCloned>,
    default_privileges_of: Vec<RoleName>,
    warnings: Vec<String>,
}

impl Cloning<'_> {
    fn create(&self, server: &mut TargetSession<'_>) -> Result<(UserReport, Done)> {
        self.check_source()?;
        let mut open: Option<OpenChange<'_>> = None;
        let mut races_left = RACES;
        loop {
            let planned = match self.consider(server) {
                Ok(Considered::Planned(planned)) if self.wanted.mode == Mode::Run => planned,
                Err(error) if races_left > 0 && lost_race(&error) => {
                    races_left -= 1;
                    continue;
                }
                other => {
                    // A lost race leaves a sealed password that was never used.
                    if let Some(open) = open {
                        open.abort(&anyhow!("another process made the role"));
                    }
                    return match other? {
                        Considered::AlreadyThere(role) => self.report_existing(server, &role),
                        Considered::Planned(planned) if self.wanted.mode == Mode::Rehearsal => {
                            self.rehearse(server, *planned)
                        }
                        Considered::Planned(planned) => Ok(self.shown(*planned)),
                    };
                }
            };
            let change = match &mut open {
                Some(open) => open,
                none => none.insert(self.seal(server, &planned)?),
            };
            match change.apply(server, &planned.changes, &planned.found) {
                Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
                Err(error) => return Err(give_up(open, error)),
                Ok(()) => {
                    let open = open.context("a change that was applied was sealed before")?;
                    let mut planned = *planned;
                    planned.warnings.extend(server.take_warnings());
                    return self.deliver(server, open, planned);
                }
            }
        }
    }

    /// Refuses what must not be multiplied.
    fn check_source(&self) -> Result<(), Failure> {
        let definition = &self.read.definition;
        let name = &definition.role.name;
        dual_copy::check_source(definition, self.wanted)?;
        if definition.is_group() {
            return Err(Failure::usage(format!(
                "\"{name}\" is an access group, not a login"
            )));
        }
        // Cloning does not change it: that it is the admin credential is no reason.
        let checked = self
            .wanted
            .protection
            .check(&definition.role, "", &self.run.settings);
        checked.map_err(|failure| failure.hint("to clone it anyway, add --force"))
    }

    fn consider(&self, server: &mut TargetSession<'_>) -> Result<Considered> {
        let CloneUser { target, role, .. } = self.wanted;
        let encoding = server.encoding();
        encoding.check_name("role name", role.as_str(), &target.name())?;
        let copying = Copying {
            source: self.read.compared(),
            is_same_target: self.is_same_target,
            target,
            role,
        };
        let id = server.operation_id.clone();
        let needs = copying.needs();
        self.wanted
            .password
            .compute_ahead(server.scram_iterations());
        let ground = server.read(|connection| read_copy_ground(connection, role, &needs, &id))?;
        self.refuse_group_name()?;
        if let Some(there) = ground.server.role.clone() {
            if self.read.definition.is_dual() {
                dual_new::require_dual(target, &there)?;
            }
            return Ok(Considered::AlreadyThere(Box::new(there)));
        }
        let found = &ground.server;
        require_writable(found, target)?;
        require_direct(found.pooled, target)?;
        if !found.admin.superuser && !found.admin.createrole {
            return Err(Lack::of_createrole(found, target).into());
        }
        let (valid_until, decision) = self.valid_until()?;
        let password = &self.wanted.password;
        let verifier = password.verifier(server.scram_iterations(), None)?;
        let copy = copying.plan(&ground, valid_until, verifier.clone());
        self.require_grantable(&copy, &ground)?;
        self.finish(server, ground, copy, decision, verifier)
    }

    /// Adds what the access group lacks, and what people should know.
    fn finish(
        &self,
        server: &mut TargetSession<'_>,
        ground: CopyGround,
        copy: CopyPlan,
        decision: Decision,
        verifier: Verifier,
    ) -> Result<Considered> {
        let target = &self.wanted.target;
        let mut warnings = warnings(&self.read.definition, &ground.server, self.wanted, &copy);
        let mut plan = self.access(server, &copy)?;
        if let Some((found, plan)) = &plan {
            warnings.extend(access_warnings(self.run, target, found, plan)?);
        }
        let mut plan = plan.take().map_or_else(
            || Plan {
                changes: copy.changes.clone(),
                ..Plan::default()
            },
            |(_, plan)| plan,
        );
        if self.read.definition.is_dual() {
            let made = (&verifier, &decision);
            let (changes, more) = dual_new::plan(server, &self.wanted.role, plan.changes, made)?;
            plan.changes = changes;
            warnings.extend(more);
        }
        let found = ground.server;
        let statements = for_people(&plan.changes, found.version);
        require_nameable(&statements)?;
        Ok(Considered::Planned(Box::new(Planned {
            clone: described(&copy),
            changes: plan.changes,
            default_privileges_of: plan.default_privileges_of,
            not_cloned: copy.not_cloned,
            found,
            statements,
            decision,
            verifier,
            warnings,
        })))
    }

    /// The plan with the access group of the clone's level; `None` if it has none.
    fn access(
        &self,
        server: &mut TargetSession<'_>,
        copy: &CopyPlan,
    ) -> Result<Option<(ServerState, Plan)>> {
        if copy.level == AccessLevel::None {
            return Ok(None);
        }
        let CloneUser {
            target,
            role,
            rules,
            adoption,
            ..
        } = self.wanted;
        let question = (copy.level, rules);
        let id = server.operation_id.clone();
        let found = server.read(|connection| {
            steady::read_access(connection, role.as_str(), &target.database, question, &id)
        })?;
        let ground = AccessGround::survey(self.run, server, rules.clone(), &found)?;
        let planner = Planner::new(ground.ground(target, &found, *adoption));
        let plan = planner.plan_copy(role, copy.level, copy.changes.clone())?;
        Ok(Some((found, plan)))
    }

    /// What the clone's VALID UNTIL is, and which term is recorded with it.
    fn valid_until(&self) -> Result<(Option<String>, Decision)> {
        let CloneUser { term, recorded, .. } = self.wanted;
        if term.is_none() {
            let text = self.read.definition.valid_until.clone();
            let decision = Decision {
                valid_until: text.as_deref().and_then(|text| text.parse().ok()),
                term: *recorded,
                is_assumed_end: false,
            };
            return Ok((text, decision));
        }
        let terms = Terms {
            wanted: *term,
            ..Terms::default()
        };
        let decision = terms.decide(false, Timestamp::now())?;
        let text = decision.valid_until.map(|until| until.to_string());
        Ok((text, decision))
    }

    fn refuse_group_name(&self) -> Result<(), Failure> {
        let CloneUser { target, role, .. } = self.wanted;
        let names = GROUP_LEVELS.map(|level| group_name(&target.database, level));
        if !names.contains(role) {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "\"{role}\" is the name of an access group, which a login must not have"
        ))
        .hint("choose another name for the login"))
    }

    /// Refuses a clone with less, unless that is what was asked for.
    fn require_grantable(&self, copy: &CopyPlan, ground: &CopyGround) -> Result<(), Failure> {
        let Some(first) = copy.not_grantable.first() else {
            return Ok(());
        };
        if self.wanted.rules.completeness == Completeness::Partial {
            return Ok(());
        }
        let names = copy.not_grantable.iter();
        let names: Vec<_> = names.map(|group| format!("\"{group}\"")).collect();
        let admin = &ground.server.admin.name;
        let what = format!(
            "role \"{admin}\" may not grant membership in {}",
            names.join(", ")
        );
        let grant = Change::GrantMembership {
            group: first.clone(),
            member: RoleName::from_server(admin.clone()),
            to_hand_on: true,
        };
        let grants = for_people(&[grant], ground.server.version);
        Err(Failure::new(Kind::Failed, what)
            .sqlstate("42501")
            .hint(format!(
                "leave it out with --partial, or run this once as a role that is allowed to: {}",
                grants.concat()
            )))
    }

    fn dual_change(&self) -> Option<DualChange> {
        let is_dual = self.read.definition.is_dual();
        is_dual.then(|| dual_new::first_change(&self.wanted.role))
    }

    fn seal<'a>(&'a self, server: &TargetSession<'a>, planned: &Planned) -> Result<OpenChange<'a>> {
        let wanted = self.wanted;
        let deliver = wanted.route.deliver;
        let change = PasswordChange {
            operation_id: server.operation_id.clone(),
            kind: ChangeKind::Create,
            target: wanted.target.clone(),
            role: wanted.role.clone(),
            renamed_from: None,
            profile: self.read.definition.profile(),
            destination: deliver.resolve(&wanted.target, &wanted.role)?,
            delivery: deliver.clone(),
            cluster: server.cluster().map(str::to_owned),
            timeline: planned.found.timeline,
            valid_until: planned.decision.valid_until,
            term: planned.decision.term,
            dual: self.dual_change(),
        };
        let password = (&wanted.password, planned.verifier.clone());
        OpenChange::seal(server, Some(wanted.route.stdout), change, password, None)
    }

    fn deliver(
        &self,
        server: &mut TargetSession<'_>,
        mut open: OpenChange<'_>,
        planned: Planned,
    ) -> Result<(UserReport, Done)> {
        let done = Done {
            status: Status::UserCloned,
            undo: undo(
                &planned.changes,
                &[&self.wanted.role],
                planned.found.version,
            ),
            statements: planned.statements.clone(),
            ..Done::default()
        };
        let mut report = self.report(Status::UserCloned, planned);
        report.statements = None;
        if open.change.dual.is_some() {
            open.prove(server)?;
            open.deliver_and_look_again(server, &mut report)?;
        } else {
            open.deliver(&mut report)?;
        }
        Ok((report, done))
    }

    fn rehearse(
        &self,
        server: &mut TargetSession<'_>,
        planned: Planned,
    ) -> Result<(UserReport, Done)> {
        let CloneUser { target, role, .. } = self.wanted;
        let dual = self.dual_change();
        let login = dual.as_ref().map_or(role, |dual| &dual.incoming);
        let script = Script::of_password(target, &planned.changes, login, &planned.found)?;
        let mut report = self.report(Status::Rehearsed, planned);
        report.statements = None;
        rehearse_role(self.run, server, script, report)
    }

    fn shown(&self, planned: Planned) -> (UserReport, Done) {
        let report = self.report(Status::Unchanged, planned);
        (report, Done::default())
    }

    fn report(&self, status: Status, planned: Planned) -> UserReport {
        let mut report = UserReport::new(self.wanted.role.as_str(), status, &self.wanted.target);
        report.cloned_from = Some(self.wanted.source.name());
        report.found = Some(planned.clone);
        report.not_cloned = Some(planned.not_cloned);
        report.default_privileges_of = planned.default_privileges_of;
        report.statements = Some(planned.statements);
        report.warnings = planned.warnings;
        report
    }

    /// Says what an existing role differs in, and leaves it as it is.
    fn report_existing(
        &self,
        server: &mut TargetSession<'_>,
        role: &RoleState,
    ) -> Result<(UserReport, Done)> {
        let CloneUser {
            target,
            role: name,
            source,
            ..
        } = self.wanted;
        let there = read_in(server, target, name)?;
        let differences = compare(self.read.compared(), there.compared());
        let status = Status::UserAlreadyExists;
        let mut report = UserReport::new(name.as_str(), status.clone(), target);
        report.found = Some(RoleDescription::from(role.clone()));
        if !differences.is_empty() {
            let copy = RoleOnTarget {
                target: target.clone(),
                role: name.clone(),
            };
            report.warnings.push(format!(
                "role \"{name}\" already exists, and differs from \"{}\" ({}): {}",
                source.role,
                differences.len(),
                pasteable("pgrole user compare {} {}", &[&source.name(), &copy.name()])
            ));
        }
        let done = Done {
            status,
            ..Done::default()
        };
        Ok((report, done))
    }
}

/// The clone as it will be.
fn described(copy: &CopyPlan) -> RoleDescription {
    let mut state = RoleState::default();
    for change in &copy.changes {
        match change {
            Change::CloneRole {
                role, attributes, ..
            } => {
                state.name = role.to_string();
                state.login = attributes.login;
                state.superuser = attributes.superuser;
                state.createdb = attributes.createdb;
                state.createrole = attributes.createrole;
                state.connection_limit = attributes.connection_limit;
                state.valid_until = definition::finite(attributes.valid_until.as_deref());
            }
            Change::RestoreComment { role, comment } => {
                state.comment.clone_from(comment);
                if matches!(state.mark(), Some(Mark::Dual(_))) {
                    state.logins = login_names(role).map(|name| name.to_string()).to_vec();
                }
            }
            Change::CopyMembership { group, .. } => state.member_of.push(group.to_string()),
            _ => {}
        }
    }
    RoleDescription::from(state)
}
