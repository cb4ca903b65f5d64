//! The options that say where a new target's server is, and how it is reached: of `registry add` and `discover`.

use anyhow::Result;
use clap::Args;
use clap::builder::{PossibleValuesParser, StringValueParser, TypedValueParser};

use crate::commands::global::Context;
use crate::commands::tls::TlsArgs;
use crate::domain::settings::ConnectionDefaults;
use crate::domain::target::Environment;
use crate::domain::target::address::{Hosts, Ports};
use crate::domain::target::encryption::name_of;
use crate::domain::target::require_auth::RequireAuth;
use crate::domain::target::service::ServiceName;
use crate::operations::registry::entries::{DEFAULT_PORT, RegistryEntry};

#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Host name, IP address, or Unix socket directory; of several, separated by commas, the one that
    /// accepts writes is used
    #[arg(
        short = 'H',
        long,
        value_name = "HOST[,HOST...]",
        required_unless_present = "service"
    )]
    hostname: Option<Hosts>,

    /// Instead of a host: a service of pg_service.conf (PGSERVICEFILE, ~/.pg_service.conf, or
    /// PGSYSCONFDIR), looked up at each use; the other options take precedence over it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["hostname", "port"])]
    service: Option<ServiceName>,

    /// The server's port; one for all hosts, or one for each, separated by commas [default: the
    /// environment's in the config file, else 5432]
    #[arg(short, long, value_name = "PORT[,PORT...]")]
    port: Option<Ports>,

    #[command(flatten)]
    tls: TlsArgs,

    /// The authentication methods that the server may request, as in libpq: a list of password, md5,
    /// scram-sha-256, none…, or of methods that are not accepted, each with a "!" [default: scram-sha-256;
    /// with a client certificate and on this machine also none]
    #[arg(long, value_name = "METHOD[,METHOD...]", value_parser = methods())]
    require_auth: Option<String>,

    /// This is the server itself, not a pooler, although it makes up its process IDs (Neon)
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, value_parser = yes_or_no(),
        default_missing_value = "yes")]
    direct: Option<bool>,

    /// The role to log in as if the credential's source names none (.pgpass, peer, a certificate)
    /// [default: the environment's in the config file, else PG_ADMIN_USER, credential.user in the config
    /// file, or your user name]
    #[arg(long, value_name = "ROLE")]
    admin_user: Option<String>,
}

/// A list as in libpq; the empty text and "default" reset it.
pub fn methods() -> impl TypedValueParser<Value = String> {
    StringValueParser::new().try_map(|text: String| match text.as_str() {
        "" | "default" => Ok(String::new()),
        list => list.parse::<RequireAuth>().map(|_| text),
    })
}

pub fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["yes", "no"]).map(|word| word == "yes")
}

/// As the registry stores it.
pub fn place(hosts: Option<&Hosts>, service: Option<&ServiceName>) -> Option<String> {
    let service = service.map(ServiceName::to_place);
    hosts.map(Hosts::to_string).or(service)
}

impl PlaceArgs {
    /// The entry of a database there, but for the database's name. What is not given is what the config file says of
    /// the environment; a service says all itself.
    pub fn entry(self, env: &Environment, context: &Context) -> Result<RegistryEntry> {
        context.run.settings.check_environment(env)?;
        let tls = self.tls.changes()?;
        let defaults = match self.service {
            Some(_) => ConnectionDefaults::default(),
            None => context.run.settings.connection_defaults(env),
        };
        let or_default = |given: Option<String>, default: Option<String>| {
            given.or(default).filter(|text| !text.is_empty())
        };
        let place = place(self.hostname.as_ref(), self.service.as_ref());
        let entry = RegistryEntry {
            env: env.to_string(),
            hostname: place.expect("clap requires one of the two"),
            active: true,
            sslmode: or_default(tls.sslmode, defaults.sslmode.map(name_of)),
            sslrootcert: or_default(tls.sslrootcert, defaults.sslrootcert),
            sslcert: or_default(tls.sslcert, None),
            sslkey: or_default(tls.sslkey, None),
            sslnegotiation: or_default(tls.sslnegotiation, None),
            channel_binding: or_default(tls.channel_binding, None),
            require_auth: or_default(self.require_auth, None),
            direct: self.direct.unwrap_or(false),
            admin_user: or_default(self.admin_user, defaults.admin_user),
            // The operator has named the server.
            is_recorded: true,
            ..RegistryEntry::default()
        };
        if self.service.is_some() {
            return Ok(entry);
        }
        let default = || defaults.port.map_or(DEFAULT_PORT, i64::from);
        Ok(match &self.port {
            Some(ports) => entry.at_ports(ports),
            None => RegistryEntry {
                port: Some(default()),
                ..entry
            },
        })
    }
}
