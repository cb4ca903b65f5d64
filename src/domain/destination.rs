//! Where a new password goes, as the operator writes it: `stdout`, `file:PATH`, `pgpass`, `keyring`, `exec:COMMAND`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::login_place::Place;
use crate::domain::role::RoleName;
use crate::domain::target::Target;

/// A place that a new password is delivered to. `{env}`, `{database}`, `{hostname}`, `{port}` and
/// `{username}` in a path or in a command's arguments stand for the role's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    File(String),
    /// None: libpq's own file, `PGPASSFILE` or `~/.pgpass`.
    Pgpass(Option<String>),
    Keyring,
    /// A program and its arguments, split as a shell would; no shell runs.
    Command(Vec<String>),
    /// Where the admin login is kept. Nobody writes this one: `credential rotate` finds it out.
    Credential(Vec<Place>),
    /// Several, all delivered: a pooler and the application, for example. Each is one of the above, with its format.
    Several(Vec<(Destination, FileFormat)>),
}

/// What a delivered file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FileFormat {
    /// The object that the command prints
    #[default]
    Json,
    /// PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line
    Env,
    /// A postgresql:// URL
    Dsn,
    /// A line of pgbouncer's userlist, with the verifier that the server has
    Pgbouncer,
    /// A Kubernetes Secret manifest
    K8sSecret,
}

impl FileFormat {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Env => "env",
            Self::Dsn => "dsn",
            Self::Pgbouncer => "pgbouncer",
            Self::K8sSecret => "k8s-secret",
        }
    }
}

/// How a delivery is written.
const DELIVERIES: &str = "stdout, file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND";

impl FromStr for FileFormat {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        <Self as clap::ValueEnum>::from_str(text, false).map_err(|_| {
            let known = <Self as clap::ValueEnum>::value_variants();
            let known: Vec<_> = known.iter().map(|format| format.as_str()).collect();
            Failure::usage(choice::not_valid("file format", text, &known))
        })
    }
}

