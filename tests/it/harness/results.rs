//! Checks what pgrole prints as JSON against `pgrole schema`, more strictly than JSON Schema: a key that is not described
//! is an error here.

use std::ffi::OsString;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Deserializer, Map, Value};

/// The keywords that the schema uses; one that this file does not check would be overlooked.
const KEYWORDS: [&str; 16] = [
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "const",
    "description",
    "enum",
    "items",
    "maximum",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
];

/// The global options that take a value, which may look like a command.
const WITH_VALUE: [&str; 5] = ["--registry", "--config", "--format", "--color", "--timeout"];

/// The schema of all results, which the program prints once for each process of tests.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let printed = Command::new(env!("CARGO_BIN_EXE_pgrole"))
        .arg("schema")
        .env_clear()
        .output()
        .expect("pgrole can be run");
    serde_json::from_slice(&printed.stdout).expect("the schema is JSON")
});

/// What a run of pgrole prints.
#[derive(Debug, Clone, Copy)]
pub struct Printed {
    /// The name of its result in the schema; `None` if it prints none.
    pub result: Option<&'static str>,
    /// Whether only some keys were asked for.
    pub is_partial: bool,
}

impl Printed {
    /// What the run with these arguments prints.
    pub fn by(arguments: &[OsString]) -> Self {
        let mut words = arguments.iter().map(|word| word.to_string_lossy());
        Self {
            result: result_of(arguments),
            is_partial: words.any(|word| word.starts_with("--columns")),
        }
    }
}

/// The result that a command line prints, by the name of its definition; `None` if it prints none.
pub fn result_of(arguments: &[OsString]) -> Option<&'static str> {
    let definitions = SCHEMA["$defs"].as_object().expect("an object");
    let mut words = Vec::new();
    let mut is_value = false;
    for argument in arguments {
        let word = argument.to_string_lossy();
        if !is_value && !word.starts_with('-') {
            words.push(word.clone().into_owned());
        }
        // The values of a command's own options come after its words.
        is_value = WITH_VALUE.contains(&&*word);
        if words.len() == 2 {
            break;
        }
    }
    let both = words.join("-");
    let names = [Some(both), words.into_iter().next()].into_iter().flatten();
    let mut found = names.filter_map(|name| definitions.get_key_value(name.as_str()));
    found.next().map(|(name, _)| name.as_str())
}

/// Checks the rows on stdout, and each line of stderr that is an object. Partial rows have only some keys.
///
/// # Errors
/// What is wrong.
pub fn check(printed: Printed, stdout: &str, stderr: &str) -> Result<(), String> {
    for line in stderr.lines().filter(|line| line.starts_with('{')) {
        let line =
            serde_json::from_str(line).map_err(|error| format!("stderr: {error}: {line}"))?;
        check_as("stderr", &line)?;
    }
    let rows = |name: &str, rows: &Value| {
        let schema = of_rows(name, printed.is_partial);
        check_value(&schema, rows, name)
    };
    let Some(name) = printed.result.filter(|_| stdout.starts_with(['{', '['])) else {
        return Ok(());
    };
    for value in Deserializer::from_str(stdout).into_iter() {
        match value.map_err(|error| format!("stdout is not JSON: {error}"))? {
            Value::Array(all) => all.iter().try_for_each(|row| rows(name, row))?,
            row => rows(name, &row)?,
        }
    }
    Ok(())
}

/// The schema of the rows of a result.
fn of_rows(name: &str, is_partial: bool) -> Value {
    let mut schema = SCHEMA["$defs"][name].clone();
    if is_partial {
        let object = schema.as_object_mut().expect("a schema is an object");
        object.remove("required");
        for choice in object
            .get_mut("anyOf")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            choice
                .as_object_mut()
                .expect("a schema is an object")
                .remove("required");
        }
    }
    schema
}

/// Checks a row against the definition of that name.
///
/// # Errors
/// What is wrong.
pub fn check_as(name: &str, row: &Value) -> Result<(), String> {
    let schema = &SCHEMA["$defs"][name];
    assert!(schema.is_object(), "the schema has no {name}");
    check_value(schema, row, name)
}

