//! `explain`: the first reason why a role cannot log in or do something, on each target, and what mends it. Nothing is
//! changed, and no statement of anybody's is run; one may be planned, as the role and never as the admin.

use std::cell::Cell;

use anyhow::{Context, Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::{on_target, pasteable};
use crate::domain::failure::sqlstate_of;
use crate::domain::role::RoleName;
use crate::domain::role::explanation::{
    AccessQuestion, Cause, Findings, HbaAnswer, LoginReading, SubjectKind, Verdict,
};
use crate::domain::role::named_objects;
use crate::domain::role::named_objects::bare_name;
use crate::domain::role::planner::PlannerGround;
use crate::domain::target::Target;
use crate::run::fleet::{InvalidEntry, for_each_target};
use crate::run::{Act, FleetReading, Run, TargetSession};
use crate::server::explain::{
    LoginAndGround, LoginAndRelations, read_access, read_login, read_login_and_ground,
    read_login_and_relations,
};
use crate::server::planner::end_session;
use crate::wire::authentication::Method;
use crate::wire::first_answer::FirstAnswer;

/// Databases that nearly every server has, to ask from about one that takes no login.
const USUAL_DATABASES: [&str; 2] = ["postgres", "template1"];

/// What is asked about a role.
#[derive(Debug, Clone)]
pub struct Question {
    pub role: RoleName,
    pub wanted: Wanted,
}

/// What a role wants to do, beside logging in.
#[derive(Debug, Clone)]
pub enum Wanted {
    Login,
    Access(AccessQuestion),
    /// The text of a statement.
    Statement(String),
}

/// The result for one target: always a row, and the error if it failed.
pub struct ExplainedTarget {
    /// The target's index in the list.
    pub place: usize,
    pub row: Explanation,
    pub error: Option<Error>,
}

/// Whether a role can log in to a target, or do something there, and why not.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Explanation {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The role.
    pub username: String,
    /// `can`, `cannot` or `unknown`: what cannot be read is never taken for `can`.
    pub verdict: Verdict,
    /// The same for the login alone.
    pub login: Verdict,
    /// The same for what it wants to do; null if only the login was asked about.
    pub access: Option<Verdict>,
    /// The first cause in the server's own order, by its name in docs/explain.md; null if none is known.
    pub cause: Option<String>,
    /// What that is here; null if no cause is known.
    pub message: Option<String>,
    /// What the server says then; null if no cause is known, if the server hides rows without an error, or reported none.
    pub sqlstate: Option<String>,
    /// A command or a statement that mends that cause, which is shown and never run; null if there is none.
    pub remedy: Option<String>,
    /// What gives the right: `PUBLIC`, `ownership`, `superuser`, or who has it: `role "…"`, `group "…"`, `owner "…"`.
    pub through: Vec<String>,
    /// What could not be read, or is not known even if the verdict is `can`.
    pub unknown: Vec<String>,
    /// What would stand in the way next, in the server's order.
    pub next: Vec<NextCause>,
}

/// A cause that comes after the first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NextCause {
    /// Its name in docs/explain.md.
    pub cause: String,
    /// What it is here.
    pub message: String,
    /// What mends it; null if nothing does.
    pub remedy: Option<String>,
}

/// Explains on each target.
///
/// # Errors
/// If the audit log cannot be written.
pub fn explain(
    run: &Run,
    targets: &[Target],
    question: &Question,
    mut take: impl FnMut(ExplainedTarget),
) -> Result<()> {
    let cannot = format!("cannot explain role \"{}\"", question.role);
    let act = Act::over(targets, Operation::Explain, cannot).role(&question.role);
    let reading = run.begin_reading(targets, act)?;
    let (mut can, mut cannot, mut unknown) = (0, 0, 0);
    for_each_target(
        run,
        targets,
        |target| explain_on(run, &reading, target, question),
        |place, result| {
            let target = &targets[place];
            let (row, error) = match result {
                Ok(row) => (row, None),
                Err(error) => {
                    let named = (target.env.as_str(), target.database.as_str());
                    (Explanation::failed(named, question, &error), Some(error))
                }
            };
            match row.verdict {
                Verdict::Can => can += 1,
                Verdict::Cannot => cannot += 1,
                Verdict::Unknown => unknown += 1,
            }
            take(ExplainedTarget { place, row, error });
        },
    );
    reading.end(Status::Explained {
        can,
        cannot,
        unknown,
    });
    Ok(())
}

