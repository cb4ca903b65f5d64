//! What one server says of its grants with an end against what this machine knows of them, and what is to be reported.

use anyhow::Result;

use crate::domain::access::boxes::{BoxComment, BoxId, BoxNote, BoxStanding, FoundBox, FoundBoxes};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::access::boxes::ending::{EndBox, EndCause, end_box};
use crate::operations::access::boxes::expired::Expired;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::operations::access::boxes::{announce, announced, lock_of};
use crate::run::{Act, Done, IdleSessions, Run};
use crate::store::{BoxGrant, BoxRow, BoxRowState};

/// How long another machine has to report the end of a grant before this one does.
const GRACE: i64 = 120;
/// How often it is told that a grant could not be ended.
const REMINDER: Span = Span::days(1);

/// One target whose server answered.
pub struct Reconciler<'a, 's> {
    pub run: &'a Run,
    pub sessions: &'a IdleSessions<'s>,
    pub target: &'a Target,
    pub found: &'a FoundBoxes,
}

impl Reconciler<'_, '_> {
    /// Ends what is due, and reports what happened by another hand.
    pub fn reconcile(&self, rows: &[BoxRow]) -> Expired {
        let mut ended = Expired::default();
        for (found, comment) in self.found.of(&self.target.database) {
            let Some(id) = found.id() else { continue };
            let row = rows.iter().find(|row| row.id == id);
            let result = self.look_at((&id, found, &comment), row, &mut ended);
            if let Err(error) = result {
                self.note_failure((&id, found, &comment), row, error, &mut ended);
            }
        }
        for row in rows.iter().filter(|row| self.found.find(&row.id).is_none()) {
            if let Err(error) = self.look_for(row, &mut ended) {
                ended.failed.push(error);
            }
        }
        ended
    }

    /// A role that is on the server.
    fn look_at(
        &self,
        whole: (&BoxId, &FoundBox, &BoxComment),
        row: Option<&BoxRow>,
        ended: &mut Expired,
    ) -> Result<()> {
        let (id, found, comment) = whole;
        if let Some(row) = row.filter(|row| row.state == BoxRowState::Intended)
            && !self.adopt(whole, row, ended)?
        {
            return Ok(());
        }
        let cause = match found.standing(comment) {
            BoxStanding::Ended => return self.report_ended(whole, row, ended),
            BoxStanding::Open => return self.report_changes(whole, row),
            BoxStanding::Due => EndCause::Expired,
            BoxStanding::Empty => EndCause::Empty,
        };
        let login = found.user.as_ref().unwrap_or(&comment.user);
        let wanted = EndBox {
            target: self.target,
            id,
            login,
            reason: Some(&comment.reason),
            cause,
            mode: Mode::Run,
        };
        if let Some(report) = end_box(self.run, self.sessions, &wanted)? {
            ended.rows.push(report);
            ended
                .tombstones
                .push((self.target.clone(), id.clone(), login.clone()));
        }
        Ok(())
    }