impl FromStr for Destination {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let wrong = || {
            let kinds = ["stdout", "file", "pgpass", "keyring", "exec"];
            let nearest = choice::nearest(kind, kinds).filter(|nearest| *nearest != kind);
            let nearest = nearest.map(|nearest| match rest {
                "" => format!(" (did you mean \"{nearest}\"?)"),
                rest => format!(" (did you mean \"{nearest}:{rest}\"?)"),
            });
            // One sentence: a parser of the command line shows no hint.
            Failure::usage(format!(
                "{text:?} is not a valid delivery{}; expected one of {DELIVERIES}",
                nearest.unwrap_or_default()
            ))
        };
        match (kind, rest) {
            ("stdout", "") => Ok(Self::Stdout),
            ("keyring", "") => Ok(Self::Keyring),
            ("pgpass", "") => Ok(Self::Pgpass(None)),
            ("pgpass", path) => Ok(Self::Pgpass(Some(path.to_owned()))),
            ("file", path) if !path.is_empty() => Ok(Self::File(path.to_owned())),
            ("exec", command) => match shlex::split(command) {
                Some(words) if !words.is_empty() => Ok(Self::Command(words)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => formatter.write_str("stdout"),
            Self::File(path) => write!(formatter, "file:{path}"),
            Self::Pgpass(None) => formatter.write_str("pgpass"),
            Self::Pgpass(Some(path)) => write!(formatter, "pgpass:{path}"),
            Self::Keyring => formatter.write_str("keyring"),
            Self::Command(words) => {
                let words = words.iter().map(String::as_str);
                // Only a NUL cannot be quoted, and none came in.
                let command = shlex::try_join(words).map_err(|_| fmt::Error)?;
                write!(formatter, "exec:{command}")
            }
            Self::Credential(places) => {
                let places: Vec<_> = places.iter().map(ToString::to_string).collect();
                let places = places.iter().map(String::as_str);
                let places = shlex::try_join(places).map_err(|_| fmt::Error)?;
                write!(formatter, "credential:{places}")
            }
            Self::Several(items) => {
                let item = |(destination, format): &(Self, FileFormat)| {
                    format!("{}:{destination}", format.as_str())
                };
                let items: Vec<_> = items.iter().map(item).collect();
                let items = shlex::try_join(items.iter().map(String::as_str));
                write!(formatter, "several:{}", items.map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl Destination {
    /// Reads what the journal keeps, or a placed role.
    ///
    /// # Errors
    /// Where it is no destination.
    pub fn from_journal(text: &str) -> Result<Self, Failure> {
        if let Some(items) = text.strip_prefix("several:") {
            let words = shlex::split(items).unwrap_or_default();
            let items: Result<_, Failure> = words.iter().map(|word| item(word)).collect();
            return Ok(Self::Several(items?));
        }
        let Some(places) = text.strip_prefix("credential:") else {
            return text.parse();
        };
        let words = shlex::split(places).unwrap_or_default();
        let places: Result<_, _> = words.iter().map(|word| word.parse()).collect();
        Ok(Self::Credential(places?))
    }

    /// One of these, or all of them as one.
    pub fn of(mut items: Vec<(Self, FileFormat)>) -> Option<(Self, FileFormat)> {
        if items.len() > 1 {
            return Some((Self::Several(items), FileFormat::default()));
        }
        items.pop()
    }

    /// Each place that a delivery leads to, with the format that a file has there.
    pub fn each(&self, file_format: FileFormat) -> Vec<(&Self, FileFormat)> {
        match self {
            Self::Several(items) => items.iter().map(|(item, format)| (item, *format)).collect(),
            one => vec![(one, file_format)],
        }
    }

    /// For messages and reports.
    pub fn in_words(&self) -> String {
        let each = self.each(FileFormat::default());
        let each: Vec<_> = each.iter().map(|(one, _)| one.to_string()).collect();
        each.join(", ")
    }

    /// The same with the placeholders replaced.
    ///
    /// # Errors
    /// Where a name would lead out of its place in a path.
    pub fn resolve(&self, target: &Target, role: &RoleName) -> Result<Self, Failure> {
        self.fill(&Names {
            env: target.env.as_str(),
            database: target.database.as_str(),
            hostname: &target.hostname.to_string(),
            port: &target.port.to_string(),
            username: role.as_str(),
        })
    }

    /// The same with the placeholders replaced by these names.
    ///
    /// # Errors
    /// Where a name would lead out of its place in a path.
    pub fn fill(&self, names: &Names<'_>) -> Result<Self, Failure> {
        Ok(match self {
            Self::File(path) => Self::File(fill_path(path, names)?),
            Self::Pgpass(Some(path)) => Self::Pgpass(Some(fill_path(path, names)?)),
            Self::Command(words) => {
                Self::Command(words.iter().map(|word| fill(word, names)).collect())
            }
            Self::Several(items) => {
                let resolved = items
                    .iter()
                    .map(|(item, format)| Ok((item.fill(names)?, *format)));
                Self::Several(resolved.collect::<Result<_, Failure>>()?)
            }
            other => other.clone(),
        })
    }

    /// Whether it depends on a role's own names where its password goes.
    pub fn has_placeholders(&self) -> bool {
        let has = |text: &String| PLACEHOLDERS.iter().any(|name| text.contains(name));
        match self {
            Self::File(path) | Self::Pgpass(Some(path)) => has(path),
            Self::Command(words) => words.iter().any(has),
            Self::Several(items) => items.iter().any(|(item, _)| item.has_placeholders()),
            _ => false,
        }
    }

    /// The same with relative paths made absolute, and that of a program: cron does not run in the same folder.
    ///
    /// # Errors
    /// Where the current folder cannot be told.
    pub fn anchored(self) -> Result<Self, Failure> {
        let anchor = |path: String| -> Result<String, Failure> {
            let absolute = std::path::absolute(PathBuf::from(&path))
                .map_err(|error| Failure::usage(format!("cannot use {path}")).caused_by(error))?;
            Ok(absolute.display().to_string())
        };
        Ok(match self {
            Self::File(path) => Self::File(anchor(path)?),
            Self::Pgpass(Some(path)) => Self::Pgpass(Some(anchor(path)?)),
            // What has no slash is looked for in PATH.
            Self::Command(mut words) => {
                if let Some(program) = words.first_mut().filter(|word| word.contains('/')) {
                    *program = anchor(std::mem::take(program))?;
                }
                Self::Command(words)
            }
            other => other,
        })
    }
}

/// One of several, as it is kept: `FORMAT:DESTINATION`.
fn item(text: &str) -> Result<(Destination, FileFormat), Failure> {
    let wrong = || Failure::usage(format!("{text:?} is not a delivery with its format"));
    let (format, destination) = text.split_once(':').ok_or_else(wrong)?;
    Ok((destination.parse()?, format.parse()?))
}

/// A role's own names.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub env: &'a str,
    pub database: &'a str,
    pub hostname: &'a str,
    pub port: &'a str,
    pub username: &'a str,
}

const PLACEHOLDERS: [&str; 5] = ["{env}", "{database}", "{hostname}", "{port}", "{username}"];

impl Names<'_> {
    fn of_placeholders(&self) -> [(&'static str, &str); 5] {
        let values = [
            self.env,
            self.database,
            self.hostname,
            self.port,
            self.username,
        ];
        let mut values = values.into_iter();
        PLACEHOLDERS.map(|name| (name, values.next().unwrap_or_default()))
    }
}

/// Replaces each placeholder once over, so that a name that looks like one is left as it is.
fn fill(template: &str, names: &Names<'_>) -> String {
    let placeholders = names.of_placeholders();
    let mut filled = String::new();
    let mut rest = template;
    while let Some(brace) = rest.find('{') {
        let (before, from_brace) = rest.split_at(brace);
        filled.push_str(before);
        let placeholder = placeholders
            .iter()
            .find(|(name, _)| from_brace.starts_with(name));
        let (taken, value) = placeholder.map_or(("{", "{"), |(name, value)| (*name, *value));
        filled.push_str(value);
        rest = &from_brace[taken.len()..];
    }
    filled + rest
}

fn fill_path(template: &str, names: &Names<'_>) -> Result<String, Failure> {
    for (name, value) in names.of_placeholders() {
        let leads_out = value.contains('/') || value == "." || value == "..";
        if template.contains(name) && leads_out {
            return Err(Failure::usage(format!(
                "{name} in the path {template:?} stands for {value:?}, which is not a file name"
            )));
        }
    }
    Ok(fill(template, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_read_and_written_alike() {
        for text in [
            "stdout",
            "keyring",
            "pgpass",
            "pgpass:/etc/pgpass",
            "file:/run/secrets/{env}/{username}",
            "exec:vault-put 'two words' name",
        ] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), text);
        }
        let kept = "credential:keyring:dev 'pgpass:[h]:1:/p q'";
        let read = Destination::from_journal(kept).unwrap();
        assert_eq!(read.to_string(), kept);
        let several = "several:json:file:/a 'pgbouncer:file:/b c'";
        let read = Destination::from_journal(several).unwrap();
        assert_eq!(read.to_string(), several);
        assert_eq!(read.in_words(), "file:/a, file:/b c");
        for text in [
            "",
            several,
            "file:",
            "exec:",
            "exec:'open",
            "stdout:x",
            kept,
        ] {
            assert!(text.parse::<Destination>().is_err(), "{text}");
        }
    }

    #[test]
    fn placeholders_stand_for_the_roles_own_names() {
        let role: RoleName = "{env}".parse().unwrap();
        let file: Destination = "file:/s/{env}/{database}-{username}.{x}".parse().unwrap();
        let resolved = file.resolve(&Target::example(), &role).unwrap();
        assert_eq!(resolved.to_string(), "file:/s/dev/app-{env}.{x}");
        let file: Destination = "file:/s/{username}@{hostname}.{port}".parse().unwrap();
        let resolved = file.resolve(&Target::example(), &role).unwrap();
        assert_eq!(resolved.to_string(), "file:/s/{env}@localhost.5432");
        assert!(file.has_placeholders() && !resolved.to_string().contains("{port}"));
    }

    #[test]
    fn a_program_that_is_given_by_a_relative_path_is_anchored() {
        let anchored = |text: &str| text.parse::<Destination>().unwrap().anchored().unwrap();
        let Destination::Command(words) = anchored("exec:./put a/b") else {
            panic!("a command stays one");
        };
        assert!(
            words[0].starts_with('/') && words[0].ends_with("/put"),
            "{words:?}"
        );
        assert_eq!(words[1], "a/b");
        assert_eq!(anchored("exec:put ./x").to_string(), "exec:put ./x");
    }

    #[test]
    fn the_files_of_the_documented_example_are_of_one_role_each() {
        let document = include_str!("../../docs/configuration.md");
        let at = document
            .find("\"file:/run/secrets/")
            .expect("docs/configuration.md has an example");
        let example = document[at + 1..].split('"').next().unwrap();
        let example: Destination = example.parse().unwrap();
        let names = |names: [&'static str; 5]| {
            let [env, database, hostname, port, username] = names;
            Names {
                env,
                database,
                hostname,
                port,
                username,
            }
        };
        let roles = [
            names(["dev", "a", "db1", "5432", "web"]),
            names(["qa", "a", "db1", "5432", "web"]),
            names(["dev", "a", "db2", "5432", "web"]),
            names(["dev", "a", "db1", "5433", "web"]),
            names(["dev", "a", "db1", "5432", "app"]),
            names(["dev", "a", "db1.1", "5432", "web@db1"]),
        ];
        let mut files: Vec<_> = roles
            .iter()
            .map(|names| example.fill(names).unwrap().to_string())
            .collect();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), roles.len(), "{files:?}");
    }

    #[test]
    fn a_name_cannot_lead_out_of_its_folder() {
        let role: RoleName = "../../etc/passwd".parse().unwrap();
        let file: Destination = "file:/s/{username}".parse().unwrap();
        assert!(file.resolve(&Target::example(), &role).is_err());
        let command: Destination = "exec:put {username}".parse().unwrap();
        assert!(command.resolve(&Target::example(), &role).is_ok());
    }
}
