//! The keys of a result as rows of a page: the path that jq takes, the type, whether it may be null, the meaning.

use serde_json::{Map, Value};

use crate::commands::schema::document::Document;

/// One key, or one of an object within.
pub struct Key {
    /// As jq names it: `differs[].what`.
    pub path: String,
    pub kind: String,
    pub may_be_null: bool,
    pub may_be_absent: bool,
    pub meaning: String,
}

/// Words that a key may have, with what each means.
pub struct Words {
    pub about: String,
    pub words: Vec<(String, String)>,
}

/// What a value is, apart from its meaning.
#[derive(Default)]
struct Kind {
    text: String,
    may_be_null: bool,
    /// The only values, if they are listed.
    words: Vec<String>,
    /// How values begin that are not listed.
    beginnings: Vec<String>,
    /// The object, or that in the list, whose keys follow.
    object: Option<Map<String, Value>>,
    /// What stands between the path of the value and that of its keys.
    step: &'static str,
}

impl Document {
    /// The keys of a kind of row, but for the one that all rows have.
    pub fn keys_of(&self, row: &Map<String, Value>) -> Vec<Key> {
        let mut keys = Vec::new();
        self.add_keys(row, "", &mut keys);
        keys.retain(|key| key.path != "audit_anchor" || !key.may_be_absent);
        keys
    }

    /// The lists of words with a meaning each.
    pub fn words(&self) -> Vec<Words> {
        let lists = self.definitions.values().filter_map(|schema| {
            let choices = schema.get("oneOf")?.as_array()?;
            Some(Words {
                about: text_of(schema, "description"),
                words: choices.iter().flat_map(words_of).collect(),
            })
        });
        lists.collect()
    }

    fn add_keys(&self, object: &Map<String, Value>, before: &str, keys: &mut Vec<Key>) {
        let required = object.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.contains(&name.into()));
        let properties = object.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let mut kind = self.kind_of(schema);
            if kind.text.is_empty() {
                "any".clone_into(&mut kind.text);
            }
            let path = format!("{before}{name}");
            let inner = kind.object.clone();
            let step = format!("{path}{}", kind.step);
            keys.push(Key {
                path,
                may_be_null: kind.may_be_null,
                may_be_absent: !is_required(name),
                meaning: meaning(&text_of(schema, "description"), &kind),
                kind: kind.text,
            });
            if let Some(inner) = inner {
                self.add_keys(&inner, &step, keys);
            }
        }
    }

    fn kind_of(&self, schema: &Value) -> Kind {
        let Some(object) = schema.as_object() else {
            return Kind::default();
        };
        if let Some((_, found)) = self.resolve(object) {
            return self.kind_of(found);
        }
        let listed = object.get("enum").and_then(Value::as_array);
        let mut kind = match object.get("type") {
            Some(Value::String(name)) => self.kind_of_type(name, object),
            Some(Value::Array(names)) => {
                let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
                let real = names.iter().filter(|name| **name != "null");
                let real: Vec<_> = real.map(|name| self.kind_of_type(name, object)).collect();
                Kind {
                    may_be_null: names.contains(&"null"),
                    ..either(real)
                }
            }
            _ => Kind::default(),
        };
        for choices in ["anyOf", "oneOf"] {
            let choices = object.get(choices).and_then(Value::as_array);
            let Some(choices) = choices else {
                continue;
            };
            for choice in choices {
                kind.beginnings.extend(beginning_of(choice));
            }
            let choices: Vec<_> = choices.iter().map(|choice| self.kind_of(choice)).collect();
            let choices = either(choices);
            kind.may_be_null |= choices.may_be_null;
            kind.words.extend(choices.words);
            kind.object = kind.object.or(choices.object);
            if kind.text.is_empty() {
                kind.text = choices.text;
                kind.step = choices.step;
            }
        }
        let listed = listed.into_iter().flatten().chain(object.get("const"));
        kind.words
            .extend(listed.filter_map(Value::as_str).map(str::to_owned));
        kind
    }

    fn kind_of_type(&self, name: &str, schema: &Map<String, Value>) -> Kind {
        match name {
            "null" => Kind {
                may_be_null: true,
                ..Kind::default()
            },
            "array" => {
                let items = schema.get("items").map(|items| self.kind_of(items));
                let items = items.unwrap_or_default();
                Kind {
                    text: format!("list of {}s", items.text),
                    step: "[].",
                    ..items
                }
            }
            "object" => {
                let values = schema.get("additionalProperties");
                let values = values.map(|values| self.kind_of(values));
                match values {
                    Some(values) => Kind {
                        text: format!("object of {}s", values.text),
                        ..values
                    },
                    None => Kind {
                        text: "object".to_owned(),
                        object: Some(schema.clone()),
                        step: ".",
                        ..Kind::default()
                    },
                }
            }
            simple => Kind {
                text: simple.to_owned(),
                ..Kind::default()
            },
        }
    }
}

/// One of several kinds.
fn either(kinds: Vec<Kind>) -> Kind {
    let mut all = Kind::default();
    let mut names: Vec<String> = Vec::new();
    for kind in kinds {
        if !kind.text.is_empty() && !names.contains(&kind.text) {
            names.push(kind.text);
        }
        all.may_be_null |= kind.may_be_null;
        all.words.extend(kind.words);
        if kind.object.is_some() {
            all.object = kind.object;
            all.step = kind.step;
        }
    }
    all.text = names.join(" or ");
    all
}

fn beginning_of(choice: &Value) -> Option<String> {
    let pattern = choice.get("pattern")?.as_str()?;
    Some(pattern.trim_start_matches('^').to_owned())
}

/// The meaning, and the words that the value may be.
fn meaning(text: &str, kind: &Kind) -> String {
    let is_named = |word: &String| text.contains(&format!("`{word}`"));
    if kind.words.is_empty() || kind.words.iter().any(is_named) {
        return text.to_owned();
    }
    let words = kind.words.iter().map(|word| format!("`{word}`"));
    let open = kind.beginnings.iter().map(|text| format!("`{text}…`"));
    let words: Vec<_> = words.chain(open).collect();
    let list = match words.as_slice() {
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => String::new(),
    };
    let one_of = if words.len() > 1 { "One of " } else { "" };
    format!("{text} {one_of}{list}.").trim_start().to_owned()
}

/// The words of one choice, with their common meaning.
fn words_of(choice: &Value) -> Vec<(String, String)> {
    let about = text_of(choice, "description");
    let listed = choice.get("enum").and_then(Value::as_array);
    let words = listed.into_iter().flatten().chain(choice.get("const"));
    let words = words.filter_map(Value::as_str);
    words.map(|word| (word.to_owned(), about.clone())).collect()
}

fn text_of(schema: &Value, key: &str) -> String {
    let text = schema.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
