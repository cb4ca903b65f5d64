//! Who a delivered file is encrypted to, as the operator writes it: `age:RECIPIENT,…:PATH` or `ssh:PUBLIC-KEY-FILE:PATH`.

use std::fmt;

use crate::domain::failure::Failure;
use crate::domain::password::placeholders::{PlaceholderNames, fill, fill_path, has_placeholder};
use crate::domain::password::recipient::{Recipient, is_name, is_recipient};

/// The name of a file whose path is left out, or ends in its folder.
const FILE_NAME: &str = "{username}@{env}.{database}.age";

/// With placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receivers {
    /// Recipients themselves, and names of the config file.
    Named(Vec<String>),
    /// A file of public keys.
    KeyFile(String),
}

/// Reads what follows `age:` or `ssh:`: the receivers, and the path of the file for them.
///
/// # Errors
/// A usage failure.
pub(super) fn parse(way: &str, text: &str) -> Result<(Receivers, String), Failure> {
    let (receivers, path) = text.split_once(':').unwrap_or((text, ""));
    let receivers = match way {
        "ssh" => Receivers::KeyFile(key_file(receivers)?),
        _ => Receivers::Named(named(receivers)?),
    };
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}{FILE_NAME}")
    } else {
        path.to_owned()
    };
    Ok((receivers, path))
}

fn key_file(path: &str) -> Result<String, Failure> {
    if path.is_empty() {
        let what = "\"ssh:\" names no file of a public key; expected ssh:PUBLIC-KEY-FILE[:PATH]";
        return Err(Failure::usage(what));
    }
    let first = path.split(' ').next().unwrap_or_default();
    if first != path && first.starts_with("ssh-") {
        let what = "after \"ssh:\" stands the path of a public key, not the key itself (which can be given a name in [recipients] in the config file: age:NAME)";
        return Err(Failure::usage(what));
    }
    Ok(path.to_owned())
}

fn named(text: &str) -> Result<Vec<String>, Failure> {
    let names = text.split(',').map(str::trim);
    let names = names.map(|name| {
        if has_placeholder(name) {
            return Ok(name.to_owned());
        }
        // A secret key is refused as such.
        if is_recipient(name) {
            return name.parse::<Recipient>().map(|_| name.to_owned());
        }
        if name.starts_with("ssh-") && name.contains(' ') {
            let what = "an SSH key is delivered to by ssh:PUBLIC-KEY-FILE, or by its name in [recipients] in the config file: age:NAME";
            return Err(Failure::usage(what));
        }
        if !is_name(name) {
            let what = format!("{name:?} is not a recipient; expected age:RECIPIENT[,RECIPIENT…][:PATH], where a recipient is age1… or a name of [recipients] in the config file");
            return Err(Failure::usage(what));
        }
        Ok(name.to_owned())
    });
    names.collect()
}

impl Receivers {
    /// A name cannot become another recipient, or several: whoever may create roles would receive their passwords.
    pub(super) fn fill(&self, names: &PlaceholderNames<'_>) -> Result<Self, Failure> {
        Ok(match self {
            Self::Named(receivers) => Self::Named(
                receivers
                    .iter()
                    .map(|receiver| filled_name(receiver, names))
                    .collect::<Result<_, _>>()?,
            ),
            Self::KeyFile(path) => {
                let filled = fill_path(path, names)?;
                // Where it ends, the path of the delivered file begins.
                if filled.contains(':') {
                    return Err(Failure::usage(format!(
                        "the path of a public key cannot contain a colon: {filled:?}"
                    )));
                }
                Self::KeyFile(filled)
            }
        })
    }

    pub(super) fn has_placeholder(&self) -> bool {
        match self {
            Self::Named(receivers) => receivers.iter().any(|receiver| has_placeholder(receiver)),
            Self::KeyFile(path) => has_placeholder(path),
        }
    }
}

fn filled_name(receiver: &str, names: &PlaceholderNames<'_>) -> Result<String, Failure> {
    if !has_placeholder(receiver) {
        return Ok(receiver.to_owned());
    }
    let filled = fill(receiver, names);
    if !is_name(&filled) {
        return Err(Failure::usage(format!(
            "{receiver:?} stands for {filled:?}, which cannot be the name of a recipient"
        )));
    }
    Ok(filled)
}

impl fmt::Display for Receivers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(receivers) => formatter.write_str(&receivers.join(",")),
            Self::KeyFile(path) => formatter.write_str(path),
        }
    }
}
