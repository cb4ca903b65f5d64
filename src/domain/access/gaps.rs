//! What an access group lacks of its level, by name, as far as the server counts it. Read by `server/access`.

use serde::{Deserialize, Serialize};

use crate::domain::access::ObjectKind;
use crate::domain::role::RoleName;

/// The gaps of one group. Members of extensions are not counted.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Gaps {
    pub objects: Vec<ObjectGap>,
    pub defaults: Vec<DefaultGap>,
    /// Whether the group may connect, by whatever grant.
    pub connect: bool,
}

/// Objects of one schema, kind and owner on which the group lacks the same privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectGap {
    pub schema: String,
    /// `tables` (views and the like too) or `sequences`.
    pub kind: ObjectKind,
    pub owner: RoleName,
    pub missing: Vec<String>,
    pub count: u64,
    /// The first 20.
    pub names: Vec<String>,
}

/// Default privileges that a role which creates objects does not grant to the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultGap {
    pub creator: RoleName,
    pub kind: ObjectKind,
    pub missing: Vec<String>,
    /// In how many schemas; 1 if all of the database count.
    pub count: u64,
    /// The first 20 of the chosen schemas; null if all of the database count.
    pub schemas: Option<Vec<String>>,
}
