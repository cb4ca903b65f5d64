//! Words of other programs for our commands. They are offered in a hint, and are no commands themselves: one thing has
//! one name.

/// The nouns in whose commands a verb without its noun is looked for, the likeliest first.
pub const NOUNS: [&str; 7] = [
    "user",
    "registry",
    "credential",
    "access",
    "audit",
    "recover",
    "notify",
];

/// For a noun, or for none: words, and the command that they mean.
const MEANINGS: &[(&str, &str, &str)] = &[
    (
        "user",
        "delete remove rm del purge deluser dropuser drop-user",
        "user drop",
    ),
    (
        "user",
        "passwd password pw change-password set-password reset-password alter-password rotate",
        "user reset",
    ),
    (
        "user",
        "disable block suspend deactivate nologin stop",
        "user lock",
    ),
    (
        "user",
        "enable activate unblock restore resume",
        "user unlock",
    ),
    ("user", "ls ll all", "user list"),
    (
        "user",
        "add new adduser useradd createuser make",
        "user create",
    ),
    (
        "user",
        "get info describe view cat inspect details",
        "user show",
    ),
    ("user", "search grep where lookup locate", "user find"),
    ("user", "copy cp dup duplicate", "user clone"),
    ("user", "mv move", "user rename"),
    ("user", "diff", "user compare"),
    ("user", "edit update alter modify change config", "user set"),
    ("user", "grant give permit", "access grant"),
    ("user", "revoke deny", "access revoke"),
    ("user", "terminate leave leaver", "offboard"),
    ("user", "import load", "user create"),
    (
        "registry",
        "rm del delete drop unregister forget",
        "registry remove",
    ),
    ("registry", "new create register", "registry add"),
    ("registry", "ls ll all targets", "registry list"),
    (
        "registry",
        "get info describe view cat inspect",
        "registry show",
    ),
    (
        "registry",
        "ping test verify status connect psql login",
        "registry check",
    ),
    (
        "registry",
        "edit set change alter modify",
        "registry update",
    ),
    (
        "registry",
        "scan search find databases",
        "registry discover",
    ),
    ("registry", "load read restore", "registry import"),
    ("registry", "save dump write backup", "registry export"),
    ("registry", "lock suspend deactivate", "registry disable"),
    ("registry", "unlock activate", "registry enable"),
    (
        "credential",
        "add save store put login new create",
        "credential set",
    ),
    (
        "credential",
        "rm remove del drop forget logout clear unset",
        "credential delete",
    ),
    ("credential", "ls ll all show", "credential list"),
    (
        "credential",
        "test verify whoami status ping get",
        "credential check",
    ),
    (
        "credential",
        "reset change passwd renew",
        "credential rotate",
    ),
    ("access", "give add permit", "access grant"),
    ("access", "take remove rm delete deny", "access revoke"),
    ("access", "verify diff show status", "access check"),
    ("access", "ls ll boxes timed temporary", "access list"),
    ("access", "end cleanup reap", "access expire"),
    ("access", "prolong renew lengthen", "access extend"),
    (
        "access",
        "unused least minimize reduce propose",
        "access trim",
    ),
    ("access", "setup init create fix repair", "access prepare"),
    ("audit", "log logs history ls tail events", "audit list"),
    ("audit", "get view describe cat", "audit show"),
    ("audit", "dump save download", "audit export"),
    ("audit", "check validate", "audit verify"),
    ("audit", "sign", "audit checkpoint"),
    ("audit", "prune purge trim rotate delete", "audit archive"),
    ("recover", "ls ll status", "recover list"),
    ("recover", "resume retry fix continue start", "recover run"),
    (
        "recover",
        "confirm ok done accept acknowledge",
        "recover ack",
    ),
    (
        "recover",
        "cancel discard forget rm delete drop",
        "recover abort",
    ),
    ("recover", "get view describe", "recover show"),
    ("notify", "ls ll channels status", "notify list"),
    ("notify", "send retry", "notify flush"),
    ("notify", "check ping", "notify test"),
    ("notify", "expiry expired remind", "notify expiring"),
    ("rotate", "run now all start", "rotate"),
    ("rotate", "ls list show due check", "rotate status"),
    ("rotate", "import add manage", "rotate adopt"),
    ("", "delete remove rm del dropuser deluser", "user drop"),
    (
        "",
        "passwd password pw change-password reset-password",
        "user reset",
    ),
    ("", "disable block suspend", "user lock"),
    ("", "enable unblock", "user unlock"),
    ("", "ls ll", "user list"),
    ("", "add new adduser useradd createuser", "user create"),
    ("", "get info describe view", "user show"),
    ("", "search lookup whois", "user find"),
    ("", "copy cp", "user clone"),
    ("", "mv move", "user rename"),
    ("", "diff", "user compare"),
    ("", "users role roles account accounts", "user"),
    (
        "",
        "target targets database databases db dbs server servers inventory",
        "registry",
    ),
    (
        "",
        "credentials cred creds keyring secret secrets",
        "credential",
    ),
    ("", "login signin auth", "credential set"),
    ("", "logout signout", "credential delete"),
    ("", "whoami", "credential check"),
    ("", "psql connect ping", "registry check"),
    ("", "permissions privileges acl groups", "access"),
    ("", "log logs history events", "audit list"),
    ("", "notifications alerts channels", "notify"),
    (
        "",
        "leave leaver leavers terminate fire offboarding",
        "offboard",
    ),
    ("", "diagnose health status", "doctor"),
    ("", "why whynot why-not can", "explain"),
    ("", "sync converge", "apply"),
    ("", "dump backup", "export"),
    ("", "completion complete", "completions"),
    ("", "resume retry fix", "recover run"),
    ("", "options flags", "help options"),
    ("", "version", "--version"),
    ("", "man manual usage", "--help"),
];

/// The commands that a word means in the place of one of the noun's, or of a noun.
pub fn meanings(noun: Option<&str>, word: &str) -> Vec<String> {
    let noun = noun.unwrap_or_default();
    let means = |words: &str| words.split(' ').any(|known| known == word);
    let found = MEANINGS
        .iter()
        .filter(|(of, words, _)| *of == noun && means(words));
    found.map(|(_, _, command)| (*command).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{Cli, whole};

    #[test]
    fn what_a_word_means_is_a_command_and_the_word_is_none() {
        let program = whole::<Cli>();
        for (noun, words, command) in MEANINGS {
            let mut found = &program;
            for word in command
                .split(' ')
                .filter(|word| !word.starts_with('-') && *command != "help options")
            {
                found = found
                    .find_subcommand(word)
                    .unwrap_or_else(|| panic!("{command}"));
            }
            let noun = program.find_subcommand(noun).unwrap_or(&program);
            for word in words.split(' ') {
                assert!(noun.find_subcommand(word).is_none(), "{word}");
            }
        }
        for noun in NOUNS {
            assert!(program.find_subcommand(noun).is_some(), "{noun}");
        }
    }
}
