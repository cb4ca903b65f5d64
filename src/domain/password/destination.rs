//! Where a new password goes, as the operator writes it: `stdout`, `file:PATH`, `pgpass`, `keyring`, `exec:COMMAND`,
//! `age:RECIPIENT`, `ssh:PUBLIC-KEY-FILE`. Plain data: `delivery/` knows what is done there.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::password::login_place::LoginPlace;
use crate::domain::password::placeholders::{PlaceholderNames, fill, fill_path, has_placeholder};
use crate::domain::password::receivers::{self, Receivers};
use crate::domain::role::RoleName;
use crate::domain::target::Target;

/// A place that a new password is delivered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    way: Way,
    argument: Argument,
}

/// How a password gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Stdout,
    File,
    /// Without a path to libpq's own file, `PGPASSFILE` or `~/.pgpass`.
    Pgpass,
    Keyring,
    Command,
    /// A file that is encrypted to people: recipients of age and names of the config file.
    Age,
    /// The same to the public keys of a file.
    Ssh,
    /// To where the admin credential is stored. Not written by operators: `credential rotate` finds it out.
    LoginStore,
    /// A command that is told nothing: it lets others read what was delivered. Written as `--reload-command`.
    Reload,
}

/// What follows a way's name. This alone decides how the text of a destination is treated.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Argument {
    Nothing,
    /// With placeholders, as in `Words`.
    Path(String),
    /// A program and its arguments, split as a shell would; no shell runs.
    Words(Vec<String>),
    /// The path of a file that is encrypted to somebody.
    Encrypted(Receivers, String),
    Places(Vec<LoginPlace>),
}

/// The format of a delivered file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FileFormat {
    /// The JSON object that the command prints
    #[default]
    Json,
    /// PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line
    Env,
    /// A postgresql:// URL
    Dsn,
    /// A line of pgbouncer's userlist, with the verifier that the server stores
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
const DELIVERIES: &str = "stdout, file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND, age:RECIPIENT[:PATH], ssh:PUBLIC-KEY-FILE[:PATH]";

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

impl Way {
    /// Its name, before the colon.
    fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::File => "file",
            Self::Pgpass => "pgpass",
            Self::Keyring => "keyring",
            Self::Command => "exec",
            Self::Age => "age",
            Self::Ssh => "ssh",
            Self::LoginStore => "credential",
            Self::Reload => "reload",
        }
    }
}

impl FromStr for Destination {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        let parsed = match name {
            "stdout" => Argument::nothing(rest).map(|nothing| (Way::Stdout, nothing)),
            "keyring" => Argument::nothing(rest).map(|nothing| (Way::Keyring, nothing)),
            "pgpass" => Argument::path(rest)
                .or(Some(Argument::Nothing))
                .map(|path| (Way::Pgpass, path)),
            "file" => Argument::path(rest).map(|path| (Way::File, path)),
            "exec" => Argument::words(rest).map(|words| (Way::Command, words)),
            "age" => Some((Way::Age, Argument::encrypted(name, rest)?)),
            "ssh" => Some((Way::Ssh, Argument::encrypted(name, rest)?)),
            _ => None,
        };
        let (way, argument) = parsed.ok_or_else(|| {
            let names = ["stdout", "file", "pgpass", "keyring", "exec", "age", "ssh"];
            let nearest = choice::nearest(name, names).filter(|nearest| *nearest != name);
            let nearest = nearest.map(|nearest| match rest {
                "" => format!(" (did you mean \"{nearest}\"?)"),
                rest => format!(" (did you mean \"{nearest}:{rest}\"?)"),
            });
            // One sentence: the command line parser shows no hint.
            Failure::usage(format!(
                "{text:?} is not a valid delivery{}; expected one of {DELIVERIES}",
                nearest.unwrap_or_default()
            ))
        })?;
        Ok(Self { way, argument })
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.way.name())?;
        match &self.argument {
            Argument::Nothing => Ok(()),
            Argument::Path(path) => write!(formatter, ":{path}"),
            Argument::Words(words) => write!(formatter, ":{}", quoted(words)?),
            Argument::Encrypted(receivers, path) => write!(formatter, ":{receivers}:{path}"),
            Argument::Places(places) => {
                let places: Vec<_> = places.iter().map(ToString::to_string).collect();
                write!(formatter, ":{}", quoted(&places)?)
            }
        }
    }
}

