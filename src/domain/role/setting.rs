//! A `role` setting (`ALTER ROLE … SET role`, `ALTER DATABASE … SET role`), which makes a session act as another role.
//! The login's own setting may be used; one that applies to everyone never is.

use serde::Deserialize;

use crate::domain::target::DatabaseName;

/// The `role` setting that applies to a session.
#[derive(Debug, Clone, Deserialize)]
pub struct RoleSetting {
    pub role: String,
    /// Whether it is the login's own; else it applies to everyone.
    pub is_own: bool,
    /// Whether it is for one database.
    pub of_database: bool,
    /// Whether the role may create roles, and the login may act as it.
    pub would_do: bool,
}

impl RoleSetting {
    /// Why the setting is not used.
    pub fn why_not(&self, login: &str, database: &DatabaseName) -> String {
        let role = &self.role;
        if self.is_own {
            return format!(
                "\"{login}\" has the setting role = \"{role}\", which is not used: that role may not create roles, or \"{login}\" may not act as it"
            );
        }
        let place = if self.of_database {
            format!("database \"{database}\" has")
        } else {
            "ALTER ROLE ALL has set".to_owned()
        };
        format!(
            "{place} the setting role = \"{role}\", which is not used: only the login's own counts"
        )
    }

    /// The statement that lets the login act as the role, if that would suffice.
    pub fn own_of(&self, login: &str) -> Option<String> {
        let quoted = |name: &str| name.replace('"', "\"\"");
        let would_do = !self.is_own && self.would_do;
        would_do.then(|| {
            format!(
                "ALTER ROLE \"{}\" SET role = \"{}\"",
                quoted(login),
                quoted(&self.role)
            )
        })
    }
}
