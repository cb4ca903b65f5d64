//! Ends one grant: its role is dropped, and made again without members until that is reported; then the sessions of its
//! login are ended. A session keeps what it holds open: a cursor reads on, and up to 15 what SET ROLE gave stays.

use std::time::Duration;

use anyhow::Result;

use crate::domain::access::boxes::{
    BoxComment, BoxEnding, BoxId, BoxStanding, FoundBox, FoundBoxes, is_glass,
};
use crate::domain::access::group_name;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::command_line::on_target;
use crate::domain::failure::sqlstate_of;
use crate::domain::role::RoleName;
use crate::domain::role::activity::Session;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::operations::access::boxes::{announce, announced};
use crate::operations::user::lock::sessions::ending_these;
use crate::run::login_state::{apply, for_people, require_writable};
use crate::run::{Act, Done, IdleSessions, Run, TargetSession};
use crate::server::access::read_memberships;
use crate::server::activity::read_activity;
use crate::server::boxes::read_boxes;
use crate::store::{BoxRowState, Subject};

/// When to look whether the sessions have ended.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(1),
];

/// Why a grant ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndCause {
    Expired,
    Revoked,
    /// Nobody has access by it any more.
    Empty,
}

/// A grant to end.
pub struct EndBox<'a> {
    pub target: &'a Target,
    pub id: &'a BoxId,
    /// The login, for the record.
    pub login: &'a RoleName,
    pub reason: Option<&'a str>,
    pub cause: EndCause,
    pub mode: Mode,
}

/// Ends a grant; `None` if that is not due any more, or somebody else has ended it.
///
/// # Errors
/// The server's error: then the access is as it was.
pub fn end_box(
    run: &Run,
    sessions: &IdleSessions<'_>,
    wanted: &EndBox<'_>,
) -> Result<Option<BoxReport>> {
    let operation = match wanted.cause {
        EndCause::Expired | EndCause::Empty => Operation::AccessExpire,
        EndCause::Revoked => Operation::AccessRevoke,
    };
    let cannot = format!("cannot end the access of \"{}\"", wanted.login);
    let act = Act::on(wanted.target, operation, cannot)
        .in_mode(wanted.mode)
        .role(wanted.login)
        .reason(wanted.reason);
    let report = sessions.audited(&act, wanted.target, |server| end(run, server, wanted))?;
    if report.is_some() && wanted.mode == Mode::Run {
        run.with_store(|store| store.set_box_state(wanted.id, BoxRowState::Ended))?;
    }
    Ok(report)
}

fn end(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &EndBox<'_>,
) -> Result<(Option<BoxReport>, Done)> {
    let target = wanted.target;
    let boxes = server.read(|connection| read_boxes(connection, ""))?;
    let found = boxes.find(wanted.id);
    let Some((found, comment)) = found.and_then(|found| Some((found, found.read_comment()?)))
    else {
        return Ok((None, Done::default()));
    };
    if !wanted.cause.is_still(found.standing(&comment)) {
        return Ok((None, Done::default()));
    }
    require_writable(&boxes.server, target)?;
    let version = boxes.server.version;
    let mut ended = comment.clone();
    ended.ended = Some(BoxEnding {
        at: boxes.now().to_string(),
        late: found.late(),
        host: run.operator().host.clone(),
        members: found
            .members
            .iter()
            .map(|member| member.name.clone())
            .collect(),
    });
    let mut report = BoxReport::found(target, (wanted.id, found, &comment), wanted.cause.status());
    report.late_seconds = found.late();
    let mut changes = tombstone(found, &ended, &boxes);
    changes.extend(found.glass_login(&comment).map(no_login));
    let mut statements = for_people(&changes, version);
    if wanted.mode != Mode::Run {
        return Ok((Some(report), Done::default()));
    }
    match apply(server, &changes, version) {
        // Something depends on the role: it owns an object, or was granted privileges by hand.
        Err(error) if sqlstate_of(&error) == Some("2BP01") => {
            let mut emptied = emptying(found, &ended);
            emptied.extend(found.glass_login(&comment).map(no_login));
            apply(server, &emptied, version)?;
            statements = for_people(&emptied, version);
            report.warnings.push(format!(
                "role \"{}\" has lost its access but stays, because objects depend on it: {error:#}",
                found.name
            ));
        }
        Err(error) => {
            // Somebody else may have been faster: another host, or a person.
            let again = server.read(|connection| read_boxes(connection, ""))?;
            let still = again.find(wanted.id).filter(|again| again.oid == found.oid);
            if still.is_none_or(|again| !wanted.cause.is_still(again.standing(&comment))) {
                return Ok((None, Done::default()));
            }
            return Err(error);
        }
        Ok(()) => {}
    }
    if had_access(run, wanted.id, (found, &comment))? {
        end_sessions(server, (found, &comment), &mut report)?;
    } else {
        report.warnings.push(format!(
            "the sessions of \"{}\" were left alone: nothing but a comment says that it had access by this",
            comment.user
        ));
    }
    look_again(run, server, (target, found, &comment), &mut report)?;
    report.warnings.extend(server.take_warnings());
    let mut note = announce(
        wanted.id,
        &comment,
        found.until.as_deref(),
        report.remarks(),
    );
    note.late_seconds = report.late_seconds;
    let done = Done {
        status: wanted.cause.recorded(wanted.id, found),
        statements,
        undo: Undo::remark("access with an end is not given back: grant it again"),
        announcement: Some(announced(note)),
        ..Done::default()
    };
    Ok((Some(report), done))
}

