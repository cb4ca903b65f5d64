//! Which logins pgrole placed where, and when their passwords last changed.

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::domain::timestamp::Timestamp;
use crate::store::Subject;

/// Records that the password of the subject's role changed; a reset keeps the profile that is known.
pub(super) fn record(connection: &Connection, subject: &Subject, now: Timestamp) -> Result<()> {
    connection.execute(
        "INSERT INTO placed_role (hostname, port, username, env, db_name, profile, password_changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (hostname, port, username) DO UPDATE SET
            profile = coalesce(excluded.profile, profile),
            password_changed_at = excluded.password_changed_at",
        params![
            subject.hostname,
            subject.port,
            subject.username,
            subject.env,
            subject.database,
            subject.profile,
            now.to_string(),
        ],
    )?;
    Ok(())
}
