//! The admin credential from a command (Vault, pass, a cloud's secret manager) that prints `{"user":…,"password":…}`.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::credentials::{FoundLogin, parse_login};
use crate::domain::counted::in_seconds;
use crate::domain::password::login_place::LoginSource;
use crate::domain::password::secret::Secret;
use crate::domain::target::Target;
use crate::domain::target::address::Address;

/// Withheld from the command: it has no use for the password of another source.
const ANOTHER_SOURCES: &str = "PG_ADMIN_PASS";
const DEADLINE: Duration = Duration::from_secs(10);
/// More than any login needs, in bytes; endless output is cut off here.
const LONGEST: u64 = 65_536;

/// The program that would run; else why there is none.
pub fn describe(words: &[String]) -> Result<String, String> {
    let program = words.first().ok_or("none is set in the config file")?;
    Ok(program.clone())
}

/// The login that the command prints; else why there is none. Arguments are passed as they are, without a shell.
///
/// A token is for one host: if the command's words contain the host, it runs once for each host. Tokens are not cached.
pub(super) fn read(words: &[String], target: &Target, user: &str) -> Result<FoundLogin, String> {
    let addresses = target.addresses().map_err(|failure| failure.message)?;
    let names_host = |word: &String| word.contains("{hostname}") || word.contains("{port}");
    let wanted = if words.iter().any(names_host) {
        addresses.len()
    } else {
        1
    };
    let mut found = addresses
        .iter()
        .take(wanted)
        .map(|address| read_at(words, target, address, user));
    let first = found.next().ok_or("command: the target has no host")??;
    let mut passwords = Vec::new();
    if wanted > 1 {
        passwords.push(first.password.clone());
        for other in found {
            passwords.push(other?.password);
        }
    }
    Ok(FoundLogin {
        passwords_of_hosts: passwords,
        ..first
    })
}

fn read_at(
    words: &[String],
    target: &Target,
    address: &Address,
    user: &str,
) -> Result<FoundLogin, String> {
    let words = fill_all(
        words,
        &[
            ("{env}", target.env.as_str()),
            ("{database}", target.database.as_str()),
            ("{hostname}", address.host.as_str()),
            ("{port}", &address.port.to_string()),
            ("{user}", user),
        ],
    );
    let program = words.first().map_or("", String::as_str);
    let output = output_of(&words, DEADLINE, &[ANOTHER_SOURCES])?;
    let found = parse_login(&output, format!("command ({program})"))
        .map_err(|reason| format!("command: {program:?} {reason}"))?;
    Ok(FoundLogin {
        kept: LoginSource::Command(words.clone()),
        ..found
    })
}

/// The output of a program, run with its arguments and without the withheld variables; else why there is none.
pub(super) fn output_of(
    words: &[String],
    limit: Duration,
    withheld: &[&str],
) -> Result<Zeroizing<String>, String> {
    let (program, arguments) = words
        .split_first()
        .ok_or("command: none is set in the config file")?;
    let mut command = Command::new(program);
    for name in withheld {
        command.env_remove(name);
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("command: cannot run {program:?}: {error}"))?;
    output_in_time(&mut child, limit.min(DEADLINE))
        .map_err(|reason| format!("command: {program:?} {reason}"))
}

/// The password that the command prints now; else why there is none.
pub fn read_password(words: &[String], target: &Target, user: &str) -> Result<Secret, String> {
    Ok(read(words, target, user)?.password)
}

/// A command's words with the placeholders replaced.
pub fn fill(words: &[String], env: &str, database: &str) -> Vec<String> {
    fill_all(words, &[("{env}", env), ("{database}", database)])
}

fn fill_all(words: &[String], values: &[(&str, &str)]) -> Vec<String> {
    words.iter().map(|word| fill_word(word, values)).collect()
}

/// In one pass: a value that looks like a placeholder is not replaced again.
fn fill_word(word: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = word;
    while let Some(place) = rest.find('{') {
        filled.push_str(&rest[..place]);
        rest = &rest[place..];
        if let Some((name, value)) = values.iter().find(|(name, _)| rest.starts_with(name)) {
            filled.push_str(value);
            rest = &rest[name.len()..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled + rest
}

fn output_in_time(child: &mut Child, limit: Duration) -> Result<Zeroizing<String>, String> {
    let mut stdout = child.stdout.take().ok_or("has no output")?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = Zeroizing::new(String::new());
        let read = stdout.by_ref().take(LONGEST).read_to_string(&mut output);
        // The receiver is gone once the deadline has passed.
        sender.send(read.map(|_| output)).ok();
    });
    let output = receiver.recv_timeout(limit);
    if output.is_err() {
        // It may have exited by now; what counts is that it did not in time.
        child.kill().ok();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    match output {
        Err(_) => Err(format!("did not end within {}", in_seconds(limit))),
        Ok(_) if !status.success() => Err(format!("ended with {status}")),
        Ok(Err(_)) => Err("printed output that is not UTF-8".to_owned()),
        Ok(Ok(output)) => Ok(output),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_none() {
        let fill = |word| fill_word(word, &[("{env}", "{user}"), ("{user}", "jane")]);
        assert_eq!(fill("{env}:{user}"), "{user}:jane");
        assert_eq!(fill("{{env}} {other}{"), "{{user}} {other}{");
    }
}
