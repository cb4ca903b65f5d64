//! One document of JSON Schema 2020-12 for all results, or for one.

use serde_json::{Map, Value, json};

use crate::commands::schema::results::{Printed, results};
use crate::commands::schema::row::Types;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// All results, and the objects within them.
pub struct Document {
    pub results: Vec<Printed>,
    pub definitions: Map<String, Value>,
}

impl Document {
    pub fn new() -> Self {
        let types = Types::new();
        Self {
            results: results(&types),
            definitions: types.into_definitions(),
        }
    }

    /// The names of the results.
    pub fn names(&self) -> Vec<&'static str> {
        let names = self.results.iter().flat_map(|printed| printed.names);
        names.copied().collect()
    }

    /// A schema that any row, or line of stderr, is valid against, with a definition for each command.
    pub fn whole(self) -> Value {
        let mut definitions = Map::new();
        for printed in &self.results {
            let mut first = None;
            for name in printed.names {
                let schema = match first {
                    None => described(name, printed),
                    Some(first) => reference(&key_of(first)),
                };
                first.get_or_insert(*name);
                definitions.insert(key_of(name), schema);
            }
        }
        let any = definitions.keys().map(|key| reference(key));
        let any: Vec<_> = any.collect();
        definitions.extend(self.definitions);
        json!({
            "$schema": DIALECT,
            "title": "pgrole",
            "description": "What pgrole prints as JSON. A list has a definition for its objects. Keys are added over time, never renamed or removed.",
            "anyOf": any,
            "$defs": definitions,
        })
    }

    /// The schema of the rows of one command.
    pub fn of(&self, name: &str) -> Option<Value> {
        let has_name = |printed: &&Printed| printed.names.contains(&name);
        let printed = self.results.iter().find(has_name)?;
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), DIALECT.into());
        let row = described(name, printed);
        let mut needed = Map::new();
        self.collect(&row, &mut needed);
        if let Value::Object(row) = row {
            schema.extend(row);
        }
        if !needed.is_empty() {
            needed.sort_keys();
            schema.insert("$defs".to_owned(), needed.into());
        }
        Some(schema.into())
    }

    /// Adds the definitions that a schema refers to.
    fn collect(&self, schema: &Value, needed: &mut Map<String, Value>) {
        match schema {
            Value::Object(object) => {
                if let Some((name, found)) = self.resolve(object)
                    && !needed.contains_key(name)
                {
                    needed.insert(name.to_owned(), found.clone());
                    self.collect(found, needed);
                }
                for value in object.values() {
                    self.collect(value, needed);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, needed)),
            _ => {}
        }
    }

    /// What a schema refers to, and its name.
    pub fn resolve<'a>(&'a self, schema: &'a Map<String, Value>) -> Option<(&'a str, &'a Value)> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
        Some((name, self.definitions.get(name)?))
    }
}

/// The name of a command as that of a definition: `user-create`.
fn key_of(name: &str) -> String {
    name.replace(' ', "-")
}

fn reference(key: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{key}") })
}

fn described(name: &str, printed: &Printed) -> Value {
    let mut rows = printed.rows.iter().map(|row| {
        let mut schema = row.schema.clone();
        if !row.title.is_empty() {
            schema.insert("title".to_owned(), row.title.replace('`', "").into());
        }
        Value::Object(schema)
    });
    let mut described = match (rows.len(), rows.next()) {
        (1, Some(Value::Object(only))) => only,
        (_, first) => {
            let all: Vec<_> = first.into_iter().chain(rows).collect();
            Map::from_iter([("anyOf".to_owned(), all.into())])
        }
    };
    described.insert("title".to_owned(), name.into());
    described.into()
}
