//! Where the admin login comes from. The first source that is set up wins; the others say why they were passed over.

mod environment;
pub mod keyring;
pub mod sealing_key;

use serde::Serialize;

use crate::domain::failure::{Failure, Kind};
use crate::domain::secret::Secret;
use crate::domain::settings::CredentialSource;
use crate::domain::target::Target;
use crate::domain::variables::Variables;

/// A login with which pgrole connects.
#[derive(Debug, Clone)]
pub struct Credential {
    pub user: String,
    pub password: Option<Secret>,
    /// Where it was found, in words.
    pub origin: String,
}

/// A source that gave no credential, and why.
#[derive(Debug, Clone, Serialize)]
pub struct PassedOver {
    pub source: CredentialSource,
    pub reason: String,
}

/// What the sources said, in order.
#[derive(Debug)]
pub struct Search {
    pub found: Option<Credential>,
    pub passed_over: Vec<PassedOver>,
}

/// Asks the sources in order until one answers.
pub fn search(sources: &[CredentialSource], variables: &Variables, target: &Target) -> Search {
    let mut passed_over = Vec::new();
    for source in sources {
        let answer = match source {
            CredentialSource::Environment => environment::read(variables),
            CredentialSource::Keyring => keyring::read_most_exact(target),
        };
        match answer {
            Ok(credential) => {
                return Search {
                    found: Some(credential),
                    passed_over,
                };
            }
            Err(reason) => passed_over.push(PassedOver {
                source: *source,
                reason,
            }),
        }
    }
    Search {
        found: None,
        passed_over,
    }
}

impl Search {
    /// The credential, or the error that lists what was tried.
    ///
    /// # Errors
    /// No credential.
    pub fn credential(self, target: &Target) -> Result<Credential, Failure> {
        let passed_over = self.passed_over;
        self.found.ok_or_else(|| {
            let tried = passed_over.iter().map(|passed_over| passed_over.reason.as_str());
            let reasons = tried.rev().fold(None, |below: Option<Failure>, reason| {
                let line = Failure::new(Kind::NoCredential, reason);
                Some(match below {
                    Some(below) => line.caused_by(below),
                    None => line,
                })
            });
            let failure = Failure::new(
                Kind::NoCredential,
                format!("no admin credential for {}", target.name()),
            )
            .hint(format!(
                "set PG_ADMIN_USER and PG_ADMIN_PASS, or store one: pgrole credential set -e {} -U ROLE",
                target.env
            ));
            match reasons {
                Some(reasons) => failure.caused_by(reasons),
                None => failure,
            }
        })
    }
}
