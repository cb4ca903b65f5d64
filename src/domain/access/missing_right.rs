//! A right that the admin credential lacks: the error of an operation that needs it, and the statement that would grant
//! it.

use std::fmt;

use crate::domain::access::ObjectKind;
use crate::domain::access::state::DefaultPrivilegeReach;
use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS};
use crate::domain::command_line::on_target;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;

/// A missing right. Its Display completes a sentence about the admin credential: role "dba" MAY NOT ….
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    CreateRoles,
    /// A role of an access group's name does not carry pgrole's mark.
    ForeignGroup(RoleName),
    /// It is something that a group cannot be, whatever its mark says.
    UnsafeGroup {
        group: RoleName,
        faults: Vec<String>,
        /// A role that may grant it, and is not trusted.
        stranger: Option<String>,
    },
    /// It grants access to a database that no longer exists.
    StaleGroup(RoleName),
    /// It grants access to another database, which was renamed.
    GroupOfAnother {
        group: RoleName,
        database: String,
        /// The name that the group would have there.
        its_own: Option<RoleName>,
    },
    /// Membership in an existing access group.
    Membership(RoleName),
    Database {
        privilege: &'static str,
        database: String,
        owner: RoleName,
    },
    Schema {
        schema: String,
        owner: RoleName,
    },
    Objects {
        schema: String,
        kind: ObjectKind,
        owner: RoleName,
        number: u32,
    },
    Routine {
        name: String,
        owner: RoleName,
    },
    /// A named routine belongs to an extension, whose privileges are left alone.
    MemberOfExtension {
        name: String,
        extension: String,
    },
    /// What the role creates from now on. No operation fails for lack of it.
    Future(RoleName),
}

impl Lack {
    /// The error of an operation that needs the right.
    pub fn failure(&self, target: &Target, admin: &str) -> Failure {
        let failure = Failure::new(Kind::Failed, format!("role \"{admin}\" {self}"));
        match self {
            Self::CreateRoles => Failure::new(failure.kind, format!("{failure} (SQLSTATE 42501)"))
                .sqlstate("42501")
                .hint(format!(
                    "log in as a role with CREATEROLE: {}",
                    on_target("pgrole credential set -e {} -d {} -U ROLE", target, &[])
                )),
            Self::ForeignGroup(group) => Failure::refused(format!(
                "role \"{group}\" has the name of an access group, but not pgrole's comment"
            ))
            .hint("let pgrole adopt it with --adopt, or create the login with --access none"),
            Self::UnsafeGroup {
                group,
                faults,
                stranger,
            } => Failure::refused(format!(
                "role \"{group}\" has the name of an access group, but cannot be one: {}",
                faults.join("; ")
            ))
            .hint(match stranger {
                Some(stranger) => format!(
                    "if \"{stranger}\" is an admin credential, name it in the config file: trusted_admins = [\"{stranger}\"]; otherwise drop or rename the role"
                ),
                None => "undo that, drop the role, or rename it; or create the login with --access none".to_owned(),
            }),
            Self::StaleGroup(group) => Failure::refused(format!(
                "role \"{group}\" grants access to an earlier database of this name, dropped since or in another cluster (also after pg_upgrade); its members would gain access to this one"
            ))
            .hint(format!(
                "to keep the group and its members: {}",
                on_target("pgrole access prepare -e {} -d {}", target, &[])
            )),
            Self::GroupOfAnother {
                group,
                database,
                its_own,
            } => {
                let failure = Failure::refused(format!(
                    "role \"{group}\" grants access to another database, \"{database}\""
                ));
                match its_own {
                    Some(its_own) => failure.hint(format!(
                        "rename it to match that database: ALTER ROLE \"{group}\" RENAME TO \"{its_own}\""
                    )),
                    None => failure,
                }
            }
            Self::MemberOfExtension { name, extension } => Failure::refused(format!(
                "a profile's \"execute\" names {name}, a member of extension \"{extension}\", whose privileges pgrole leaves alone"
            ))
            .hint("remove it from the config file, and grant it by hand where needed: GRANT EXECUTE ON ROUTINE ..."),
            _ => {
                let partial = if self.can_be_left_out() {
                    "leave it out with --partial, "
                } else {
                    ""
                };
                failure.sqlstate("42501").hint(format!(
                    "{partial}create the login with --access none, or run this once as a role that is allowed to: {}",
                    prepare(target, admin)
                ))
            }
        }
    }

    /// Whether a login is useful without it, so that it may be left out if the operator says so.
    pub fn can_be_left_out(&self) -> bool {
        matches!(
            self,
            Self::Database { .. }
                | Self::Schema { .. }
                | Self::Objects { .. }
                | Self::Routine { .. }
        )
    }

