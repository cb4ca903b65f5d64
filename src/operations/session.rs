//! One run of pgrole: opens registry and credential lazily, and is the only way to a server, through the audit log.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::config;
use crate::credentials::{Ask, Credential, PassedOver, Search, Sources};
use crate::domain::anchor::Anchor;
use crate::domain::failure::{self, Failure, Kind, Phase};
use crate::domain::interrupt;
use crate::domain::notification::Announcement;
use crate::domain::operator::Operator;
use crate::domain::secret::Secret;
use crate::domain::settings::Settings;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::Variables;
use crate::operations::announce::{Ended, drafts};
use crate::operations::fleet::Fleet;
use crate::operations::lock::Lock;
use crate::operations::open_login;
use crate::operations::syslog;
use crate::server::catalog::{self, Guarded};
use crate::server::connection::{Connection, Limits, Login, TlsSession};
use crate::store::{Entry, JournalRow, Outcome, Store, Subject, Written};

/// What every operation needs, none of it opened before it is used.
pub struct Session {
    pub settings: Settings,
    pub variables: Variables,
    pub timeout: Duration,
    /// Where the key that seals passwords is kept, if not in the keyring.
    pub key_file: PathBuf,
    registry: PathBuf,
    operator: Operator,
    ask: AskPerson,
    answers: Mutex<HashMap<String, Result<Secret, String>>>,
    store: Mutex<Option<Store>>,
    warnings: Mutex<Vec<String>>,
    notes: Mutex<Vec<String>>,
    /// Whether an act was recorded.
    acted: AtomicBool,
}

/// What a session begins with.
#[derive(Debug)]
pub struct Start {
    pub settings: Settings,
    pub variables: Variables,
    pub timeout: Duration,
    pub registry: PathBuf,
    pub key_file: PathBuf,
    pub operator: Operator,
    pub ask: AskPerson,
}

/// Asks the person at the terminal for a user's password; the reason, where there is nobody.
pub type AskPerson = fn(&str) -> Result<Secret, String>;

/// What the audit log is told of an act before it begins.
#[derive(Debug, Clone)]
pub struct Act {
    pub operation: String,
    pub subject: Subject,
}

/// What the audit log is told of an act when it has ended well.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub status: String,
    /// The statements that ran, without verifiers.
    pub statements: Vec<String>,
    /// What is told of it elsewhere, if more than its status.
    pub announcement: Option<Announcement>,
}

/// A session on a target, as `audited` hands it out. What it says is had only where it is the cluster that
/// answered for the target before, and nothing is changed before it has said so.
pub struct Server<'a> {
    session: &'a Session,
    target: &'a Target,
    connection: Connection,
    contact: Contact,
    pub admin: String,
    /// Where the admin credential was found, in words.
    pub origin: String,
    /// The sources that gave none, and why.
    pub passed_over: Vec<PassedOver>,
    /// The operation's id in the audit log.
    pub operation_id: String,
    /// Whether the login's sources have an older password than the one that is in force.
    pub is_undelivered: bool,
}

/// One question and its answer.
#[derive(Debug, Clone, Copy)]
pub struct RoundTrip {
    pub took: Duration,
    /// How many seconds the server's clock is ahead of ours; half the time that it took is in doubt.
    pub clock_ahead: f64,
}

/// Whether it is known which cluster answers.
#[derive(Debug)]
enum Contact {
    NotYet,
    /// None: the admin credential may not read it.
    Made(Option<String>),
}