/// The row of an invalid entry.
pub fn report_invalid(invalid: &InvalidEntry, question: &Question) -> Explanation {
    let named = (invalid.entry.env.as_str(), invalid.entry.database.as_str());
    Explanation::failed(named, question, &invalid.error)
}

fn explain_on(
    run: &Run,
    reading: &FleetReading<'_>,
    target: &Target,
    question: &Question,
) -> Result<Explanation> {
    let role = &question.role;
    let left = Cell::new(None);
    let asked = reading.ask(target, |server| match &question.wanted {
        Wanted::Login => Ok((login_findings(server, target, role)?, None)),
        Wanted::Access(access) => {
            let database = &target.database;
            let LoginAndRelations { login, relations } = server.read(|connection| {
                read_login_and_relations(connection, role, database, &[access])
            })?;
            let login = judged(server, target, role, login);
            let read =
                server.read(|connection| read_access(connection, role, &[access], relations))?;
            let read = read.into_iter().next().context("one was asked about")?;
            let search_path = read.search_path();
            let access = AccessPart {
                findings: read.findings(),
                search_path,
            };
            Ok((login, Some(access)))
        }
        Wanted::Statement(statement) => {
            let found = statement_findings(run, server, target, (role, statement));
            left.set(server.left_running());
            let (login, access) = found?;
            Ok((login, Some(access)))
        }
    });
    let asked = match left.get() {
        None => asked,
        Some(process) => {
            let ended = reading.ask(target, |server| {
                server.read(|connection| end_session(connection, process))
            });
            asked.map_err(|error| match ended {
                Ok(_) => error,
                Err(_) => error.context(format!(
                    "its session may still run: SELECT pg_terminate_backend({process})"
                )),
            })
        }
    };
    let (login, access) = match asked {
        Ok(found) => found,
        Err(error) if is_about_database(&error) => {
            let login = ask_from_elsewhere(run, reading, target, question).ok_or(error)?;
            // The database takes no login, the admin's included.
            let why = "what it may do: the database takes no login";
            let access = (!question.is_of_login()).then(|| AccessPart::unknown([why.to_owned()]));
            (login, access)
        }
        Err(error) => return Err(error),
    };
    explanation(run, target, question, login, access)
}

/// What is known about the access.
struct AccessPart {
    findings: Findings,
    /// The role's, with the schema of the object.
    search_path: Vec<String>,
}

impl AccessPart {
    fn unknown(why: impl IntoIterator<Item = String>) -> Self {
        Self {
            findings: Findings {
                unknown: why.into_iter().collect(),
                ..Findings::default()
            },
            search_path: Vec::new(),
        }
    }
}

impl Question {
    fn is_of_login(&self) -> bool {
        matches!(self.wanted, Wanted::Login)
    }
}

/// What is known about the login, with the role's OID, and about a statement: the objects that it names are read before the
/// server plans it, since nothing is asked in that session afterwards.
fn statement_findings(
    run: &Run,
    server: &mut TargetSession<'_>,
    target: &Target,
    (role, statement): (&RoleName, &str),
) -> Result<((Option<u32>, Findings), AccessPart)> {
    let mut questions = named_objects::questions(statement);
    let functions = questions.iter();
    let functions = functions.filter(|question| question.kind == SubjectKind::Function);
    let functions: Vec<_> = functions
        .filter_map(|question| bare_name(&question.object))
        .collect();
    let asked: Vec<_> = questions.iter().collect();
    let asked = (asked.as_slice(), functions.as_slice());
    let LoginAndGround {
        login,
        relations,
        ground,
    } = server
        .read(|connection| read_login_and_ground(connection, role, &target.database, asked))?;
    let login = judged(server, target, role, login);
    let obstacles = obstacles(run, server, &ground);
    if login.0.is_none() || !obstacles.is_empty() {
        // The first is reason enough.
        let first = obstacles.into_iter().next();
        let why = first.map(|why| format!("what the server says of the statement: {why}"));
        return Ok((login, AccessPart::unknown(why)));
    }
    questions.retain(|question| ground.is_worth_asking(question));
    let asked: Vec<_> = questions.iter().collect();
    let readings = if asked.is_empty() {
        Vec::new()
    } else {
        server.read(|connection| read_access(connection, role, &asked, relations))?
    };
    let named = questions.into_iter().zip(readings).collect();
    let access = match server.plan_as_role(&ground, statement) {
        Ok(answer) => {
            let (findings, search_path) = answer.findings(named);
            AccessPart {
                findings,
                search_path,
            }
        }
        // The role cannot be acted as, or it took too long.
        Err(error) if sqlstate_of(&error).is_some() => {
            AccessPart::unknown([format!("what the server says of the statement: {error:#}")])
        }
        Err(error) => return Err(error),
    };
    Ok((login, access))
}

