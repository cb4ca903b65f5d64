//! Placeholders in the path or the command of a delivery: `{env}`, `{database}`, `{hostname}`, `{port}` and `{username}`
//! stand for the role's own names.

use crate::domain::failure::Failure;

/// A role's own names.
#[derive(Debug, Clone, Copy)]
pub struct PlaceholderNames<'a> {
    pub env: &'a str,
    pub database: &'a str,
    pub hostname: &'a str,
    pub port: &'a str,
    pub username: &'a str,
}

const PLACEHOLDERS: [&str; 5] = ["{env}", "{database}", "{hostname}", "{port}", "{username}"];

impl PlaceholderNames<'_> {
    fn of_placeholders(&self) -> [(&'static str, &str); 5] {
        let values = [
            self.env,
            self.database,
            self.hostname,
            self.port,
            self.username,
        ];
        let mut values = values.into_iter();
        PLACEHOLDERS.map(|name| (name, values.next().unwrap_or_default()))
    }
}

/// Whether the text contains one.
pub fn has_placeholder(text: &str) -> bool {
    PLACEHOLDERS.iter().any(|name| text.contains(name))
}

/// Replaces all placeholders in one pass, so that a name that looks like one is left unchanged.
pub fn fill(template: &str, names: &PlaceholderNames<'_>) -> String {
    let placeholders = names.of_placeholders();
    let mut filled = String::new();
    let mut rest = template;
    while let Some(brace) = rest.find('{') {
        let (before, from_brace) = rest.split_at(brace);
        filled.push_str(before);
        let placeholder = placeholders
            .iter()
            .find(|(name, _)| from_brace.starts_with(name));
        let (taken, value) = placeholder.map_or(("{", "{"), |(name, value)| (*name, *value));
        filled.push_str(value);
        rest = &from_brace[taken.len()..];
    }
    filled + rest
}

/// The same in a path.
///
/// # Errors
/// If a name would lead out of its place.
pub fn fill_path(template: &str, names: &PlaceholderNames<'_>) -> Result<String, Failure> {
    for (name, value) in names.of_placeholders() {
        let leads_out = value.contains('/') || value == "." || value == "..";
        if template.contains(name) && leads_out {
            return Err(Failure::usage(format!(
                "{name} in the path {template:?} stands for {value:?}, which is not a file name"
            )));
        }
    }
    Ok(fill(template, names))
}
