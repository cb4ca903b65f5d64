//! Delivery to the operating system's keyring.

use anyhow::{Context, Result};

use crate::credentials::os_keyring;
use crate::delivery::deliver::Deliver;
use crate::delivery::issued_password::IssuedPassword;

pub struct ToKeyring;

impl Deliver for ToKeyring {
    fn check(&self, _: &IssuedPassword<'_>) -> Result<()> {
        os_keyring::check().context("the keyring cannot accept a delivery")
    }

    fn deliver(&self, issued: &IssuedPassword<'_>, _: &mut Vec<String>) -> Result<()> {
        Ok(os_keyring::deliver(
            issued.target,
            issued.username,
            issued.password,
        )?)
    }

    /// A keyring may lose its newest entry in a power failure: gnome-keyring syncs its file, but not the folder.
    fn is_confirmed(&self, _: &IssuedPassword<'_>) -> bool {
        false
    }
}
