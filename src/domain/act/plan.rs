//! The changes that an operation makes on a server: data, which the dry run shows and the run executes alike.

use crate::domain::access::ObjectKind;
use crate::domain::access::excess::OpenRoutine;
use crate::domain::access::membership::HeldMembership;
use crate::domain::access::state::Loan;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::definition::{DefinedSetting, MembershipOptions};
use crate::domain::role::mark::Mark;
use crate::domain::role::reach::Borrowing;
use crate::domain::target::DatabaseName;
use crate::domain::timestamp::Timestamp;

/// From this `server_version_num` on memberships have options of their own, and a grantor.
pub const MEMBERSHIP_OPTIONS: u32 = 160_000;

/// What the error of [`Change::RequireNothingLeft`] says before the names, in any language.
pub const NOTHING_LEFT: &str = "pgrole: ";

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
    /// Creates a role with the attributes of another one.
    CloneRole {
        role: RoleName,
        attributes: CopiedAttributes,
        /// `None`: it has no password, as others log in for it.
        verifier: Option<Verifier>,
    },
    CreateGroup(RoleName),
    /// Creates the role of a grant with an end.
    CreateBox {
        role: RoleName,
        valid_until: Timestamp,
    },
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
    /// Grants a membership with the options that another role has on its own.
    CopyMembership {
        group: RoleName,
        member: RoleName,
        options: MembershipOptions,
    },
    /// Sets a parameter for a role, in one database or in all.
    SetParameter {
        role: RoleName,
        setting: DefinedSetting,
    },
    /// Creates a role that may not log in: the owner of dual logins, or one of them before it has a password.
    CreateNoLogin {
        role: RoleName,
        /// -1: no limit.
        connection_limit: i32,
    },
    /// Lets one of two logins of an owner log in, with this password.
    AdmitLogin {
        role: RoleName,
        verifier: Verifier,
        /// `None`: it never ends.
        valid_until: Option<Timestamp>,
    },
    /// Gives a login the rights of its owner, and lets it act as the owner.
    LetActAs {
        owner: RoleName,
        login: RoleName,
    },
    /// Removes a setting of a role, in one database or in all.
    ResetParameter {
        role: RoleName,
        database: Option<String>,
        name: String,
    },
    /// Fails if the comment on a role is another one by now.
    RequireComment {
        role: RoleName,
        comment: Option<String>,
    },
    /// Fails if a session of a role began after that, in seconds since 1970; the error says how many.
    RequireNoNewSessions {
        oid: u32,
        after: f64,
    },
    RenameRole {
        role: RoleName,
        to: RoleName,
    },
    AlterLogin {
        role: RoleName,
        attributes: LoginAttributes,
        /// What they replace.
        previous: LoginAttributes,
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
    /// Undoes the creation of a login. Never planned, like the one that follows.
    DropRole(RoleName),
    RevokeMembership {
        group: RoleName,
        member: RoleName,
    },
    /// Takes a membership in an access group away, in the name of its grantor (16 and later).
    TakeMembership(HeldMembership),
    /// Gives that back, with the same options. Never planned.
    GiveMembershipBack(HeldMembership),
    /// Restores a role's comment from before it was marked, or gives a new role that of another one.
    RestoreComment {
        role: RoleName,
        comment: Option<String>,
    },
    /// LOGIN or NOLOGIN.
    SetLogin {
        role: RoleName,
        can_login: bool,
    },
    /// Terminates all sessions of some roles but this one.
    EndSessions {
        oids: Vec<u32>,
    },
    /// Terminates some sessions of a role, and no others.
    EndTheseSessions {
        oid: u32,
        pids: Vec<i32>,
    },
    /// Fails if the name is another role's by now.
    RequireRole {
        role: RoleName,
        oid: u32,
    },
    /// Fails if the name is another role's by now, or its VALID UNTIL another one.
    RequireBox {
        role: RoleName,
        oid: u32,
        /// As it was read; `None` if it is infinite or was never set.
        valid_until: Option<String>,
    },
    /// Fails if the role owns more or less in this database than was planned for, default privileges and user mappings
    /// aside: DROP OWNED would drop what nobody has seen.
    RequireOwned {
        oid: u32,
        count: u32,
    },
    /// Fails if anything in this database still depends on the role; the error says what.
    RequireNothingLeft {
        oid: u32,
    },
    /// Lets the admin credential act for a role until [`Change::GiveBack`].
    BorrowAs(Borrowing),
    GiveBack(Borrowing),
    /// Makes another role the current one, until the next or the end of the transaction.
    ActAs(RoleName),
    SetOwner {
        object: NamedObject,
        owner: RoleName,
    },
    ReassignOwned {
        role: RoleName,
        heir: RoleName,
    },
    DropOwned(RoleName),
    /// Grants once more, as the object's owner, what a role that is to be dropped had granted.
    GrantAgain {
        privilege: String,
        object: NamedObject,
        /// `None` for PUBLIC.
        grantee: Option<RoleName>,
        grantable: bool,
    },
    /// Takes from a role all that the current role granted to it on an object, and what was handed on from there.
    RevokeAll {
        object: NamedObject,
        role: RoleName,
    },
    /// Grants once more a membership that a role that is to be dropped had granted (16 and later).
    RepeatMembership {
        group: RoleName,
        member: RoleName,
        admin: bool,
        inherit: bool,
        set: bool,
        /// `None` leaves the choice to the server, as a superuser must.
        grantor: Option<RoleName>,
    },
}

