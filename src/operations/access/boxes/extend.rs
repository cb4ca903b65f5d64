//! `access extend`: a grant whose end is yet to come gets a later one.

use anyhow::Result;

use crate::domain::access::boxes::{BoxComment, BoxId, BoxStanding, FoundBox};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::access::boxes::grant::end_of_login;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::operations::access::boxes::{announce, announced, lock_of};
use crate::run::login_state::{apply, for_people, require_writable, undo};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::boxes::read_boxes;
use crate::store::{BoxRow, BoxRowState};

/// A grant that is to end later.
pub struct ExtendBox {
    pub target: Target,
    pub id: BoxId,
    /// How much later.
    pub span: Span,
    /// The longest that access with an end may last from now on.
    pub longest: Span,
    pub reason: String,
    pub mode: Mode,
}

/// The target that a grant is on, as far as this machine knows.
///
/// # Errors
/// Not found, if it knows of no such grant; if its target is not enabled.
pub fn find_target(run: &Run, id: &BoxId) -> Result<Target> {
    let row = run.with_store(|store| store.find_box(id))?;
    let Some(row) = row else {
        return Err(Failure::not_found(format!(
            "this machine knows of no grant {id}, so it does not know where to look for it"
        ))
        .hint("name its target with -e and -d, as shown by: pgrole access list")
        .into());
    };
    let database: DatabaseName = row.database.parse()?;
    run.target(&Environment::new(row.env), &database)
}

/// Extends a grant.
///
/// # Errors
/// Not found, if there is no such grant; refused, if its end has come, or the new one is too far off; the server's error.
pub fn extend_box(run: &Run, wanted: &ExtendBox) -> Result<BoxReport> {
    let target = &wanted.target;
    let login = run.with_store(|store| store.find_box(&wanted.id))?;
    let cannot = format!("cannot extend grant {}", wanted.id);
    let mut act = Act::on(target, Operation::AccessExtend, cannot)
        .in_mode(wanted.mode)
        .reason(Some(&wanted.reason));
    if let Some(row) = login {
        act = act.role(&RoleName::from_server(row.username));
    }
    run.audited(&act, target, |server| {
        let _lock = run.lock(&lock_of(&wanted.id))?;
        extend(run, server, wanted)
    })
}

fn extend(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &ExtendBox,
) -> Result<(BoxReport, Done)> {
    let (target, id) = (&wanted.target, &wanted.id);
    let boxes = server.read(|connection| read_boxes(connection, ""))?;
    let mut found = boxes.of(&target.database);
    let found = found.find(|(found, _)| found.id().as_ref() == Some(id));
    let Some((found, comment)) = found else {
        return Err(
            Failure::not_found(format!("no grant {id} on {}", target.name()))
                .hint("list them: pgrole access list")
                .into(),
        );
    };
    require_open(target, (id, found, &comment))?;
    require_writable(&boxes.server, target)?;
    let now = boxes.now();
    let end = found
        .until
        .as_deref()
        .and_then(Timestamp::parse)
        .unwrap_or(now);
    let ends_at = end.after(wanted.span)?;
    if ends_at > now.after(wanted.longest)? {
        let latest = now.after(wanted.longest)?.to_the_second();
        return Err(Failure::refused(format!(
            "the end would be {}, but access with an end lasts {} from now at most: until {latest}",
            ends_at.to_the_second(),
            wanted.longest
        ))
        .hint("extend it by less, or set \"longest\" in the section [access] of the config file")
        .into());
    }
    let mut changes = vec![
        Change::RequireBox {
            role: found.name.clone(),
            oid: found.oid,
            valid_until: found.until.clone(),
        },
        end_of_login(&found.name, ends_at, found.until.clone()),
    ];
    if let Some(login) = found.glass_login(&comment) {
        changes.push(end_of_login(login, ends_at, found.until.clone()));
    }
    let version = boxes.server.version;
    let statements = for_people(&changes, version);
    let mut report = BoxReport::found(target, (id, found, &comment), BoxStatus::Extended);
    report.ends_at = Some(ends_at.to_string());
    report.seconds_left = Some(ends_at.seconds_since(now));
    if wanted.mode != Mode::Run {
        report.status = BoxStatus::Open;
        report.statements = Some(statements);
        return Ok((report, Done::default()));
    }
    apply(server, &changes, version)?;
    require_extended(server, (id, found), &ends_at.to_string())?;
    remember(run, (target, id, &comment, found), &ends_at)?;
    report.warnings.extend(server.take_warnings());
    let mut note = announce(id, &comment, report.ends_at.as_deref(), Vec::new());
    note.reason.clone_from(&wanted.reason);
    let done = Done {
        status: Status::AccessExtended(id.clone()),
        statements,
        undo: undo(&changes, &[&found.name], version),
        announcement: Some(announced(note)),
        ..Done::default()
    };
    Ok((report, done))
}

fn require_open(
    target: &Target,
    (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
) -> Result<(), Failure> {
    if found.standing(comment) == BoxStanding::Open {
        return Ok(());
    }
    let again = on_target(
        "pgrole access grant -e {} -d {} -u {} --level {} --for 1h --reason TEXT",
        target,
        &[&comment.user, &comment.level],
    );
    Err(Failure::refused(format!("grant {id} has ended"))
        .hint(format!("grant the access again: {again}")))
}

/// Its role may have been dropped, and made again without members, after it was looked at.
fn require_extended(
    server: &mut TargetSession<'_>,
    (id, found): (&BoxId, &FoundBox),
    ends_at: &str,
) -> Result<()> {
    let boxes = server.read(|connection| read_boxes(connection, ""))?;
    let after = boxes.find(id).filter(|after| after.oid == found.oid);
    if after.is_some_and(|after| after.until.as_deref() == Some(ends_at)) {
        return Ok(());
    }
    let what = format!("grant {id} ended meanwhile, or got another end by another hand");
    Err(Failure::new(Kind::Failed, what)
        .hint("look at it: pgrole access list")
        .into())
}

/// A grant of another machine is that one's to look after.
fn remember(
    run: &Run,
    (target, id, comment, found): (&Target, &BoxId, &BoxComment, &FoundBox),
    ends_at: &Timestamp,
) -> Result<()> {
    run.with_store(|store| {
        let Some(row) = store.find_box(id)? else {
            return Ok(());
        };
        let row = BoxRow {
            level: Some(comment.level.to_string()),
            username: found.user.as_ref().unwrap_or(&comment.user).to_string(),
            hostname: target.hostname.to_string(),
            port: target.port.to_string(),
            ends_at: Some(ends_at.to_string()),
            state: BoxRowState::Open,
            ..row
        };
        store.note_box(&row, Timestamp::now())
    })
}
