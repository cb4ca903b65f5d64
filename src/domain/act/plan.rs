//! The changes that an operation makes on a server: data, which the dry run shows and the run executes alike.

use crate::domain::access::ObjectKind;
use crate::domain::access::excess::OpenRoutine;
use crate::domain::access::membership::HeldMembership;
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
        /// WITH ADMIN OPTION, and without the rights of the membership.
        to_hand_on: bool,
    },
    /// Lets a role create roles. Never planned: what would give an admin credential its rights.
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
    /// Revokes what a group has beyond its level.
    Revoke {
        privileges: Vec<String>,
        on: Granted,
        group: RoleName,
    },
    /// Ensures that an acknowledged commit is on disk.
    CommitDurably,
    /// Fails if the server does not store this very verifier. For superusers only.
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
    /// Removes the role's setting in that database; the server's default applies.
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
    /// Takes a membership in an access group away, in the name of its grantor (16 and later).
    TakeMembership(HeldMembership),
    /// Gives that back, with the same options. Never planned.
    GiveMembershipBack(HeldMembership),
    /// Restores a role's comment from before it was marked.
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
    /// All objects of a kind that exist in a schema.
    All {
        kind: ObjectKind,
        schema: String,
    },
    /// Some objects of a kind, named as the server quotes them.
    Named {
        kind: ObjectKind,
        names: Vec<String>,
    },
    /// All objects of a kind that the creators create from now on.
    Future {
        kind: ObjectKind,
        creators: Vec<RoleName>,
        /// Empty: in any schema.
        schemas: Vec<String>,
    },
}

/// The changes of one operation, in order, and what else there is to report.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// Creators whose future objects could not be covered.
    pub not_covered: Vec<RoleName>,
    /// Roles whose default privileges are changed: such a role cannot be dropped while they exist.
    pub default_privileges_of: Vec<RoleName>,
    /// What is not granted because the admin credential may not, if that is not an error.
    pub left_out: Vec<String>,
    /// Routines on which the group loses EXECUTE.
    pub closed: Vec<OpenRoutine>,
    /// What the group has beyond its level, and the admin credential may not revoke.
    pub left_open: Vec<String>,
    /// Members of groups that are marked anew: pgrole may not have added them.
    pub members_found: Vec<RoleName>,
    pub warnings: Vec<String>,
}
