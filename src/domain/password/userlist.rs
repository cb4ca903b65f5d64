//! pgbouncer's userlist (its documentation, "Authentication file format"; `load_auth_file` in its `loader.c`): bytes,
//! of which pgrole changes only the lines of the users that it delivers.

use zeroize::Zeroizing;

/// The file with a user's line replaced in place, or added at the end. Everything else stays byte for byte.
pub fn with_user(existing: &[u8], user: &str, verifier: &str) -> Zeroizing<Vec<u8>> {
    let (user_field, verifier_field) = (quoted(user), quoted(verifier));
    let mut line = Zeroizing::new(String::with_capacity(
        user_field.len() + verifier_field.len() + 1,
    ));
    line.push_str(&user_field);
    line.push(' ');
    line.push_str(&verifier_field);
    // Room for everything that can be added, so that it never grows: other users' lines are in it.
    let length = existing.len() + line.len() + 2;
    let mut written = Zeroizing::new(Vec::with_capacity(length));
    let mut is_found = false;
    let mut rest = existing;
    while !rest.is_empty() {
        let (record, after) = rest.split_at(end_of_record(rest));
        rest = after;
        if !is_found && is_open(record) {
            // No reader comes past it.
            is_found = true;
            written.extend_from_slice(line.as_bytes());
            written.push(b'\n');
        }
        if user_of(record).as_deref() != Some(user.as_bytes()) {
            written.extend_from_slice(record);
        } else if !is_found {
            is_found = true;
            written.extend_from_slice(line.as_bytes());
            written.extend_from_slice(line_end(record));
        }
    }
    if !is_found {
        if written.last().is_some_and(|last| *last != b'\n') {
            written.push(b'\n');
        }
        written.extend_from_slice(line.as_bytes());
        written.push(b'\n');
    }
    written
}

fn quoted(text: &str) -> Zeroizing<String> {
    let mut quoted = Zeroizing::new(String::with_capacity(2 * text.len() + 2));
    quoted.push('"');
    for letter in text.chars() {
        if letter == '"' {
            quoted.push('"');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

/// A record ends with its line; but a line break within quotes belongs to the name.
fn end_of_record(text: &[u8]) -> usize {
    let is_blank = |byte: &u8| *byte != b'\n' && byte.is_ascii_whitespace();
    let start = text.iter().take_while(|byte| is_blank(byte)).count();
    let mut at = start;
    if text.get(start) == Some(&b'"') {
        at = end_of_quoted(text, start).unwrap_or(start);
        // The password is quoted too, and may follow at any distance.
        let line = text[at..].iter().take_while(|byte| **byte != b'\n');
        if let Some(gap) = line.into_iter().position(|byte| *byte == b'"') {
            at = end_of_quoted(text, at + gap).unwrap_or(at);
        }
    }
    let line_end = text[at..].iter().position(|byte| *byte == b'\n');
    line_end.map_or(text.len(), |line_end| at + line_end + 1)
}

/// Where the quoted text that starts there ends; `None` if it does not.
fn end_of_quoted(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Whether a quote has no end in it.
fn is_open(record: &[u8]) -> bool {
    let record = record.trim_ascii_start();
    if record.first() != Some(&b'"') {
        return false;
    }
    let Some(user_end) = end_of_quoted(record, 0) else {
        return true;
    };
    let password = record[user_end..].iter().position(|byte| *byte == b'"');
    password.is_some_and(|gap| end_of_quoted(record, user_end + gap).is_none())
}

fn user_of(record: &[u8]) -> Option<Vec<u8>> {
    let record = record.trim_ascii_start();
    if record.first() != Some(&b'"') {
        return None;
    }
    let mut user = Vec::new();
    let mut bytes = record[1..end_of_quoted(record, 0)? - 1].iter();
    while let Some(byte) = bytes.next() {
        user.push(*byte);
        if *byte == b'"' {
            bytes.next();
        }
    }
    Some(user)
}

fn line_end(record: &[u8]) -> &'static [u8] {
    if record.ends_with(b"\r\n") {
        b"\r\n"
    } else if record.ends_with(b"\n") {
        b"\n"
    } else {
        b""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(existing: &[u8]) -> String {
        let changed = with_user(existing, "a\"b", "new");
        changed.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn only_the_users_own_line_is_changed() {
        assert_eq!(changed(b""), "\"a\"\"b\" \"new\"\n");
        assert_eq!(changed(b"\"x\" \"y\""), "\"x\" \"y\"\n\"a\"\"b\" \"new\"\n");
        assert_eq!(
            changed(b"; caf\xe9\r\n\n  \"a\"\"b\"\t\"old\" \"more\"\r\n\"a\" \"y\"\r\n\"a\"\"b\" \"older\"\n\"x\" \"y\""),
            "; caf\u{e9}\r\n\n\"a\"\"b\" \"new\"\r\n\"a\" \"y\"\r\n\"x\" \"y\""
        );
    }

    #[test]
    fn a_line_end_in_a_name_makes_no_line_and_no_reader_comes_past_an_open_quote() {
        let (odd, open) = (b"\"x\n\"\"a\" \"y\nz\"\n", b"\"open\n");
        let line = b"\"a\"\"b\" \"new\"\n";
        assert_eq!(
            changed(&[odd.as_slice(), open].concat()).as_bytes(),
            [odd.as_slice(), line, open].concat()
        );
    }
}