impl Server<'_> {
    /// Reads from the catalog, by one of its functions.
    ///
    /// # Errors
    /// Refused, where another cluster answers; what the server says.
    pub fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Connection) -> Result<Guarded<T>>,
    ) -> Result<T> {
        let (session, target) = (self.session, self.target);
        let contact = &mut self.contact;
        read(&mut self.connection)?.checked(|found| {
            if matches!(contact, Contact::NotYet) {
                session.check_cluster(target, found.as_deref())?;
                *contact = Contact::Made(found);
            }
            Ok(())
        })
    }

    /// Runs statements as one transaction, in one round trip.
    ///
    /// # Errors
    /// What the server says; where nothing was read before: then it is not known which cluster it is.
    pub fn execute_all(&mut self, statements: &[String], limits: Limits) -> Result<()> {
        if matches!(self.contact, Contact::NotYet) {
            bail!("nothing is changed on a server before it has said which cluster it is");
        }
        self.connection.execute_all(statements, limits)
    }

    /// How long an answer is waited for.
    pub fn timeout(&self) -> Duration {
        self.session.timeout
    }

    /// Asks the server for its clock, and measures how long that takes.
    ///
    /// # Errors
    /// As for all that is read.
    pub fn round_trip(&mut self) -> Result<RoundTrip> {
        let asked_at = Timestamp::now();
        let asked = Instant::now();
        let clock = self.read(catalog::read_clock)?;
        let took = asked.elapsed();
        let ours = asked_at.as_seconds() + took.as_secs_f64() / 2.0;
        Ok(RoundTrip {
            took,
            clock_ahead: clock - ours,
        })
    }

    /// How the session is encrypted; None: it is not.
    pub fn tls(&self) -> Option<&TlsSession> {
        self.connection.tls()
    }

    /// How long the login took, from the name lookup on.
    pub fn login_took(&self) -> Duration {
        self.connection.login_took()
    }

    /// Where the server was reached.
    pub fn address(&self) -> String {
        self.connection.address()
    }

    /// The `system_identifier` of the cluster, once something was read; None: not known.
    pub fn cluster(&self) -> Option<&str> {
        match &self.contact {
            Contact::Made(cluster) => cluster.as_deref(),
            Contact::NotYet => None,
        }
    }
}

impl Session {
    pub fn new(start: Start) -> Self {
        Self {
            settings: start.settings,
            variables: start.variables,
            timeout: start.timeout,
            key_file: start.key_file,
            registry: start.registry,
            operator: start.operator,
            ask: start.ask,
            answers: Mutex::default(),
            store: Mutex::new(None),
            warnings: Mutex::default(),
            notes: Mutex::default(),
            acted: AtomicBool::new(false),
        }
    }

    /// Where the registry is, or would be.
    pub fn registry(&self) -> &Path {
        &self.registry
    }

    /// Takes a lock beside the registry; None where another process holds it.
    ///
    /// # Errors
    /// Where the lock's file cannot be made.
    pub fn try_lock(&self, name: &str) -> Result<Option<Lock>> {
        Lock::try_take(&self.registry, name)
    }

    /// Waits for a lock beside the registry as long as for a server.
    ///
    /// # Errors
    /// Busy, where another process holds it for longer.
    pub fn lock(&self, name: &str) -> Result<Lock> {
        let lock = Lock::take_within(&self.registry, name, self.timeout)?;
        lock.ok_or_else(|| {
            Failure::new(Kind::Busy, "another process is changing this password")
                .hint("try again when it has ended")
                .into()
        })
    }

    /// Works with the registry file, which is opened on first use.
    ///
    /// # Errors
    /// Where the file cannot be opened, and what `act` says.
    pub fn with_store<T>(&self, act: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        let mut slot = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match slot.take() {
            Some(store) => store,
            None => self.open_store()?,
        };
        let store = slot.insert(store);
        let result = act(store);
        self.tell_syslog(&store.take_written());
        result
    }

    fn open_store(&self) -> Result<Store> {
        let operator = self.operator.clone();
        Store::open(&self.registry, self.timeout, operator, Timestamp::now())
    }

    /// Tells the system's log, where it is configured, what has ended.
    fn tell_syslog(&self, written: &[Written]) {
        let Some(socket) = &self.settings.syslog else {
            return;
        };
        for event in written.iter().filter(|event| event.is_end) {
            if let Err(error) = syslog::send(socket, event) {
                let socket = socket.display();
                self.note(format!(
                    "the system's log {socket} did not take an event: {error}"
                ));
            }
        }
    }

    /// The newest event that this run wrote into the audit log; where it wrote none but has the file open, the file's
    /// newest.
    pub fn audit_anchor(&self) -> Option<Anchor> {
        let slot = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        // A result must reach the operator, with its anchor or without.
        slot.as_ref()?.audit_anchor().ok()?
    }

    /// The enabled target of that name.
    ///
    /// # Errors
    /// Unknown environment: usage. No such target: not found. Disabled: refused.
    pub fn target(&self, env: &Environment, database: &DatabaseName) -> Result<Target> {
        self.target_of(self.enabled_entry(env, database)?)
    }