    /// Takes a grant for granted whose command was cut off; false if that command still runs.
    fn adopt(
        &self,
        (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
        row: &BoxRow,
        ended: &mut Expired,
    ) -> Result<bool> {
        let Some(_lock) = self.run.try_lock(&lock_of(id))? else {
            return Ok(false);
        };
        let mut report = BoxReport::found(self.target, (id, found, comment), BoxStatus::Granted);
        let (known, grant) = self
            .run
            .with_store(|store| Ok((store.find_box(id)?, store.find_box_grant(id)?)))?;
        let was_granted = known.is_some_and(|known| known.state != BoxRowState::Intended);
        if !was_granted {
            let remark = match grant {
                BoxGrant::Granted => None,
                BoxGrant::Unknown => Some("the command that granted it was cut off"),
                BoxGrant::NotGranted => {
                    Some("the command that granted it failed, yet the access exists")
                }
            };
            let remarks = remark.map(str::to_owned).into_iter().collect::<Vec<_>>();
            let note = announce(id, comment, found.until.as_deref(), remarks.clone());
            match grant {
                BoxGrant::Granted => {}
                BoxGrant::Unknown => self.end_cut_off((row, id), Status::AccessGranted, note)?,
                BoxGrant::NotGranted => self.record((row, id), Status::AccessGranted, note)?,
            }
            if remark.is_some() {
                report.warnings = remarks;
                ended.rows.push(report);
            }
            let known = BoxRow {
                level: Some(comment.level.to_string()),
                reason: Some(comment.reason.clone()),
                ends_at: found.until.clone(),
                hostname: self.target.hostname.to_string(),
                port: self.target.port.to_string(),
                state: BoxRowState::Open,
                ..row.clone()
            };
            self.note(&known)?;
        }
        Ok(true)
    }

    /// A role that is only kept until its end is reported.
    fn report_ended(
        &self,
        (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
        row: Option<&BoxRow>,
        ended: &mut Expired,
    ) -> Result<()> {
        let Some(ending) = &comment.ended else {
            return Ok(());
        };
        let login = found.user.as_ref().unwrap_or(&comment.user);
        let is_reported = row.is_some_and(|row| row.state == BoxRowState::Ended)
            || self.run.with_store(|store| store.has_box_end(id))?;
        if !is_reported {
            let at = Timestamp::parse(&ending.at);
            let age = at.map_or(i64::MAX, |at| self.found.now().seconds_since(at));
            let is_own = row.is_some() && ending.host == self.run.operator().host;
            if !is_own && age < GRACE {
                return Ok(());
            }
            let remark = format!("ended by {}, which did not report it", ending.host);
            let mut note = announce(id, comment, found.until.as_deref(), vec![remark.clone()]);
            note.late_seconds = ending.late;
            let (status, shown) = match ending.late {
                Some(late) => (
                    Status::AccessExpired {
                        id: id.clone(),
                        late,
                    },
                    BoxStatus::Expired,
                ),
                None => (Status::AccessRemoved(id.clone()), BoxStatus::Removed),
            };
            let act = self.act(login, Some(&comment.reason));
            self.record_as(&act, status, note)?;
            let mut report = BoxReport::found(self.target, (id, found, comment), shown);
            report.late_seconds = ending.late;
            report.warnings.push(remark);
            ended.rows.push(report);
        }
        self.run
            .with_store(|store| store.set_box_state(id, BoxRowState::Ended))?;
        ended
            .tombstones
            .push((self.target.clone(), id.clone(), login.clone()));
        Ok(())
    }

    /// Another end than was granted, and other members than the login: each is told once, by the machine that granted it.
    fn report_changes(
        &self,
        (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
        row: Option<&BoxRow>,
    ) -> Result<()> {
        let fresh = self.run.with_store(|store| store.find_box(id))?;
        let Some(row) = row.and(fresh) else {
            return Ok(());
        };
        let mut known = row.clone();
        if row.ends_at != found.until {
            let server = found.until.as_deref().unwrap_or("never");
            let here = row.ends_at.as_deref().unwrap_or("not known");
            let remark = format!("its end is {server} on the server, {here} here");
            let note = announce(id, comment, found.until.as_deref(), vec![remark.clone()]);
            let extended = self
                .run
                .with_store(|store| store.find_cut_off_extension(&row))?;
            if let Some(operation) = extended {
                let act = Act::on(self.target, Operation::AccessExtend, "")
                    .role(&RoleName::from_server(&row.username));
                let done = cut_off(Status::AccessExtended(id.clone()), note);
                self.run.end_earlier(&act, &operation, &done)?;
            } else {
                self.run
                    .warn(format!("grant {id} of \"{}\": {remark}", row.username));
                self.record((&row, id), Status::AccessEndMoved(id.clone()), note)?;
            }
            known.ends_at.clone_from(&found.until);
        }
        let strangers = found.strangers(comment);
        let told = row.strangers.as_deref().unwrap_or_default();
        let is_new = |name: &&RoleName| !told.lines().any(|line| line == name.as_str());
        let new: Vec<_> = strangers.iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            let names: Vec<_> = new.iter().map(|name| format!("\"{name}\"")).collect();
            let remark = format!("others are members of its role: {}", names.join(", "));
            let note = announce(id, comment, found.until.as_deref(), vec![remark.clone()]);
            let status = Status::AccessStranger {
                id: id.clone(),
                roles: new,
            };
            self.run
                .warn(format!("grant {id} of \"{}\": {remark}", row.username));
            self.record((&row, id), status, note)?;
            let lines: Vec<_> = strangers.iter().map(RoleName::as_str).collect();
            known.strangers = Some(lines.join("\n"));
        }
        if known != row {
            self.note(&known)?;
        }
        Ok(())
    }

    /// A grant whose role is not on the server.
    fn look_for(&self, row: &BoxRow, ended: &mut Expired) -> Result<()> {
        let id = &row.id;
        let Some(_lock) = self.run.try_lock(&lock_of(id))? else {
            return Ok(());
        };
        let (fresh, grant) = self
            .run
            .with_store(|store| Ok((store.find_box(id)?, store.find_box_grant(id)?)))?;
        // Another process may have got on with it since the server was asked.
        if fresh.as_ref().is_some_and(|fresh| fresh.state != row.state) {
            return Ok(());
        }
        let row = fresh.as_ref().unwrap_or(row);
        let was_open = row.state == BoxRowState::Open || grant == BoxGrant::Granted;
        if row.state == BoxRowState::Ended || (!was_open && grant == BoxGrant::NotGranted) {
            return self.close(row);
        }
        let is_reported = self.run.with_store(|store| store.has_box_end(id))?;
        if is_reported {
            return self.close(row);
        }
        let status = if was_open {
            BoxStatus::Removed
        } else {
            BoxStatus::NotGranted
        };
        let mut report = BoxReport::remembered(row, status);
        let remark = self.why_gone(row, was_open);
        report.warnings.push(remark.clone());
        let note = BoxNote {
            id: id.to_string(),
            level: row.level.clone().unwrap_or_default(),
            reason: row.reason.clone().unwrap_or_default(),
            ends_at: row.ends_at.clone(),
            late_seconds: None,
            remarks: vec![remark],
        };
        if was_open {
            self.record((row, id), Status::AccessRemoved(id.clone()), note)?;
        } else {
            self.end_cut_off((row, id), Status::NothingChanged, note)?;
        }
        self.close(row)?;
        ended.rows.push(report);
        Ok(())
    }

    fn why_gone(&self, row: &BoxRow, was_open: bool) -> String {
        if !was_open {
            return "the command that was to grant it was cut off, and its role is not on the server".to_owned();
        }
        let target = self.target;
        let place = (target.hostname.to_string(), target.port.to_string());
        if row.level.is_some() && (&row.hostname, &row.port) != (&place.0, &place.1) {
            return format!(
                "its role is not on the server; it was granted on {}:{}, where it may still be",
                row.hostname, row.port
            );
        }
        let end = row.ends_at.as_deref().and_then(Timestamp::parse);
        match end {
            Some(end) if end <= self.found.now() => {
                "its role is not on the server any more: another machine, or another hand, dropped it".to_owned()
            }
            Some(_) => "its role is not on the server any more: another hand dropped it before its end".to_owned(),
            None => "its role is not on the server any more, and this machine does not know its end".to_owned(),
        }
    }

    fn close(&self, row: &BoxRow) -> Result<()> {
        let closed = BoxRow {
            state: BoxRowState::Closed,
            ..row.clone()
        };
        self.note(&closed)
    }

    fn note(&self, row: &BoxRow) -> Result<()> {
        self.run
            .with_store(|store| store.note_box(row, Timestamp::now()))
    }

    fn note_failure(
        &self,
        (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
        row: Option<&BoxRow>,
        error: anyhow::Error,
        ended: &mut Expired,
    ) {
        let mut report = BoxReport::found(self.target, (id, found, comment), BoxStatus::NotExpired);
        report.error = Some(format!("{error:#}"));
        if let Some(row) = row
            && let Err(error) = note_not_expired(self.run, self.target, row, &report)
        {
            ended.failed.push(error);
        }
        ended.rows.push(report);
        ended.failed.push(error);
    }

    fn act(&self, login: &RoleName, reason: Option<&str>) -> Act {
        Act::on(self.target, Operation::AccessExpire, "")
            .role(login)
            .reason(reason)
    }

    /// Records what was seen of a grant that this machine knows.
    fn record(&self, (row, _): (&BoxRow, &BoxId), status: Status, note: BoxNote) -> Result<()> {
        let login = RoleName::from_server(&row.username);
        self.record_as(&self.act(&login, row.reason.as_deref()), status, note)
    }

    fn record_as(&self, act: &Act, status: Status, note: BoxNote) -> Result<()> {
        record(self.run, act, status, note)
    }

    /// Puts on record how the command ended that was to grant it.
    fn end_cut_off(
        &self,
        (row, id): (&BoxRow, &BoxId),
        status: Status,
        note: BoxNote,
    ) -> Result<()> {
        let act = Act::on(self.target, Operation::AccessGrantFor, "")
            .role(&RoleName::from_server(&row.username))
            .reason(row.reason.as_deref());
        self.run
            .end_earlier(&act, id.as_str(), &cut_off(status, note))
    }
}

fn cut_off(status: Status, note: BoxNote) -> Done {
    Done {
        status: Status::CutOff(Box::new(status)),
        announcement: Some(announced(note)),
        ..Done::default()
    }
}

fn record(run: &Run, act: &Act, status: Status, note: BoxNote) -> Result<()> {
    run.audited_run(act, || {
        let done = Done {
            status,
            announcement: Some(announced(note)),
            ..Done::default()
        };
        Ok(((), done))
    })
}

/// Tells that a grant whose end has come is still there: at once, and once a day.
///
/// # Errors
/// If it cannot be recorded.
pub fn note_not_expired(
    run: &Run,
    target: &Target,
    row: &BoxRow,
    report: &BoxReport,
) -> Result<()> {
    let now = Timestamp::now();
    let told = row.noticed_at.as_deref().and_then(Timestamp::parse);
    let reminder = now.before(REMINDER)?;
    if told.is_some_and(|told| told > reminder && told <= now) {
        return Ok(());
    }
    let note = BoxNote {
        id: row.id.to_string(),
        level: row.level.clone().unwrap_or_default(),
        reason: row.reason.clone().unwrap_or_default(),
        ends_at: report.ends_at.clone(),
        late_seconds: None,
        remarks: report.error.clone().into_iter().collect(),
    };
    let act = Act::on(target, Operation::AccessExpire, "")
        .role(&RoleName::from_server(&row.username))
        .reason(row.reason.as_deref());
    record(run, &act, Status::AccessNotExpired(row.id.clone()), note)?;
    let noticed = BoxRow {
        noticed_at: Some(now.to_string()),
        ..row.clone()
    };
    run.with_store(|store| store.note_box(&noticed, now))
}
