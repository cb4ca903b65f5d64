//! What each command prints: the one list that the schema, the documents and the manual are made from.

mod logins;
mod passwords;
mod records;
mod reports;
mod targets;

use crate::commands::schema::row::{Row, Types};
use crate::domain::role::report::UserReport;

/// What some commands print.
pub struct Printed {
    /// The commands, without `pgrole`; or what else prints or receives JSON.
    pub names: &'static [&'static str],
    /// The shape of the result.
    pub shape: &'static str,
    pub rows: Vec<Row>,
}

impl Printed {
    /// The commands; a noun is named once: `recover list, show`.
    pub fn heading(&self) -> String {
        let noun = self.names.first().and_then(|name| name.split_once(' '));
        let words = self.names.iter().enumerate().map(|(place, name)| {
            let verb = name.split_once(' ').filter(|_| place > 0);
            match (verb, noun) {
                (Some((one, verb)), Some((noun, _))) if one == noun => verb,
                _ => name,
            }
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

const OBJECT: &str = "One object.";
const LIST: &str = "A list.";

/// What a new login has, that is not always there.
const OF_A_NEW_LOGIN: [&str; 5] = [
    "delivered_to",
    "differs",
    "default_privileges_of",
    "statements",
    "warnings",
];

/// All results, in the order of the documents.
pub fn results(types: &Types) -> Vec<Printed> {
    let groups = [
        logins::new_logins(types),
        logins::logins(types),
        logins::seen_logins(types),
        logins::leavers(types),
        targets::access(types),
        passwords::rotation(types),
        reports::reports(types),
        targets::registry(types),
        passwords::credentials(types),
        records::audit(types),
        records::fleet(types),
        records::notifications(types),
        records::config(types),
        records::no_commands(types),
    ];
    groups.into_iter().flatten().collect()
}

fn printed(names: &'static [&'static str], shape: &'static str, row: Row) -> Printed {
    let rows = vec![row];
    Printed { names, shape, rows }
}

/// The row of an operation on a login, with these of the keys that are not always there.
fn user(types: &Types, keys: &[&str]) -> Row {
    types.anchored::<UserReport>().keeping(keys)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Command;

    use super::*;
    use crate::commands::{Cli, whole};

    /// The commands whose result is not JSON.
    const NO_JSON: [&str; 4] = ["completions", "credential delete", "init", "schema"];

    /// Commands that print one object, beside one that prints a list of the same.
    const ONE_OBJECT: [&str; 8] = [
        "credential set",
        "recover abort",
        "recover ack",
        "recover show",
        "registry disable",
        "registry enable",
        "registry show",
        "registry update",
    ];

    /// Lists that are files for other commands to read.
    const FILES: [&str; 1] = ["registry export"];

    #[test]
    fn every_list_can_be_arranged() {
        let program = whole::<Cli>();
        let types = Types::new();
        let mut missing = Vec::new();
        let mut arranged = 0;
        for printed in results(&types) {
            // Also a list in some cases only: "One object; with `--from`, a list."
            let is_list = printed.shape.to_lowercase().contains("a list");
            for name in printed.names.iter().filter(|_| is_list) {
                if ONE_OBJECT.contains(name) || FILES.contains(name) {
                    continue;
                }
                let words = name.split(' ');
                let command = words.fold(&program, |command, word| {
                    command.find_subcommand(word).expect("a command")
                });
                let has = |wanted: &str| command.get_arguments().any(|arg| arg.get_id() == wanted);
                if has("columns") && has("sort") {
                    arranged += 1;
                } else {
                    missing.push(*name);
                }
            }
        }
        assert!(
            missing.is_empty(),
            "without --columns and --sort: {missing:?}"
        );
        assert!(arranged > 20, "{arranged}");
    }

    fn leaves(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        for subcommand in command.get_subcommands() {
            let path = format!("{path} {}", subcommand.get_name());
            if !subcommand.is_subcommand_required_set() {
                found.insert(path.trim_start().to_owned());
            }
            leaves(subcommand, &path, found);
        }
    }

    #[test]
    fn every_command_has_its_result_described() {
        let types = Types::new();
        let results = results(&types);
        let names = results.iter().flat_map(|printed| printed.names);
        let not_commands = ["stderr", "delivery", "message"];
        let described = names.filter(|name| !not_commands.contains(name));
        let described: BTreeSet<_> = described.chain(&NO_JSON).map(ToString::to_string).collect();
        let mut wanted = BTreeSet::new();
        leaves(&whole::<Cli>(), "", &mut wanted);
        assert_eq!(described, wanted);
    }
}
