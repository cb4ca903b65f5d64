//! Commands of pgrole's own in hints and warnings: they can be pasted into a shell whatever the names in them.

use crate::domain::target::Target;

/// `pgrole VERB -e ENV -d DATABASE FLAGS`, quoted for a shell. Each flag comes with its value.
pub fn on_target(verb: &[&str], target: &Target, flags: &[(&str, &str)]) -> String {
    let on = [
        ("-e", target.env.as_str()),
        ("-d", target.database.as_str()),
    ];
    let mut words: Vec<_> = ["pgrole"]
        .iter()
        .chain(verb)
        .map(|w| (*w).to_owned())
        .collect();
    for (flag, value) in on.iter().chain(flags) {
        // What begins with a dash would be read as another flag.
        if value.starts_with('-') {
            let joint = if flag.starts_with("--") { "=" } else { "" };
            words.push(format!("{flag}{joint}{value}"));
        } else {
            words.extend([(*flag).to_owned(), (*value).to_owned()]);
        }
    }
    // Names hold no NUL, which is all that cannot be quoted.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_dashes_kept_from_being_flags() {
        let mut target = Target::example();
        target.database = "my db".parse().unwrap();
        assert_eq!(
            on_target(&["access", "prepare"], &target, &[("--admin", "-x")]),
            format!(
                "pgrole access prepare -e {} -d 'my db' '--admin=-x'",
                target.env
            )
        );
        target.database = "-x".parse().unwrap();
        assert_eq!(
            on_target(&["user", "list"], &target, &[]),
            format!("pgrole user list -e {} -d-x", target.env)
        );
    }
}
