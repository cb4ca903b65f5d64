//! What pgrole does and records: each operation with its name in the audit log, and what it may change.
//!
//! A name has one spelling, here. Code that needs to know something about an operation asks the value, not its text.

/// An operation that is audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    AccessCheck,
    /// One grant whose end has come, or that another hand ended.
    AccessExpire,
    AccessExpireSurvey,
    AccessExtend,
    AccessGrant,
    /// For a limited time: its ID is that of the grant.
    AccessGrantFor,
    AccessList,
    AccessPrepare,
    AccessRevoke,
    AccessTrim,
    /// A whole file of wanted logins, whose changes are each recorded.
    Apply,
    /// The log itself, or that of an older service, is adopted into the chain.
    AuditAdopt,
    AuditArchive,
    CredentialCheck,
    CredentialDelete,
    CredentialRotate,
    CredentialRotateSurvey,
    CredentialSet,
    Doctor,
    ExpiringSurvey,
    Explain,
    Export,
    NotifyExpiring,
    NotifyTest,
    /// People leave: a whole run, whose changes are each recorded.
    Offboard,
    Recover,
    RecoverAbort,
    RecoverAck,
    RegistryAdd,
    RegistryCheck,
    /// What a server reports about itself on contact.
    RegistryContact,
    RegistryDisable,
    RegistryDiscover,
    RegistryEnable,
    RegistryExport,
    RegistryImport,
    /// The file is created or adopted.
    RegistryOpen,
    RegistryRemove,
    RegistryUpdate,
    ReportAccept,
    ReportAccess,
    ReportConnections,
    ReportPasswords,
    ReportUnused,
    /// One role of a rotation.
    Rotate,
    RotateAdopt,
    RotateForget,
    /// The outgoing one of two logins.
    RotateRetire,
    /// A whole rotation, whose roles are each recorded.
    RotateRun,
    RotateSurvey,
    UserApp,
    /// A login for an emergency.
    UserBreakglass,
    UserClone,
    UserCompare,
    UserConvert,
    /// Whatever the profile.
    UserCreate,
    /// A whole file of new logins, which are each recorded.
    UserCreateRun,
    UserDba,
    UserDevlead,
    UserDevqa,
    UserDrop,
    UserFind,
    UserK8s,
    UserList,
    UserLock,
    UserReadonly,
    UserRename,
    UserReset,
    UserSearchPath,
    UserSet,
    UserShow,
    UserUnlock,
}

/// What an operation is meant to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Nothing,
    /// The registry file, or a secret on this machine.
    Records,
    /// Roles, memberships or settings on a server.
    Server,
    /// A password on a server, and where it is stored.
    Password,
}

/// Whether changes are made or only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Run,
    DryRun,
    /// Made in a transaction that is rolled back.
    Rehearsal,
}

impl Operation {
    /// The commands that create a login with a profile of their own.
    pub const OF_PROFILES: [Self; 6] = [
        Self::UserApp,
        Self::UserK8s,
        Self::UserDevqa,
        Self::UserDevlead,
        Self::UserReadonly,
        Self::UserDba,
    ];

