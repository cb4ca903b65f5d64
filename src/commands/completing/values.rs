//! Which option takes what: names of the registry and the config file, deliveries. Choices and files the command line's
//! definition knows itself.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::Command;
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use crate::commands::schema::keys_of;
use crate::operations::completion::{CompletionSource, KnownName, Wanted};

/// How a delivery begins, and what it does.
const DELIVERIES: [(&str, &str); 8] = [
    ("stdout", "print it"),
    ("file:", "write it to a file"),
    ("pgpass", "put it into libpq's password file"),
    ("pgpass:", "put it into a password file"),
    ("keyring", "store it in the keyring"),
    ("exec:", "give it to a command"),
    ("age:", "encrypt it for people, in a file"),
    ("ssh:", "encrypt it for an SSH key, in a file"),
];

/// What the values of an option are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Names(Wanted),
    Delivery,
    /// The keys of the command's rows.
    Keys,
}

/// The values of an option of a command, by its name in the definition.
fn values_of(commands: &[&str], option: &str) -> Option<Values> {
    use Values::{Delivery, Names};
    let wanted = match (commands, option) {
        (["registry", "add" | "discover"], "database") => return None,
        (["registry", ..], "database") => Wanted::RegisteredDatabase,
        (["notify", ..], "name") | (["credential", ..], "notify") => Wanted::Channel,
        (["recover", ..], "id") => Wanted::Change,
        (["audit", "list"], "username") => Wanted::LoggedRole,
        (["audit", "list"], "operation") => Wanted::LoggedOperation,
        (["audit", "list"], "operator") => Wanted::LoggedOperator,
        (["user", "clone"], "from") | (["user", "compare"], "left" | "right") => {
            Wanted::LocatedRole
        }
        // A new name.
        (["user", "create" | "dba" | "devlead" | "devqa" | "readonly"], "name" | "username") => {
            return None;
        }
        (_, "env") => Wanted::Environment,
        (_, "database") => Wanted::Database,
        (_, "profile") => Wanted::Profile,
        (_, "name" | "names" | "username" | "exclude" | "user" | "reassign_to" | "admin") => {
            Wanted::Role
        }
        (_, "admin_user") => Wanted::Role,
        (_, "deliver") => return Some(Delivery),
        (_, "columns" | "sort") => return Some(Values::Keys),
        _ => return None,
    };
    Some(Names(wanted))
}

/// Attaches to each option of the named command what its values are.
pub fn attach(root: Command, commands: &[String], source: CompletionSource) -> Command {
    let names: Vec<&str> = commands.iter().map(String::as_str).collect();
    attach_below(root, &names, &names, &Arc::new(source))
}

fn attach_below(
    command: Command,
    way: &[&str],
    commands: &[&str],
    source: &Arc<CompletionSource>,
) -> Command {
    if let Some((next, way)) = way.split_first() {
        return command.mut_subcommand(*next, |next| attach_below(next, way, commands, source));
    }
    command.mut_args(|arg| {
        let values = values_of(commands, arg.get_id().as_str());
        let source = Arc::clone(source);
        match values {
            None => arg,
            Some(Values::Delivery) => arg.add(ArgValueCompleter::new(move |start: &OsStr| {
                deliveries(&source, start)
            })),
            Some(Values::Keys) => {
                let command = commands.join(" ");
                arg.add(ArgValueCompleter::new(move |start: &OsStr| {
                    keys(&command, start)
                }))
            }
            Some(Values::Names(wanted)) => arg.add(ArgValueCompleter::new(move |start: &OsStr| {
                names(&source, wanted, start)
            })),
        }
    })
}

fn names(source: &CompletionSource, wanted: Wanted, start: &OsStr) -> Vec<CompletionCandidate> {
    let Some(start) = start.to_str() else {
        return Vec::new();
    };
    let mut found = source.names(wanted, start);
    if !found.is_all && !found.names.is_empty() && !start.is_empty() {
        // Others may begin so too: with the text itself among them, the shell inserts no more than what was typed.
        found.names.insert(
            0,
            KnownName {
                name: start.to_owned(),
                note: Some("and others".to_owned()),
            },
        );
    }
    let names = found.names.into_iter();
    names
        .map(|known| {
            let note = known.note.filter(|note| !note.contains(char::is_control));
            CompletionCandidate::new(known.name).help(note.map(Into::into))
        })
        .collect()
}