impl EndCause {
    fn is_still(self, standing: BoxStanding) -> bool {
        match self {
            Self::Expired => standing == BoxStanding::Due,
            Self::Empty => standing == BoxStanding::Empty,
            Self::Revoked => standing != BoxStanding::Ended,
        }
    }

    fn status(self) -> BoxStatus {
        match self {
            Self::Expired => BoxStatus::Expired,
            Self::Revoked => BoxStatus::Revoked,
            Self::Empty => BoxStatus::Removed,
        }
    }

    fn recorded(self, id: &BoxId, found: &FoundBox) -> Status {
        let id = id.clone();
        match self {
            Self::Expired => Status::AccessExpired {
                id,
                late: found.late().unwrap_or_default(),
            },
            Self::Revoked => Status::BoxRevoked(id),
            Self::Empty => Status::AccessRemoved(id),
        }
    }
}

/// The role without its members. Dropped and created in one transaction: REVOKE would leave what others have granted.
fn tombstone(found: &FoundBox, ended: &BoxComment, boxes: &FoundBoxes) -> Vec<Change> {
    let until = found.until.as_deref().and_then(Timestamp::parse);
    let role = &found.name;
    vec![
        require(found),
        Change::DropRole(role.clone()),
        Change::CreateBox {
            role: role.clone(),
            valid_until: until.unwrap_or_else(|| boxes.now()),
        },
        Change::RestoreComment {
            role: role.clone(),
            comment: Some(ended.text()),
        },
    ]
}

fn require(found: &FoundBox) -> Change {
    Change::RequireBox {
        role: found.name.clone(),
        oid: found.oid,
        valid_until: found.until.clone(),
    }
}

/// The login that was made for the access lets nobody in any more, whatever its method.
fn no_login(login: &RoleName) -> Change {
    Change::SetLogin {
        role: login.clone(),
        can_login: false,
    }
}

/// The same where the role cannot be dropped.
fn emptying(found: &FoundBox, ended: &BoxComment) -> Vec<Change> {
    let role = &found.name;
    let revoke = |group: &RoleName, member: &RoleName| Change::RevokeMembership {
        group: group.clone(),
        member: member.clone(),
    };
    let mut changes = vec![require(found)];
    changes.extend(found.groups.iter().map(|group| revoke(group, role)));
    let members = found.members.iter();
    changes.extend(members.map(|member| revoke(role, &member.name)));
    changes.push(Change::RestoreComment {
        role: role.clone(),
        comment: Some(ended.text()),
    });
    changes
}

/// Whether the login had access by it: anybody who may create roles can write a comment, and must not thereby end the
/// sessions of others.
fn had_access(run: &Run, id: &BoxId, (found, comment): (&FoundBox, &BoxComment)) -> Result<bool> {
    if found.gives_access(comment) {
        return Ok(true);
    }
    // Another hand may have taken the membership away from what was granted here.
    let row = run.with_store(|store| store.find_box(id))?;
    Ok(row.is_some_and(|row| {
        row.state == BoxRowState::Open
            && found
                .user
                .as_ref()
                .is_some_and(|login| login.as_str() == row.username)
    }))
}

/// Ends the sessions of the login in the database that were there when the access ended.
fn end_sessions(
    server: &mut TargetSession<'_>,
    (found, comment): (&FoundBox, &BoxComment),
    report: &mut BoxReport,
) -> Result<()> {
    let Some(login) = &found.user else {
        return Ok(());
    };
    let database = report.database.clone();
    let is_glass = found.glass_login(comment).is_some();
    let here =
        |session: &&Session| is_glass || session.database.as_deref() == Some(database.as_str());
    let activity = server.read(|connection| read_activity(connection, login))?;
    let sessions: Vec<_> = activity.running.iter().filter(here).cloned().collect();
    let (Some(oid), false) = (activity.oid, sessions.is_empty()) else {
        return Ok(());
    };
    let pids: Vec<_> = sessions.iter().map(|session| session.pid).collect();
    let version = activity.server.version;
    let ending = ending_these(&activity, login, oid, pids.clone());
    let sent = match ending {
        Ok(changes) => apply(server, &changes, version),
        Err(refused) => Err(refused.into()),
    };
    if let Err(error) = sent {
        report.sessions_left = sessions;
        report.warnings.push(format!("sessions left: {error:#}"));
        return Ok(());
    }
    for pause in PAUSES {
        std::thread::sleep(pause);
        let activity = server.read(|connection| read_activity(connection, login))?;
        let left = activity.running.into_iter();
        report.sessions_left = left.filter(|session| pids.contains(&session.pid)).collect();
        if report.sessions_left.is_empty() {
            break;
        }
    }
    report.sessions_ended = pids.len() - report.sessions_left.len();
    Ok(())
}

