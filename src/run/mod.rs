//! One run of pgrole: opens registry and credential lazily, and is the only way to a server, through the audit log.

pub mod begun_act;
mod clusters;
pub mod core_dumps;
pub mod fleet;
mod fleet_reading;
mod idle_sessions;
pub mod login_state;
pub mod messages;
mod nearest;
mod observed_server;
mod open_login;
pub mod operator;
mod places;
pub mod progress;
mod recording;
pub mod remedy;
mod scrubbing;
pub mod sealed_contents;
mod server_warnings;
mod shared_session;
mod syslog;
mod target_session;
pub mod targets;
pub mod trust;
mod unverified;

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::config::require_home_of;
use crate::credentials::{Ask, Glance, Search, Sources, record_key};
use crate::delivery::{Resources, Sink};
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::operator::Operator;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::record::KeyUse;
use crate::domain::password::secret::Secret;
use crate::domain::role::RoleName;
use crate::domain::settings::Settings;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::domain::trace::Trace;
use crate::domain::variables::Variables;
use crate::locks::{Lock, Locks};
use crate::run::observed_server::ObservedServer;
use crate::run::places::Places;
use crate::run::progress::Watcher;
use crate::run::trust::{OwnershipRule, Trust};
use crate::run::unverified::Unverified;
use crate::store::{BadRow, RecordKeys, RecordedEvent, Store, is_read_only};

pub use crate::run::fleet_reading::FleetReading;
pub use crate::run::idle_sessions::IdleSessions;
pub use crate::run::recording::{Act, Done};
pub use crate::run::shared_session::SharedSession;
pub use crate::run::target_session::{RoundTrip, TargetSession};

/// What every operation needs, opened only when used.
pub struct Run {
    pub settings: Settings,
    pub variables: Variables,
    pub timeout: Duration,
    /// The file of the sealing key, if it is not in the keyring.
    pub key_file: PathBuf,
    registry: PathBuf,
    locks: Locks,
    operator: Operator,
    /// Whether the run only shows what is on record, for which a read-only registry is enough.
    only_shows: bool,
    /// Whether it must leave no trace either.
    only_looks: bool,
    /// Whether only the owner may write every file that was read.
    is_trusted: bool,
    ask: AskPerson,
    /// Tells the steps, if somebody wants to know them.
    pub trace: Trace,
    /// What shows progress, if somebody watches.
    watcher: Option<Box<dyn Watcher>>,
    answers: Mutex<HashMap<String, Result<Secret, String>>>,
    store: Mutex<Option<Store>>,
    /// What answered in this run, each place once.
    observed: Mutex<Vec<ObservedServer>>,
    /// Which servers answer.
    places: Places,
    warnings: Mutex<Vec<String>>,
    /// How many warnings of servers there were.
    server_warnings: AtomicUsize,
    unverified: Mutex<Vec<Unverified>>,
    notes: Mutex<Vec<String>>,
    /// Why the run is made, in the operator's words.
    reason: Mutex<Option<String>>,
    /// Whether an act was recorded.
    acted: AtomicBool,
    /// Whether an act has ended whose end could not be recorded.
    has_lost_end: AtomicBool,
    /// Whether the log beside the registry is emptied at the end of the run, and not after each change.
    scrubs_later: AtomicBool,
}

/// What a run starts with.
pub struct Start {
    pub settings: Settings,
    pub variables: Variables,
    pub timeout: Duration,
    pub registry: PathBuf,
    pub key_file: PathBuf,
    pub operator: Operator,
    pub ask: AskPerson,
    pub watcher: Option<Box<dyn Watcher>>,
    pub trace: Trace,
    pub trust: Trust,
}

/// How many rows that are not valid are named one by one.
const MOST_NAMED: usize = 10;

/// Asks the person at the terminal for a user's password, to log in to a target; returns the reason if there is nobody.
pub type AskPerson = fn(&str, &Target) -> Result<Secret, String>;

impl Run {
    pub fn new(start: Start) -> Self {
        Self {
            settings: start.settings,
            variables: start.variables,
            timeout: start.timeout,
            key_file: start.key_file,
            locks: Locks::beside(&start.registry, start.timeout),
            registry: start.registry,
            operator: start.operator,
            only_shows: start.trust.only_shows(),
            only_looks: start.trust.only_looks(),
            is_trusted: start.trust.is_complete(),
            ask: start.ask,
            watcher: start.watcher,
            trace: start.trace,
            answers: Mutex::default(),
            store: Mutex::new(None),
            observed: Mutex::default(),
            places: Places::default(),
            warnings: Mutex::new(start.trust.warnings),
            server_warnings: AtomicUsize::new(0),
            unverified: Mutex::default(),
            notes: Mutex::default(),
            reason: Mutex::default(),
            acted: AtomicBool::new(false),
            has_lost_end: AtomicBool::new(false),
            scrubs_later: AtomicBool::new(false),
        }
    }

