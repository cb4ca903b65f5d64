//! A config file as it is written: which settings it has, where, and all that is wrong with it. Commands that only look
//! at the file read it here, so that a mistake in it hides nothing.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::config::{ConfigFile, explained, settings_of};
use crate::domain::failure::Failure;
use crate::domain::settings::Settings;

/// More mistakes than this are found when these are mended.
const MOST_PROBLEMS: usize = 50;

/// A setting in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenSetting {
    /// `["password", "length"]`.
    pub path: Vec<String>,
    pub value: Value,
    /// From 1.
    pub line: usize,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1; `None` if it is not about one place.
    pub line: Option<usize>,
    /// In characters, from 1.
    pub column: Option<usize>,
    pub message: String,
    pub hint: Option<String>,
}

/// The settings of a file, in its order, as far as it is TOML.
pub fn written_settings(text: &str) -> Vec<WrittenSetting> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut entries = Vec::new();
    list_entries(table.get_ref(), &[], &mut entries);
    let values = entries.into_iter().filter_map(|entry| {
        Some(WrittenSetting {
            value: entry.value?,
            line: place_of(text, entry.key.start).0,
            path: entry.path,
        })
    });
    let mut values: Vec<_> = values.collect();
    values.sort_by_key(|setting| setting.line);
    values
}

/// Reads a file, and finds what is wrong with it: all at once, each mistake with its place.
pub fn examine(text: &str) -> (Option<Settings>, Vec<Problem>) {
    let (mut table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| problem(text, error.span(), explained(error)))
        .collect();
    // Of one slip, the first message says most.
    problems.dedup_by_key(|problem| problem.line);
    let broken = problems.len();
    while problems.len() < MOST_PROBLEMS {
        let mut entries = Vec::new();
        list_entries(table.get_ref(), &[], &mut entries);
        let read = ConfigFile::deserialize(Deserializer::from(table.clone()));
        let (failure, span) = match read {
            Ok(file) => match settings_of(file) {
                Ok(settings) if problems.is_empty() => return (Some(settings), problems),
                Ok(_) => break,
                Err(failure) => {
                    let span =
                        find_entry(&failure.message, &entries).map(|entry| entry.key.clone());
                    (failure, span)
                }
            },
            Err(error) => (explained(&error), error.span()),
        };
        // What is known to be wrong is left out, to find what else is.
        let wrong = span
            .as_ref()
            .and_then(|span| entry_at(span.start, &entries));
        let wrong = wrong.map(|entry| entry.path.clone());
        let problem = problem(text, span, failure);
        // A line that is not TOML has no setting to be wrong.
        let is_consequence = |known: &Problem| known.line == problem.line;
        if !problems[..broken].iter().any(is_consequence) {
            problems.push(problem);
        }
        let is_left_out = wrong.is_some_and(|path| leave_out(table.get_mut(), &path));
        if !is_left_out {
            break;
        }
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (None, problems)
}

fn problem(text: &str, span: Option<Range<usize>>, failure: Failure) -> Problem {
    let place = span.map(|span| place_of(text, span.start));
    Problem {
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        message: failure.message,
        hint: failure.hint,
    }
}

/// A key of the file, in a section or as one.
struct Entry {
    path: Vec<String>,
    key: Range<usize>,
    whole: Range<usize>,
    /// `None` for a section.
    value: Option<Value>,
}

fn list_entries(table: &DeTable<'_>, above: &[String], entries: &mut Vec<Entry>) {
    for (key, value) in table {
        let path = [above, &[key.get_ref().to_string()]].concat();
        let below = value.get_ref().as_table();
        entries.push(Entry {
            key: key.span(),
            whole: key.span().start..value.span().end.max(key.span().end),
            value: below.is_none().then(|| json_of(value.get_ref())),
            path: path.clone(),
        });
        if let Some(below) = below {
            list_entries(below, &path, entries);
        }
    }
}

/// The innermost entry that has the place; a value that is missing is where it would begin.
fn entry_at(place: usize, entries: &[Entry]) -> Option<&Entry> {
    let has_place = |span: &Range<usize>| span.start <= place && place <= span.end;
    let around = entries
        .iter()
        .filter(|entry| has_place(&entry.key) || entry.value.is_some() && has_place(&entry.whole));
    around.max_by_key(|entry| entry.path.len())
}

/// What a message is about that begins with a section or names a setting.
fn find_entry<'a>(message: &str, entries: &'a [Entry]) -> Option<&'a Entry> {
    let section = message
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let (section, rest) = match section {
        Some((section, rest)) => (section.to_owned(), rest),
        None => match message.split_once('"') {
            Some(("profile ", rest)) => {
                let name = rest.split('"').next().unwrap_or_default();
                (format!("profiles.{name}"), rest)
            }
            _ => (String::new(), message),
        },
    };
    let is_section = |entry: &&Entry| entry.path.join(".") == section;
    let found = entries.iter().find(is_section);
    let words = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let words = words.filter(|word| !word.is_empty());
    let mut keys = words.filter_map(|word| {
        let path = match section.as_str() {
            // "password length 8 is not …"
            "" => vec![
                vec![word.to_owned()],
                vec!["password".to_owned(), word.to_owned()],
            ],
            _ => vec![[found?.path.clone(), vec![word.to_owned()]].concat()],
        };
        entries
            .iter()
            .find(|entry| entry.value.is_some() && path.contains(&entry.path))
    });
    keys.next().or(found)
}

