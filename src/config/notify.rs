//! `[notify.NAME]`: one channel per section. A key that its kind of channel does not have is an error, and so is a
//! secret that is given twice or not at all.

use std::collections::BTreeMap;

use lettre::message::Mailbox;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::message::channel::{
    Channel, ChannelKind, Mail, MailEncryption, SecretName, SecretSource,
};
use crate::domain::message::notification::EventKind;
use crate::domain::password::secret::Secret;
use crate::domain::settings::unknown_environment;
use crate::domain::target::Environment;

const KINDS: [&str; 6] = ["slack", "webex", "email", "teams", "webhook", "command"];
const WEBEX_API: &str = "https://webexapis.com/v1/messages";

/// Reads all channels.
///
/// # Errors
/// A usage failure that names the section.
pub(super) fn channels(
    sections: BTreeMap<String, Table>,
    environments: &[Environment],
) -> Result<Vec<Channel>, Failure> {
    let mut channels = Vec::new();
    for (name, table) in sections {
        let mut keys = Keys {
            section: format!("[notify.{name}]"),
            table,
            known: Vec::new(),
        };
        let channel = keys.channel(name)?;
        keys.refuse_others()?;
        let unknown = channel
            .environments
            .iter()
            .find(|env| !environments.contains(env));
        if let Some(unknown) = unknown {
            let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
            let (what, hint) = unknown_environment(unknown.as_str(), &known);
            return Err(keys.failure(&what).hint(hint));
        }
        channels.push(channel);
    }
    Ok(channels)
}

/// The keys of a section, removed one by one: what is left is unknown.
struct Keys {
    section: String,
    table: Table,
    known: Vec<&'static str>,
}

impl Keys {
    fn channel(&mut self, name: String) -> Result<Channel, Failure> {
        let kind = self.required::<String>("channel")?;
        let mut secrets = BTreeMap::new();
        let kind = match kind.as_str() {
            "slack" => {
                self.add_required(SecretName::Url, &mut secrets)?;
                ChannelKind::Slack
            }
            "teams" => {
                self.add_required(SecretName::Url, &mut secrets)?;
                ChannelKind::Teams
            }
            "webhook" => {
                self.add_required(SecretName::Url, &mut secrets)?;
                self.add(SecretName::Secret, &mut secrets)?;
                ChannelKind::Webhook
            }
            "webex" => {
                self.add_required(SecretName::Token, &mut secrets)?;
                ChannelKind::Webex {
                    room_id: self.required("room_id")?,
                    api: self
                        .optional("api")?
                        .unwrap_or_else(|| WEBEX_API.to_owned()),
                }
            }
            "email" => self.mail(&mut secrets)?,
            "command" => ChannelKind::Command(self.words("command")?),
            other => {
                let failure = self.failure(&choice::unknown("channel", other, &KINDS));
                return Err(with_nearest(failure, other, KINDS));
            }
        };
        Ok(Channel {
            name,
            kind,
            secrets,
            tls_ca: self.optional("tls_ca")?,
            events: self.events()?,
            environments: self.optional("environments")?.unwrap_or_default(),
        })
    }

    fn mail(
        &mut self,
        secrets: &mut BTreeMap<SecretName, SecretSource>,
    ) -> Result<ChannelKind, Failure> {
        let url: String = self.required("smtp")?;
        let (scheme, rest) = url.split_once("://").unwrap_or(("", ""));
        let (encryption, default_port) = self.mail_encryption(scheme)?;
        let (user, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((user, place)) => (Some(self.mail_user(user)?), place),
            None => (None, rest.trim_end_matches('/')),
        };
        let (host, port) = split_port(place)
            .ok_or_else(|| self.failure("smtp has no host, or a port that is not valid"))?;
        self.add(SecretName::Password, secrets)?;
        let has_password = secrets.contains_key(&SecretName::Password);
        self.check_mail_login(user.as_deref(), has_password, encryption)?;
        let from: String = self.required("from")?;
        let to = self.words("to")?;
        for address in to.iter().chain([&from]) {
            if address.parse::<Mailbox>().is_err() {
                return Err(self.failure(&format!("{address:?} is not a valid mail address")));
            }
        }
        Ok(ChannelKind::Email(Mail {
            host,
            port: port.unwrap_or(default_port),
            encryption,
            user,
            from,
            to,
        }))
    }

    /// The user of a URL, in which the @ of an address is written %40 (RFC 3986, section 2.1).
    fn mail_user(&self, text: &str) -> Result<String, Failure> {
        const KEPT: &str = "password_file, password_command or password_keyring";
        if text.contains(':') {
            let failure = self.failure("smtp contains a password");
            return Err(failure.hint(format!("keep it elsewhere: {KEPT}")));
        }
        let decoded = percent_decode(text);
        let decoded = decoded.filter(|user| !user.chars().any(char::is_control));
        decoded.ok_or_else(|| self.failure("the user in smtp is not percent-encoded UTF-8"))
    }

