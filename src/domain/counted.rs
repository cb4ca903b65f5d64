//! Numbers of things, in words.

use std::fmt::Display;

/// `1 routine`, `2 routines`.
pub fn counted(number: impl Display, noun: &str) -> String {
    match number.to_string().as_str() {
        "1" => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_plural() {
        let texts = [0, 1, 2].map(|number| counted(number, "database"));
        assert_eq!(texts, ["0 databases", "1 database", "2 databases"]);
    }
}
