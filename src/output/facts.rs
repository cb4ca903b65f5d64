//! What is said of several targets in the same words is one fact: it is said once, with the targets.

use std::borrow::Cow;

/// How many targets of a fact are named; more are counted.
const NAMED: usize = 3;

/// A target, `ENV` and `DATABASE`.
pub type Place<'a> = (&'a str, &'a str);

/// A fact, and the sayings that it was made from.
#[derive(Debug)]
pub struct Fact<'a, T> {
    /// The texts, whose names of the target are replaced if there are several.
    pub texts: Vec<String>,
    pub sayings: Vec<(Option<Place<'a>>, T)>,
    /// The texts without any place, by which facts are told apart.
    key: Vec<String>,
}

impl<T> Fact<'_, T> {
    /// The names of its targets.
    pub fn names(&self) -> Vec<String> {
        let places = self.sayings.iter().filter_map(|(place, _)| place.as_ref());
        let mut names: Vec<_> = places
            .map(|(env, database)| format!("{env}/{database}"))
            .collect();
        names.dedup();
        names
    }
}

/// Puts together what is said in the same words, in the order in which it was said first.
pub fn put_together<'a, T>(
    sayings: impl IntoIterator<Item = (Option<Place<'a>>, Vec<Cow<'a, str>>, T)>,
) -> Vec<Fact<'a, T>> {
    let mut facts: Vec<Fact<'a, T>> = Vec::new();
    for (place, texts, what) in sayings {
        let key: Vec<_> = texts
            .iter()
            .map(|text| without_addresses(&without_database(&unnamed(text, place), place)))
            .collect();
        // What is said of no target stays as it is.
        let same = facts.iter_mut().find(|fact| {
            place.is_some()
                && fact.key == key
                && fact.sayings.iter().all(|(place, _)| place.is_some())
        });
        let Some(fact) = same else {
            facts.push(Fact {
                texts: texts.into_iter().map(Cow::into_owned).collect(),
                sayings: vec![(place, what)],
                key,
            });
            continue;
        };
        if let [(first, _)] = fact.sayings.as_slice() {
            fact.texts = fact
                .texts
                .iter()
                .map(|text| unnamed(text, *first))
                .collect();
        }
        let unnamed: Vec<_> = texts.iter().map(|text| unnamed(text, place)).collect();
        if fact.texts != unnamed {
            fact.texts.clone_from(&fact.key);
        }
        fact.sayings.push((place, what));
    }
    facts
}

/// `12 targets: dev/a, dev/b, dev/c and 9 more`
pub fn counted_names(names: &[String]) -> String {
    counted_of(names, "targets")
}

/// The same for other things.
pub fn counted_of(names: &[String], noun: &str) -> String {
    match names {
        [only] => only.clone(),
        names => {
            let first = names
                .iter()
                .take(NAMED)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            let more = match names.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{} {noun}: {first}{more}", names.len())
        }
    }
}

/// The text with placeholders for the names of the target.
fn unnamed(text: &str, place: Option<Place<'_>>) -> String {
    let Some((env, database)) = place else {
        return text.to_owned();
    };
    let text = text.replace(&format!("{env}/{database}"), "ENV/DATABASE");
    let text = text.replace(&format!("-e {env} -d {database}"), "-e ENV -d DATABASE");
    let quoted = shlex::try_quote(database).unwrap_or_default();
    text.replace(&format!("-e {env} -d {quoted}"), "-e ENV -d DATABASE")
}

/// The text with a placeholder for the quoted name of the database: `database "app" does not exist`.
fn without_database(text: &str, place: Option<Place<'_>>) -> String {
    match place {
        Some((_, database)) => text.replace(&format!("\"{database}\""), "\"DATABASE\""),
        None => text.to_owned(),
    }
}

/// The text with a placeholder for each `HOST:PORT`.
fn without_addresses(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let address = word.trim_end_matches([',', ':', ';', ')']);
        let is_address = address.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && port.parse::<u16>().is_ok() && !host.contains('(')
        });
        if is_address {
            format!("HOST:PORT{}", &word[address.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(said: &[(&'static str, &'static str)]) -> Vec<(String, String)> {
        let sayings = said
            .iter()
            .map(|(database, text)| (Some(("dev", *database)), vec![Cow::Borrowed(*text)], ()));
        let facts = put_together(sayings);
        let shown = facts
            .iter()
            .map(|fact| (fact.texts.concat(), counted_names(&fact.names())));
        shown.collect()
    }

    #[test]
    fn the_same_said_of_several_targets_is_one_fact() {
        let shown = facts(&[
            (
                "a",
                "cannot log in to dev/a at h:5432: see pgrole registry show -e dev -d a",
            ),
            (
                "b",
                "cannot log in to dev/b at h:5432: see pgrole registry show -e dev -d b",
            ),
            ("c", "something else on dev/c"),
        ]);
        let said =
            "cannot log in to ENV/DATABASE at h:5432: see pgrole registry show -e ENV -d DATABASE";
        assert_eq!(
            shown[0],
            (said.to_owned(), "2 targets: dev/a, dev/b".to_owned())
        );
        assert_eq!(
            shown[1],
            ("something else on dev/c".to_owned(), "dev/c".to_owned())
        );
    }

    #[test]
    fn what_differs_only_in_the_name_of_the_database_is_one_fact() {
        let shown = facts(&[
            ("a", "database \"a\" does not exist (SQLSTATE 3D000)"),
            ("b", "database \"b\" does not exist (SQLSTATE 3D000)"),
            ("c", "database \"a\" does not exist (SQLSTATE 3D000)"),
        ]);
        assert_eq!(shown.len(), 2);
        assert_eq!(
            shown[0],
            (
                "database \"DATABASE\" does not exist (SQLSTATE 3D000)".to_owned(),
                "2 targets: dev/a, dev/b".to_owned()
            )
        );
        // The same name is kept.
        let shown = facts(&[("a", "\"a\" is missing"), ("a", "\"a\" is missing")]);
        assert_eq!(shown[0].0, "\"a\" is missing");
    }

    #[test]
    fn the_address_is_told_only_where_it_is_the_same() {
        let shown = facts(&[
            ("a", "cannot reach h:5432, in phase TCP"),
            ("b", "cannot reach i:5433, in phase TCP"),
            ("c", "cannot reach h:5432, in phase TCP"),
            ("d", "cannot reach h:5432, in phase TCP"),
        ]);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].0, "cannot reach HOST:PORT, in phase TCP");
        assert_eq!(shown[0].1, "4 targets: dev/a, dev/b, dev/c and 1 more");
    }
}