    /// When TLS begins, and the default port.
    fn mail_encryption(&mut self, scheme: &str) -> Result<(MailEncryption, u16), Failure> {
        match (scheme, self.optional("starttls")?) {
            ("smtps", None) => Ok((MailEncryption::Immediate, 465)),
            ("smtps", Some(_)) => {
                Err(self.failure("starttls is for smtp://: smtps:// begins with TLS"))
            }
            ("smtp", None | Some(true)) => Ok((MailEncryption::StartTls, 587)),
            ("smtp", Some(false)) => Ok((MailEncryption::None, 25)),
            _ => {
                Err(self
                    .failure("smtp is neither smtp://USER@HOST:PORT nor smtps://USER@HOST:PORT"))
            }
        }
    }

    fn check_mail_login(
        &self,
        user: Option<&str>,
        has_password: bool,
        encryption: MailEncryption,
    ) -> Result<(), Failure> {
        const KEPT: &str = "password_file, password_command or password_keyring";
        match (user, has_password) {
            (Some(_), false) => {
                let failure = self.failure("smtp has a user, but there is no password");
                Err(failure.hint(format!("add {KEPT}")))
            }
            (None, true) => {
                let failure = self.failure("there is a password, but smtp has no user");
                Err(failure.hint("write smtp://USER@HOST"))
            }
            (Some(_), true) if encryption == MailEncryption::None => {
                let failure =
                    self.failure("a login needs TLS: the password would be sent in clear text");
                Err(failure.hint("remove starttls = false"))
            }
            _ => Ok(()),
        }
    }

    fn events(&mut self) -> Result<Vec<EventKind>, Failure> {
        let names: Vec<String> = self.optional("events")?.unwrap_or_default();
        let known = EventKind::ALL.map(EventKind::as_str);
        let find = |name: &String| {
            let found = EventKind::ALL
                .into_iter()
                .find(|event| event.as_str() == name);
            found.ok_or_else(|| {
                let failure = self.failure(&choice::unknown("event", name, &known));
                with_nearest(failure, name, known)
            })
        };
        names.iter().map(find).collect()
    }

    fn add_required(
        &mut self,
        name: SecretName,
        secrets: &mut BTreeMap<SecretName, SecretSource>,
    ) -> Result<(), Failure> {
        self.add(name, secrets)?;
        if secrets.contains_key(&name) {
            return Ok(());
        }
        let name = name.as_str();
        Err(self.failure(&format!("{name} is missing")).hint(format!(
            "add {name}_keyring, {name}_file, {name}_command or {name}"
        )))
    }

    /// The four ways to give a secret, of which one may be used.
    fn add(
        &mut self,
        name: SecretName,
        secrets: &mut BTreeMap<SecretName, SecretSource>,
    ) -> Result<(), Failure> {
        let [literal, file, command, keyring] = name.keys();
        let literal = self
            .optional(literal)?
            .map(Secret::new)
            .map(SecretSource::Literal);
        let file = self.optional(file)?.map(SecretSource::File);
        let command = if self.table.contains_key(command) {
            Some(SecretSource::Command(self.words(command)?))
        } else {
            self.known.push(command);
            None
        };
        let keyring = self.optional(keyring)?.map(SecretSource::Keyring);
        let mut given = [literal, file, command, keyring].into_iter().flatten();
        if let Some(source) = given.next() {
            secrets.insert(name, source);
        }
        if given.next().is_some() {
            return Err(self.failure(&format!("the {} is given twice", name.as_str())));
        }
        Ok(())
    }

    fn words(&mut self, key: &'static str) -> Result<Vec<String>, Failure> {
        let words: Vec<String> = self.required(key)?;
        if words.is_empty() {
            return Err(self.failure(&format!("{key} is empty")));
        }
        Ok(words)
    }

    fn required<T: DeserializeOwned>(&mut self, key: &'static str) -> Result<T, Failure> {
        let found = self.optional(key)?;
        found.ok_or_else(|| self.failure(&format!("{key} is missing")))
    }

    fn optional<T: DeserializeOwned>(&mut self, key: &'static str) -> Result<Option<T>, Failure> {
        self.known.push(key);
        let value: Option<Value> = self.table.remove(key);
        // The value is not shown: it may be a secret.
        let read = value.map(Value::try_into).transpose();
        read.map_err(|_| self.failure(&format!("{key} is of the wrong type")))
    }

    fn refuse_others(&self) -> Result<(), Failure> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => {
                let failure = self.failure(&format!("unknown key `{key}` for this channel"));
                Err(with_nearest(failure, key, self.known.iter().copied()))
            }
        }
    }

    fn failure(&self, what: &str) -> Failure {
        Failure::usage(format!("{}: {what}", self.section))
    }
}

fn with_nearest(
    failure: Failure,
    wrong: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> Failure {
    match choice::did_you_mean(wrong, known) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// `None` if a percent sign is not followed by two hexadecimal digits, or the result is not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// `host`, `host:port`, `[::1]:port`.
fn split_port(place: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-._:".contains(letter);
    if host.is_empty() || !host.chars().all(is_host) {
        return None;
    }
    match port {
        Some(port) => Some((
            host.to_owned(),
            Some(port.parse().ok().filter(|port| *port > 0)?),
        )),
        None => Some((host.to_owned(), None)),
    }
}