    /// The error of an operation that creates roles. A `role` setting that does not count is named: psql would act by
    /// it.
    pub fn of_createrole(found: &ServerState, target: &Target) -> Failure {
        let admin = &found.admin.name;
        let failure = Self::CreateRoles.failure(target, admin);
        let Some(setting) = found.unused_role() else {
            return failure;
        };
        let failure = failure.caused_by(setting.why_not(admin, &target.database));
        match setting.own_of(admin) {
            Some(statement) => {
                let role = &setting.role;
                failure.hint(format!(
                    "let the login itself act as \"{role}\": {statement}"
                ))
            }
            None => failure,
        }
    }

    /// The statement that grants the right, to be run once by a role that is allowed to; `None` if `pgrole access
    /// prepare`, run by such a role, makes it unnecessary.
    pub fn remedy(&self, found: &ServerState) -> Option<Change> {
        let admin = RoleName::from_server(&found.admin.name);
        // Up to PostgreSQL 15 CREATEROLE allows membership in all roles but superusers.
        let gives_all = found.version < MEMBERSHIP_OPTIONS && !found.admin.createrole;
        let acting_for = match self {
            Self::CreateRoles => return Some(Change::AllowCreateRole(admin)),
            Self::ForeignGroup(_)
            | Self::UnsafeGroup { .. }
            | Self::StaleGroup(_)
            | Self::GroupOfAnother { .. }
            | Self::MemberOfExtension { .. } => return None,
            Self::Membership(_) if gives_all => return Some(Change::AllowCreateRole(admin)),
            Self::Membership(group) => {
                return Some(Change::GrantMembership {
                    group: group.clone(),
                    member: admin,
                    to_hand_on: true,
                });
            }
            Self::Database { owner, .. }
            | Self::Schema { owner, .. }
            | Self::Objects { owner, .. }
            | Self::Routine { owner, .. }
            | Self::Future(owner) => found.access.acting_owner(owner),
        };
        // A role that does not exist yet cannot be granted.
        match *found.access.reach.get(acting_for)? {
            DefaultPrivilegeReach::None if gives_all => Some(Change::AllowCreateRole(admin)),
            DefaultPrivilegeReach::None => Some(Change::GrantMembership {
                group: acting_for.clone(),
                member: admin,
                to_hand_on: true,
            }),
            DefaultPrivilegeReach::NoInherit => Some(Change::AllowInherit(admin)),
            _ => None,
        }
    }
}

/// The command that makes the rights to grant unnecessary for the admin credential.
pub fn prepare(target: &Target, admin: &str) -> String {
    on_target(
        "pgrole access prepare -e {} -d {} --admin {}",
        target,
        &[&admin],
    )
}

impl fmt::Display for Lack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateRoles => formatter.write_str("is neither CREATEROLE nor SUPERUSER"),
            Self::ForeignGroup(group) => write!(
                formatter,
                "cannot use role \"{group}\", which has the name of an access group, but not pgrole's comment"
            ),
            Self::Membership(group) => {
                write!(formatter, "may not grant membership in \"{group}\"")
            }
            Self::UnsafeGroup { group, faults, .. } => write!(
                formatter,
                "cannot use role \"{group}\", which has the name of an access group, but cannot be one: {}",
                faults.join("; ")
            ),
            Self::StaleGroup(group) => write!(
                formatter,
                "cannot use role \"{group}\", which grants access to an earlier database of this name, dropped since or in another cluster"
            ),
            Self::GroupOfAnother {
                group, database, ..
            } => write!(
                formatter,
                "cannot use role \"{group}\", which grants access to another database, \"{database}\""
            ),
            Self::MemberOfExtension { name, extension } => write!(
                formatter,
                "may not grant {name}, a member of extension \"{extension}\", which a profile names under \"execute\""
            ),
            Self::Routine { name, owner } => write!(
                formatter,
                "may not grant EXECUTE on {name}, which belongs to \"{owner}\""
            ),
            Self::Database {
                privilege,
                database,
                owner,
            } => write!(
                formatter,
                "may not grant {privilege} on database \"{database}\", which belongs to \"{owner}\""
            ),
            Self::Schema { schema, owner } => write!(
                formatter,
                "may not grant on schema \"{schema}\", which belongs to \"{owner}\""
            ),
            Self::Objects {
                schema,
                kind,
                owner,
                number,
            } => write!(
                formatter,
                "may not grant on {} of \"{owner}\" in schema \"{schema}\"",
                counted(*number, &kind.keyword_of_one().to_lowercase())
            ),
            Self::Future(creator) => write!(
                formatter,
                "may not act for \"{creator}\", so objects that it creates later are not covered"
            ),
        }
    }
}