    fn enabled_entry(&self, env: &Environment, database: &DatabaseName) -> Result<Entry> {
        let entry = self.entry(env, database)?;
        if entry.active {
            return Ok(entry);
        }
        Err(
            Failure::refused(format!("target {env}/{database} is disabled"))
                .hint(format!(
                    "to use it again: pgrole registry enable -e {env} -d {database}"
                ))
                .into(),
        )
    }

    /// The target of an entry. Where that names a service of `pg_service.conf`, this is where it is looked up.
    ///
    /// # Errors
    /// Usage, where the entry is not valid, or its service cannot be used.
    pub fn target_of(&self, entry: Entry) -> Result<Target> {
        let Some(name) = entry.service() else {
            return entry.try_into();
        };
        let found = config::service::find(&self.variables, &name)?;
        let place = format!("{}/{}", entry.env, entry.database);
        for passed_over in found.passed_over(&entry.database) {
            self.note_once(format!("{place}: service \"{name}\": {passed_over}"));
        }
        entry.with_service(&found)?.try_into()
    }

    /// The registry's entry of that name.
    ///
    /// # Errors
    /// Unknown environment: usage. No such target: not found.
    pub fn entry(&self, env: &Environment, database: &DatabaseName) -> Result<Entry> {
        self.settings.check_environment(env)?;
        let found = self.with_store(|store| store.find_entry(env.as_str(), database.as_str()))?;
        found.ok_or_else(|| {
            Failure::not_found(format!("no target {env}/{database} in the registry"))
                .hint(format!(
                    "see what is there: pgrole registry list, or add it: pgrole registry add -e {env} -d {database} -H HOST"
                ))
                .into()
        })
    }

    /// All enabled targets that fit the selection, in rollout order.
    ///
    /// # Errors
    /// Where none fits: not found, or refused where the one that is named is disabled.
    pub fn fleet(
        &self,
        env: Option<&Environment>,
        database: Option<&DatabaseName>,
    ) -> Result<Fleet> {
        let mut fleet = Fleet::default();
        if let (Some(env), Some(database)) = (env, database) {
            let entry = self.enabled_entry(env, database)?;
            let target = self.target_of(entry.clone());
            fleet.add(entry, target);
            return Ok(fleet);
        }
        if let Some(env) = env {
            self.settings.check_environment(env)?;
        }
        let entries = self.with_store(|store| store.list_entries())?;
        let fits = |entry: &Entry| {
            entry.active
                && env.is_none_or(|env| env.as_str() == entry.env)
                && database.is_none_or(|database| database.as_str() == entry.database)
        };
        for entry in entries.into_iter().filter(fits) {
            let target = self.target_of(entry.clone());
            fleet.add(entry, target);
        }
        if fleet.asked() == 0 {
            return Err(Failure::not_found("no enabled target fits the selection")
                .hint("see what is there: pgrole registry list")
                .into());
        }
        let environments = &self.settings.environments;
        let rank = |target: &Target| environments.iter().position(|env| *env == target.env);
        let last = environments.len();
        fleet
            .targets
            .sort_by_key(|target| rank(target).unwrap_or(last));
        Ok(fleet)
    }

    /// All targets of the registry, the disabled ones too; entries that are not valid are passed over.
    ///
    /// # Errors
    /// Where the registry cannot be read.
    pub fn all_targets(&self) -> Result<Vec<Target>> {
        let entries = self.with_store(|store| store.list_entries())?;
        let targets = entries
            .into_iter()
            .filter_map(|entry| self.target_of(entry).ok());
        Ok(targets.collect())
    }

    /// Refuses a cluster that is not the one that answered for the target before; remembers the first.
    ///
    /// # Errors
    /// Refused, with both identifiers.
    fn check_cluster(&self, target: &Target, found: Option<&str>) -> Result<()> {
        let Some(found) = found else {
            return Ok(());
        };
        let known = match &target.cluster {
            Some(known) => known.clone(),
            None => {
                self.with_store(|store| store.remember_cluster(target, found, Timestamp::now()))?
            }
        };
        if known == found {
            return Ok(());
        }
        Err(Failure::refused(format!(
            "another cluster answers for {}: its system_identifier is {found}, not {known}",
            target.name()
        ))
        .phase(Phase::Cluster)
        .hint(format!(
            "if the server was rebuilt or replaced: pgrole registry update -e {} -d {} --trust-new-server",
            target.env, target.database
        ))
        .into())
    }

