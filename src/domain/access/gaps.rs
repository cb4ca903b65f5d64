//! What an access group lacks of its level, by name, as far as the server counts it. Read by `server/access`.

use schemars::JsonSchema;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectGap {
    /// The schema that the objects are in.
    pub schema: String,
    /// `tables` (views and the like too) or `sequences`.
    pub kind: ObjectKind,
    /// The owner of the objects.
    pub owner: RoleName,
    /// The privileges that the group lacks.
    pub missing: Vec<String>,
    /// How many objects there are.
    pub count: u64,
    /// The first 20 objects.
    pub names: Vec<String>,
}

/// Default privileges that a role which creates objects does not grant to the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefaultGap {
    /// The role that creates the objects.
    pub creator: RoleName,
    /// `tables` or `sequences`.
    pub kind: ObjectKind,
    /// The privileges that it does not grant to the group.
    pub missing: Vec<String>,
    /// In how many schemas; 1 if the whole database counts.
    pub count: u64,
    /// The first 20 of the chosen schemas; null if the whole database counts.
    pub schemas: Option<Vec<String>>,
}