/// The words as a shell would split them again. Only a NUL cannot be quoted, and there is none.
pub(super) fn quoted(words: &[String]) -> Result<String, fmt::Error> {
    shlex::try_join(words.iter().map(String::as_str)).map_err(|_| fmt::Error)
}

impl Argument {
    fn nothing(text: &str) -> Option<Self> {
        text.is_empty().then_some(Self::Nothing)
    }

    fn path(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::Path(text.to_owned()))
    }

    fn words(text: &str) -> Option<Self> {
        let words = shlex::split(text).filter(|words| !words.is_empty());
        words.map(Self::Words)
    }

    fn encrypted(way: &str, text: &str) -> Result<Self, Failure> {
        let (receivers, path) = receivers::parse(way, text)?;
        Ok(Self::Encrypted(receivers, path))
    }

    fn fill(&self, names: &PlaceholderNames<'_>) -> Result<Self, Failure> {
        Ok(match self {
            Self::Path(path) => Self::Path(fill_path(path, names)?),
            Self::Encrypted(receivers, path) => {
                Self::Encrypted(receivers.fill(names)?, fill_path(path, names)?)
            }
            Self::Words(words) => Self::Words(words.iter().map(|word| fill(word, names)).collect()),
            Self::Nothing | Self::Places(_) => self.clone(),
        })
    }

    fn anchored(self) -> Result<Self, Failure> {
        Ok(match self {
            Self::Path(path) => Self::Path(anchored(&path)?),
            // A program without a slash is looked up in PATH.
            Self::Words(mut words) => {
                if let Some(program) = words.first_mut().filter(|word| word.contains('/')) {
                    *program = anchored(program)?;
                }
                Self::Words(words)
            }
            Self::Encrypted(Receivers::KeyFile(key), path) => {
                Self::Encrypted(Receivers::KeyFile(anchored(&key)?), anchored(&path)?)
            }
            Self::Encrypted(receivers, path) => Self::Encrypted(receivers, anchored(&path)?),
            Self::Nothing | Self::Places(_) => self,
        })
    }

    fn has_placeholder(&self) -> bool {
        match self {
            Self::Path(path) => has_placeholder(path),
            Self::Words(words) => words.iter().any(|word| has_placeholder(word)),
            Self::Encrypted(receivers, path) => {
                receivers.has_placeholder() || has_placeholder(path)
            }
            Self::Nothing | Self::Places(_) => false,
        }
    }
}

fn anchored(path: &str) -> Result<String, Failure> {
    let absolute = std::path::absolute(PathBuf::from(path))
        .map_err(|error| Failure::usage(format!("cannot use {path}")).caused_by(error))?;
    Ok(absolute.display().to_string())
}

impl Destination {
    pub const STDOUT: Self = Self {
        way: Way::Stdout,
        argument: Argument::Nothing,
    };

    /// Where the admin credential is stored.
    pub fn login_store(places: Vec<LoginPlace>) -> Self {
        Self {
            way: Way::LoginStore,
            argument: Argument::Places(places),
        }
    }

    /// Reads what is recorded, where the store of a credential is a destination too.
    ///
    /// # Errors
    /// If it is not a destination.
    pub(super) fn from_record(text: &str) -> Result<Self, Failure> {
        if let Some(command) = text.strip_prefix("reload:") {
            return Self::reload(command);
        }
        let Some(places) = text
            .strip_prefix(Way::LoginStore.name())
            .and_then(|rest| rest.strip_prefix(':'))
        else {
            return text.parse();
        };
        let words = shlex::split(places).unwrap_or_default();
        let places: Result<_, _> = words.iter().map(|word| word.parse()).collect();
        Ok(Self::login_store(places?))
    }

