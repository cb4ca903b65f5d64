//! A channel: where notifications go, which ones, and where its secrets come from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::domain::message::notification::EventKind;
use crate::domain::password::secret::Secret;
use crate::domain::target::Environment;

/// `[notify.NAME]`.
#[derive(Debug, Clone)]
pub struct Channel {
    pub name: String,
    pub kind: ChannelKind,
    pub secrets: BTreeMap<SecretName, SecretSource>,
    /// A file of the certificate authorities to trust instead of the system's.
    pub tls_ca: Option<PathBuf>,
    /// Empty: all.
    pub events: Vec<EventKind>,
    /// Empty: all.
    pub environments: Vec<Environment>,
}

/// What a channel is, and what it needs beside its secrets.
#[derive(Debug, Clone)]
pub enum ChannelKind {
    Slack,
    Teams,
    Webhook,
    Webex {
        room_id: String,
        api: String,
    },
    Email(Mail),
    /// A program and its arguments.
    Command(Vec<String>),
}

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub encryption: MailEncryption,
    /// `None` for no login.
    pub user: Option<String>,
    pub from: String,
    pub to: Vec<String>,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailEncryption {
    /// With the first byte (`smtps://`).
    Immediate,
    /// With STARTTLS, without which nothing is sent.
    StartTls,
    None,
}

/// The secrets that channels have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretName {
    Url,
    Token,
    Password,
    /// The key of a webhook's signature.
    Secret,
}

/// Where a secret comes from.
#[derive(Debug, Clone)]
pub enum SecretSource {
    /// Written in the config file.
    Literal(Secret),
    File(PathBuf),
    /// A program and its arguments, which prints it.
    Command(Vec<String>),
    /// The keyring's account `notify/NAME`.
    Keyring(String),
}

/// A channel's secrets, read.
pub type Secrets = BTreeMap<SecretName, Secret>;

impl Channel {
    /// Whether the channel wants an event of an environment; one without an environment goes to all channels.
    pub fn wants(&self, event: EventKind, env: Option<&str>) -> bool {
        let takes_event = self.events.is_empty() || self.events.contains(&event);
        takes_event && env.is_none_or(|env| self.wants_environment(env))
    }

    pub fn wants_environment(&self, env: &str) -> bool {
        self.environments.is_empty() || self.environments.iter().any(|own| own.as_str() == env)
    }
}

impl ChannelKind {
    /// The word of the config file.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Webhook => "webhook",
            Self::Webex { .. } => "webex",
            Self::Email(_) => "email",
            Self::Command(_) => "command",
        }
    }
}

impl SecretName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Token => "token",
            Self::Password => "password",
            Self::Secret => "secret",
        }
    }

    /// The config file's keys for it: the secret itself, a file, a command, an entry of the keyring.
    pub fn keys(self) -> [&'static str; 4] {
        match self {
            Self::Url => ["url", "url_file", "url_command", "url_keyring"],
            Self::Token => ["token", "token_file", "token_command", "token_keyring"],
            Self::Password => [
                "password",
                "password_file",
                "password_command",
                "password_keyring",
            ],
            Self::Secret => ["secret", "secret_file", "secret_command", "secret_keyring"],
        }
    }
}
