//! Which login this run gives to pgrole: a superuser, or what a careful site or a managed service gives instead.

use super::{servers, variable};

/// The kind of admin login, by `PGROLE_TEST_ADMIN`: `superuser` (the default), `createrole`, `managed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admin {
    Superuser,
    /// CREATEROLE and CREATEDB, and owner of the tests' databases.
    Createrole,
    /// The same in a stand-in for RDS, with the service's own roles.
    Managed,
}

/// As on RDS: the groups of the service, and its master user's (AWS documentation, "Understanding the rds_superuser role").
const SERVICE: &str = "
CREATE ROLE rds_superuser; CREATE ROLE rds_replication; CREATE ROLE rds_password; CREATE ROLE rds_iam
CREATE ROLE rds_ad; CREATE ROLE rdsrepladmin REPLICATION; CREATE ROLE rdstopmgr LOGIN
GRANT pg_monitor, pg_signal_backend, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION
GRANT rds_superuser TO postgres WITH ADMIN OPTION
";

impl Admin {
    /// # Panics
    /// Where the variable names no kind.
    pub fn of_this_run() -> Self {
        match variable("PGROLE_TEST_ADMIN").as_deref() {
            None | Some("superuser") => Self::Superuser,
            Some("createrole") => Self::Createrole,
            Some("managed") => Self::Managed,
            Some(other) => {
                panic!("PGROLE_TEST_ADMIN is {other:?}, not superuser, createrole or managed")
            }
        }
    }

    /// The name of the login that may all, which `initdb` made.
    pub fn superuser(self) -> &'static str {
        match self {
            Self::Superuser => "postgres",
            Self::Createrole => "the_superuser",
            Self::Managed => "rdsadmin",
        }
    }

    /// The statements, one a line, that make the login `postgres` where it is not what `initdb` made.
    pub fn statements(self, password: &str) -> Option<String> {
        let service = match self {
            Self::Superuser => return None,
            Self::Createrole => "",
            Self::Managed => SERVICE,
        };
        let attributes = "LOGIN CREATEROLE CREATEDB VALID UNTIL 'infinity'";
        Some(format!(
            "CREATE ROLE postgres {attributes} PASSWORD '{password}'\nALTER DATABASE postgres OWNER TO postgres\n{service}"
        ))
    }
}

/// Writes down that the calling test was skipped where the run's admin login is of one of the kinds, and says so.
#[track_caller]
pub fn skip_for(kinds: &[Admin], why: &str) -> bool {
    let admin = Admin::of_this_run();
    let is_skipped = kinds.contains(&admin);
    if is_skipped {
        servers::skip(&format!("as {admin:?}: {why}"));
    }
    is_skipped
}

/// Like `skip_for`, for what only a superuser can do.
#[track_caller]
pub fn skip_unless_superuser(why: &str) -> bool {
    skip_for(&[Admin::Createrole, Admin::Managed], why)
}
