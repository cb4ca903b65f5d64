//! What a drop did, or would do: one row, with a list of the databases.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::estate::ObjectNames;
use crate::domain::role::estate::settlement::Disposal;
use crate::domain::target::Target;
use crate::operations::user::drop::preview::{DatabasePreview, DropPreview};
use crate::operations::user::drop::settle::describe;

/// What dropping a role did, or would do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DropReport {
    /// The role.
    pub username: String,
    /// Always null.
    #[schemars(with = "Option<String>")]
    pub password: Option<()>,
    /// `user dropped`, or `unchanged` in a dry run; of a rehearsal, `rehearsed` or `unknown: busy`.
    pub status: Status,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The databases in which something depended on it.
    pub databases: Vec<DroppedDatabase>,
    /// The databases and tablespaces that it owned.
    pub shared: Vec<String>,
    /// The groups that it was a member of.
    pub member_of: Vec<RoleName>,
    /// The roles that were members of it.
    pub members: Vec<RoleName>,
    /// Memberships of others that it had granted and that stay, each as `GROUP to MEMBER`.
    pub memberships_kept: Vec<String>,
    /// Memberships of others that it had granted and that nobody else may grant, each as `GROUP to MEMBER`.
    pub memberships_lost: Vec<String>,
    /// How many of its sessions were ended.
    pub sessions_ended: usize,
    /// The places from which its password was removed.
    pub deliveries_removed: Vec<String>,
    /// The places that still hold its password.
    pub deliveries_left: Vec<String>,
    /// The SQL that would run, for psql.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    /// What needs attention although the operation succeeded.
    pub warnings: Vec<String>,
}

/// What was in a database, and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DroppedDatabase {
    /// The database.
    pub database: String,
    /// The objects that the role owned.
    pub owned: Vec<ObjectNames>,
    /// The objects on which the role had privileges.
    pub privileges: Vec<ObjectNames>,
    /// What became of the objects that it owned: `reassigned`, `dropped`, or `none` if it owned nothing.
    pub disposal: &'static str,
    /// The role that they were given to; null if they were given to nobody.
    pub heir: Option<RoleName>,
    /// `objects settled` once nothing there depends on the role; `unchanged` before; of a rehearsal, `rehearsed` or
    /// `unknown: busy`.
    pub status: Status,
    /// What the server said of the statements in a transaction that was rolled back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
}

impl DropReport {
    pub fn new(role: &RoleName, target: &Target, preview: &DropPreview) -> Self {
        let cluster = preview.main.as_ref().map(|main| &main.cluster);
        let granted = |is_kept: bool| {
            let granted = cluster.into_iter().flat_map(|cluster| &cluster.granted);
            let granted = granted.filter(|one| one.grantor.is_some() == is_kept);
            granted
                .map(|one| format!("{} to {}", one.group, one.member))
                .collect()
        };
        let shared = cluster.into_iter().flat_map(|cluster| &cluster.shared);
        Self {
            databases: preview.databases.iter().map(DroppedDatabase::of).collect(),
            shared: shared
                .map(|object| format!("{} {}", object.keyword.to_lowercase(), object.name))
                .collect(),
            member_of: cluster.map(|it| it.member_of.clone()).unwrap_or_default(),
            members: cluster.map(|it| it.members.clone()).unwrap_or_default(),
            memberships_kept: granted(true),
            memberships_lost: granted(false),
            warnings: preview.warnings.clone(),
            ..Self::empty(role.as_str(), target)
        }
    }

    /// Nothing is known of a cluster that does not answer.
    pub fn empty(username: &str, target: &Target) -> Self {
        Self {
            username: username.to_owned(),
            password: None,
            status: Status::Unchanged,
            hostname: target.hostname.to_string(),
            database: target.database.to_string(),
            port: target.port.to_string(),
            env: target.env.to_string(),
            databases: Vec::new(),
            shared: Vec::new(),
            member_of: Vec::new(),
            members: Vec::new(),
            memberships_kept: Vec::new(),
            memberships_lost: Vec::new(),
            sessions_ended: 0,
            deliveries_removed: Vec::new(),
            deliveries_left: Vec::new(),
            statements: None,
            warnings: Vec::new(),
        }
    }

    /// The preview for people: a line each for what is owned, and what becomes of it.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for shared in &self.shared {
            lines.push(format!("{shared}: to another owner"));
        }
        for database in &self.databases {
            let becomes = match (&database.heir, database.disposal) {
                (Some(heir), _) => format!("reassigned to \"{heir}\""),
                (None, disposal) => disposal.to_owned(),
            };
            for group in &database.owned {
                // REASSIGN OWNED leaves these, and DROP OWNED drops them.
                let is_dropped = ["default acl", "user mapping"].contains(&group.kind.as_str());
                let becomes = if is_dropped { "dropped" } else { &becomes };
                lines.push(line(&database.database, "owns", group, becomes));
            }
            for group in &database.privileges {
                let becomes = match group.kind.as_str() {
                    "policy" => "taken out of it; a policy for this role alone is dropped",
                    _ => "revoked",
                };
                let verb = "has privileges on";
                lines.push(line(&database.database, verb, group, becomes));
            }
        }
        lines
    }
}

fn line(database: &str, verb: &str, group: &ObjectNames, becomes: &str) -> String {
    let shown = group.names.join(", ");
    let more = match (group.count as usize).saturating_sub(group.names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("in database \"{database}\" {verb} {shown}{more}: {becomes}")
}

impl DroppedDatabase {
    pub fn of(preview: &DatabasePreview) -> Self {
        let here = &preview.estate.database;
        Self {
            database: here.name.clone(),
            owned: here.owned.clone(),
            privileges: here.privileges.clone(),
            disposal: describe(&preview.disposal),
            heir: match &preview.disposal {
                Disposal::ReassignTo(heir) => Some(heir.clone()),
                Disposal::Drop | Disposal::Nothing => None,
            },
            status: Status::Unchanged,
            rehearsal: None,
        }
    }
}
