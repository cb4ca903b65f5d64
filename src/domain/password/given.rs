//! The passwords that an operator may give.

use crate::domain::failure::Failure;
use crate::domain::password::secret::Secret;

/// The longest password that libpq and the server accept in a login, in bytes.
const LONGEST: usize = 1023;

/// Refuses what no role can log in with, and what is not a password.
///
/// # Errors
/// Usage, with the reason.
pub fn check_given(secret: &Secret) -> Result<(), Failure> {
    let text = secret.expose();
    if text.is_empty() {
        return Err(Failure::usage("the password on standard input is empty"));
    }
    if text.len() > LONGEST {
        return Err(Failure::usage(format!(
            "the password on standard input is longer than {LONGEST} bytes"
        )));
    }
    if text.contains(['\0', '\n', '\r']) {
        return Err(Failure::usage(
            "the password on standard input has more than one line, or a NUL byte",
        ));
    }
    if is_hash_shaped(text) {
        return Err(
            Failure::usage("standard input has the hash of a password, not a password")
                .hint("give the password itself: pgrole makes the verifier"),
        );
    }
    Ok(())
}

/// Whether PostgreSQL would take the text for a hash (`get_password_type` in `src/backend/libpq/crypt.c`).
fn is_hash_shaped(text: &str) -> bool {
    let is_md5 = text.len() == 35
        && text
            .strip_prefix("md5")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_md5 || text.starts_with("SCRAM-SHA-256$")
}
