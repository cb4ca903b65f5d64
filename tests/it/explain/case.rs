//! A role, and a schema with a table that is nobody's but the test's.

use serde_json::Value;

use super::{explain, explain_refusal, person, refusal};
use crate::scene::{Login, Scene};

/// A role and a schema of its own.
pub(super) struct Case<'a> {
    pub scene: &'a Scene<'a>,
    pub jane: Login,
    pub schema: String,
}

impl<'a> Case<'a> {
    pub fn plant(scene: &'a Scene<'a>, place: usize, statements: &str) -> Self {
        let case = Self {
            scene,
            jane: person(scene, &format!("jane{place}")),
            schema: format!("s{place}"),
        };
        case.psql("CREATE SCHEMA {s}; CREATE TABLE {s}.orders (id int, a int, b int)");
        case.psql(statements);
        case
    }

    pub fn psql(&self, statements: &str) {
        self.scene.psql(&self.filled(statements));
    }

    pub fn filled(&self, text: &str) -> String {
        text.replace("{jane}", &self.jane.name)
            .replace("{s}", &self.schema)
            .replace("{db}", self.scene.database())
    }

    fn arguments(&self, on: &[&str]) -> Vec<String> {
        let words = ["--on"].iter().chain(on);
        words.map(|word| self.filled(word)).collect()
    }

    pub fn refusal(&self, sql: &str) -> Option<String> {
        refusal(self.scene, &self.jane, &self.filled(sql))
    }

    pub fn explain_refusal(&self, on: &[&str]) -> Value {
        let arguments = self.arguments(on);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        explain_refusal(self.scene, &self.jane.name, &arguments)
    }

    /// The row of what it can, or of what is not known.
    pub fn explain(&self, on: &[&str]) -> Value {
        let arguments = self.arguments(on);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        explain(self.scene, &self.jane.name, &arguments).json()
    }
}
