//! A row of a roster as the login that it asks for.

use std::str::FromStr;

use crate::domain::access::AccessLevel;
use crate::domain::choice;
use crate::domain::failure::{Failure, hint_of};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::Destination;
use crate::domain::role::RoleName;
use crate::domain::role::profile::Profile;
use crate::domain::role::term::Term;
use crate::domain::roster::column::Column;
use crate::domain::roster::problem::Problem;
use crate::domain::roster::raw_row::RawRow;
use crate::domain::settings::{Expiry, Limit, Settings};
use crate::domain::target::{DatabaseName, Environment};

/// A login to create, as the file and the config file say.
#[derive(Debug, Clone)]
pub struct RosterRow {
    pub line: u64,
    pub env: Environment,
    pub database: DatabaseName,
    pub role: RoleName,
    /// With what the row says instead.
    pub profile: Profile,
    /// `None` for the profile's.
    pub term: Option<Term>,
    /// Placeholders and all.
    pub deliver: Deliveries,
    pub reason: Option<String>,
}

/// Parses a row, or says everything that is wrong with it.
pub(super) fn parse(raw: &RawRow, settings: &Settings) -> Result<RosterRow, Vec<Problem>> {
    let mut reading = Reading {
        raw,
        problems: Vec::new(),
    };
    let found = reading.row(settings);
    match found {
        Some(row) if reading.problems.is_empty() => Ok(row),
        _ => Err(reading.problems),
    }
}

struct Reading<'a> {
    raw: &'a RawRow,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// `None` only with a problem.
    fn row(&mut self, settings: &Settings) -> Option<RosterRow> {
        // Each is read, so that each is complained of.
        let env = self.env(settings);
        let database = self.required(Column::Database);
        let role = self.role();
        let profile_name: Option<String> = self.required(Column::Profile);
        let access: Option<AccessLevel> = self.access();
        let limit: Option<Limit> = self.optional(Column::ConnectionLimit);
        let valid_for: Option<Expiry> = self.optional(Column::ValidFor);
        let deliver: Option<Destination> = self.optional(Column::Deliver);
        // A profile of an unknown environment is checked where there is one.
        let anywhere = Environment::new("");
        let mut profile = self.profile(
            profile_name.as_deref()?,
            env.as_ref().unwrap_or(&anywhere),
            settings,
        )?;
        profile.access = access.unwrap_or(profile.access);
        if let Some(Limit(limit)) = limit {
            profile.connection_limit = limit;
        }
        let destination = deliver.unwrap_or_else(|| profile.deliver.clone());
        let deliver = Deliveries::to(destination, profile.file_format);
        Some(RosterRow {
            line: self.raw.line,
            env: env?,
            database: database?,
            role: role?,
            term: valid_for.map(|Expiry(span)| span.map_or(Term::ForEver, Term::Renewed)),
            deliver,
            profile,
            reason: self.raw.get(Column::Reason).map(str::to_owned),
        })
    }

    fn env(&mut self, settings: &Settings) -> Option<Environment> {
        let env: Environment = self.required(Column::Env)?;
        let checked = settings.check_environment(&env);
        self.noted(Column::Env, checked).map(|()| env)
    }

    fn profile(&mut self, name: &str, env: &Environment, settings: &Settings) -> Option<Profile> {
        let found = settings.profile(name, env);
        self.noted(Column::Profile, found)
    }

    fn access(&mut self) -> Option<AccessLevel> {
        let text = self.raw.get(Column::Access)?;
        let parsed = <AccessLevel as clap::ValueEnum>::from_str(text, false);
        let parsed = parsed.map_err(|_| {
            let known = <AccessLevel as clap::ValueEnum>::value_variants();
            let known: Vec<_> = known.iter().map(|level| level.as_str()).collect();
            Failure::usage(choice::not_valid("access level", text, &known))
        });
        self.noted(Column::Access, parsed)
    }

    /// The role's name: as it is, or made of the names of what uses it.
    fn role(&mut self) -> Option<RoleName> {
        let given = |column| self.raw.get(column);
        let ways = [
            (Column::Username, given(Column::Username).map(str::to_owned)),
            (
                Column::Servername,
                self.joined(Column::Servername, Column::Port),
            ),
            (
                Column::EnvPrefix,
                self.joined(Column::EnvPrefix, Column::Farmname),
            ),
        ];
        let mut named = ways
            .into_iter()
            .filter_map(|(column, name)| Some((column, name?)));
        let (column, name) = match (named.next(), named.next()) {
            (Some(way), None) => way,
            (Some((one, _)), Some((other, _))) => {
                let what = format!("the role has two names: by {one} and by {other}");
                self.problems
                    .push(Problem::at(self.raw.line, what).column(other));
                return None;
            }
            (None, _) => {
                self.complain_of_no_name();
                return None;
            }
        };
        if column == Column::Servername {
            let port = self.raw.get(Column::Port).map(str::parse::<u16>);
            if !matches!(port, Some(Ok(1..))) {
                let what = "not a port: a number from 1 to 65535";
                let problem = Problem::at(self.raw.line, what);
                self.problems.push(problem.column(Column::Port));
                return None;
            }
        }
        let parsed = name.parse();
        self.noted(column, parsed)
    }

    /// Two values as one name; `None` if one of them is missing.
    fn joined(&self, first: Column, second: Column) -> Option<String> {
        let (first, second) = (self.raw.get(first)?, self.raw.get(second)?);
        Some(format!("{first}_{second}"))
    }

    fn complain_of_no_name(&mut self) {
        let pairs = [
            (Column::Servername, Column::Port),
            (Column::EnvPrefix, Column::Farmname),
        ];
        let line = self.raw.line;
        for (one, other) in pairs {
            for (given, missing) in [(one, other), (other, one)] {
                if self.raw.get(given).is_some() && self.raw.get(missing).is_none() {
                    let what = format!("empty, where {given} is given");
                    self.problems.push(Problem::at(line, what).column(missing));
                    return;
                }
            }
        }
        let what = "the role has no name";
        self.problems.push(
            Problem::at(line, what)
                .column(Column::Username)
                .hint("fill username; or servername and port; or env_prefix and farmname"),
        );
    }

    fn required<T: FromStr<Err: Into<Complaint>>>(&mut self, column: Column) -> Option<T> {
        if self.raw.get(column).is_none() {
            let problem = Problem::at(self.raw.line, "empty");
            self.problems.push(problem.column(column));
            return None;
        }
        self.optional(column)
    }

    /// `None` if there is nothing, or nothing valid.
    fn optional<T: FromStr<Err: Into<Complaint>>>(&mut self, column: Column) -> Option<T> {
        let parsed = self.raw.get(column)?.parse();
        self.noted(column, parsed)
    }

    fn noted<T, E: Into<Complaint>>(&mut self, column: Column, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let Complaint { message, hint } = error.into();
                let problem = Problem::at(self.raw.line, message);
                self.problems.push(problem.column(column).hint_if(hint));
                None
            }
        }
    }
}

/// What a parser says against a value.
struct Complaint {
    message: String,
    hint: Option<String>,
}

impl From<Failure> for Complaint {
    fn from(failure: Failure) -> Self {
        Self {
            message: failure.in_one_line(),
            hint: failure.hint,
        }
    }
}

impl From<anyhow::Error> for Complaint {
    fn from(error: anyhow::Error) -> Self {
        Self {
            message: format!("{error:#}"),
            hint: hint_of(&error).map(str::to_owned),
        }
    }
}

impl From<std::convert::Infallible> for Complaint {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