/// An object as the server names it in statements.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct NamedObject {
    /// `TABLE`, `LARGE OBJECT`.
    pub keyword: String,
    /// As the server quotes it, with its schema.
    pub name: String,
    /// The column that privileges are on, as the server quotes it; empty for the whole object.
    #[serde(default)]
    pub column: String,
}

/// The attributes that a new role takes over from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one keyword each"
)]
pub struct CopiedAttributes {
    pub login: bool,
    pub superuser: bool,
    pub inherit: bool,
    pub createdb: bool,
    pub createrole: bool,
    pub replication: bool,
    pub bypassrls: bool,
    /// -1: no limit.
    pub connection_limit: i32,
    /// As the server reads it.
    pub valid_until: Option<String>,
}

/// Attributes of a login; those that are `None` stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoginAttributes {
    /// -1: no limit.
    pub connection_limit: Option<i32>,
    /// As the server reads it.
    pub valid_until: Option<String>,
    pub createdb: Option<bool>,
    pub createrole: Option<bool>,
}

impl LoginAttributes {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Change {
    /// Whether its statement has a verifier in it.
    pub fn has_verifier(&self) -> bool {
        matches!(
            self,
            Self::CreateLogin { .. }
                | Self::CloneRole {
                    verifier: Some(_),
                    ..
                }
                | Self::SetPassword { .. }
                | Self::AdmitLogin { .. }
        )
    }

    /// Whether it may be about all the objects of a database.
    pub fn is_about_objects(&self) -> bool {
        matches!(self, Self::Grant { .. } | Self::Revoke { .. })
    }

    /// The role that it creates to log in, with a password, or as one of an owner's roles.
    pub fn new_login(&self) -> Option<&RoleName> {
        match self {
            Self::CreateLogin { role, .. }
            | Self::CloneRole { role, .. }
            | Self::CreateNoLogin { role, .. } => Some(role),
            _ => None,
        }
    }

    /// The same change for another password.
    pub fn set_verifier(&mut self, another: &Verifier) {
        if let Self::CreateLogin { verifier, .. }
        | Self::CloneRole {
            verifier: Some(verifier),
            ..
        }
        | Self::SetPassword { verifier, .. }
        | Self::AdmitLogin { verifier, .. }
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
