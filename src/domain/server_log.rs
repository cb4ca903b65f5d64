//! Which of a server's settings expose passwords that are set in clear text, by statements such as `ALTER ROLE …
//! PASSWORD '…'` (PostgreSQL documentation, "Error Reporting and Logging"; pg_stat_statements).

use std::collections::BTreeMap;

/// Settings by name: those that the server has and the admin credential may read.
pub type LogSettings = BTreeMap<String, String>;

/// The settings that are read.
pub const READ: [&str; 12] = [
    "log_statement",
    "log_min_duration_statement",
    "log_min_duration_sample",
    "log_statement_sample_rate",
    "log_transaction_sample_rate",
    "log_min_error_statement",
    "log_parameter_max_length_on_error",
    "auto_explain.log_min_duration",
    "pgaudit.log",
    "pg_stat_statements.track",
    "pg_stat_statements.track_utility",
    "password_encryption",
];

/// The settings that log successful statements, as `name = value`. Failing ones are logged by default everywhere
/// (`log_min_error_statement`). pgaudit is not among them: it redacts passwords.
pub fn places_that_show_statements(settings: &LogSettings) -> Vec<String> {
    let text = |name: &str| settings.get(name).map(String::as_str);
    let number = |name: &str| text(name).and_then(|value| value.parse::<f64>().ok());
    let is_on = |name: &str| number(name).is_some_and(|value| value > 0.0);
    let is_from_0 = |name: &str| number(name).is_some_and(|value| value >= 0.0);
    let writes_down = |name: &str| match name {
        "log_statement" => matches!(text(name), Some("ddl" | "mod" | "all")),
        "log_min_duration_statement" | "auto_explain.log_min_duration" => is_from_0(name),
        "log_min_duration_sample" => is_from_0(name) && is_on("log_statement_sample_rate"),
        "log_transaction_sample_rate" => is_on(name),
        "log_parameter_max_length_on_error" => number(name).is_some_and(|value| value != 0.0),
        "pg_stat_statements.track_utility" => {
            text(name) == Some("on") && text("pg_stat_statements.track") != Some("none")
        }
        _ => false,
    };
    let places = READ.into_iter().filter(|name| writes_down(name));
    places
        .map(|name| format!("{name} = {}", text(name).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(settings: &[(&str, &str)]) -> Vec<String> {
        let owned = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        places_that_show_statements(&owned.collect())
    }

    #[test]
    fn the_defaults_show_no_statement_that_succeeds() {
        let defaults = [
            ("log_statement", "none"),
            ("log_min_duration_statement", "-1"),
            ("log_min_duration_sample", "-1"),
            ("log_statement_sample_rate", "1"),
            ("log_transaction_sample_rate", "0"),
            ("log_min_error_statement", "error"),
            ("log_parameter_max_length_on_error", "0"),
            ("password_encryption", "scram-sha-256"),
        ];
        assert_eq!(places(&defaults), [""; 0]);
        assert_eq!(places(&[]), [""; 0]);
    }

    #[test]
    fn each_that_shows_statements_is_named_with_its_value() {
        let settings = [
            ("log_statement", "ddl"),
            ("log_min_duration_statement", "250"),
            ("log_min_duration_sample", "0"),
            ("log_statement_sample_rate", "0"),
            ("log_transaction_sample_rate", "0.01"),
            ("pgaudit.log", "role, ddl"),
            ("pg_stat_statements.track", "top"),
            ("pg_stat_statements.track_utility", "on"),
        ];
        assert_eq!(
            places(&settings),
            [
                "log_statement = ddl",
                "log_min_duration_statement = 250",
                "log_transaction_sample_rate = 0.01",
                "pg_stat_statements.track_utility = on",
            ]
        );
    }
}
