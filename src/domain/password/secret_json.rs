//! JSON objects that contain a password: wiped when dropped, like the texts made from them.

use std::io::Write;

use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::domain::password::secret::Secret;

/// A JSON object whose texts are zeroed on drop.
pub struct SecretJson(Value);

impl SecretJson {
    /// Puts the password into the object's key `password`, if it has one.
    pub fn with_password(object: Value, password: Option<&Secret>) -> Self {
        let mut object = Self(object);
        if let (Some(password), Some(place)) = (password, object.0.get_mut("password")) {
            *place = Value::String(password.expose().to_owned());
        }
        object
    }

    pub fn value(&self) -> &Value {
        &self.0
    }

    /// On one line.
    pub fn to_line(&self) -> Zeroizing<String> {
        written(|text| serde_json::to_writer(text, &self.0))
    }

    /// The same with its line break: it goes to a program in one piece, since one that has read enough may have exited.
    pub fn to_whole_line(&self) -> Zeroizing<String> {
        written(|text| {
            serde_json::to_writer(&mut *text, &self.0)?;
            text.write_all(b"\n").map_err(serde_json::Error::io)
        })
    }

    /// For people.
    pub fn to_pretty(&self) -> Zeroizing<String> {
        written(|text| serde_json::to_writer_pretty(text, &self.0))
    }
}

impl Drop for SecretJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Writes into a buffer that never has to grow: growing would leave a copy behind.
fn written(write: impl Fn(&mut dyn Write) -> serde_json::Result<()>) -> Zeroizing<String> {
    let mut length = Length(0);
    write(&mut length).expect("texts and numbers make JSON");
    let mut text = Zeroizing::new(Vec::with_capacity(length.0));
    write(&mut *text).expect("texts and numbers make JSON");
    let text = String::from_utf8(std::mem::take(&mut *text));
    Zeroizing::new(text.expect("JSON is UTF-8"))
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_password_is_written_into_a_buffer_of_the_right_size_and_wiped() {
        let secret = Secret::new("p\"w".repeat(100));
        let object = json!({"username": "jane", "password": null, "warnings": ["a"]});
        let mut object = SecretJson::with_password(object, Some(&secret));
        let line = object.to_line();
        assert_eq!(line.capacity(), line.len());
        assert_eq!(*line, object.value().to_string());
        assert!(object.to_pretty().contains("\n  \"password\": "));
        wipe(&mut object.0);
        assert_eq!(
            *object.value(),
            json!({"username": "", "password": "", "warnings": [""]})
        );
    }
}
