//! A new password on its way to a receiver.

use serde_json::Value;

use crate::domain::password::secret::Secret;
use crate::domain::password::secret_json::SecretJson;
use crate::domain::target::Target;

/// A new password, with everything that a receiver needs to use it.
#[derive(Debug, Clone, Copy)]
pub struct IssuedPassword<'a> {
    pub target: &'a Target,
    pub username: &'a str,
    pub password: &'a Secret,
    /// Whether the operator provided it, so that it need not be shown.
    pub is_known: bool,
    /// The verifier that the server stores: a pooler needs it byte for byte.
    pub verifier: &'a str,
    pub operation_id: &'a str,
    /// The operation's report, its password still null.
    pub report: &'a Value,
}

impl IssuedPassword<'_> {
    /// The report with its operation's ID, as receivers get it, without the password.
    pub fn object(&self) -> Value {
        let mut object = self.report.clone();
        if let Some(object) = object.as_object_mut() {
            let id = Value::String(self.operation_id.to_owned());
            object.insert("operation_id".to_owned(), id);
        }
        object
    }

    /// The same with the password.
    pub fn object_with_password(&self) -> SecretJson {
        SecretJson::with_password(self.object(), Some(self.password))
    }
}
