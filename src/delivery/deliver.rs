//! The trait of every delivery, and what it uses of a run.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::sink::Sink;
use crate::domain::password::recipient::Recipients;
use crate::domain::settings::CredentialSettings;
use crate::domain::variables::Variables;
use crate::locks::Locks;

/// A way to deliver a password. One that writes a file takes the file's lock itself.
pub trait Deliver {
    /// Rehearses the delivery with a sample password, up to the moment when something would change.
    ///
    /// # Errors
    /// What would make the delivery fail: a missing folder, a full disk, a file whose owner or mode could not be
    /// preserved, a command that does not exist.
    fn check(&self, sample: &IssuedPassword<'_>) -> Result<()>;

    /// Delivers: when this returns, the password was synced, read back, or accepted with exit status 0. Adds to the
    /// notes what the operator should know, whether it succeeds or not.
    ///
    /// # Errors
    /// If the password did not arrive.
    fn deliver(&self, password: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()>;

    /// Removes what an interrupted delivery left.
    ///
    /// # Errors
    /// If it exists and cannot be removed.
    fn discard(&self, _operation_id: &str) -> Result<()> {
        Ok(())
    }

    /// Whether a completed delivery is durable, so that the sealed copy is no longer needed.
    fn is_confirmed(&self, _password: &IssuedPassword<'_>) -> bool {
        true
    }

    /// The file that it writes, with links resolved; `None` if it does not write a single file.
    ///
    /// # Errors
    /// If the path cannot be resolved.
    fn file(&self) -> Result<Option<PathBuf>> {
        Ok(None)
    }

    /// How that file holds passwords.
    fn form(&self) -> Form {
        Form::Whole
    }
}

/// How a file holds passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The whole file is one login.
    Whole,
    Userlist,
    Pgpass,
}

impl Form {
    /// Whether one file can hold passwords in both forms.
    pub fn goes_with(self, other: Self) -> bool {
        self == other && self != Self::Whole
    }
}

/// What deliveries use of a run.
#[derive(Clone, Copy)]
pub struct Resources<'a> {
    pub variables: &'a Variables,
    pub credential: &'a CredentialSettings,
    pub recipients: &'a Recipients,
    pub locks: &'a Locks,
    /// The timeout for a server.
    pub timeout: Duration,
    /// `None` while another result is printed there.
    pub stdout: Option<&'a dyn Sink>,
}