/// What keeps a statement from being planned as the role.
fn obstacles(run: &Run, server: &TargetSession<'_>, ground: &PlannerGround) -> Vec<String> {
    let mut obstacles = ground.obstacles.clone();
    if !server.is_direct() {
        obstacles.push("a pooler is in between, whose session outlives the question".to_owned());
    }
    let allowed = &run.settings.rehearsed_triggers;
    let triggers = ground.event_triggers.iter();
    let triggers = triggers.filter(|trigger| allowed.get(&trigger.name) != Some(&trigger.md5));
    obstacles.extend(triggers.map(|trigger| {
        let name = &trigger.name;
        format!(
            "the event trigger \"{name}\" would run, which [rehearse] event_triggers does not allow"
        )
    }));
    obstacles
}

/// Whether the server was reached, and its database refused the admin: then another one can tell of the login.
fn is_about_database(error: &Error) -> bool {
    matches!(
        sqlstate_of(error),
        Some("3D000" | "42501" | "53300" | "55000")
    )
}

/// Asks about the login from another database of the same server; `None` if none answers.
fn ask_from_elsewhere(
    run: &Run,
    reading: &FleetReading<'_>,
    target: &Target,
    question: &Question,
) -> Option<(Option<u32>, Findings)> {
    let is_beside =
        |other: &Target| other.is_at_place_of(target) && other.database != target.database;
    let registered = run.all_targets().unwrap_or_default();
    let registered = registered.into_iter().filter(is_beside);
    let usual = USUAL_DATABASES.iter().filter_map(|name| {
        let database = name.parse().ok()?;
        (database != target.database).then(|| Target {
            database,
            ..target.clone()
        })
    });
    registered.chain(usual).find_map(|beside| {
        let ask = |server: &mut TargetSession<'_>| login_findings(server, target, &question.role);
        reading.ask(&beside, ask).ok()
    })
}

/// What is known about the login, and the role's OID.
fn login_findings(
    server: &mut TargetSession<'_>,
    target: &Target,
    role: &RoleName,
) -> Result<(Option<u32>, Findings)> {
    let found = server.read(|connection| read_login(connection, role, &target.database))?;
    Ok(judged(server, target, role, found))
}

/// The role's OID, and what follows from a reading and the server's answer to a login.
fn judged(
    server: &TargetSession<'_>,
    target: &Target,
    role: &RoleName,
    found: LoginReading,
) -> (Option<u32>, Findings) {
    let answer = hba_answer(server, target, role, &found);
    (found.oid, found.findings(answer))
}

/// What `pg_hba.conf` asks for; `None` if its rules say so.
fn hba_answer(
    server: &TargetSession<'_>,
    target: &Target,
    role: &RoleName,
    found: &LoginReading,
) -> Option<HbaAnswer> {
    if !server.is_direct() {
        let why = "a pooler is in between, which answers for itself";
        return Some(HbaAnswer::Unknown(why.to_owned()));
    }
    if !found.needs_answer() {
        return None;
    }
    Some(match server.first_answer(role, &target.database) {
        Ok(Some(FirstAnswer::Asks(method))) => match method {
            Method::Nothing => HbaAnswer::Nothing,
            Method::Cleartext => HbaAnswer::Cleartext,
            Method::Md5 => HbaAnswer::Md5,
            Method::Scram => HbaAnswer::Scram,
            Method::Other => HbaAnswer::Other,
        },
        Ok(Some(FirstAnswer::Refuses { sqlstate, message })) if sqlstate == "28000" => {
            HbaAnswer::Refused(message)
        }
        Ok(Some(FirstAnswer::Refuses { sqlstate, message })) => {
            HbaAnswer::Unknown(format!("{message} (SQLSTATE {sqlstate})"))
        }
        Ok(None) => HbaAnswer::Unknown("a pooler is in between".to_owned()),
        Err(error) => HbaAnswer::Unknown(format!("{error:#}")),
    })
}

