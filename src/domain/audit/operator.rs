//! Who runs pgrole: what the audit log says about the person or account behind an act.

/// The operator, as the operating system knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// The name of the effective user, or its number if it has no name.
    pub user: String,
    pub uid: u32,
    /// `SUDO_USER`, which anybody may set: a claim.
    pub sudo_user: Option<String>,
    pub host: String,
    pub pid: u32,
    /// The terminal of standard input, if there is one.
    pub tty: Option<String>,
}
