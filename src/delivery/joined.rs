//! Texts with a password in them.

use zeroize::Zeroizing;

/// The parts in one text, which has its length from the beginning: growing would leave a copy behind.
pub fn joined(parts: &[&str]) -> Zeroizing<String> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for part in parts {
        text.push_str(part);
    }
    text
}
