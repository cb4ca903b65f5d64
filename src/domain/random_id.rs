//! Ids that nobody has had before. They are made here, not by the store's SQL: what is sent once more names the same one.

use anyhow::{Context, Result};
use rand::TryRng;

/// Enough for an operation, and short enough to be typed.
pub const OPERATION_ID: usize = 8;
/// Other programs tell messages of many registries apart by it.
pub const MESSAGE_ID: usize = 16;
/// A claim on a message, which nobody sees.
pub const CLAIM_TOKEN: usize = 8;

/// So many random bytes, as hexadecimal digits.
///
/// # Errors
/// When the random source fails.
pub fn random_id<R: TryRng>(bytes: usize, random: &mut R) -> Result<String>
where
    R::Error: std::error::Error + Send + Sync + 'static,
{
    let mut id = vec![0_u8; bytes];
    random
        .try_fill_bytes(&mut id)
        .context("the operating system's random source failed")?;
    Ok(id.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use rand::rngs::SysRng;

    use super::*;

    #[test]
    fn an_id_has_two_digits_for_each_byte_and_is_another_each_time() {
        let one = random_id(OPERATION_ID, &mut SysRng).unwrap();
        let other = random_id(OPERATION_ID, &mut SysRng).unwrap();
        assert_eq!(one.len(), 16);
        assert!(
            one.bytes()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        );
        assert_ne!(one, other);
    }
}
