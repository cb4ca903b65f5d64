//! The schema of one kind of row, made from the type that is printed.

use std::cell::RefCell;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::commands::schema::rows::Anchored;
use crate::domain::act::status::Status;

/// Makes schemas, and collects those of the objects within them.
pub struct Types(RefCell<SchemaGenerator>);

/// Rows with the same keys.
pub struct Row {
    /// Which rows these are, where a command prints several kinds.
    pub title: &'static str,
    pub schema: Map<String, Value>,
}

impl Types {
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        Self(RefCell::new(settings.into_generator()))
    }

    /// The rows of a type.
    pub fn row<T: JsonSchema>(&self) -> Row {
        let schema = self.of::<T>();
        Row { title: "", schema }
    }

    /// The same, as the program prints them: in a run that touched the registry, with its anchor.
    pub fn anchored<T: JsonSchema>(&self) -> Row {
        let mut row = self.row::<T>();
        let mut anchored = self.of::<Anchored>();
        optional(&mut anchored);
        let anchor = anchored.remove("properties");
        if let (Some(Value::Object(anchor)), Some(keys)) = (anchor, row.keys()) {
            keys.extend(anchor);
        }
        row
    }

    /// The objects that others contain, by name.
    pub fn into_definitions(self) -> Map<String, Value> {
        let mut definitions = self.0.into_inner().take_definitions(true);
        for schema in definitions.values_mut() {
            tidy(schema);
            never_null_if_absent(schema);
        }
        definitions
    }

    fn of<T: JsonSchema>(&self) -> Map<String, Value> {
        let mut schema = T::json_schema(&mut self.0.borrow_mut()).to_value();
        tidy(&mut schema);
        never_null_if_absent(&mut schema);
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }
}

impl Row {
    /// Says which rows these are.
    pub fn titled(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }

    /// Of the keys that are not always there, keeps these.
    pub fn keeping(mut self, wanted: &[&str]) -> Self {
        let required = self.required();
        if let Some(keys) = self.keys() {
            for name in wanted {
                assert!(keys.contains_key(*name), "there is no key {name}");
            }
            let is_kept = |name: &String| {
                required.contains(name) || wanted.contains(&name.as_str()) || name == "audit_anchor"
            };
            keys.retain(|name, _| is_kept(name));
        }
        self
    }

    /// Adds the keys of another type, after those that are always there; they are there together or not at all.
    pub fn perhaps_with<T: JsonSchema>(self, types: &Types) -> Self {
        let mut other = types.of::<T>();
        optional(&mut other);
        self.joined(other)
    }

    /// Adds the keys of another type, after those that are always there.
    pub fn with<T: JsonSchema>(self, types: &Types) -> Self {
        self.joined(types.of::<T>())
    }

    fn joined(mut self, mut other: Map<String, Value>) -> Self {
        let required = self.required();
        let added = other.remove("properties");
        let (Some(Value::Object(added)), Some(keys)) = (added, self.keys()) else {
            return self;
        };
        let (first, rest): (Vec<_>, Vec<_>) = std::mem::take(keys)
            .into_iter()
            .partition(|(name, _)| required.contains(name));
        keys.extend(first);
        keys.extend(added);
        keys.extend(rest);
        let (Some(Value::Array(required)), Some(Value::Array(more))) =
            (self.schema.get_mut("required"), other.remove("required"))
        else {
            return self;
        };
        required.extend(more);
        self
    }

    /// Says that keys are always there.
    pub fn always(mut self, names: &[&str]) -> Self {
        if let Some(Value::Array(required)) = self.schema.get_mut("required") {
            required.extend(names.iter().map(|name| Value::from(*name)));
        }
        self
    }

    /// Lists what `status` may be.
    pub fn status(self, statuses: &[Status]) -> Self {
        self.status_or(statuses, &[])
    }

    /// Lists what `status` may be, and how others begin.
    pub fn status_or(mut self, statuses: &[Status], beginnings: &[&str]) -> Self {
        let words: Vec<_> = statuses.iter().map(Status::to_string).collect();
        let Some(Value::Object(status)) = self.keys().and_then(|keys| keys.get_mut("status"))
        else {
            return self;
        };
        if beginnings.is_empty() {
            status.insert("enum".to_owned(), json!(words));
            return self;
        }
        let patterns = beginnings
            .iter()
            .map(|beginning| json!({ "pattern": format!("^{beginning}") }));
        let listed = std::iter::once(json!({ "enum": words }));
        status.insert("anyOf".to_owned(), listed.chain(patterns).collect());
        self
    }

    fn keys(&mut self) -> Option<&mut Map<String, Value>> {
        self.schema.get_mut("properties")?.as_object_mut()
    }

    fn required(&self) -> Vec<String> {
        let required = self.schema.get("required").and_then(Value::as_array);
        let names = required.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    }
}

/// Makes all keys such as may be absent.
fn optional(schema: &mut Map<String, Value>) {
    schema.remove("required");
}

/// A key that may be absent is left out where it would be null.
fn never_null_if_absent(schema: &mut Value) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &String| {
        let mut names = required.as_array().into_iter().flatten();
        names.any(|required| required.as_str() == Some(name))
    };
    let keys = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, value) in keys.into_iter().flatten() {
        if let (false, Value::Object(value)) = (is_required(name), value) {
            refuse_null(value);
        }
    }
}

fn refuse_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(mut choices)) = schema.remove("anyOf") {
        choices.retain(|one| *one != json!({ "type": "null" }));
        match choices.as_slice() {
            [Value::Object(only)] => schema.extend(only.clone()),
            _ => {
                schema.insert("anyOf".to_owned(), choices.into());
            }
        }
    }
}

/// Leaves out what says nothing about JSON: Rust's names for the sizes of numbers, the line breaks of comments.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for key in ["format", "title", "$schema"] {
                if object.get(key).is_some_and(Value::is_string) {
                    object.remove(key);
                }
            }
            if object
                .get("default")
                .is_some_and(|value| !value.is_object())
            {
                object.remove("default");
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