fn leave_out(table: &mut DeTable<'_>, path: &[String]) -> bool {
    let Some((name, rest)) = path.split_first() else {
        return false;
    };
    if rest.is_empty() {
        return table.remove(name.as_str()).is_some();
    }
    match table.get_mut(name.as_str()).map(Spanned::get_mut) {
        Some(DeValue::Table(below)) => leave_out(below, rest),
        _ => false,
    }
}

fn json_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            read.map_or_else(|_| Value::from(number.to_string()), Value::from)
        }
        DeValue::Float(number) => {
            let read = number.as_str().parse::<f64>();
            read.map_or_else(|_| Value::from(number.to_string()), Value::from)
        }
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Datetime(time) => Value::from(time.to_string()),
        DeValue::Array(values) => values
            .iter()
            .map(|value| json_of(value.get_ref()))
            .collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), json_of(value.get_ref())))
            .collect(),
    }
}

/// Line and column, from 1.
fn place_of(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.split('\n').count(), line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(usize, usize, String)> {
        let (settings, problems) = examine(text);
        assert_eq!(settings.is_some(), problems.is_empty());
        let place = |problem: &Problem| (problem.line.unwrap_or(0), problem.column.unwrap_or(0));
        let found = problems.iter().map(|problem| {
            let (line, column) = place(problem);
            let what = problem.message.chars().take(24).collect();
            (line, column, what)
        });
        found.collect()
    }

    #[test]
    fn all_mistakes_are_found_with_their_places() {
        let text = "\
protected = [\"live\"]
  protektet = []
[pasword]
length = 20
[password]
length = 8
[profiles.report]
connection_limit = 2
[profiles.app]
access = \"readwrit\"
[notify.team]
channel = \"slack\"
url_keyring = \"team\"
evnts = []
[profiles.app.env.live]
access = \"none\"
";
        let found: Vec<_> = places(text)
            .into_iter()
            .map(|(line, column, _)| (line, column))
            .collect();
        let wanted = [
            (1, 1),
            (2, 3),
            (3, 2),
            (6, 1),
            (7, 11),
            (10, 10),
            (14, 1),
            (15, 19),
        ];
        assert_eq!(found, wanted, "{:?}", places(text));
        assert_eq!(
            places("environments = ["),
            [(1, 17, "unclosed array, expected".to_owned())]
        );
        assert_eq!(places("[password]\nlength = 20\n"), []);
        let lines = places("environments = \nprotected = 'x\n[password]\nlenght = 20\n");
        let lines: Vec<_> = lines.into_iter().map(|(line, _, _)| line).collect();
        assert_eq!(lines, [1, 2, 4]);
    }

    #[test]
    fn settings_are_found_with_their_lines() {
        let found = written_settings("a = 1\n[b.c]\n\nd = [\"x\", 0x10]\ne = { f = true }\n");
        let found: Vec<_> = found
            .iter()
            .map(|setting| {
                format!(
                    "{} {} {}",
                    setting.line,
                    setting.path.join("."),
                    setting.value
                )
            })
            .collect();
        assert_eq!(found, ["1 a 1", "4 b.c.d [\"x\",16]", "5 b.c.e.f true"]);
    }
}