/// `-NAME` sorts in descending order.
fn keys(command: &str, start: &OsStr) -> Vec<CompletionCandidate> {
    let Some(start) = start.to_str() else {
        return Vec::new();
    };
    let (sign, name) = match start.strip_prefix('-') {
        Some(name) => ("-", name),
        None => ("", start),
    };
    let keys = keys_of(command).into_iter();
    keys.filter(|key| key.starts_with(name))
        .map(|key| CompletionCandidate::new(format!("{sign}{key}")))
        .collect()
}

fn deliveries(source: &CompletionSource, start: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = start.to_str() else {
        return Vec::new();
    };
    if let Some(names) = text.strip_prefix("age:") {
        return recipients(source, names);
    }
    for prefix in ["file:", "pgpass:", "ssh:"] {
        if let Some(path) = text.strip_prefix(prefix) {
            let files = PathCompleter::any().complete(OsStr::new(path)).into_iter();
            return files.map(|file| file.add_prefix(prefix)).collect();
        }
    }
    let fitting = DELIVERIES.iter().filter(|(name, _)| name.starts_with(text));
    fitting
        .map(|(name, note)| CompletionCandidate::new(*name).help(Some((*note).into())))
        .collect()
}

/// The last of the recipients, which are separated by commas; a path after them is not completed.
fn recipients(source: &CompletionSource, text: &str) -> Vec<CompletionCandidate> {
    let before = text.rfind(',').map_or("", |comma| &text[..=comma]);
    let start = &text[before.len()..];
    let names = source.settings.recipients.names();
    let fitting = names.filter(|name| name.starts_with(start));
    fitting
        .map(|name| CompletionCandidate::new(format!("age:{before}{name}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ValueHint};

    use super::*;
    use crate::commands::Cli;
    use crate::commands::deferred::whole;
    use crate::domain::password::destination::Destination;

    #[test]
    fn every_delivery_is_offered() {
        let refused = "x".parse::<Destination>().expect_err("it is no delivery");
        let (_, expected) = refused
            .message
            .split_once("one of ")
            .expect("they are listed");
        let expected = expected.split(", ").map(|delivery| {
            let end = delivery.find(':').map_or(delivery.len(), |colon| colon + 1);
            &delivery[..end]
        });
        let offered: Vec<_> = DELIVERIES.iter().map(|(name, _)| *name).collect();
        assert_eq!(offered, expected.collect::<Vec<_>>());
    }

    /// Options whose values only the user knows, at least for one command.
    const FREE: [&str; 43] = [
        "anchors",
        "before",
        "canary",
        "column",
        "connection_limit",
        "database",
        "deadline",
        "ends_on",
        "env_prefix",
        "expiring",
        "farmname",
        "for",
        "grace",
        "grant",
        "hostname",
        "id",
        "jitter",
        "jobs",
        "limit",
        "maintenance_db",
        "max_failures",
        "name",
        "notes",
        "older_than",
        "on",
        "port",
        "reason",
        "reload_command",
        "require_auth",
        "reviewed_by",
        "schema",
        "schemas",
        "servername",
        "service",
        "since",
        "sql",
        "timeout",
        "to",
        "until",
        "username",
        "valid_for",
        "within",
        "words",
    ];

    #[test]
    fn the_values_of_every_option_are_completed_or_free() {
        let mut root = whole::<Cli>();
        root.build();
        let mut free = Vec::new();
        list_free(&root, &[], &mut free);
        free.sort();
        free.dedup();
        assert_eq!(free, FREE);
    }

    fn list_free(command: &Command, commands: &[&str], free: &mut Vec<String>) {
        for arg in command.get_arguments() {
            let has_choices = |arg: &Arg| !arg.get_possible_values().is_empty();
            let is_known = !arg.get_action().takes_values()
                || has_choices(arg)
                || arg.get_value_hint() != ValueHint::Unknown
                || values_of(commands, arg.get_id().as_str()).is_some();
            if !is_known {
                free.push(arg.get_id().to_string());
            }
        }
        for below in command
            .get_subcommands()
            .filter(|below| below.get_name() != "help")
        {
            let commands = [commands, &[below.get_name()]].concat();
            list_free(below, &commands, free);
        }
    }
}
