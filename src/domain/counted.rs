//! Numbers of things, in words.

use std::fmt::Display;
use std::time::Duration;

/// `1 routine`, `2 routines`.
pub fn counted(number: impl Display, noun: &str) -> String {
    match number.to_string().as_str() {
        "1" => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// `1 second`, `2.5 seconds`: in tenths, and in milliseconds what is below one.
pub fn in_seconds(span: Duration) -> String {
    let tenths = (span.as_secs_f64() * 10.0).round();
    if tenths < 1.0 {
        return counted(span.as_millis(), "millisecond");
    }
    counted(tenths / 10.0, "second")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_plural() {
        let texts = [0, 1, 2].map(|number| counted(number, "database"));
        assert_eq!(texts, ["0 databases", "1 database", "2 databases"]);
    }

    #[test]
    fn spans_are_told_in_seconds() {
        for (span, text) in [
            (20, "20 milliseconds"),
            (500, "0.5 seconds"),
            (1000, "1 second"),
            (1999, "2 seconds"),
            (61_234, "61.2 seconds"),
        ] {
            assert_eq!(in_seconds(Duration::from_millis(span)), text);
        }
    }
}
