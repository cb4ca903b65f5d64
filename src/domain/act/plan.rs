//! The changes that an operation makes on a server: data, which the dry run shows and the run executes alike.

use crate::domain::access::ObjectKind;
use crate::domain::access::excess::OpenRoutine;
use crate::domain::access::state::Loan;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::target::DatabaseName;
use crate::domain::timestamp::Timestamp;

/// From this `server_version_num` on memberships have options of their own, and a grantor.
pub const MEMBERSHIP_OPTIONS: u32 = 160_000;

/// One change to a server: one SQL statement.
#[derive(Debug, Clone)]
pub enum Change {
    CreateLogin {
        role: RoleName,
        createdb: bool,
        createrole: bool,
        connection_limit: Option<u32>,
        valid_until: Option<Timestamp>,
        verifier: Verifier,
    },
    CreateGroup(RoleName),
    Comment {
        role: RoleName,
        mark: Mark,
        /// The comment that it replaces.
        previous: Option<String>,
    },
    GrantMembership {
        group: RoleName,
        member: RoleName,
        /// With the right to hand the membership on, and no rights of its own.
        to_hand_on: bool,
    },
    /// Lets a role make roles. Never planned: what would give an admin credential its rights.
    AllowCreateRole(RoleName),
    /// Lets a role use the rights of its memberships. Never planned, like the one before.
    AllowInherit(RoleName),
    /// Lets the admin credential act for a role until [`Change::Return`].
    Borrow(RoleName, Loan),
    Return(RoleName, Loan),
    Grant {
        privileges: Vec<String>,
        on: Granted,
        group: RoleName,
    },
    /// Takes back what a group has beyond its level.
    Revoke {
        privileges: Vec<String>,
        on: Granted,
        group: RoleName,
    },
    /// Makes the server's acknowledgement mean that the commit is on disk.
    CommitDurably,
    /// Fails where the server does not store this very verifier. For superusers only.
    RequireVerifier {
        role: RoleName,
        verifier: Verifier,
    },
    SetPassword {
        role: RoleName,
        verifier: Verifier,
        valid_until: Option<Timestamp>,
    },
    SetSearchPath {
        role: RoleName,
        database: DatabaseName,
        schemas: Vec<String>,
        /// The setting that it replaces, as the server has it.
        previous: Option<String>,
    },
    /// What the role has in that database goes; the server's default holds.
    ResetSearchPath {
        role: RoleName,
        database: DatabaseName,
        previous: Option<String>,
    },
    /// Undoes the creation of a login. Never planned, like the two that follow.
    DropRole(RoleName),
    RevokeMembership {
        group: RoleName,
        member: RoleName,
    },
    /// Puts back what a role's comment was before it was marked.
    RestoreComment {
        role: RoleName,
        comment: Option<String>,
    },
}

impl Change {
    /// Whether its statement has a verifier in it.
    pub fn has_verifier(&self) -> bool {
        matches!(self, Self::CreateLogin { .. } | Self::SetPassword { .. })
    }

    /// The same change for another password.
    pub fn set_verifier(&mut self, another: &Verifier) {
        if let Self::CreateLogin { verifier, .. }
        | Self::SetPassword { verifier, .. }
        | Self::RequireVerifier { verifier, .. } = self
        {
            verifier.clone_from(another);
        }
    }
}

/// What privileges are granted on.
#[derive(Debug, Clone)]
pub enum Granted {
    Database(DatabaseName),
    Schema(String),
    /// All objects of a kind that are in a schema today.
    All {
        kind: ObjectKind,
        schema: String,
    },
    /// Some objects of a kind, named as the server quotes them.
    Named {
        kind: ObjectKind,
        names: Vec<String>,
    },
    /// All objects of a kind that the creators make from now on.
    Future {
        kind: ObjectKind,
        creators: Vec<RoleName>,
        /// Empty: in any schema.
        schemas: Vec<String>,
    },
}

/// The changes of one operation, in order, and what else there is to say of them.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// Creators whose future objects could not be covered.
    pub not_covered: Vec<RoleName>,
    /// Roles whose default privileges the changes touch: such a role cannot be dropped while they last.
    pub default_privileges_of: Vec<RoleName>,
    /// What is not granted because the admin credential may not, where that is no error.
    pub left_out: Vec<String>,
    /// Routines that are closed to the group.
    pub closed: Vec<OpenRoutine>,
    /// What the group has beyond its level, and the admin credential may not take back.
    pub left_open: Vec<String>,
    /// Members of groups that are marked anew: pgrole may not have let them in.
    pub members_found: Vec<RoleName>,
    pub warnings: Vec<String>,
}
