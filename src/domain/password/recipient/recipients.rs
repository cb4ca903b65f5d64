//! The people of the config file's `[recipients]`, each with the keys that their files are encrypted to.

use std::collections::BTreeMap;

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::password::recipient::{OWN, Recipient, is_recipient};

/// More names than these are not listed in a message.
const MOST_LISTED: usize = 8;

/// By name; each with a key at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients(BTreeMap<String, Vec<Recipient>>);

/// Whether somebody can be called so: it is told apart from a recipient itself, and from what follows it.
pub fn is_name(text: &str) -> bool {
    let is_plain = |letter: char| !letter.is_control() && !",:{}".contains(letter);
    !text.is_empty() && text == text.trim() && text.chars().all(is_plain) && !is_recipient(text)
}

impl Recipients {
    /// # Errors
    /// If a name cannot be used, or has no key.
    pub fn new(by_name: BTreeMap<String, Vec<Recipient>>) -> Result<Self, Failure> {
        for (name, keys) in &by_name {
            if !is_name(name) {
                return Err(Failure::usage(format!("{name:?} cannot be the name of a recipient"))
                    .hint(format!("names contain no comma, colon or brace, and do not begin with \"{OWN}\"")));
            }
            if keys.is_empty() {
                return Err(Failure::usage(format!(
                    "the recipient \"{name}\" has no key"
                )));
            }
        }
        Ok(Self(by_name))
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The keys of somebody.
    ///
    /// # Errors
    /// A usage failure with the nearest name, if nobody is called so.
    pub fn find(&self, name: &str) -> Result<&[Recipient], Failure> {
        if let Some(keys) = self.0.get(name) {
            return Ok(keys);
        }
        let known: Vec<_> = self.0.keys().map(String::as_str).collect();
        let what = if known.is_empty() || known.len() > MOST_LISTED {
            format!("unknown recipient {name:?}")
        } else {
            choice::unknown("recipient", name, &known)
        };
        let nearest = choice::did_you_mean(name, known);
        let hint = nearest.unwrap_or_else(|| {
            let key = toml::Value::from(name);
            format!("add it to [recipients] in the config file: {key} = \"age1…\", or \"ssh-ed25519 AAAA…\"")
        });
        Err(Failure::usage(what).hint(hint))
    }
}