    /// The name in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessCheck => "access check",
            Self::AccessExpire => "access expire",
            Self::AccessExpireSurvey => "access expire survey",
            Self::AccessExtend => "access extend",
            Self::AccessGrant => "access grant",
            Self::AccessGrantFor => "access grant --for",
            Self::AccessList => "access list",
            Self::AccessPrepare => "access prepare",
            Self::AccessRevoke => "access revoke",
            Self::AccessTrim => "access trim",
            Self::Apply => "apply",
            Self::AuditAdopt => "audit adopt",
            Self::AuditArchive => "audit archive",
            Self::CredentialCheck => "credential check",
            Self::CredentialDelete => "credential delete",
            Self::CredentialRotate => "credential rotate",
            Self::CredentialRotateSurvey => "credential rotate survey",
            Self::CredentialSet => "credential set",
            Self::Doctor => "doctor",
            Self::ExpiringSurvey => "expiring survey",
            Self::Explain => "explain",
            Self::Export => "export",
            Self::NotifyExpiring => "notify expiring",
            Self::NotifyTest => "notify test",
            Self::Offboard => "offboard",
            Self::Recover => "recover",
            Self::RecoverAbort => "recover abort",
            Self::RecoverAck => "recover ack",
            Self::RegistryAdd => "registry add",
            Self::RegistryCheck => "registry check",
            Self::RegistryContact => "registry contact",
            Self::RegistryDisable => "registry disable",
            Self::RegistryDiscover => "registry discover",
            Self::RegistryEnable => "registry enable",
            Self::RegistryExport => "registry export",
            Self::RegistryImport => "registry import",
            Self::RegistryOpen => "registry open",
            Self::RegistryRemove => "registry remove",
            Self::RegistryUpdate => "registry update",
            Self::ReportAccept => "report accept",
            Self::ReportAccess => "report access",
            Self::ReportConnections => "report connections",
            Self::ReportPasswords => "report passwords",
            Self::ReportUnused => "report unused",
            Self::Rotate => "rotate",
            Self::RotateAdopt => "rotate adopt",
            Self::RotateForget => "rotate forget",
            Self::RotateRetire => "rotate retire",
            Self::RotateRun => "rotate run",
            Self::RotateSurvey => "rotate survey",
            Self::UserApp => "user app",
            Self::UserBreakglass => "user breakglass",
            Self::UserClone => "user clone",
            Self::UserCompare => "user compare",
            Self::UserConvert => "user convert",
            Self::UserCreate => "user create",
            Self::UserCreateRun => "user create run",
            Self::UserDba => "user dba",
            Self::UserDevlead => "user devlead",
            Self::UserDevqa => "user devqa",
            Self::UserDrop => "user drop",
            Self::UserFind => "user find",
            Self::UserK8s => "user k8s",
            Self::UserList => "user list",
            Self::UserLock => "user lock",
            Self::UserReadonly => "user readonly",
            Self::UserRename => "user rename",
            Self::UserReset => "user reset",
            Self::UserSearchPath => "user search-path",
            Self::UserSet => "user set",
            Self::UserShow => "user show",
            Self::UserUnlock => "user unlock",
        }
    }

    /// The name in the audit log, which marks a dry run.
    pub fn name_in(self, mode: Mode) -> String {
        format!("{}{}", self.name(), mode.suffix())
    }

    /// What it is meant to change.
    pub fn effect(self) -> Effect {
        match self {
            Self::AccessCheck
            | Self::AccessExpireSurvey
            | Self::AccessList
            | Self::AccessTrim
            | Self::CredentialCheck
            | Self::CredentialRotateSurvey
            | Self::Doctor
            | Self::ExpiringSurvey
            | Self::Explain
            | Self::Export
            | Self::NotifyExpiring
            | Self::NotifyTest
            | Self::RegistryCheck
            | Self::RegistryDiscover
            | Self::RegistryExport
            | Self::ReportAccess
            | Self::ReportConnections
            | Self::ReportPasswords
            | Self::ReportUnused
            | Self::RotateSurvey
            | Self::UserCompare
            | Self::UserFind
            | Self::UserList
            | Self::UserShow => Effect::Nothing,
            Self::AuditAdopt
            | Self::AuditArchive
            | Self::CredentialDelete
            | Self::CredentialSet
            | Self::RecoverAbort
            | Self::RecoverAck
            | Self::RegistryAdd
            | Self::RegistryContact
            | Self::RegistryDisable
            | Self::RegistryEnable
            | Self::RegistryImport
            | Self::RegistryOpen
            | Self::RegistryRemove
            | Self::RegistryUpdate
            | Self::ReportAccept
            | Self::RotateAdopt
            | Self::RotateForget => Effect::Records,
            Self::AccessExpire
            | Self::AccessExtend
            | Self::AccessGrant
            | Self::AccessGrantFor
            | Self::AccessPrepare
            | Self::AccessRevoke
            | Self::Apply
            | Self::Offboard
            | Self::RotateRetire
            | Self::UserDrop
            | Self::UserLock
            | Self::UserSearchPath
            | Self::UserSet
            | Self::UserUnlock => Effect::Server,
            Self::CredentialRotate
            | Self::Recover
            | Self::Rotate
            | Self::RotateRun
            | Self::UserApp
            | Self::UserBreakglass
            | Self::UserClone
            | Self::UserConvert
            | Self::UserCreate
            | Self::UserCreateRun
            | Self::UserDba
            | Self::UserDevlead
            | Self::UserDevqa
            | Self::UserK8s
            | Self::UserReadonly
            | Self::UserRename
            | Self::UserReset => Effect::Password,
        }
    }

    /// Whether it is meant to change a server.
    pub fn is_change(self) -> bool {
        matches!(self.effect(), Effect::Server | Effect::Password)
    }

    /// Whether its reason is that of others: of the earlier act that it brings to its end, or of the acts that it consists of.
    pub fn has_reason_of_others(self) -> bool {
        matches!(
            self,
            Self::AccessExpire | Self::Recover | Self::UserCreateRun
        )
    }

    /// Whether channels are notified when it fails.
    pub fn tells_of_failure(self) -> bool {
        // What could not be ended is told by an event of its own, once a day.
        self != Self::AccessExpire && self.is_change()
    }

    /// Whether channels are notified of it in the summary of its run, not separately.
    pub fn is_told_in_summary(self) -> bool {
        self == Self::Rotate
    }
}

impl Mode {
    /// What follows an operation's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Run => "",
            Self::DryRun => " --dry-run",
            Self::Rehearsal => " --rehearse",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_a_server_tells_of_its_failure_and_what_reads_does_not() {
        for operation in Operation::OF_PROFILES {
            assert!(operation.tells_of_failure(), "{operation:?}");
        }
        for operation in [
            Operation::AccessPrepare,
            Operation::CredentialRotate,
            Operation::Recover,
            Operation::UserCreate,
            Operation::UserReset,
            Operation::UserSearchPath,
        ] {
            assert!(operation.tells_of_failure(), "{operation:?}");
        }
        for operation in [
            Operation::CredentialSet,
            Operation::RecoverAck,
            Operation::RotateSurvey,
            Operation::UserFind,
            Operation::UserList,
        ] {
            assert!(!operation.tells_of_failure(), "{operation:?}");
        }
    }

    #[test]
    fn a_dry_run_goes_by_a_name_of_its_own() {
        assert_eq!(Operation::UserReset.name_in(Mode::Run), "user reset");
        let dry = Operation::UserReset.name_in(Mode::DryRun);
        assert_eq!(dry, "user reset --dry-run");
        let rehearsed = Operation::UserReset.name_in(Mode::Rehearsal);
        assert_eq!(rehearsed, "user reset --rehearse");
    }
}
