//! One run of pgrole: opens registry and credential lazily, and is the only way to a server, through the audit log.

pub mod begun_act;
mod clusters;
pub mod core_dumps;
pub mod fleet;
pub mod login_state;
pub mod messages;
mod open_login;
pub mod operator;
mod recording;
pub mod sealed_contents;
mod sighted;
mod syslog;
mod target_session;
mod targets;
pub mod trust;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use crate::credentials::{Ask, Search, Sources, record_key};
use crate::delivery::{Resources, Sink};
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::operator::Operator;
use crate::domain::password::record::KeyUse;
use crate::domain::password::secret::Secret;
use crate::domain::settings::Settings;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::Variables;
use crate::locks::{Lock, Locks};
use crate::run::sighted::SightedServer;
use crate::run::trust::{OwnershipRule, Trust};
use crate::store::{RecordKeys, RecordedEvent, Store, is_read_only};

pub use crate::run::recording::{Act, Done};
pub use crate::run::target_session::{RoundTrip, TargetSession};

/// What every operation needs, none of it opened before it is used.
pub struct Run {
    pub settings: Settings,
    pub variables: Variables,
    pub timeout: Duration,
    /// Where the key that seals passwords is kept, if not in the keyring.
    pub key_file: PathBuf,
    registry: PathBuf,
    locks: Locks,
    operator: Operator,
    /// Whether nothing is done but to show what is on record, for which a file that may only be read will do.
    only_shows: bool,
    /// Whether all that was read is its owner's alone.
    is_trusted: bool,
    ask: AskPerson,
    answers: Mutex<HashMap<String, Result<Secret, String>>>,
    store: Mutex<Option<Store>>,
    /// What answered in this run, each place once.
    sighted: Mutex<Vec<SightedServer>>,
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
    pub trust: Trust,
}

/// Asks the person at the terminal for a user's password; the reason, where there is nobody.
pub type AskPerson = fn(&str) -> Result<Secret, String>;

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
            is_trusted: start.trust.is_complete(),
            ask: start.ask,
            answers: Mutex::default(),
            store: Mutex::new(None),
            sighted: Mutex::default(),
            warnings: Mutex::new(start.trust.warnings),
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
        self.locks.try_take(name)
    }

    /// Waits for a lock beside the registry as long as for a server.
    ///
    /// # Errors
    /// Busy, where another process holds it for longer.
    pub fn lock(&self, name: &str) -> Result<Lock> {
        self.locks.take(name)
    }

    /// What deliveries use of this run; without stdout, where another result is printed there.
    pub fn resources<'a>(&'a self, stdout: Option<&'a dyn Sink>) -> Resources<'a> {
        Resources {
            variables: &self.variables,
            credential: &self.settings.credential,
            locks: &self.locks,
            timeout: self.timeout,
            stdout,
        }
    }

    /// Works with the registry file, which is opened on first use. All threads of the run wait meanwhile: `act` asks no
    /// server, delivers nothing and runs nothing.
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
        let written = store.take_written();
        // Nobody who waits for the file waits for the system's log.
        drop(slot);
        self.tell_syslog(&written);
        result
    }

    fn open_store(&self) -> Result<Store> {
        let operator = self.operator.clone();
        if self.only_shows && is_read_only(&self.registry) {
            return Store::open_read_only(
                &self.registry,
                self.timeout,
                operator,
                self.record_keys(),
                Timestamp::now(),
            );
        }
        Store::open(
            &self.registry,
            self.timeout,
            operator,
            self.record_keys(),
            Timestamp::now(),
        )
    }

    /// Where the key comes from that vouches for what pgrole wrote into the registry.
    fn record_keys(&self) -> RecordKeys {
        let file = trust::record_key_file(&self.key_file);
        let is_trusted = self.is_trusted;
        Box::new(move |wanted| match wanted {
            KeyUse::Verify => record_key::find(&file),
            KeyUse::Adopt if !is_trusted => Ok(None),
            KeyUse::Sign | KeyUse::Adopt => record_key::find_or_create(&file).map(Some),
        })
    }

    /// The rule for this run's registry.
    pub fn registry_rule(&self) -> OwnershipRule {
        if self.settings.registry_shared {
            OwnershipRule::Shared
        } else {
            OwnershipRule::Own
        }
    }

    /// Whether what the files say may be done.
    pub fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Tells the system's log, where it is configured, what has ended.
    fn tell_syslog(&self, written: &[RecordedEvent]) {
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
    pub fn note(&self, note: String) {
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
}
