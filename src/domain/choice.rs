//! For a value that is not among the choices: the message lists them, the hint offers the nearest.

/// A misspelling differs in at most a third of its letters, and in at most this many.
const FARTHEST: usize = 4;

/// The choice that was probably meant: one that begins with the text, or is spelled similarly.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &&str| strsim::damerau_levenshtein(wrong, known);
    let length = wrong.chars().count();
    let farthest = (length / 3).clamp(1, FARTHEST);
    let is_near =
        |known: &&str| distance(known) <= farthest || length > 2 && known.starts_with(wrong);
    known.into_iter().filter(is_near).min_by_key(distance)
}

/// The hint that offers the nearest choice.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wrong, known).map(|nearest| format!("did you mean \"{nearest}\"?"))
}

/// The message for a name that is not known.
pub fn unknown(what: &str, wrong: &str, known: &[&str]) -> String {
    format!("unknown {what} {wrong:?}; known: {}", known.join(", "))
}

/// The message for a value that is not among those allowed.
pub fn not_valid(what: &str, wrong: &str, expected: &[&str]) -> String {
    let expected = expected.join(", ");
    format!("{wrong:?} is not a valid {what}; expected one of {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_has_a_nearest_choice() {
        let known = ["dev", "qa", "prod"];
        assert_eq!(nearest("dve", known), Some("dev"));
        assert_eq!(nearest("prd", known), Some("prod"));
        assert_eq!(
            nearest("older", ["newer", "older_than"]),
            Some("older_than")
        );
        assert_eq!(nearest("live", known), None);
        assert_eq!(nearest("", []), None);
        assert_eq!(
            unknown("environment", "x", &known),
            "unknown environment \"x\"; known: dev, qa, prod"
        );
        assert_eq!(
            did_you_mean("dve", known).as_deref(),
            Some("did you mean \"dev\"?")
        );
    }
}
