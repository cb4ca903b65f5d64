//! The `psql` line that tries a new login.

use crate::commands::global::Context;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::domain::target::encryption::{SslMode, name_of};
use crate::wire::tls::default_file;

/// Tells a person at a terminal how to try a login that was just created. The line holds no password: `psql` finds it
/// in `.pgpass`, or asks for it.
pub fn suggest_trying(report: &UserReport, target: &Target, context: &Context) {
    let is_new = matches!(report.status, Status::UserCreated | Status::UserCloned);
    if is_new && report.statements.is_none() {
        let has_root = default_file("root.crt").is_some();
        let conninfo = conninfo(target, &report.username, has_root);
        context.ui.suggest(&format!(
            "to try it: {}",
            pasteable("psql {}", &[&conninfo])
        ));
    }
}

/// The connection string, as keywords (PostgreSQL documentation, 34.1.1.1).
fn conninfo(target: &Target, role: &str, has_root: bool) -> String {
    let mut words = vec![
        ("host", target.hostname.to_string()),
        ("port", target.port.to_string()),
        ("dbname", target.database.to_string()),
        ("user", role.to_owned()),
    ];
    if target.hostname.iter().count() > 1 {
        words.push(("target_session_attrs", "read-write".to_owned()));
    }
    let networked = target.hostname.iter();
    let networked = networked.filter(|host| host.socket_folder().is_none());
    if let Some(mode) = networked.map(|host| target.tls.mode_at(host)).max() {
        words.push(("sslmode", name_of(mode)));
        let root = target.tls.sslrootcert.as_ref();
        let root = root.map(|file| file.display().to_string());
        // Where pgrole takes the system's certificates, psql does so only if it is told to.
        let system = (mode >= SslMode::VerifyCa && !has_root).then(|| "system".to_owned());
        words.extend(root.or(system).map(|root| ("sslrootcert", root)));
    }
    let words: Vec<_> = words
        .iter()
        .map(|(key, value)| format!("{key}={}", quoted(value)))
        .collect();
    words.join(" ")
}

fn quoted(value: &str) -> String {
    let is_plain = |letter: char| !letter.is_whitespace() && letter != '\'' && letter != '\\';
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{value}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_quoted_for_libpq() {
        let mut target = Target::example();
        target.database = "it's a\\b".parse().unwrap();
        target.hostname = "localhost".parse().unwrap();
        let port = &target.port;
        assert_eq!(
            conninfo(&target, "web01", true),
            format!("host=localhost port={port} dbname='it\\'s a\\\\b' user=web01 sslmode=prefer")
        );
        target.hostname = "pg.example.com".parse().unwrap();
        let line = conninfo(&target, "a b", false);
        assert!(
            line.ends_with("user='a b' sslmode=verify-full sslrootcert=system"),
            "{line}"
        );
        target.hostname = "/run/postgresql".parse().unwrap();
        assert!(conninfo(&target, "web01", true).ends_with("user=web01"));
    }
}
