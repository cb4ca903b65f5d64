//! What stands out in a report: each kind of finding with its severity, what to do about it, and the requirement it is asked
//! for by. Only requirements whose numbers were checked against the text are named.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::command_line::pasteable;

/// How much a finding matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be mended now
    High,
    /// To be mended, or a reason to be written down
    Medium,
    /// To be known
    Low,
}

/// What stands out, the worst first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// The password is stored as an MD5 hash
    Md5Password,
    /// A superuser other than the cluster's own, or a login that can become one
    Superuser,
    /// It has access whose end has come
    AccessOverdue,
    /// Not made with this registry, and no owner on record
    NoOwner,
    /// The password is older than allowed
    PasswordOld,
    /// Not seen for longer than allowed
    Unused,
    /// It can do more than its profile says
    AboveProfile,
    /// The age of the password is not known
    AgeUnknown,
    /// The target has fewer than two named administrators
    FewAdministrators,
    /// VALID UNTIL has passed
    Expired,
    /// VALID UNTIL is near
    Expiring,
    /// Objects are granted to the login itself
    DirectGrants,
}

/// The periods that findings are judged by, in days.
#[derive(Debug, Clone, Copy)]
pub struct Periods {
    /// The greatest age of a password.
    pub password_age: u64,
    /// How long a login may not have been seen.
    pub unused: u64,
    /// From when on VALID UNTIL is near.
    pub expiring: u64,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl FindingKind {
    pub const ALL: [Self; 12] = [
        Self::Md5Password,
        Self::Superuser,
        Self::AccessOverdue,
        Self::NoOwner,
        Self::PasswordOld,
        Self::Unused,
        Self::AboveProfile,
        Self::AgeUnknown,
        Self::FewAdministrators,
        Self::Expired,
        Self::Expiring,
        Self::DirectGrants,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5Password => "md5-password",
            Self::Superuser => "superuser",
            Self::AccessOverdue => "access-overdue",
            Self::NoOwner => "no-owner",
            Self::PasswordOld => "password-old",
            Self::Unused => "unused",
            Self::AboveProfile => "above-profile",
            Self::AgeUnknown => "age-unknown",
            Self::FewAdministrators => "few-administrators",
            Self::Expired => "expired",
            Self::Expiring => "expiring",
            Self::DirectGrants => "direct-grants",
        }
    }

    pub fn severity(self) -> Severity {
        match self {
            Self::Md5Password
            | Self::Superuser
            | Self::AccessOverdue
            | Self::NoOwner
            | Self::PasswordOld => Severity::High,
            Self::Unused | Self::AboveProfile | Self::AgeUnknown | Self::FewAdministrators => {
                Severity::Medium
            }
            Self::Expired | Self::Expiring | Self::DirectGrants => Severity::Low,
        }
    }

    /// Whether it is about the login on its cluster, not about one database.
    pub fn is_of_cluster(self) -> bool {
        !matches!(
            self,
            Self::AccessOverdue | Self::AboveProfile | Self::FewAdministrators | Self::DirectGrants
        )
    }

    /// As people read it.
    pub fn title(self, periods: Periods) -> String {
        match self {
            Self::Md5Password => "MD5 password".to_owned(),
            Self::Superuser => "Superuser that no profile allows".to_owned(),
            Self::AccessOverdue => "Access past its end".to_owned(),
            Self::NoOwner => "Not made by pgrole, no owner on record".to_owned(),
            Self::PasswordOld => format!("Password older than {} days", periods.password_age),
            Self::Unused => format!("Not seen for {} days", periods.unused),
            Self::AboveProfile => "More than its profile".to_owned(),
            Self::AgeUnknown => "Password age unknown".to_owned(),
            Self::FewAdministrators => "Fewer than two named administrators".to_owned(),
            Self::Expired => "Expired, still there".to_owned(),
            Self::Expiring => format!("Expires within {} days", periods.expiring),
            Self::DirectGrants => "Direct grants beside the group".to_owned(),
        }
    }

    /// What to do: a sentence, and a command if there is one.
    pub fn remedy(self, periods: Periods) -> (&'static str, Option<String>) {
        match self {
            Self::Md5Password => (
                "A stolen hash logs in without the password. Set a new one",
                Some("pgrole rotate --hash md5".to_owned()),
            ),
            Self::Superuser => (
                "Only the cluster owner is expected. Name a reason, or take it away",
                None,
            ),
            Self::AccessOverdue => (
                "It works until it is ended: let cron do that every minute",
                Some("pgrole access expire --all".to_owned()),
            ),
            Self::NoOwner => (
                "Who asked for these logins is not on record. Name the owner in the review, or retire the login",
                None,
            ),
            Self::PasswordOld => (
                "Rotate",
                Some(pasteable(
                    "pgrole rotate --older-than {}",
                    &[&days(periods.password_age)],
                )),
            ),
            Self::Unused => (
                "Lock, or write down why it stays",
                Some(pasteable(
                    "pgrole report unused --older-than {} --lock",
                    &[&days(periods.unused)],
                )),
            ),
            Self::AboveProfile => (
                "Effective rights, not names: a grant beside the group, an attribute, or CREATE in a schema for PUBLIC",
                Some("pgrole user show NAME".to_owned()),
            ),
            Self::AgeUnknown => (
                "Never changed by pgrole, and PostgreSQL keeps no date. Unknown is not counted as good",
                Some("pgrole rotate adopt -e ENV -d DATABASE -u NAME --deliver WHERE".to_owned()),
            ),
            Self::FewAdministrators => (
                "Shared superusers and the cluster owner do not count as persons",
                None,
            ),
            Self::Expired => (
                "Its password ended; memberships and sessions did not. Drop it",
                Some("pgrole user drop NAME -e ENV -d DATABASE".to_owned()),
            ),
            Self::Expiring => ("Tell its owner", None),
            Self::DirectGrants => ("Rights that the group does not explain", None),
        }
    }

    /// The requirement that asks for it; `None` if none is named.
    pub fn rule(self) -> Option<&'static str> {
        match self {
            Self::NoOwner => Some("PCI DSS 7.2.4"),
            Self::PasswordOld | Self::AgeUnknown => Some("PCI DSS 8.3.9, 8.6.3"),
            Self::Unused => Some("PCI DSS 8.2.6"),
            Self::AboveProfile | Self::Superuser => Some("PCI DSS 7.2.4, 7.2.5.1"),
            _ => None,
        }
    }
}

/// As options take it.
fn days(count: u64) -> String {
    format!("{count}d")
}

impl fmt::Display for FindingKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_listed_from_the_worst_to_the_least() {
        assert!(FindingKind::ALL.is_sorted());
        assert!(FindingKind::ALL.is_sorted_by_key(|kind| kind.severity()));
    }

    #[test]
    fn only_checked_numbers_of_requirements_are_named() {
        let checked = ["7.2.4", "7.2.5.1", "8.2.6", "8.3.9", "8.6.3"];
        for rule in FindingKind::ALL.into_iter().filter_map(FindingKind::rule) {
            let numbers = rule.strip_prefix("PCI DSS ").expect("one standard");
            assert!(
                numbers.split(", ").all(|number| checked.contains(&number)),
                "{rule}"
            );
        }
    }
}
