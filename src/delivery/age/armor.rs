//! ASCII armor: what can be mailed and pasted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
/// Characters in a line.
const LINE_LENGTH: usize = 64;

pub(super) fn armored(file: &[u8]) -> String {
    let encoded = STANDARD.encode(file);
    let mut text = format!("{BEGIN}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE_LENGTH));
        text.push_str(&format!("{line}\n"));
        rest = after;
    }
    text.push_str(&format!("{END}\n"));
    text
}

/// Whether it is such a file, judging by how it begins.
pub(super) fn is_armored(text: &str) -> bool {
    text.starts_with(BEGIN)
}

/// The file inside; `None` if it is not one, or not whole.
pub(super) fn unarmored(text: &str) -> Option<Vec<u8>> {
    let inside = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let encoded: String = inside.lines().map(str::trim_end).collect();
    STANDARD.decode(encoded).ok()
}
