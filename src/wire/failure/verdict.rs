//! What an error means for what comes next: whether to try again, to look again, or to give up.

use crate::domain::failure::{Failure, Kind};

/// The group that may set passwords on RDS and Aurora with `rds.restrict_password_commands`.
pub const PASSWORD_KEEPERS: &str = "rds_password";
/// How the server's versions say in English that only a superuser may: only a hint depends on it.
pub const SUPERUSERS_ONLY: [&str; 2] = ["must be superuser", "SUPERUSER attribute"];

/// Whether the same statements may succeed if sent again: lost races that the server reports as errors, and locks
/// that others hold.
pub fn is_worth_retrying(failure: &Failure) -> bool {
    match failure.sqlstate.as_deref() {
        Some("40001" | "40P01" | "55P03") => true,
        Some("XX000") => failure.kind == Kind::Busy,
        _ => false,
    }
}

/// Whether a password policy on the server (a hook) refused the password. An error raised in another statement, as by
/// an event trigger, would be raised with another password too.
pub fn is_policy_refusal(failure: &Failure) -> bool {
    failure.refuses_verifier && matches!(failure.sqlstate.as_deref(), Some("22023" | "P0001"))
}

/// Whether no privilege on the role would help: only superusers may, or the members of a service's password group.
pub fn is_beyond_grants(said: &str) -> bool {
    let mut texts = SUPERUSERS_ONLY.iter().chain([&PASSWORD_KEEPERS]);
    texts.any(|text| said.contains(text))
}

/// Whether another session created or dropped a role meanwhile, so that the state must be read again.
pub fn is_lost_race(failure: &Failure) -> bool {
    matches!(
        failure.sqlstate.as_deref(),
        Some("42710" | "23505" | "42704")
    )
}