    /// The path of the registry, whether it exists or not.
    pub fn registry(&self) -> &Path {
        &self.registry
    }

    /// Takes a lock beside the registry; `None` if another process keeps it.
    ///
    /// # Errors
    /// If the lock file cannot be created.
    pub fn try_lock(&self, name: &str) -> Result<Option<Lock>> {
        self.locks.take_soon(name)
    }

    /// Waits for a lock beside the registry as long as for a server.
    ///
    /// # Errors
    /// Busy, if another process holds it for longer.
    pub fn lock(&self, name: &str) -> Result<Lock> {
        self.locks.take(name)
    }

    /// What deliveries use of this run; without stdout if another result is printed there.
    pub fn resources<'a>(&'a self, stdout: Option<&'a dyn Sink>) -> Resources<'a> {
        Resources {
            variables: &self.variables,
            credential: &self.settings.credential,
            recipients: &self.settings.recipients,
            locks: &self.locks,
            timeout: self.timeout,
            stdout,
        }
    }

    /// Works with the registry file, which is opened on first use. All threads of the run wait meanwhile: `act` asks no
    /// server, delivers nothing and runs nothing.
    ///
    /// # Errors
    /// If the file cannot be opened, and any error of `act`.
    pub fn with_store<T>(&self, act: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        let mut slot = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match slot.take() {
            Some(store) => store,
            None => self.trace.locally(
                "open the registry",
                || Some(self.registry.display().to_string()),
                || self.open_store(),
            )?,
        };
        let store = slot.insert(store);
        let result = act(store);
        let written = store.take_written();
        let bad_rows = store.take_bad_rows();
        // Nobody who waits for the file waits for the system's log.
        drop(slot);
        self.tell_syslog(&written);
        self.name_bad_rows(&bad_rows);
        result
    }

