//! Commands of pgrole's own in hints and warnings: they can be pasted into a shell whatever the names in them.
//! `tests/documented/commands.rs` parses every template.

use std::fmt::Display;

use crate::domain::target::Target;

/// A command line from a template in which each `{}` stands for a value, quoted for the shell.
pub fn pasteable(template: &str, values: &[&dyn Display]) -> String {
    let mut command = String::new();
    let mut rest = template;
    for value in values {
        let (before, after) = rest.split_once("{}").unwrap_or((rest, ""));
        command.push_str(before);
        push_value(&mut command, &value.to_string());
        rest = after;
    }
    command + rest
}

/// The same for a template whose first two `{}` are a target's environment and database.
pub fn on_target(template: &str, target: &Target, values: &[&dyn Display]) -> String {
    let place: [&dyn Display; 2] = [&target.env, &target.database];
    pasteable(template, &[&place, values].concat())
}

fn push_value(command: &mut String, value: &str) {
    // A value that begins with a dash would be read as an option.
    if value.starts_with('-') && command.ends_with(' ') {
        command.pop();
        let flag = command.rsplit(' ').next();
        if flag.is_some_and(|flag| flag.starts_with("--")) {
            command.push('=');
        }
    }
    // Names hold no NUL, which is all that cannot be quoted.
    command.push_str(&shlex::try_quote(value).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_dashes_kept_from_being_flags() {
        let mut target = Target::example();
        target.database = "my db".parse().unwrap();
        let template = "pgrole access prepare -e {} -d {} --admin {}";
        let env = &target.env;
        let command = on_target(template, &target, &[&"-x; rm"]);
        let wanted = format!("pgrole access prepare -e {env} -d 'my db' --admin='-x; rm'");
        assert_eq!(command, wanted);
        target.database = "-x".parse().unwrap();
        let command = on_target("pgrole user list -e {} -d {} -v", &target, &[]);
        let words = shlex::split(&command).unwrap();
        assert_eq!(words[2..], ["list", "-e", env.as_str(), "-d-x", "-v"]);
        assert_eq!(
            pasteable("pgrole recover show {}", &[&"it's"]),
            "pgrole recover show \"it's\""
        );
    }
}