    /// The command that lets others read what was delivered.
    ///
    /// # Errors
    /// If it is not a command.
    pub fn reload(command: &str) -> Result<Self, Failure> {
        let argument = Argument::words(command)
            .ok_or_else(|| Failure::usage(format!("{command:?} is not a command")))?;
        let way = Way::Reload;
        Ok(Self { way, argument })
    }

    pub fn way(&self) -> Way {
        self.way
    }

    /// The path that it names, if it names one.
    pub fn path(&self) -> Option<&str> {
        match &self.argument {
            Argument::Path(path) | Argument::Encrypted(_, path) => Some(path),
            _ => None,
        }
    }

    /// What its path follows: its name, and who its file is encrypted to.
    pub fn before_path(&self) -> String {
        match self.receivers() {
            Some(receivers) => format!("{}:{receivers}:", self.way.name()),
            None => format!("{}:", self.way.name()),
        }
    }

    /// Who its file is encrypted to, if it is.
    pub fn receivers(&self) -> Option<&Receivers> {
        match &self.argument {
            Argument::Encrypted(receivers, _) => Some(receivers),
            _ => None,
        }
    }

    /// The program that it names, with its arguments; empty if it names none.
    pub fn words(&self) -> &[String] {
        match &self.argument {
            Argument::Words(words) => words,
            _ => &[],
        }
    }

    /// The places of a login that it names.
    pub fn places(&self) -> &[LoginPlace] {
        match &self.argument {
            Argument::Places(places) => places,
            _ => &[],
        }
    }

    /// Whether it is stdout: what was printed is stored nowhere.
    pub fn is_stdout(&self) -> bool {
        self.way == Way::Stdout
    }

    /// The same with the placeholders replaced by these names.
    ///
    /// # Errors
    /// If a name would lead out of its place in a path.
    pub fn fill(&self, names: &PlaceholderNames<'_>) -> Result<Self, Failure> {
        Ok(Self {
            way: self.way,
            argument: self.argument.fill(names)?,
        })
    }

    /// The same with the placeholders replaced by a role's own names.
    ///
    /// # Errors
    /// If a name would lead out of its place in a path.
    pub fn resolve(&self, target: &Target, role: &RoleName) -> Result<Self, Failure> {
        self.fill(&PlaceholderNames {
            env: target.env.as_str(),
            database: target.database.as_str(),
            hostname: &target.hostname.to_string(),
            port: &target.port.to_string(),
            username: role.as_str(),
        })
    }

    /// Whether the place depends on a role's own names.
    pub fn has_placeholder(&self) -> bool {
        self.argument.has_placeholder()
    }

