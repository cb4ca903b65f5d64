//! An incomplete command line: what was given, what is missing, and how an answer is added to it.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};

use crate::commands::asking::find_command;
use crate::commands::global::GlobalArgs;
use crate::commands::{Cli, whole, without_empty_variables};
use crate::domain::failure::Failure;
use crate::domain::target::Environment;
use crate::domain::variables::Variables;
use crate::run::targets::TargetSelection;

/// The commands whose role does not exist yet.
const NEW_ROLE: [&str; 7] = [
    "app", "k8s", "devqa", "devlead", "readonly", "dba", "create",
];

pub struct Draft {
    pub global: GlobalArgs,
    words: Vec<OsString>,
    names: Vec<String>,
    command: Command,
    matches: ArgMatches,
}

/// One thing that is missing.
pub enum Missing<'a> {
    Environment(&'a Arg),
    Database(&'a Arg),
    Profile(&'a Arg),
    Role(&'a Arg),
    Other(&'a Arg),
    /// One option of several.
    OneOf(Vec<&'a Arg>),
}

impl Draft {
    /// Reads what was given, whatever is missing.
    ///
    /// # Errors
    /// Wrong usage of the global options.
    pub fn read(words: &[OsString], variables: &Variables) -> Result<Self, Error> {
        let mut command = without_empty_variables(whole::<Cli>(), variables).ignore_errors(true);
        let all = command.try_get_matches_from_mut(words)?;
        let global = GlobalArgs::from_arg_matches(&all)?;
        let mut names = Vec::new();
        let mut matches = all;
        while let Some((name, below)) = matches.remove_subcommand() {
            names.push(name);
            matches = below;
        }
        Ok(Self {
            global,
            words: words.to_vec(),
            names,
            command,
            matches,
        })
    }

    /// What to ask for next; `None` if not all of it can be asked for.
    pub fn next_of(&self, missing: &[String]) -> Option<Missing<'_>> {
        let missing: Option<Vec<_>> = missing.iter().map(|text| self.find(text)).collect();
        // The order within a rank is clap's.
        missing?.into_iter().min_by_key(Missing::rank)
    }

    /// The argument that clap means: `--env <ENV>`, `<NAME>`, or a group with all its members,
    /// `<NAME|--username <NAME>>`.
    fn find(&self, text: &str) -> Option<Missing<'_>> {
        let command = find_command(&self.command, &self.names)?;
        let find = |id: &str| command.get_arguments().find(|arg| arg.get_id() == id);
        if text.contains('|') {
            let members = command.get_arguments().filter(|arg| {
                let long = arg.get_long();
                long.is_some_and(|long| is_member(text, long))
            });
            let members: Vec<_> = members.collect();
            return match members.as_slice() {
                [] => None,
                [only] => Some(Missing::of(only)),
                _ => Some(Missing::OneOf(members)),
            };
        }
        let is_it = |arg: &&Arg| bare(&arg.to_string()) == bare(text);
        let arg = command.get_arguments().find(is_it)?;
        // A name that may also stand alone is given as `-u NAME`, which reads well wherever it stands.
        let option = (arg.get_id() == "name").then(|| find("username"));
        Some(Missing::of(option.flatten().unwrap_or(arg)))
    }

    /// The command line with an answer.
    pub fn with(&self, missing: &Missing<'_>, answer: &str) -> Vec<OsString> {
        let mut words = self.words.clone();
        let is_end = |word: &OsString| word == "--";
        let end = words.iter().position(is_end);
        let is_flag = answer.starts_with('-');
        let Some(arg) = missing.arg() else {
            return words;
        };
        if !arg.get_action().takes_values() {
            words.insert(end.unwrap_or(words.len()), answer.into());
            return words;
        }
        let added = match (arg.get_short(), arg.get_long()) {
            (Some(short), _) if is_flag => vec![format!("-{short}{answer}")],
            (Some(short), _) => vec![format!("-{short}"), answer.to_owned()],
            (None, Some(long)) if is_flag => vec![format!("--{long}={answer}")],
            (None, Some(long)) => vec![format!("--{long}"), answer.to_owned()],
            (None, None) if is_flag && end.is_none() => vec!["--".to_owned(), answer.to_owned()],
            (None, None) => {
                words.push(answer.into());
                return words;
            }
        };
        let end = end.unwrap_or(words.len());
        words.splice(end..end, added.into_iter().map(OsString::from));
        words
    }

    /// Whether a noun was given, or a verb.
    pub fn has_noun(&self) -> bool {
        !self.names.is_empty()
    }

    /// The error of a command line without a command.
    pub fn no_command(&self) -> Failure {
        let words = [&["pgrole".to_owned()], self.names.as_slice()].concat();
        let words = words.join(" ");
        let message = if self.has_noun() {
            format!("no command given after \"{words}\"")
        } else {
            "no command given".to_owned()
        };
        Failure::usage(message).hint(format!("{words} --help"))
    }

    /// Whether the words of the command are these.
    pub fn is(&self, noun: &str, verbs: &[&str]) -> bool {
        match self.names.as_slice() {
            [given, verb] => given == noun && verbs.contains(&verb.as_str()),
            _ => false,
        }
    }

    /// Whether the command makes a new entry of the registry.
    pub fn is_new_target(&self) -> bool {
        self.is("registry", &["add", "discover"])
    }

    /// Whether the command logs in to the target that is named.
    pub fn needs_target(&self) -> bool {
        let nouns = ["user", "access", "rotate"];
        self.names
            .first()
            .is_some_and(|noun| nouns.contains(&noun.as_str()))
    }

    /// Whether the command makes a new role.
    pub fn is_new_role(&self) -> bool {
        self.is("user", &NEW_ROLE)
    }

    /// Whether the command itself asks for this, once it knows that there is something to do; it is given as empty.
    pub fn asks_later(&self, missing: &Missing<'_>) -> bool {
        let is_reason = missing.arg().is_some_and(|arg| arg.get_id() == "reason");
        is_reason && self.names == ["offboard"]
    }

    /// The environment that was given.
    pub fn env(&self) -> Option<Environment> {
        let given = self.given("env").into_iter().next();
        given.map(|text| Environment::new(&text))
    }

    /// The targets that were named, of which more may be missing.
    pub fn selection(&self) -> TargetSelection {
        let environments = self.given("env").into_iter();
        TargetSelection {
            environments: environments
                .map(|env| Environment::new(&env).to_string())
                .collect(),
            databases: self.given("database"),
        }
    }

    fn given(&self, id: &str) -> Vec<String> {
        let Ok(Some(values)) = self.matches.try_get_raw(id) else {
            return Vec::new();
        };
        values.map(OsStr::to_string_lossy).map(Into::into).collect()
    }

    /// Why there is nothing to choose from.
    pub fn why_nothing(&self) -> String {
        match self.env() {
            Some(env) => format!("no such target in environment \"{env}\": pgrole registry list"),
            None => "there is no such target yet; to begin: pgrole init".to_owned(),
        }
    }
}

impl<'a> Missing<'a> {
    pub fn of(arg: &'a Arg) -> Self {
        match arg.get_id().as_str() {
            "env" => Self::Environment(arg),
            "database" => Self::Database(arg),
            "profile" => Self::Profile(arg),
            "username" | "name" | "names" | "from" | "left" | "right" => Self::Role(arg),
            _ => Self::Other(arg),
        }
    }

    fn arg(&self) -> Option<&'a Arg> {
        match self {
            Self::Environment(arg)
            | Self::Database(arg)
            | Self::Profile(arg)
            | Self::Role(arg)
            | Self::Other(arg) => Some(arg),
            Self::OneOf(_) => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Environment(_) => 0,
            Self::Database(_) => 1,
            Self::Profile(_) => 2,
            Self::Role(_) => 3,
            Self::Other(_) | Self::OneOf(_) => 4,
        }
    }
}

/// Whether a group as clap writes it has this option.
fn is_member(text: &str, long: &str) -> bool {
    let flag = format!("--{long}");
    let mut members = text.split(['<', '|', ' ', '>']);
    members.any(|member| member == flag)
}

/// Without what says whether it is required, and how often it may be given.
fn bare(text: &str) -> &str {
    text.trim_end_matches('.')
        .trim_matches(['<', '>', '[', ']'])
}
