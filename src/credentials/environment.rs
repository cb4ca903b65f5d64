//! The admin credential from `PG_ADMIN_USER` and `PG_ADMIN_PASS`.

use crate::credentials::FoundLogin;
use crate::domain::password::login_place::LoginSource;
use crate::domain::password::secret::Secret;
use crate::domain::variables::Variables;

/// The variables' names, if both are set; else which are not.
pub fn describe(variables: &Variables) -> Result<String, String> {
    let found = read(variables);
    let in_short = |reason: String| reason.trim_start_matches("environment: ").to_owned();
    found
        .map(|_| "PG_ADMIN_USER and PG_ADMIN_PASS".to_owned())
        .map_err(in_short)
}

/// The credential, if both variables are set; else why there is none.
pub fn read(variables: &Variables) -> Result<FoundLogin, String> {
    match (
        variables.text("PG_ADMIN_USER"),
        variables.text("PG_ADMIN_PASS"),
    ) {
        (Some(user), Some(password)) => Ok(FoundLogin {
            user: Some(user.to_owned()),
            password: Secret::new(password.to_owned()),
            origin: "environment (PG_ADMIN_USER, PG_ADMIN_PASS)".to_owned(),
            passwords_of_hosts: Vec::new(),
            kept: LoginSource::Elsewhere,
        }),
        (None, None) => Err("environment: PG_ADMIN_USER and PG_ADMIN_PASS are not set".to_owned()),
        (Some(_), None) => Err("environment: PG_ADMIN_PASS is not set".to_owned()),
        (None, Some(_)) => Err("environment: PG_ADMIN_USER is not set".to_owned()),
    }
}
