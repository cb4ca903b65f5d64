//! Texts that contain a password.

use zeroize::Zeroizing;

/// Joins the parts into one text, allocated at full length: growing would leave a copy behind.
pub fn joined(parts: &[&str]) -> Zeroizing<String> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for part in parts {
        text.push_str(part);
    }
    text
}
