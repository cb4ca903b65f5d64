//! Which columns of a list are shown, and in what order its rows stand: by their JSON keys.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::output::table::Column;

/// What the user wants to see of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Keys, in the order of the columns; empty: the usual ones.
    pub columns: Vec<String>,
    /// Keys, the most significant first; empty: the usual order.
    pub sort: Vec<SortKey>,
}

/// A key that rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    pub name: String,
    pub is_descending: bool,
}

impl SortKey {
    /// Reads `NAME`, or `-NAME` for the other way round.
    pub fn new(text: &str) -> Self {
        let descending = text.strip_prefix('-');
        Self {
            name: descending.unwrap_or(text).to_owned(),
            is_descending: descending.is_some(),
        }
    }
}

impl Arrangement {
    /// Whether rows can be shown as they arrive.
    pub fn is_usual(&self) -> bool {
        self.columns.is_empty() && self.sort.is_empty()
    }

    /// The columns of the table; the headings of usual ones are kept.
    pub fn columns(&self, usual: &[Column]) -> Vec<Column> {
        if self.columns.is_empty() {
            return usual.to_vec();
        }
        let columns = self.columns.iter().map(|key| {
            let known = usual.iter().find(|column| column.key == *key);
            let heading = known.map(|column| column.heading.to_string());
            let heading = heading.unwrap_or_else(|| key.replace('_', " ").to_uppercase());
            Column::wanted(heading, key.clone())
        });
        columns.collect()
    }

    /// Sorts the rows, and leaves out the other keys of each. A key that a row lacks is null there: which names there
    /// are, the command line has checked.
    pub fn arrange(&self, mut rows: Vec<Value>, settings: Option<&Settings>) -> Vec<Value> {
        rows.sort_by(|one, other| self.compare(one, other, settings));
        rows.into_iter().map(|row| self.chosen(row)).collect()
    }

    /// The row without the keys that were not named, if any were.
    pub fn chosen(&self, mut row: Value) -> Value {
        if self.columns.is_empty() || !row.is_object() {
            return row;
        }
        let take = |key: &String| (key.clone(), row[key.as_str()].take());
        Value::Object(self.columns.iter().map(take).collect::<Map<_, _>>())
    }

    fn compare(&self, one: &Value, other: &Value, settings: Option<&Settings>) -> Ordering {
        let mut keys = self.sort.iter().map(|key| {
            let name = key.name.as_str();
            let (one, other) = (&one[name], &other[name]);
            // What is not known is last, whichever way the rest is sorted.
            match (is_nothing(one), is_nothing(other)) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => {
                    let order = by_meaning(name, one, other, settings);
                    if key.is_descending {
                        order.reverse()
                    } else {
                        order
                    }
                }
            }
        });
        keys.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

/// Numbers as numbers, also those in a text; times as times, environments in rollout order, lists by their lengths.
fn by_meaning(name: &str, one: &Value, other: &Value, settings: Option<&Settings>) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let number = |number: &serde_json::Number| number.as_f64().unwrap_or(f64::MAX);
            number(one).total_cmp(&number(other))
        }
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Array(one), Value::Array(other)) => one.len().cmp(&other.len()).then_with(|| {
            let text = |items: &[Value]| Value::from(items.to_vec()).to_string();
            text(one).cmp(&text(other))
        }),
        (Value::String(one), Value::String(other)) => {
            let rank = |env: &str| settings.map_or(0, |settings| settings.rollout_rank(env));
            if name == "env" {
                return rank(one).cmp(&rank(other)).then_with(|| one.cmp(other));
            }
            if let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>()) {
                return one.total_cmp(&other);
            }
            match (Timestamp::parse(one), Timestamp::parse(other)) {
                (Some(one), Some(other)) => one.cmp(&other),
                _ => natural(one, other),
            }
        }
        // Rows of one list have values of one type; others stay apart.
        (one, other) => one.to_string().cmp(&other.to_string()),
    }
}

/// Texts with the numbers in them as numbers: `web2` before `web10`, `9.6` before `14.1`, `9d` before `12d`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        let (left, right) = (part(one), part(other));
        if left.is_empty() || right.is_empty() {
            return left.len().cmp(&right.len());
        }
        let order = match (left.parse::<u64>(), right.parse::<u64>()) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            _ => left.cmp(right),
        };
        if order.is_ne() {
            return order;
        }
        (one, other) = (&one[left.len()..], &other[right.len()..]);
    }
}

/// The digits, or the letters, that a text begins with.
fn part(text: &str) -> &str {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let begins_with_digit = text.starts_with(is_digit);
    let end = text.find(|letter| is_digit(letter) != begins_with_digit);
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(by: &[&str], rows: Vec<Value>) -> Vec<Value> {
        let arrangement = Arrangement {
            columns: vec!["id".to_owned()],
            sort: by.iter().map(|text| SortKey::new(text)).collect(),
        };
        let settings = Settings::default();
        let rows = arrangement.arrange(rows, Some(&settings));
        rows.into_iter().map(|row| row["id"].clone()).collect()
    }

    #[test]
    fn values_are_sorted_by_what_they_mean() {
        let rows = vec![
            json!({"id": 1, "env": "prod", "port": "5433", "at": "2026-11-23T08:00:00Z", "name": "web10", "age": "9d"}),
            json!({"id": 2, "env": "qa", "port": "10000", "at": "2026-11-23T08:30:00+01:00", "name": "web2", "age": "12d"}),
            json!({"id": 3, "env": "dev", "port": "600", "at": null, "name": "app", "age": null}),
            json!({"id": 4, "env": "odd", "port": "", "at": "2025-01-01T00:00:00Z", "name": "web2", "age": "1d"}),
        ];
        for (by, wanted) in [
            (vec!["env"], [3, 2, 1, 4]),
            (vec!["-env"], [4, 1, 2, 3]),
            (vec!["port"], [3, 1, 2, 4]),
            (vec!["-port"], [2, 1, 3, 4]),
            (vec!["at"], [4, 2, 1, 3]),
            (vec!["-at"], [1, 2, 4, 3]),
            (vec!["name", "-id"], [3, 4, 2, 1]),
            (vec!["age"], [4, 1, 2, 3]),
        ] {
            let order = sorted(&by, rows.clone());
            assert_eq!(order, wanted.map(Value::from), "{by:?}");
        }
    }

    #[test]
    fn a_key_that_a_row_lacks_is_null() {
        let arrangement = Arrangement {
            columns: vec!["error".to_owned(), "id".to_owned()],
            sort: Vec::new(),
        };
        let chosen = arrangement.chosen(json!({"id": 1, "env": "dev"}));
        assert_eq!(chosen.to_string(), r#"{"error":null,"id":1}"#);
    }
}
