//! A session on a target's server, guarded against another cluster answering.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

use crate::credentials::{Credential, PassedOver};
use crate::domain::command_line::on_target;
use crate::domain::encoding::Encoding;
use crate::domain::failure;
use crate::domain::failure::{Failure, Kind, Phase, sqlstate_of};
use crate::domain::interrupt;
use crate::domain::password::login_place::LoginSource;
use crate::domain::role::RoleName;
use crate::domain::role::planner::{PlannerAnswer, PlannerGround};
use crate::domain::target::cluster::{Instance, Sighting};
use crate::domain::target::{DatabaseName, Target};
use crate::domain::timestamp::Timestamp;
use crate::run::Run;
use crate::run::begun_act::{BegunAct, PendingEnd};
use crate::run::open_login;
use crate::server::catalog;
use crate::server::catalog::{Guarded, ServerIdentity};
use crate::server::planner;
use crate::server::rehearsal;
use crate::server::rehearsal::Rehearsed;
use crate::wire::changes::Statement;
use crate::wire::connection::{Connection, Limits, LoginRequest, StatementLog, TlsSession};
use crate::wire::first_answer::FirstAnswer;

/// A session on a target, as `audited` provides it. Results can only be obtained if the cluster is the one that
/// answered for the target before, and nothing is changed before that is checked.
pub struct TargetSession<'a> {
    pub(super) run: &'a Run,
    pub(super) target: Target,
    pub(super) connection: Connection,
    contact: ClusterContact,
    /// The role that logged in.
    pub admin: String,
    /// Where the admin credential was found, for messages.
    pub origin: String,
    /// The sources that gave none, and why.
    pub passed_over: Vec<PassedOver>,
    /// The operation's ID in the audit log.
    pub operation_id: String,
    /// How the operation leaves a password change.
    pub pending_end: PendingEnd,
    /// Whether the credential's sources hold an older password than the one in force.
    pub is_undelivered: bool,
    /// What the server warned of, and nobody has taken.
    pub(super) warnings: Vec<String>,
    /// Whether something was rehearsed in it: what does not roll back must not reach the next act.
    is_spent: bool,
    /// When the last act on it ended.
    idle_since: Instant,
}

/// The measurement of one round trip.
#[derive(Debug, Clone, Copy)]
pub struct RoundTrip {
    pub took: Duration,
    /// How many seconds the server's clock is ahead of ours, give or take half the round trip.
    pub clock_ahead: f64,
}

/// Whether it is known which cluster answers.
#[derive(Debug)]
enum ClusterContact {
    NotYet,
    Made(Box<Sighting>),
}