    /// The same with relative paths made absolute, including that of a program: cron does not run in the same
    /// directory.
    ///
    /// # Errors
    /// If the current directory cannot be determined.
    pub fn anchored(self) -> Result<Self, Failure> {
        Ok(Self {
            way: self.way,
            argument: self.argument.anchored()?,
        })
    }
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
            "age:jane,joe doe:/srv/{username}.age",
            "age:age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef:/srv/a:b",
            "ssh:/keys/{username}.pub:/srv/{username}",
        ] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), text);
        }
        let reload = "reload:systemctl reload pgbouncer";
        assert_eq!(
            Destination::from_record(reload).unwrap().to_string(),
            reload
        );
        let kept = "credential:keyring:dev 'pgpass:[h]:1:/p q'";
        let read = Destination::from_record(kept).unwrap();
        assert_eq!(read.to_string(), kept);
        for text in [
            "",
            "several:json:file:/a 'pgbouncer:file:/b c'",
            "file:",
            "exec:",
            "exec:'open",
            "stdout:x",
            kept,
            reload,
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
        assert!(file.has_placeholder() && !resolved.to_string().contains("{port}"));
    }

    #[test]
    fn an_encrypted_file_has_a_place_without_a_path() {
        for (text, wanted) in [
            ("age:jane", "age:jane:{username}@{env}.{database}.age"),
            (
                "age:jane, joe:/srv/",
                "age:jane,joe:/srv/{username}@{env}.{database}.age",
            ),
            (
                "ssh:a.pub:x/",
                "ssh:a.pub:x/{username}@{env}.{database}.age",
            ),
        ] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), wanted);
        }
        let anchored: Destination = "ssh:a.pub:x".parse().unwrap();
        let anchored = anchored.anchored().unwrap().to_string();
        assert!(
            anchored.starts_with("ssh:/") && anchored.contains("/a.pub:/"),
            "{anchored}"
        );
    }

    /// Whoever may create roles does not choose who receives their passwords.
    #[test]
    fn a_name_stands_for_one_recipient_of_the_config_file() {
        let encrypted: Destination = "age:{username}:/srv/x".parse().unwrap();
        let resolve = |role: &str| encrypted.resolve(&Target::example(), &role.parse().unwrap());
        assert_eq!(resolve("jane").unwrap().to_string(), "age:jane:/srv/x");
        let recipient = "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";
        for role in [recipient, "jane,joe", "jane:", "{env}", " jane"] {
            assert!(resolve(role).is_err(), "{role}");
        }
        let of_file: Destination = "ssh:/keys/{username}:/srv/x".parse().unwrap();
        for role in ["../jane", "jane:x"] {
            let resolved = of_file.resolve(&Target::example(), &role.parse().unwrap());
            assert!(resolved.is_err(), "{role}");
        }
    }

    #[test]
    fn what_nobody_could_open_is_refused() {
        for text in [
            "age:",
            "age:jane,",
            "age:age1x",
            "age:ssh-ed25519 AAAA",
            "ssh:",
            "ssh:ssh-ed25519 AAAA",
            "age:AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
        ] {
            let said = text.parse::<Destination>().unwrap_err().to_string();
            assert!(!said.contains("1EGT"), "{said}");
        }
    }

    #[test]
    fn a_program_that_is_given_by_a_relative_path_is_anchored() {
        let anchored = |text: &str| text.parse::<Destination>().unwrap().anchored().unwrap();
        let command = anchored("exec:./put a/b");
        let words = command.words();
        assert!(
            words[0].starts_with('/') && words[0].ends_with("/put"),
            "{words:?}"
        );
        assert_eq!(words[1], "a/b");
        assert_eq!(anchored("exec:put ./x").to_string(), "exec:put ./x");
    }

    #[test]
    fn the_files_of_the_documented_examples_are_of_one_role_each() {
        let documents = [
            include_str!("../../../README.md"),
            include_str!("../../../docs/configuration.md"),
            include_str!("../../../docs/cron.md"),
            include_str!("../../../docs/rotation.md"),
            include_str!("../../commands/rotate/mod.rs"),
        ];
        let examples = documents.map(|document| {
            let examples = document.match_indices("file:/run/secrets/");
            let examples = examples.map(|(at, _)| {
                let is_end = |letter: char| letter.is_whitespace() || "'\"`".contains(letter);
                document[at..].split(is_end).next().unwrap()
            });
            examples.collect::<Vec<_>>()
        });
        assert!(examples.iter().all(|examples| !examples.is_empty()));
        let names = |names: [&'static str; 5]| {
            let [env, database, hostname, port, username] = names;
            PlaceholderNames {
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
        for example in examples.concat() {
            let example: Destination = example.parse().unwrap();
            let files = roles.iter().map(|names| example.fill(names).unwrap());
            let mut files: Vec<_> = files.map(|file| file.to_string()).collect();
            files.sort();
            files.dedup();
            assert_eq!(files.len(), roles.len(), "{files:?}");
        }
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
