//! Checks a roster against the registry and this machine, before anything is done: its targets, roles that are asked
//! for twice, and that each delivery would work.

use std::collections::HashMap;

use anyhow::{Error, Result};

use crate::delivery::Sink;
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::choice;
use crate::domain::failure::{Kind, hint_of, kind_of};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::role::profile::Profile;
use crate::domain::role::term::Term;
use crate::domain::roster::{Column, Problem, RosterRow};
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::password::{ClaimedFiles, DeliveryRoute, rehearse};
use crate::run::Run;
use crate::run::fleet::by_cluster;

/// A login to create on a target of the registry.
#[derive(Debug)]
pub struct NewLogin {
    pub line: u64,
    pub target: Target,
    pub role: RoleName,
    pub profile: Profile,
    pub term: Option<Term>,
    /// Placeholders and all, with absolute paths.
    pub deliver: Deliveries,
    pub reason: Option<String>,
}

/// The logins that a roster asks for, and everything that stands in their way.
///
/// # Errors
/// If the registry cannot be read; if passwords would be printed where nothing reads them.
pub fn check_roster(
    run: &Run,
    rows: Vec<RosterRow>,
    stdout: &dyn Sink,
) -> Result<(Vec<NewLogin>, Vec<Problem>)> {
    let mut checked = Checked::default();
    checked.find_targets(run, rows)?;
    checked.refuse_repetitions();
    checked.refuse_group_names();
    checked.rehearse_deliveries(run, stdout)?;
    checked.problems.sort_by_key(|problem| problem.line);
    Ok((checked.logins, checked.problems))
}

#[derive(Default)]
struct Checked {
    logins: Vec<NewLogin>,
    problems: Vec<Problem>,
}

impl Checked {
    fn find_targets(&mut self, run: &Run, rows: Vec<RosterRow>) -> Result<()> {
        let mut known: HashMap<(Environment, DatabaseName), Result<Target, Problem>> =
            HashMap::new();
        for row in rows {
            let key = (row.env.clone(), row.database.clone());
            let found = known.entry(key).or_insert_with(|| {
                let target = run.target(&row.env, &row.database);
                target.map_err(|error| no_target(run, &row, &error))
            });
            match found {
                Ok(target) => self.logins.push(NewLogin {
                    line: row.line,
                    target: target.clone(),
                    role: row.role,
                    profile: row.profile,
                    term: row.term,
                    deliver: row.deliver.anchored()?,
                    reason: row.reason,
                }),
                Err(problem) => self.problems.push(Problem {
                    line: Some(row.line),
                    ..problem.clone()
                }),
            }
        }
        Ok(())
    }

    /// A role belongs to a cluster: its second database is another act.
    fn refuse_repetitions(&mut self) {
        let targets: Vec<Target> = self
            .logins
            .iter()
            .map(|login| login.target.clone())
            .collect();
        // By place in the file, which is by index here.
        let mut cluster_of = HashMap::new();
        for (number, cluster) in by_cluster(&targets).into_iter().enumerate() {
            for target in cluster {
                cluster_of.insert((&target.env, &target.database), number);
            }
        }
        let mut seen: HashMap<(usize, &RoleName), &NewLogin> = HashMap::new();
        for login in &self.logins {
            let NewLogin {
                target, role, line, ..
            } = login;
            let Some(cluster) = cluster_of.get(&(&target.env, &target.database)) else {
                continue;
            };
            let Some(first) = seen.get(&(*cluster, role)) else {
                seen.insert((*cluster, role), login);
                continue;
            };
            let problem = if first.target.name() == target.name() {
                Problem::at(*line, format!("\"{role}\" is on line {} too", first.line))
            } else {
                let what = format!(
                    "\"{role}\" is on line {} too, for {}, which is on the same server",
                    first.line,
                    first.target.name()
                );
                Problem::at(*line, what)
                    .hint("a login is created once on a server; then give it access to another database: pgrole access grant")
            };
            self.problems.push(problem.column(Column::Username));
        }
    }

    fn refuse_group_names(&mut self) {
        for login in &self.logins {
            let database = &login.target.database;
            let mut groups = GROUP_LEVELS
                .map(|level| group_name(database, level))
                .into_iter();
            if login.profile.access != AccessLevel::None && groups.any(|group| group == login.role)
            {
                let what = format!("\"{}\" is the name of an access group", login.role);
                let problem = Problem::at(login.line, what).column(Column::Username);
                self.problems
                    .push(problem.hint("choose another name for the login"));
            }
        }
    }

    fn rehearse_deliveries(&mut self, run: &Run, stdout: &dyn Sink) -> Result<()> {
        let mut claimed = ClaimedFiles::new(run);
        for login in &self.logins {
            let NewLogin {
                target,
                role,
                deliver,
                line,
                ..
            } = login;
            // Whether stdout is read is asked once for all.
            if deliver.is_stdout() {
                continue;
            }
            let route = DeliveryRoute { deliver, stdout };
            let ready = rehearse(run, &mut claimed, &route, target, role)
                .and_then(|()| claimed.claim(deliver, target, role, *line));
            match ready {
                Ok(()) => {}
                Err(error) if is_about_row(&error) => {
                    let problem = Problem::at(*line, format!("{error:#}"));
                    let problem = Problem {
                        hint: hint_of(&error).map(str::to_owned),
                        ..problem.column(Column::Deliver)
                    };
                    self.problems.push(problem);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether another row may still be fine.
fn is_about_row(error: &Error) -> bool {
    !matches!(kind_of(error), Kind::Interrupted | Kind::Busy)
}

/// Why there is no such target, with the nearest one.
fn no_target(run: &Run, row: &RosterRow, error: &Error) -> Problem {
    let problem = Problem::at(row.line, format!("{error:#}")).column(Column::Database);
    let targets = run.all_targets().unwrap_or_default();
    let in_env = targets.iter().filter(|target| target.env == row.env);
    let known = in_env.map(|target| target.database.as_str());
    let nearest = choice::did_you_mean(row.database.as_str(), known);
    let nearest = nearest.filter(|_| kind_of(error) == Kind::NotFound);
    Problem {
        hint: nearest.or_else(|| hint_of(error).map(str::to_owned)),
        ..problem
    }
}