impl<'a> TargetSession<'a> {
    /// The run that it is a session of.
    pub fn run(&self) -> &'a Run {
        self.run
    }

    /// Reads from the catalog, by one of its functions.
    ///
    /// # Errors
    /// Refused, if another cluster answers; the server's error.
    pub fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Connection) -> Result<Guarded<T>>,
    ) -> Result<T> {
        let read = read(&mut self.connection);
        self.note_warnings();
        let (run, target) = (self.run, &self.target);
        let contact = &mut self.contact;
        if let Err(error) = &read
            && matches!(contact, ClusterContact::NotYet)
            && is_unanswered(error)
        {
            run.places.note_unanswered(target, error);
        }
        read?.checked(|found| {
            // A session that acts share is checked again by each of them: what is between here and the server may have
            // led it elsewhere.
            if let ClusterContact::Made(before) = contact {
                return require_same(before, &found);
            }
            if matches!(contact, ClusterContact::NotYet) {
                run.check_cluster(target, found.cluster.as_deref())?;
                let sighting = Sighting {
                    target: target.clone(),
                    identifier: found.cluster,
                    instance: found.instance,
                };
                run.meet(&sighting)?;
                *contact = ClusterContact::Made(Box::new(sighting));
            }
            Ok(())
        })
    }

    /// Runs statements as one transaction, in one round trip.
    ///
    /// # Errors
    /// The server's error; if nothing was read before, because then the cluster is not known.
    pub fn execute_all(&mut self, statements: &[Statement], limits: Limits) -> Result<()> {
        if matches!(self.contact, ClusterContact::NotYet) {
            bail!("a server must not be changed before it has been read which cluster it is");
        }
        let result = self.connection.execute_all(statements, limits);
        self.note_warnings();
        result
    }

    /// Runs statements in a transaction that is rolled back, and reads there what rights the roles have. The session can
    /// do nothing else afterwards.
    ///
    /// # Errors
    /// Refused, if a pooler is in between; as [`rehearsal::rehearse`]; if nothing was read before.
    pub fn rehearse(
        &mut self,
        log: StatementLog,
        statements: &[Statement],
        roles: &[&RoleName],
    ) -> Result<Rehearsed> {
        self.spend("the rehearsal")?;
        rehearsal::rehearse(&mut self.connection, log, statements, roles)
    }

    /// Has the server plan a statement as a role, and not run it. The session can do nothing else afterwards.
    ///
    /// # Errors
    /// Refused, if a pooler is in between; as [`planner::plan_as_role`]; if nothing was read before.
    pub fn plan_as_role(
        &mut self,
        ground: &PlannerGround,
        statement: &str,
    ) -> Result<PlannerAnswer> {
        self.spend("the question")?;
        let database = &self.target.database;
        planner::plan_as_role(&mut self.connection, ground, database, statement)
    }

    /// The process of a session that may still do what it was given up at.
    pub fn left_running(&self) -> Option<i32> {
        (self.is_spent && !self.connection.is_idle()).then(|| self.connection.promised_process())
    }

    /// Notes that the session is good for nothing after this.
    ///
    /// # Errors
    /// Refused, if a pooler is in between; if nothing was read before.
    fn spend(&mut self, what: &str) -> Result<()> {
        if matches!(self.contact, ClusterContact::NotYet) {
            bail!("a server must not be changed before it has been read which cluster it is");
        }
        if !self.connection.is_direct() {
            let what = format!(
                "{} is reached through a pooler, whose session outlives {what}",
                self.target.name()
            );
            let hint = on_target(
                "pgrole registry update -e {} -d {} --hostname HOST --port PORT",
                &self.target,
                &[],
            );
            return Err(Failure::refused(what)
                .hint(format!("connect to the server itself: {hint}"))
                .into());
        }
        self.is_spent = true;
        Ok(())
    }

    /// The session between two acts, after one with this result; `None` where it cannot be known in which state it is:
    /// it was cut or given up, or the server ended it. After a change that failed, recovery may end it, by the name that
    /// the change gave it.
    pub(super) fn between_acts<T>(mut self, result: &Result<T>) -> Option<Self> {
        let is_in_doubt = result.as_ref().is_err_and(|error| {
            is_about_session(error)
                || failure::kind_of(error) == Kind::Unreachable
                || self.pending_end.is_noted()
        });
        self.say_warnings();
        self.idle_since = Instant::now();
        (self.connection.is_idle() && !is_in_doubt && !self.is_spent).then_some(self)
    }

    /// Whether it waited so long that something on the way may have forgotten it, or has ended, as far as can be told
    /// without asking the server.
    pub(super) fn is_stale(&self) -> bool {
        self.has_waited() || self.connection.has_ended()
    }

    /// Whether nobody used it for as long as a server is waited for.
    pub(super) fn has_waited(&self) -> bool {
        self.idle_since.elapsed() > self.run.timeout
    }

    /// Whether it is a session on that very entry of the registry, by the same settings, and on the cluster that is known
    /// to answer there.
    pub(super) fn is_on(&self, target: &Target) -> bool {
        let is_same_cluster = match (self.cluster(), &target.cluster) {
            (Some(found), Some(known)) => found == known,
            _ => true,
        };
        // The run itself learns which cluster it is, and which others lead there.
        let entry = Target {
            cluster: target.cluster.clone(),
            cluster_id: target.cluster_id.clone(),
            ..self.target.clone()
        };
        is_same_cluster && entry == *target
    }

    /// The session for another act, which has begun.
    pub(super) fn for_act(mut self, begun: &mut BegunAct) -> Self {
        begun.admin_user = Some(self.admin.clone());
        begun
            .intent
            .operation_id()
            .clone_into(&mut self.operation_id);
        self.pending_end = begun.pending_end.clone();
        self
    }

    /// The role whose privileges apply: the login role, unless its own `role` setting names another.
    pub fn acting(&self) -> &str {
        self.connection.acting()
    }

    /// How many SCRAM iterations the server itself would use for a verifier.
    pub fn scram_iterations(&self) -> u32 {
        self.connection.scram_iterations()
    }

    /// The encoding of the database.
    pub fn encoding(&self) -> &Encoding {
        self.connection.encoding()
    }

    /// How long to wait for an answer.
    pub fn timeout(&self) -> Duration {
        self.run.timeout
    }

    /// Reads the server's clock, and measures how long that takes.
    ///
    /// # Errors
    /// As for all reads.
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

    /// What the server answers first to a login of that role, which tells what `pg_hba.conf` asks of it; `None` through a
    /// pooler, which answers for itself.
    ///
    /// # Errors
    /// If nothing was read before, or the server cannot be reached again.
    pub fn first_answer(
        &self,
        role: &RoleName,
        database: &DatabaseName,
    ) -> Result<Option<FirstAnswer>> {
        if matches!(self.contact, ClusterContact::NotYet) {
            bail!("a login must not be tried before it has been read which cluster answers");
        }
        if !self.is_direct() {
            return Ok(None);
        }
        self.connection
            .first_answer(role.as_str(), database.as_str())
            .map(Some)
    }

    /// Whether no pooler is between here and the server, as far as a read has shown.
    pub fn is_direct(&self) -> bool {
        self.connection.is_direct()
    }

    /// The TLS parameters of the session; `None` if it is not encrypted.
    pub fn tls(&self) -> Option<&TlsSession> {
        self.connection.tls()
    }

    /// How long the login took, DNS lookup included.
    pub fn login_took(&self) -> Duration {
        self.connection.login_took()
    }

    /// The address at which the server was reached.
    pub fn address(&self) -> String {
        self.connection.address()
    }

    /// The `system_identifier` of the cluster, once something was read; `None` if not known.
    pub fn cluster(&self) -> Option<&str> {
        match &self.contact {
            ClusterContact::Made(sighting) => sighting.identifier.as_deref(),
            ClusterContact::NotYet => None,
        }
    }

    /// Which running server answers, once something was read.
    pub fn instance(&self) -> Option<&Instance> {
        match &self.contact {
            ClusterContact::Made(sighting) => Some(&sighting.instance),
            ClusterContact::NotYet => None,
        }
    }
}

