//! What a command line says before the word that is being completed. It may be wrong or unfinished, so that the parser
//! would refuse it.

use clap::{Arg, Command};

/// The commands and the options that a line names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct GivenLine {
    /// `user`, `reset`.
    pub commands: Vec<String>,
    /// The ids of options and their values.
    options: Vec<(String, String)>,
}

impl GivenLine {
    /// Reads the words, of which the first is the program's name.
    pub fn read(root: &Command, words: &[String]) -> Self {
        let mut line = Self::default();
        let mut command = root;
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            let arguments = || command.get_arguments().chain(root.get_arguments());
            let (id, value) = if word == "--" {
                break;
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                let named = arguments().find(|arg| arg.get_long() == Some(name));
                (named.and_then(id_of_option), value)
            } else if let Some(shorts) = word.strip_prefix('-') {
                let mut letters = shorts.chars();
                let named = letters.by_ref().find_map(|letter| {
                    let with_letter = arguments().find(|arg| arg.get_short() == Some(letter));
                    with_letter.and_then(id_of_option)
                });
                let rest = letters.as_str();
                let rest = rest.strip_prefix('=').unwrap_or(rest);
                (named, Some(rest).filter(|rest| !rest.is_empty()))
            } else {
                if let Some(next) = command.find_subcommand(word) {
                    line.commands.push(next.get_name().to_owned());
                    command = next;
                }
                continue;
            };
            let Some(id) = id else { continue };
            if let Some(value) = value.or_else(|| words.next().map(String::as_str)) {
                line.options.push((id, value.to_owned()));
            }
        }
        line
    }

    /// The values of an option, each time that it was given.
    pub fn values(&self, id: &str) -> Vec<String> {
        let of_option = self.options.iter().filter(|(given, _)| given == id);
        of_option.map(|(_, value)| value.clone()).collect()
    }

    /// The last value of an option.
    pub fn value(&self, id: &str) -> Option<&str> {
        let mut options = self.options.iter().rev();
        let (_, value) = options.find(|(given, _)| given == id)?;
        Some(value)
    }
}

/// `None` for a flag, which has no value.
fn id_of_option(arg: &Arg) -> Option<String> {
    let takes_values = arg.get_action().takes_values();
    takes_values.then(|| arg.get_id().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Cli;
    use crate::commands::deferred::whole;

    #[test]
    fn options_are_read_in_every_way_to_write_them() {
        let root = whole::<Cli>();
        for words in [
            "user reset -e dev -d app",
            "user reset --env dev --database app",
            "user reset --env=dev --database=app",
            "user reset -edev -d=app",
            "user reset -nye dev -qd app",
            "-q user --timeout 5 reset jane -e dev -d app",
            "user reset -e qa -e dev -d app -- -e prod",
        ] {
            let words = format!("pgrole {words}");
            let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
            let line = GivenLine::read(&root, &words);
            assert_eq!(line.commands, ["user", "reset"], "{words:?}");
            assert_eq!(line.value("env"), Some("dev"), "{words:?}");
            assert_eq!(line.values("database"), ["app"], "{words:?}");
        }
        let words = ["pgrole", "--registry"].map(str::to_owned);
        assert_eq!(GivenLine::read(&root, &words), GivenLine::default());
    }
}
