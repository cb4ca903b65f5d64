//! A service of `pg_service.conf`, by libpq's rules (PostgreSQL documentation, 34.17; `parseServiceFile` in
//! `fe-connect.c`).

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;

/// Precedes a service's name, where the registry has a host for other targets.
const PREFIX: &str = "service=";

/// The settings that are read, with libpq's meaning.
const KNOWN: [&str; 13] = [
    "host",
    "hostaddr",
    "port",
    "user",
    "dbname",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslnegotiation",
    "channel_binding",
    "require_auth",
    "target_session_attrs",
];

/// Settings that say nothing about where the server is, or how far it is trusted.
const IGNORED: [&str; 24] = [
    "application_name",
    "client_encoding",
    "connect_timeout",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "passfile",
    "password",
    "scram_client_key",
    "scram_server_key",
    "sslcertmode",
    "sslcompression",
    "sslkeylogfile",
    "sslsni",
    "tcp_user_timeout",
];

/// The name of a service, as the registry's column `hostname` has it: `service=NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName(String);

impl ServiceName {
    /// The service that a target's place names; `None` if it is a host.
    pub fn of_place(hostname: &str) -> Option<Self> {
        hostname.strip_prefix(PREFIX)?.parse().ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the registry keeps it.
    pub fn to_place(&self) -> String {
        format!("{PREFIX}{}", self.0)
    }
}

impl FromStr for ServiceName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text.is_empty() || text.contains([']', '\n', '\0']) {
            return Err(Failure::usage(format!(
                "{text:?} is not a valid service name"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The settings of a service, the first of each key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    settings: Vec<(String, String)>,
}

impl Service {
    /// Looks for a service in a file's text; `None` if there is none of that name.
    ///
    /// # Errors
    /// Usage: a line that libpq would refuse too, or a setting that pgrole must not ignore.
    pub fn find(text: &[u8], name: &ServiceName) -> Result<Option<Self>, Failure> {
        let mut found: Option<Self> = None;
        for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if let Some(group) = line.strip_prefix(b"[") {
                if found.is_some() {
                    break;
                }
                let is_it = group
                    .strip_prefix(name.as_str().as_bytes())
                    .is_some_and(|rest| rest.starts_with(b"]"));
                found = is_it.then(Self::default);
            } else if let Some(service) = &mut found {
                service.add(line, number + 1)?;
            }
        }
        if let Some(service) = &found {
            service.check()?;
        }
        Ok(found)
    }

    /// Settings that are ignored may be in any encoding.
    pub(super) fn add(&mut self, line: &[u8], number: usize) -> Result<(), Failure> {
        let line = String::from_utf8_lossy(line);
        if line.contains(char::REPLACEMENT_CHARACTER)
            && !IGNORED.iter().any(|key| is_setting(&line, key))
        {
            return Err(Failure::usage(format!(
                "line {number} is not UTF-8: {line:?}"
            )));
        }
        let Some((key, value)) = line.split_once('=') else {
            return Err(Failure::usage(format!(
                "line {number} is not a setting: {line:?}"
            )));
        };
        if !KNOWN.contains(&key) && !IGNORED.contains(&key) {
            return Err(Failure::usage(format!(
                "line {number} has {key:?}, which pgrole does not support in a service"
            )));
        }
        if self.get(key).is_none() && !value.is_empty() {
            self.settings.push((key.to_owned(), value.to_owned()));
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.get("host").is_some() && self.get("hostaddr").is_some() {
            return Err(Failure::usage(
                "it has host and hostaddr, but pgrole supports only one of them",
            ));
        }
        if self.get("gssencmode") == Some("require") {
            let what = "it has gssencmode=require, but pgrole encrypts only with TLS";
            return Err(Failure::usage(what));
        }
        match self.get("target_session_attrs") {
            None | Some("any" | "read-write" | "primary") => Ok(()),
            Some(other) => Err(Failure::usage(format!(
                "it has target_session_attrs={other}, but pgrole needs a server that accepts writes"
            ))),
        }
    }

    /// A setting's value; `None` if it is not set, or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut settings = self.settings.iter();
        let found = settings.find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The settings that are ignored, and why.
    pub fn passed_over(&self, database: &str) -> Vec<String> {
        let mut notes = Vec::new();
        for (key, value) in &self.settings {
            if key == "password" || key == "passfile" {
                notes.push(format!(
                    "{key} is not used: pgrole takes the login from its own sources"
                ));
            } else if key == "dbname" && value != database {
                notes.push(format!(
                    "dbname={value} is not used: the target is {database}"
                ));
            } else if IGNORED.contains(&key.as_str()) {
                notes.push(format!("{key} is not used"));
            }
        }
        notes
    }
}

fn is_setting(line: &str, key: &str) -> bool {
    line.strip_prefix(key)
        .is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Result<Option<Service>, String> {
        Service::find(text.as_bytes(), &"shop".parse().unwrap()).map_err(|failure| failure.message)
    }

    #[test]
    fn the_group_of_that_very_name_is_read_to_its_end() {
        let text = "host=outside\n# [shop]\n[shopping]\nhost=no\nnonsense\n  [shop]\n\n  host=a,b  \nport=1\nhost=c\n\
                    sslmode=\npassword=x\ndbname=other\n[shop]\nhost=d\n";
        let service = find(text).unwrap().unwrap();
        assert_eq!(service.get("host"), Some("a,b"));
        assert_eq!(service.get("port"), Some("1"));
        assert_eq!(service.get("sslmode"), None);
        assert_eq!(
            service.passed_over("shop"),
            [
                "password is not used: pgrole takes the login from its own sources",
                "dbname=other is not used: the target is shop"
            ]
        );
        assert_eq!(find("[other]\nhost=a\n"), Ok(None));
    }

    #[test]
    fn what_must_not_be_passed_over_is_refused() {
        for (line, wanted) in [
            ("options=-c role=x", "line 2 has \"options\""),
            ("requirepeer=postgres", "line 2 has \"requirepeer\""),
            ("sslcrl=/x", "line 2 has \"sslcrl\""),
            ("service=other", "line 2 has \"service\""),
            ("hots=a", "line 2 has \"hots\""),
            ("host = a", "line 2 has \"host \""),
            ("ldap://x/y?z?one", "line 2 has \"ldap"),
            ("nonsense", "line 2 is not a setting"),
            ("host=a\nhostaddr=10.0.0.1", "it has host and hostaddr"),
            (
                "target_session_attrs=standby",
                "it has target_session_attrs=standby",
            ),
        ] {
            let text = format!("[shop]\n{line}\n");
            let said = find(&text).unwrap_err();
            // An LDAP URL without an equals sign is not a setting either.
            let is_ldap = line.starts_with("ldap") && said.contains("is not a setting");
            assert!(said.starts_with(wanted) || is_ldap, "{line}: {said}");
        }
    }

    #[test]
    fn what_others_wrote_in_another_encoding_stops_nothing() {
        let text = b"# caf\xe9\n[caf\xe9]\nhost=\xe9\n[shop]\r\nhost=db\r\napplication_name=\xe9\n[x]\n\xe9";
        let found = Service::find(text, &"shop".parse().unwrap()).unwrap();
        assert_eq!(found.unwrap().get("host"), Some("db"));
        let text = b"[shop]\nhost=\xe9\n";
        assert!(Service::find(text, &"shop".parse().unwrap()).is_err());
    }

    #[test]
    fn a_place_names_a_service_or_a_host() {
        let name: ServiceName = "my shop".parse().unwrap();
        assert_eq!(ServiceName::of_place(&name.to_place()), Some(name));
        assert_eq!(ServiceName::of_place("service"), None);
        assert!("a]".parse::<ServiceName>().is_err());
    }
}
