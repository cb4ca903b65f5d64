//! How a connection is encrypted and the server verified: libpq's settings, with libpq's names and meaning
//! (PostgreSQL documentation, "Database Connection Control Functions" and "SSL Support").

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::target::address::{Hostname, Hosts};

/// How far TLS is required and verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// How TLS is negotiated: requested in PostgreSQL's protocol, or directly (17 and later), which saves a round trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SslNegotiation {
    Postgres,
    Direct,
}

/// Whether the login must prove that both ends see the same TLS session (SCRAM-SHA-256-PLUS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChannelBinding {
    Disable,
    Prefer,
    Require,
}

/// The encryption settings of a target; `None` means the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// `None`: `verify-full` for a remote host, `prefer` for loopback.
    pub sslmode: Option<SslMode>,
    /// A PEM file of trusted certificates, or `system`; `None`: libpq's default file, else the system's.
    pub sslrootcert: Option<PathBuf>,
    /// A PEM file with the client's certificate; `None`: libpq's default file, if it exists.
    pub sslcert: Option<PathBuf>,
    /// The file with its key; `None`: libpq's default file.
    pub sslkey: Option<PathBuf>,
    /// `None`: `postgres`.
    pub sslnegotiation: Option<SslNegotiation>,
    /// `None`: `require` for a remote host without TLS settings, else `prefer`.
    pub channel_binding: Option<ChannelBinding>,
}

impl TlsSettings {
    /// The sslmode in force at a host. A Unix socket is never encrypted (libpq: "sslmode is ignored for Unix
    /// domain socket communication"); `sslrootcert=system` means `verify-full`, as in libpq since 16.
    pub fn mode_at(&self, host: &Hostname) -> SslMode {
        match self.sslmode {
            _ if host.socket_folder().is_some() => SslMode::Disable,
            Some(mode) => mode,
            None if host.is_local() && !self.trusts_system() => SslMode::Prefer,
            None => SslMode::VerifyFull,
        }
    }

    /// The channel binding in force at a host. A login by certificate sends no password that a man in the
    /// middle could take, and has no channel binding.
    pub fn channel_binding_at(&self, host: &Hostname) -> ChannelBinding {
        let untouched = self.sslmode.is_none() && self.sslcert.is_none();
        match self.channel_binding {
            Some(binding) => binding,
            None if untouched && !host.is_local() => ChannelBinding::Require,
            None => ChannelBinding::Prefer,
        }
    }

    pub fn negotiation(&self) -> SslNegotiation {
        self.sslnegotiation.unwrap_or(SslNegotiation::Postgres)
    }

    /// Whether the operating system's certificates are requested explicitly.
    pub fn trusts_system(&self) -> bool {
        self.sslrootcert.as_deref() == Some(Path::new("system"))
    }

    /// Refuses what libpq refuses too: weak modes with `direct` and with `system` (fe-connect.c, "weak sslmode").
    ///
    /// # Errors
    /// Usage.
    pub fn check(&self, hosts: &Hosts) -> Result<(), Failure> {
        let networked = hosts.iter().filter(|host| host.socket_folder().is_none());
        let Some(weakest) = networked.map(|host| self.mode_at(host)).min() else {
            return Ok(());
        };
        let weak = |what: &str, least: SslMode| {
            let (weakest, least) = (name_of(weakest), name_of(least));
            Failure::usage(format!("sslmode {weakest} is too weak for {what}"))
                .hint(format!("add --sslmode {least}"))
        };
        if self.trusts_system() && weakest < SslMode::VerifyFull {
            return Err(weak("sslrootcert system", SslMode::VerifyFull));
        }
        if self.negotiation() == SslNegotiation::Direct && weakest < SslMode::Require {
            return Err(weak("sslnegotiation direct", SslMode::VerifyFull));
        }
        Ok(())
    }
}

/// The name of a setting's value, as libpq has it.
pub fn name_of<T: ValueEnum + Copy>(value: T) -> String {
    let value = value.to_possible_value().expect("no value is hidden");
    value.get_name().to_owned()
}

/// The value of that name.
///
/// # Errors
/// Usage, with the possible values.
pub fn value_of<T: ValueEnum + Copy>(setting: &str, name: &str) -> Result<T, Failure> {
    T::from_str(name, false).map_err(|_| {
        let known: Vec<_> = T::value_variants()
            .iter()
            .map(|value| name_of(*value))
            .collect();
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        Failure::usage(choice::not_valid(setting, name, &known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> Hostname {
        name.parse().unwrap()
    }

    #[test]
    fn a_remote_host_is_verified_unless_told_otherwise() {
        let mode = |name| TlsSettings::default().mode_at(&host(name));
        assert_eq!(mode("pg-dev-01.example.com"), SslMode::VerifyFull);
        assert_eq!(mode("10.0.0.1"), SslMode::VerifyFull);
        assert_eq!(mode("localhost"), SslMode::Prefer);
        assert_eq!(mode("127.0.0.1"), SslMode::Prefer);
        assert_eq!(mode("::1"), SslMode::Prefer);
        assert_eq!(mode("/run/postgresql"), SslMode::Disable);
        let chosen = TlsSettings {
            sslmode: Some(SslMode::Require),
            ..TlsSettings::default()
        };
        assert_eq!(chosen.mode_at(&host("10.0.0.1")), SslMode::Require);
        assert_eq!(chosen.mode_at(&host("/tmp")), SslMode::Disable);
    }

    #[test]
    fn channel_binding_is_required_where_nothing_is_said_of_a_remote_host() {
        let remote = host("10.0.0.1");
        let binding = |settings: TlsSettings| settings.channel_binding_at(&remote);
        let untouched = TlsSettings::default();
        assert_eq!(
            untouched.channel_binding_at(&host("localhost")),
            ChannelBinding::Prefer
        );
        assert_eq!(binding(untouched.clone()), ChannelBinding::Require);
        assert_eq!(
            binding(TlsSettings {
                sslmode: Some(SslMode::VerifyFull),
                ..untouched.clone()
            }),
            ChannelBinding::Prefer
        );
        assert_eq!(
            binding(TlsSettings {
                sslcert: Some("client.crt".into()),
                ..untouched.clone()
            }),
            ChannelBinding::Prefer
        );
        assert_eq!(
            binding(TlsSettings {
                channel_binding: Some(ChannelBinding::Disable),
                ..untouched
            }),
            ChannelBinding::Disable
        );
    }

    #[test]
    fn weak_modes_go_with_neither_direct_nor_system() {
        let check = |hosts: &str, settings: &TlsSettings| settings.check(&hosts.parse().unwrap());
        let direct = TlsSettings {
            sslnegotiation: Some(SslNegotiation::Direct),
            ..TlsSettings::default()
        };
        assert!(check("db.example.com", &direct).is_ok());
        assert!(check("/tmp", &direct).is_ok());
        assert!(check("db.example.com,localhost", &direct).is_err());
        let system = TlsSettings {
            sslrootcert: Some("system".into()),
            ..TlsSettings::default()
        };
        assert!(check("localhost", &system).is_ok());
        let weak = TlsSettings {
            sslmode: Some(SslMode::VerifyCa),
            ..system
        };
        assert_eq!(
            check("localhost", &weak).unwrap_err().message,
            "sslmode verify-ca is too weak for sslrootcert system"
        );
    }
}
