//! `[recipients]`: the people that passwords can be encrypted to, each with one public key or several.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::failure::Failure;
use crate::domain::password::recipient::{Recipient, Recipients};

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a public key, or a list of them")]
pub(super) enum Keys {
    One(String),
    Several(Vec<String>),
}

pub(super) fn recipients(section: BTreeMap<String, Keys>) -> Result<Recipients, Failure> {
    let by_name = section.into_iter().map(|(name, keys)| {
        let keys = match keys {
            Keys::One(key) => vec![key],
            Keys::Several(keys) => keys,
        };
        let keys: Result<Vec<Recipient>, _> = keys.iter().map(|key| key.parse()).collect();
        match keys {
            Ok(keys) => Ok((name, keys)),
            Err(failure) => {
                let wrapped = Failure::usage(format!("[recipients] {name}: {failure}"));
                Err(wrapped.with_advice_of(&failure))
            }
        }
    });
    Recipients::new(by_name.collect::<Result<_, _>>()?)
}