/// What the login has by other grants, which stay.
fn look_again(
    run: &Run,
    server: &mut TargetSession<'_>,
    (target, found, comment): (&Target, &FoundBox, &BoxComment),
    report: &mut BoxReport,
) -> Result<()> {
    let Some(login) = &found.user else {
        report.warnings.push(format!(
            "its login \"{}\" is gone, or was created anew",
            comment.user
        ));
        return Ok(());
    };
    if found.member(comment).is_none() {
        report.warnings.push(format!(
            "\"{login}\" was no member of it any more: another hand took the membership away"
        ));
    }
    if !report.strangers.is_empty() {
        let names: Vec<_> = report
            .strangers
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        report.warnings.push(format!(
            "others had the access too, and lost it with this: {}",
            names.join(", ")
        ));
    }
    let rules = run.settings.access_rules(&target.env, &target.database);
    let id = server.operation_id.clone();
    let left = server
        .read(|connection| read_memberships(connection, login, &target.database, &rules, &id))?;
    if left.level() >= comment.level {
        report.warnings.push(format!(
            "\"{login}\" is still in \"{}\" or above by another grant",
            group_name(&target.database, comment.level)
        ));
    }
    Ok(())
}

impl BoxReport {
    /// What a message says beside the facts.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.sessions_ended > 0 {
            remarks.push(format!("sessions ended: {}", self.sessions_ended));
        }
        if !self.sessions_left.is_empty() {
            remarks.push(format!("sessions left: {}", self.sessions_left.len()));
        }
        remarks.extend(self.warnings.iter().cloned());
        remarks
    }
}

/// Drops the role that was kept until its end was reported.
///
/// # Errors
/// The server's error.
pub fn drop_tombstone(
    run: &Run,
    sessions: &IdleSessions<'_>,
    (target, id, login): (&Target, &BoxId, &RoleName),
) -> Result<()> {
    let cannot = format!("cannot drop the role \"{}\" of ended access", id.role());
    let act = Act::on(target, Operation::AccessExpire, cannot).role(login);
    sessions.audited(&act, target, |server| {
        let boxes = server.read(|connection| read_boxes(connection, ""))?;
        let found = boxes.find(id);
        let found = found.filter(|found| {
            let comment = found.read_comment();
            comment.is_some_and(|comment| comment.ended.is_some())
        });
        let Some(found) = found else {
            return Ok(((), Done::default()));
        };
        let changes = vec![
            Change::RequireRole {
                role: found.name.clone(),
                oid: found.oid,
            },
            Change::DropRole(found.name.clone()),
        ];
        let version = boxes.server.version;
        if let Some(comment) = found.read_comment() {
            drop_glass_login(run, server, (target, found, &comment))?;
        }
        apply(server, &changes, version)?;
        let done = Done {
            status: Status::BoxDropped(id.clone()),
            statements: for_people(&changes, version),
            undo: Undo::remark("the role had no members"),
            ..Done::default()
        };
        Ok(((), done))
    })?;
    run.with_store(|store| store.set_box_state(id, BoxRowState::Closed))
}

/// Drops the login that was made for the access, unless objects depend on it: then it stays, and lets nobody in.
fn drop_glass_login(
    run: &Run,
    server: &mut TargetSession<'_>,
    (target, found, comment): (&Target, &FoundBox, &BoxComment),
) -> Result<()> {
    let login = found.user.as_ref();
    let Some(login) = login.filter(|login| comment.glass && is_glass(login.as_str())) else {
        return Ok(());
    };
    let state = server.read(|connection| read_boxes(connection, login.as_str()))?;
    let is_locked = state.server.role.as_ref().is_some_and(|role| !role.login);
    if state.role_oid != Some(comment.oid) || !is_locked {
        return Ok(());
    }
    let changes = vec![
        Change::RequireRole {
            role: login.clone(),
            oid: comment.oid,
        },
        Change::DropRole(login.clone()),
    ];
    match apply(server, &changes, state.server.version) {
        Err(error) if sqlstate_of(&error) == Some("2BP01") => {
            run.warn(format!(
                "the emergency login \"{login}\" lets nobody in any more, and stays because objects depend on it: {}",
                on_target("pgrole user drop -e {} -d {} {} --reassign-to-owner", target, &[login])
            ));
            return Ok(());
        }
        applied => applied?,
    }
    let subject = Subject {
        username: Some(login.to_string()),
        ..Subject::from(target)
    };
    let cluster_id = run.cluster_id_of(target)?;
    run.with_store(|store| store.forget_dropped(&cluster_id, &subject, Timestamp::now()))
}
