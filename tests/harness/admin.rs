//! Which login this run gives to pgrole: a superuser, or what a careful site or a managed service gives instead.

use postgres::Client;

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
    CREATE ROLE rds_superuser; CREATE ROLE rds_replication; CREATE ROLE rds_password; CREATE ROLE rds_iam;
    CREATE ROLE rds_ad; CREATE ROLE rdsrepladmin REPLICATION; CREATE ROLE rdstopmgr LOGIN;
    GRANT pg_monitor, pg_signal_backend, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION;
    GRANT rds_superuser TO postgres WITH ADMIN OPTION;
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

    /// Gives the name `postgres` to a login of this kind. No role can rename itself, so another does it: `connect` gets
    /// the name of the one to connect as.
    pub fn take_over(self, password: &str, connect: impl Fn(&str) -> Client) {
        if self == Self::Superuser {
            return;
        }
        let run = |user: &str, sql: &str| {
            let done = connect(user).batch_execute(sql);
            done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        };
        let superuser = self.superuser();
        run(
            "postgres",
            &format!("CREATE ROLE between SUPERUSER LOGIN PASSWORD '{password}'"),
        );
        run(
            "between",
            &format!("ALTER ROLE postgres RENAME TO {superuser}"),
        );
        let service = if self == Self::Managed { SERVICE } else { "" };
        run(
            superuser,
            &format!(
                "DROP ROLE between;
                 CREATE ROLE postgres LOGIN CREATEROLE CREATEDB PASSWORD '{password}' VALID UNTIL 'infinity';
                 {service}"
            ),
        );
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