fn explanation(
    run: &Run,
    target: &Target,
    question: &Question,
    (oid, login): (Option<u32>, Findings),
    access: Option<AccessPart>,
) -> Result<Explanation> {
    let (access, search_path) = match access {
        Some(part) => (Some(part.findings), part.search_path),
        None => (None, Vec::new()),
    };
    let remedies = Remedies {
        target,
        role: &question.role,
        is_locked: is_locked(run, target, question, oid)?,
        search_path,
    };
    let mut row = Explanation {
        login: login.verdict(),
        access: access.as_ref().map(Findings::verdict),
        ..Explanation::of((target.env.as_str(), target.database.as_str()), question)
    };
    let is_role_known = oid.is_some();
    let parts = [Some(&login), access.as_ref().filter(|_| is_role_known)];
    row.verdict =
        parts
            .iter()
            .flatten()
            .fold(Verdict::Can, |all, part| match (all, part.verdict()) {
                (Verdict::Cannot, _) | (_, Verdict::Cannot) => Verdict::Cannot,
                (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
                _ => Verdict::Can,
            });
    // What is asked about is what is done, if anything is.
    let asked = access.as_ref().unwrap_or(&login);
    if asked.verdict() == Verdict::Can {
        row.through.clone_from(&asked.through);
    }
    for part in parts.iter().flatten() {
        row.unknown.extend(part.unknown.iter().cloned());
        row.unknown.extend(part.limits.iter().cloned());
    }
    let mut causes = parts.iter().flatten().flat_map(|part| &part.causes);
    if let Some(first) = causes.next() {
        row.cause = Some(first.name.clone());
        row.message = Some(first.message.clone());
        row.sqlstate.clone_from(&first.sqlstate);
        row.remedy = remedies.remedy(first);
    }
    let next = causes.map(|cause| NextCause {
        cause: cause.name.clone(),
        message: cause.message.clone(),
        remedy: remedies.remedy(cause),
    });
    row.next = next.collect();
    Ok(row)
}

/// Whether pgrole itself made the role NOLOGIN.
fn is_locked(run: &Run, target: &Target, question: &Question, oid: Option<u32>) -> Result<bool> {
    run.with_store(|store| {
        let Some(cluster_id) = store.find_cluster(target)? else {
            return Ok(false);
        };
        let locked = store.find_locked(&cluster_id, &question.role)?;
        Ok(locked.is_some_and(|locked| locked.could_login && Some(locked.oid) == oid))
    })
}

/// What mends a cause: pgrole's own command where there is one, else a statement.
struct Remedies<'a> {
    target: &'a Target,
    role: &'a RoleName,
    is_locked: bool,
    search_path: Vec<String>,
}

impl Remedies<'_> {
    fn remedy(&self, cause: &Cause) -> Option<String> {
        let command = |template| on_target(template, self.target, &[self.role]);
        match (cause.name.as_str(), &cause.value) {
            ("no_role", None) => Some(command("pgrole user readonly -e {} -d {} -u {}")),
            // The name is to be written as it is.
            ("no_role", Some(_)) => None,
            ("no_password" | "verifier", _) => Some(command("pgrole user reset -e {} -d {} -u {}")),
            ("valid_until", _) => Some(command("pgrole user set -e {} -d {} -u {} --no-end")),
            ("nologin", _) if self.is_locked => {
                Some(command("pgrole user unlock -e {} -d {} -u {}"))
            }
            ("role_limit", Some(limit)) => Some(on_target(
                "pgrole user set -e {} -d {} -u {} --connection-limit {}",
                self.target,
                &[self.role, limit],
            )),
            ("search_path", _) => {
                let mut path = command("pgrole user search-path -e {} -d {} -u {}");
                for schema in &self.search_path {
                    path.push_str(&pasteable(" --schema {}", &[schema]));
                }
                Some(path)
            }
            _ => cause.remedy.as_deref().map(as_statement),
        }
    }
}

/// A statement ends as psql wants it; what is to be done to a file is none.
fn as_statement(remedy: &str) -> String {
    if remedy.starts_with("add ") {
        remedy.to_owned()
    } else {
        format!("{remedy};")
    }
}

impl Explanation {
    fn of((env, database): (&str, &str), question: &Question) -> Self {
        Self {
            env: env.to_owned(),
            database: database.to_owned(),
            username: question.role.to_string(),
            access: (!question.is_of_login()).then_some(Verdict::Unknown),
            ..Self::default()
        }
    }

    fn failed(named: (&str, &str), question: &Question, error: &Error) -> Self {
        Self {
            sqlstate: sqlstate_of(error).map(str::to_owned),
            unknown: vec![format!("{error:#}")],
            ..Self::of(named, question)
        }
    }
}
