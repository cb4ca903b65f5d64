//! The connection URI of a login, as libpq parses it.

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::joined::joined;
use crate::domain::target::address::Address;

/// A connection URI (PostgreSQL documentation, 34.1.1.2), with all hosts of the target.
pub fn dsn(issued: &IssuedPassword<'_>) -> Result<Zeroizing<String>> {
    let addresses = issued.target.addresses()?;
    let places: Vec<_> = addresses.iter().map(dsn_place).collect();
    Ok(joined(&[
        "postgresql://",
        &percent_encode(issued.username),
        ":",
        &percent_encode(issued.password.expose()),
        "@",
        &places.join(","),
        "/",
        &percent_encode(issued.target.database.as_str()),
        if places.len() > 1 {
            "?target_session_attrs=read-write"
        } else {
            ""
        },
    ]))
}

fn dsn_place(address: &Address) -> String {
    let host = address.host.as_str();
    if host.contains(':') {
        // The zone ID of an IPv6 address begins with a percent sign (RFC 6874, section 2).
        format!("[{}]:{}", host.replace('%', "%25"), address.port)
    } else {
        format!("{}:{}", *percent_encode(host), address.port)
    }
}

/// Encodes all but the unreserved characters (RFC 3986, section 2).
pub fn percent_encode(text: &str) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.push(char::from(DIGITS[usize::from(half)]));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_holds_what_a_url_may_hold() {
        assert_eq!(*percent_encode("a b@c/ä%"), "a%20b%40c%2F%C3%A4%25");
    }
}