/// Whether nothing came back, not even that the statement was cancelled.
fn is_unanswered(error: &Error) -> bool {
    failure::kind_of(error) == Kind::Busy && sqlstate_of(error).is_none()
}

/// Whether the server said that it ended the session (57P0x), or that the connection broke (08…).
fn is_about_session(error: &Error) -> bool {
    sqlstate_of(error).is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
}

/// Refuses a server that is not the one that answered in this session before.
fn require_same(before: &Sighting, found: &ServerIdentity) -> Result<()> {
    let is_same = before.identifier == found.cluster
        && before.instance.started_at == found.instance.started_at;
    if is_same {
        return Ok(());
    }
    let what = format!("another server answers for {}", before.target.name());
    // Not as a refusal: the session is not used again.
    Err(Failure::new(Kind::Unreachable, what)
        .phase(Phase::Cluster)
        .hint("try again: whatever is between here and the server led the session elsewhere")
        .into())
}

impl Run {
    /// Logs in with the credential that the sources give, unless the server has not answered in this run. If it refuses the
    /// credential, the password may predate a change that is not yet delivered.
    pub(super) fn log_in<'a>(
        &'a self,
        target: &Target,
        begun: &mut BegunAct,
    ) -> Result<TargetSession<'a>> {
        self.places.require_answering(target)?;
        let search = self.search_credential(target);
        // Ctrl-C typed at the password prompt is not an answer.
        if interrupt::is_to_cancel() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        let passed_over = search.passed_over.clone();
        let sources = passed_over.clone();
        let operation_id = begun.intent.operation_id().to_owned();
        let pending_end = begun.pending_end.clone();
        let admin_user = &mut begun.admin_user;
        let server = |connection, admin: String, origin, is_undelivered| TargetSession {
            run: self,
            target: target.clone(),
            connection,
            contact: ClusterContact::NotYet,
            admin,
            origin,
            passed_over,
            operation_id,
            pending_end,
            is_undelivered,
            warnings: Vec::new(),
            is_spent: false,
            idle_since: Instant::now(),
        };
        let refusal = match search.credential(target) {
            Ok(credential) => {
                *admin_user = Some(credential.user.clone());
                match self.connect(target, &credential) {
                    Ok(connection) => {
                        self.note_login(target, &credential);
                        self.warn_of_any_login(target, &connection);
                        let mut server =
                            server(connection, credential.user, credential.origin, false);
                        server.note_warnings();
                        return Ok(server);
                    }
                    Err(error) => {
                        self.note_failed_login(target, &credential, &sources);
                        if failure::sqlstate_of(&error) != Some("28P01") {
                            return Err(error);
                        }
                        error
                    }
                }
            }
            Err(none) => none.into(),
        };
        // If the journal cannot be read, the server's own error says more.
        let open = self.open_changes().unwrap_or_default();
        let user = admin_user.as_deref();
        for (role, password) in open_login::passwords(open, &self.key_file, target, user) {
            let credential = Credential {
                user: role.to_string(),
                password: Some(password),
                passwords_of_hosts: Vec::new(),
                origin: "open change (not yet delivered)".to_owned(),
                kept: LoginSource::Elsewhere,
            };
            if let Ok(connection) = self.connect(target, &credential) {
                self.warn_once(format!(
                    "logged in as \"{role}\" with its new password, which is not yet stored where the credential is kept: pgrole recover run"
                ));
                *admin_user = Some(role.to_string());
                let mut server = server(connection, credential.user, credential.origin, true);
                server.note_warnings();
                return Ok(server);
            }
        }
        Err(refusal)
    }

    fn connect(&self, target: &Target, credential: &Credential) -> Result<Connection> {
        let login = LoginRequest {
            target: target.clone(),
            user: credential.user.clone(),
            password: credential.password.clone(),
            passwords_of_hosts: credential.passwords_of_hosts.clone(),
            timeout: self.timeout,
            trace: self.trace.on(target),
        };
        self.places.log_in(target, || Connection::open(&login))
    }

    /// A target from before `require_auth` accepts any authentication method: suggests the one that is in use.
    fn warn_of_any_login(&self, target: &Target, connection: &Connection) {
        let used = connection.authentication();
        if let Some(used) = used.filter(|_| target.accepts_any_login()) {
            self.warn_once(format!(
                "{} accepts any authentication method that its server requests; to accept only the one in use: {}",
                target.name(),
                on_target("pgrole registry update -e {} -d {} --require-auth {}", target, &[&used.as_str()])
            ));
        }
    }

    /// Which login failed, and which sources were passed over for it.
    fn note_failed_login(
        &self,
        target: &Target,
        credential: &Credential,
        passed_over: &[PassedOver],
    ) {
        for passed_over in passed_over {
            self.note(format!("{}: {}", target.name(), passed_over.reason));
        }
        self.note(format!(
            "{}: not logged in as \"{}\", from {}",
            target.name(),
            credential.user,
            credential.origin
        ));
    }

    fn note_login(&self, target: &Target, credential: &Credential) {
        self.note(format!(
            "logged in to {} as \"{}\", from {}",
            target.name(),
            credential.user,
            credential.origin
        ));
    }
}