    /// Notes something that the operator should know of an act that went well.
    pub fn warn(&self, warning: String) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        warnings.push(warning);
    }

    /// The same, where several targets may come to it at once.
    fn warn_once(&self, warning: String) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// Notes what is come to more than once in a run.
    fn note_once(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Notes what only those want to know who ask for more.
    fn note(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note);
    }

    /// Who runs this.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Whether this run has done anything that is on record.
    pub fn has_acted(&self) -> bool {
        self.acted.load(Ordering::SeqCst)
    }

    /// What was noted so far for those who ask for more: where logins came from, which statements ran.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was noted so far.
    pub fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks for the admin credential of a target.
    pub fn search_credential(&self, target: &Target) -> Search {
        self.search(target, &|user| self.ask_once(user))
    }

    /// The same without asking anybody.
    pub fn search_credential_silently(&self, target: &Target) -> Search {
        self.search(target, &|_| Err("not asked".to_owned()))
    }

    fn search(&self, target: &Target, ask: Ask<'_>) -> Search {
        let sources = Sources {
            settings: &self.settings.credential,
            variables: &self.variables,
            operator: &self.operator.user,
            ask,
        };
        sources.search(target)
    }

    /// Asks a person for a password, once a run for each user, whatever the number of targets.
    fn ask_once(&self, user: &str) -> Result<Secret, String> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(user) {
            return answer.clone();
        }
        let answer = (self.ask)(user);
        answers.insert(user.to_owned(), answer.clone());
        answer
    }

    /// Runs an act against a target's server: the intent is on disk first, the outcome follows. The only
    /// way to get a connection.
    ///
    /// # Errors
    /// Where the intent cannot be recorded (then nothing was done), no credential is found, the login
    /// fails, or `act` says so.
    pub fn audited<T>(
        &self,
        act: Act,
        target: &Target,
        work: impl FnOnce(&mut Server<'_>) -> Result<(T, Done)>,
    ) -> Result<T> {
        self.recorded(act, |admin_user, operation_id| {
            let mut server = self.log_in(target, operation_id, admin_user)?;
            work(&mut server)
        })
    }

    /// Logs in with what the sources give. Where the server refuses that, the password may be the one before a change
    /// that is not yet delivered.
    fn log_in<'a>(
        &'a self,
        target: &'a Target,
        operation_id: &str,
        admin_user: &mut Option<String>,
    ) -> Result<Server<'a>> {
        let search = self.search_credential(target);
        let passed_over = search.passed_over.clone();
        let server = |connection, admin: String, origin, is_undelivered| Server {
            session: self,
            target,
            connection,
            contact: Contact::NotYet,
            admin,
            origin,
            passed_over,
            operation_id: operation_id.to_owned(),
            is_undelivered,
        };
        let refusal = match search.credential(target) {
            Ok(credential) => {
                *admin_user = Some(credential.user.clone());
                match self.connect(target, &credential.user, credential.password.clone()) {
                    Ok(connection) => {
                        self.note_login(target, &credential);
                        return Ok(server(
                            connection,
                            credential.user,
                            credential.origin,
                            false,
                        ));
                    }
                    Err(error) if failure::sqlstate_of(&error) == Some("28P01") => error,
                    Err(error) => return Err(error),
                }
            }
            Err(none) => none.into(),
        };
        for (role, password) in open_login::passwords(self, target, admin_user.as_deref()) {
            if let Ok(connection) = self.connect(target, role.as_str(), Some(password)) {
                self.warn_once(format!(
                    "logged in as \"{role}\" with its new password, which is not yet where the login is kept: pgrole recover run"
                ));
                *admin_user = Some(role.to_string());
                let origin = "open change (not yet delivered)".to_owned();
                return Ok(server(connection, role.to_string(), origin, true));
            }
        }
        Err(refusal)
    }

    fn connect(&self, target: &Target, user: &str, password: Option<Secret>) -> Result<Connection> {
        Connection::open(&Login {
            target: target.clone(),
            user: user.to_owned(),
            password,
            timeout: self.timeout,
        })
    }

    fn note_login(&self, target: &Target, credential: &Credential) {
        self.note(format!(
            "logged in to {} as \"{}\", from {}",
            target.name(),
            credential.user,
            credential.origin
        ));
    }

    /// The password changes that have not ended, oldest first.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn open_changes(&self) -> Result<Vec<JournalRow>> {
        let rows = self.with_store(|store| store.list_open_changes())?;
        rows.into_iter()
            .map(|row| self.with_registered_target(row))
            .collect()
    }

    /// One password change; None: there is none of that id.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn find_change(&self, id: &str) -> Result<Option<JournalRow>> {
        let row = self.with_store(|store| store.find_change(id))?;
        row.map(|row| self.with_registered_target(row)).transpose()
    }

    /// Puts in how the target is reached, where the registry still has it at that place.
    fn with_registered_target(&self, mut row: JournalRow) -> Result<JournalRow> {
        let target = &row.change.target;
        let (env, database) = (target.env.as_str(), target.database.as_str());
        let entry = self.with_store(|store| store.find_entry(env, database))?;
        let registered = entry.and_then(|entry| self.target_of(entry).ok());
        if let Some(registered) = registered
            && registered.hostname == target.hostname
            && registered.port == target.port
        {
            row.change.target = registered;
        }
        Ok(row)
    }

    /// Runs an act that touches no server, for example the keyring: intent first, outcome after.
    ///
    /// # Errors
    /// Where the intent cannot be recorded (then nothing was done), and what `work` says.
    pub fn audited_locally(
        &self,
        act: Act,
        status: &str,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        self.audited_run(act, || {
            work()?;
            let done = Done {
                status: status.to_owned(),
                ..Done::default()
            };
            Ok(((), done))
        })
    }

    /// The same for an act that says itself how it ended, such as a run of many acts that are on record each.
    ///
    /// # Errors
    /// Where the intent cannot be recorded (then nothing was done), and what `work` says.
    pub fn audited_run<T>(&self, act: Act, work: impl FnOnce() -> Result<(T, Done)>) -> Result<T> {
        self.recorded(act, |_, _| work())
    }

    /// Puts intent and outcome around `work`, which says as whom it logged in.
    fn recorded<T>(
        &self,
        act: Act,
        work: impl FnOnce(&mut Option<String>, &str) -> Result<(T, Done)>,
    ) -> Result<T> {
        if interrupt::is_to_cancel() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        let intent = self.with_store(|store| {
            store.record_intent(&act.operation, act.subject, Timestamp::now())
        })?;
        self.acted.store(true, Ordering::SeqCst);
        let started = Instant::now();
        let mut admin_user = None;
        let result = work(&mut admin_user, intent.operation_id());
        let outcome = Outcome {
            admin_user,
            duration_ms: started.elapsed().as_secs_f64() * 1_000.0,
            ..describe(&result)
        };
        let done = result.as_ref().ok().map(|(_, done)| done);
        let ended = Ended {
            operation: intent.operation(),
            env: intent.env(),
            outcome: &outcome,
            announcement: done.and_then(|done| done.announcement.as_ref()),
            failed: result.as_ref().err().map(failure::kind_of),
        };
        let drafts = drafts(&self.settings.channels, &ended);
        let recorded = self
            .with_store(|store| store.record_outcome(&intent, &outcome, &drafts, Timestamp::now()));
        if let Err(error) = recorded {
            // What happened on the server happened: its result must reach the operator all the same.
            self.warn(format!("the outcome is not in the audit log: {error:#}"));
        }
        let (value, done) = result?;
        for statement in done.statements {
            self.note(format!("{statement};"));
        }
        Ok(value)
    }
}

fn describe<T>(result: &Result<(T, Done)>) -> Outcome {
    match result {
        Ok((_, done)) => Outcome {
            status: done.status.clone(),
            statements: (!done.statements.is_empty()).then(|| done.statements.join(";\n")),
            ..Outcome::default()
        },
        Err(error) => Outcome {
            status: match failure::kind_of(error) {
                Kind::Refused => "refused",
                Kind::Interrupted => "interrupted",
                Kind::NotFound => "not found",
                _ => "failed",
            }
            .to_owned(),
            sqlstate: failure::sqlstate_of(error).map(str::to_owned),
            error: Some(format!("{error:#}")),
            ..Outcome::default()
        },
    }
}
