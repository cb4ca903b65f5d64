//! The options of `registry add` and `registry update` that say how a target's connection is encrypted.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::builder::{OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::domain::failure::Failure;
use crate::domain::target::encryption::{
    ChannelBinding, SslMode, SslNegotiation, name_of, value_of,
};
use crate::operations::registry::entries::EntryChanges;

/// The value that resets a setting to its default.
const DEFAULT: &str = "default";

#[derive(Debug, Args)]
pub struct TlsArgs {
    /// Whether to require and verify TLS, as in libpq [default: verify-full for a remote host,
    /// prefer for loopback, none on a socket]
    #[arg(long, value_name = "MODE", value_parser = choice::<SslMode>())]
    sslmode: Option<Choice<SslMode>>,

    /// The certificates to trust: a PEM file, or "system" (with verify-full) [default:
    /// ~/.postgresql/root.crt if it exists, else the system's]
    #[arg(long, value_name = "FILE", value_parser = file(), value_hint = ValueHint::FilePath)]
    sslrootcert: Option<PathBuf>,

    /// The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it exists]
    #[arg(long, value_name = "FILE", value_parser = file(), value_hint = ValueHint::FilePath)]
    sslcert: Option<PathBuf>,

    /// The private key of that certificate, readable only by its owner [default: ~/.postgresql/postgresql.key]
    #[arg(long, value_name = "FILE", value_parser = file(), value_hint = ValueHint::FilePath)]
    sslkey: Option<PathBuf>,

    /// How TLS is negotiated: "direct" (PostgreSQL 17 and later) saves a round trip [default: postgres]
    #[arg(long, value_name = "MODE", value_parser = choice::<SslNegotiation>())]
    sslnegotiation: Option<Choice<SslNegotiation>>,

    /// Whether channel binding, which ties the login to the TLS session, is required [default: require
    /// for a remote host if neither --sslmode nor --sslcert is set, else prefer]
    #[arg(long, value_name = "MODE", value_parser = choice::<ChannelBinding>())]
    channel_binding: Option<Choice<ChannelBinding>>,
}

/// A value, or the word that resets it.
#[derive(Debug, Clone, Copy)]
enum Choice<T> {
    Default,
    Value(T),
}

impl<T: ValueEnum + Copy> Choice<T> {
    fn value(self) -> Option<T> {
        match self {
            Self::Default => None,
            Self::Value(value) => Some(value),
        }
    }

    /// As the registry stores it; the empty text resets it.
    fn text(self) -> String {
        self.value().map(name_of).unwrap_or_default()
    }
}

fn choice<T: ValueEnum + Copy + Send + Sync + 'static>() -> impl TypedValueParser<Value = Choice<T>>
{
    let values = T::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value);
    let names = values.chain([PossibleValue::new(DEFAULT)]);
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        DEFAULT => Ok(Choice::Default),
        name => value_of("value", name).map(Choice::Value),
    })
}

/// A file, or the empty text, which resets it.
fn file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

impl TlsArgs {
    /// The changes to an entry; an empty text resets a setting.
    pub fn changes(self) -> Result<EntryChanges> {
        Ok(EntryChanges {
            sslmode: self.sslmode.map(Choice::text),
            sslrootcert: changed_file(self.sslrootcert.as_deref())?,
            sslcert: changed_file(self.sslcert.as_deref())?,
            sslkey: changed_file(self.sslkey.as_deref())?,
            sslnegotiation: self.sslnegotiation.map(Choice::text),
            channel_binding: self.channel_binding.map(Choice::text),
            ..EntryChanges::default()
        })
    }
}

fn changed_file(file: Option<&Path>) -> Result<Option<String>> {
    let file = file.map(absolute).transpose()?;
    Ok(file.map(|file| file.display().to_string()))
}

/// A file is stored by its full path: cron does not run in the same directory.
fn absolute(file: &Path) -> Result<PathBuf> {
    if file.as_os_str().is_empty() || file == Path::new("system") {
        return Ok(file.to_owned());
    }
    std::path::absolute(file).map_err(|error| {
        Failure::usage(format!("cannot use {}", file.display()))
            .caused_by(error)
            .into()
    })
}