    /// Names the rows that are not valid: some, if there are many.
    fn name_bad_rows(&self, bad_rows: &[BadRow]) {
        for bad in bad_rows.iter().take(MOST_NAMED) {
            self.warn_once(bad.to_string());
        }
        let more = bad_rows.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            self.warn_once(format!(
                "{more} more rows of the registry's table {} are not valid: pgrole doctor --offline",
                bad_rows[MOST_NAMED].table
            ));
        }
    }

    fn open_store(&self) -> Result<Store> {
        let operator = self.operator.clone();
        if self.only_looks || self.only_shows && is_read_only(&self.registry) {
            return Store::open_read_only(
                &self.registry,
                self.timeout,
                operator,
                self.record_keys(),
                Timestamp::now(),
            );
        }
        let store = Store::open(
            &self.registry,
            self.timeout,
            operator,
            self.record_keys(),
            Timestamp::now(),
        )?;
        self.scrub_after_others(&store);
        Ok(store)
    }

    /// The source of the key that authenticates what pgrole wrote into the registry.
    fn record_keys(&self) -> RecordKeys {
        let file = trust::record_key_file(&self.key_file);
        let is_trusted = self.is_trusted;
        Box::new(move |wanted| match wanted {
            KeyUse::Verify => record_key::find(&file),
            KeyUse::Adopt if !is_trusted => Ok(None),
            KeyUse::Sign | KeyUse::Adopt => {
                require_home_of(&file).context("cannot keep the registry's key")?;
                record_key::find_or_create(&file).map(Some)
            }
        })
    }

    /// Who may write this run's registry.
    pub fn registry_rule(&self) -> OwnershipRule {
        if self.settings.registry_shared {
            OwnershipRule::Shared
        } else {
            OwnershipRule::Own
        }
    }

    /// Whether the contents of the files may be acted on.
    pub fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Sends outcomes to the system's log, if that is configured.
    fn tell_syslog(&self, written: &[RecordedEvent]) {
        let Some(socket) = &self.settings.syslog else {
            return;
        };
        for event in written.iter().filter(|event| event.is_end) {
            if let Err(error) = syslog::send(socket, event) {
                let socket = socket.display();
                self.note(format!(
                    "the system's log {socket} did not accept an event: {error}"
                ));
            }
        }
    }

    /// The newest event that this run wrote into the audit log; if it wrote none but has the file open, the file's
    /// newest.
    pub fn audit_anchor(&self) -> Option<Anchor> {
        let slot = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        // A result must reach the operator, with or without its anchor.
        slot.as_ref()?.audit_anchor().ok()?
    }

    /// Records a warning for the operator about an act that succeeded.
    pub fn warn(&self, warning: String) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        warnings.push(warning);
    }

    /// Warns that the new password of a role was not verified: what is the same for several roles is said once.
    pub fn warn_unverified(&self, target: &Target, role: &RoleName, why: String) {
        let mut unverified = self
            .unverified
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        unverified.push(Unverified {
            rank: self.settings.rollout_rank(target.env.as_str()),
            target: target.name(),
            role: role.clone(),
            why,
        });
    }

    /// The same, once even if several targets cause it.
    pub fn warn_once(&self, warning: String) -> bool {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !warnings.contains(&warning);
        if is_new {
            warnings.push(warning);
        }
        is_new
    }

    /// Records a note once, even if it occurs several times in a run.
    fn note_once(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Records a note that is shown only with `--verbose`.
    pub fn note(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note);
    }

    /// Takes down why the run is made, for those of its acts that have no reason of their own.
    pub fn note_reason(&self, reason: Option<&str>) {
        let mut noted = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        *noted = reason.map(str::to_owned);
    }

    /// Why the run is made.
    fn reason(&self) -> Option<String> {
        let noted = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        noted.clone()
    }

    /// The operator who runs this.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Whether this run has recorded any act.
    pub fn has_acted(&self) -> bool {
        self.acted.load(Ordering::SeqCst)
    }

    /// Warns that the end of an act is not on record. The run is not a success then, whatever it did.
    fn warn_of_lost_end(&self, warning: String) {
        self.has_lost_end.store(true, Ordering::SeqCst);
        self.warn(warning);
    }

    /// Refuses to call a run a success of which not everything is on record.
    ///
    /// # Errors
    /// If the end of an act is not on record; a warning says why.
    pub fn require_record(&self) -> Result<()> {
        if !self.has_lost_end.load(Ordering::SeqCst) {
            return Ok(());
        }
        let what = "it is done, but not all of it is on record";
        Err(Failure::new(Kind::Failed, what)
            .hint("once the registry can be written again: pgrole recover run, then pgrole audit list")
            .into())
    }

    /// Takes the notes so far: where logins came from, which statements ran.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the warnings so far.
    pub fn take_warnings(&self) -> Vec<String> {
        let mut warnings =
            std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        let mut unverified = self
            .unverified
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        warnings.extend(crate::run::unverified::warnings(std::mem::take(
            &mut *unverified,
        )));
        warnings
    }

    /// Searches the sources for the admin credential of a target.
    pub fn search_credential(&self, target: &Target) -> Search {
        self.search(target, &|user| self.ask_once(user, target))
    }

    /// The same without asking anybody.
    pub fn search_credential_silently(&self, target: &Target) -> Search {
        self.search(target, &nobody)
    }

    /// Which source seems to have the login of each target; nothing is run, and nobody asked.
    pub fn glance_at_credentials(&self, targets: &[Target]) -> Vec<Glance> {
        self.sources(&nobody).glance(targets)
    }

    /// The user that the admin credential of a target has if its source names none.
    pub fn admin_user(&self, target: &Target) -> String {
        self.sources(&nobody).user(target)
    }

    fn search(&self, target: &Target, ask: Ask<'_>) -> Search {
        let sources = self.sources(ask);
        let trace = self.trace.on(target);
        let searched: Result<_, Infallible> = trace.locally(
            "find the credential",
            || None,
            || Ok(sources.search(target)),
        );
        searched.unwrap_or_else(|never| match never {})
    }

    fn sources<'a>(&'a self, ask: Ask<'a>) -> Sources<'a> {
        Sources {
            settings: &self.settings.credential,
            variables: &self.variables,
            operator: &self.operator.user,
            ask,
        }
    }

    /// Asks a person for a password, once per run and user, whatever the number of targets.
    fn ask_once(&self, user: &str, target: &Target) -> Result<Secret, String> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(user) {
            return answer.clone();
        }
        let answer = (self.ask)(user, target);
        answers.insert(user.to_owned(), answer.clone());
        answer
    }
}

fn nobody(_user: &str) -> Result<Secret, String> {
    Err("not asked".to_owned())
}