fn check_value(schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let schema = schema.as_object().expect("a schema is an object");
    for keyword in schema.keys() {
        let is_known = keyword == "type" || KEYWORDS.contains(&keyword.as_str());
        assert!(is_known, "{path}: the keyword {keyword} is not checked");
    }
    if let Some(name) = schema.get("$ref") {
        let name = name.as_str().and_then(|name| name.strip_prefix("#/$defs/"));
        let referred = &SCHEMA["$defs"][name.expect("a reference to a definition")];
        check_value(referred, value, path)?;
    }
    for choices in ["anyOf", "oneOf"] {
        let Some(choices) = schema.get(choices).and_then(Value::as_array) else {
            continue;
        };
        let tried = choices.iter().map(|one| check_value(one, value, path));
        let refusals: Result<Vec<_>, ()> = tried.map(|tried| tried.err().ok_or(())).collect();
        if let Ok(refusals) = refusals {
            return Err(refusals.join(", and "));
        }
    }
    check_simple(schema, value).map_err(|what| format!("{path} is {value}, {what}"))?;
    match value {
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else {
                return Ok(());
            };
            let mut items = items.iter().enumerate();
            items.try_for_each(|(at, item)| check_value(schema, item, &format!("{path}[{at}]")))
        }
        Value::Object(object) => check_object(schema, object, path),
        _ => Ok(()),
    }
}

fn check_simple(schema: &Map<String, Value>, value: &Value) -> Result<(), String> {
    if let Some(types) = schema.get("type") {
        let is_of = |name: &Value| is_of_type(name.as_str().unwrap_or_default(), value);
        let is_allowed = match types {
            Value::Array(names) => names.iter().any(is_of),
            name => is_of(name),
        };
        if !is_allowed {
            return Err(format!("which is not of type {types}"));
        }
    }
    let is_listed = |list: &Value| list.as_array().is_some_and(|list| list.contains(value));
    if schema.get("enum").is_some_and(|list| !is_listed(list)) {
        return Err(format!("which is none of {}", schema["enum"]));
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        return Err(format!("not {}", schema["const"]));
    }
    if let (Some(pattern), Some(text)) = (schema.get("pattern"), value.as_str()) {
        let pattern = pattern.as_str().unwrap_or_default();
        if !fits(pattern, text) {
            return Err(format!("which does not fit {pattern}"));
        }
    }
    if let Some(number) = value.as_f64() {
        let least = schema.get("minimum").and_then(Value::as_f64);
        let most = schema.get("maximum").and_then(Value::as_f64);
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            return Err("which is out of range".to_owned());
        }
    }
    Ok(())
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    }
}

/// The two kinds of patterns that the schema has: an anchor of the audit log, and how a text begins.
fn fits(pattern: &str, text: &str) -> bool {
    if pattern == "^[1-9][0-9]*:[0-9a-f]{64}$" {
        let Some((number, hash)) = text.split_once(':') else {
            return false;
        };
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        return is_number
            && !number.starts_with('0')
            && hash.len() == 64
            && hash
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    }
    let beginning = pattern.strip_prefix('^').expect("a pattern of a beginning");
    let is_plain = |letter: char| letter.is_alphanumeric() || ": ".contains(letter);
    assert!(beginning.chars().all(is_plain), "cannot check {pattern}");
    text.starts_with(beginning)
}

fn check_object(
    schema: &Map<String, Value>,
    object: &Map<String, Value>,
    path: &str,
) -> Result<(), String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    if properties.is_none() && others.is_none() {
        return Ok(());
    }
    for (key, value) in object {
        let path = format!("{path}.{key}");
        match properties.and_then(|keys| keys.get(key)).or(others) {
            Some(schema) => check_value(schema, value, &path)?,
            None => return Err(format!("{path} is not described")),
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    for key in required.into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(key) {
            return Err(format!("{path}.{key} is absent"));
        }
    }
    Ok(())
}
