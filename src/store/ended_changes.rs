//! How long a password change stays in the journal when it has ended. Its act stays in the audit log; the journal has what
//! tells how the act ended that changed a role last, and what the log does not say by itself.

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::domain::timestamp::{Span, Timestamp};

/// How long each stays: somebody may still be looking for it.
const KEPT_DAYS: i64 = 31;

/// The changes of the same role that began before change `?1`, according to the log, whose numbers do not depend on clocks.
/// What stays: what has not ended; whose act has no outcome yet, which is derived from it (`outcomes`); and that of a
/// failed act whose password was in force nevertheless (`audit::changes`). The log has nothing to say of what was archived.
const OUTDATED: &str = "
    DELETE FROM password_change WHERE operation_id IN (
        SELECT older.operation_id
        FROM password_change newer
        JOIN audit_log begun ON begun.operation_id = newer.operation_id AND begun.stage = 'intent'
        JOIN password_change older INDEXED BY password_change_role ON older.username = newer.username
            AND older.hostname = newer.hostname AND older.port = newer.port
        LEFT JOIN audit_log i ON i.operation_id = older.operation_id AND i.stage = 'intent'
        LEFT JOIN audit_log o ON o.operation_id = older.operation_id AND o.stage = 'outcome'
        WHERE newer.operation_id = ?1 AND older.operation_id <> ?1
            AND older.state IN ('CLOSED', 'ABORTED', 'REFUSED', 'SUPERSEDED')
            AND older.sealed IS NULL AND older.recovered_by IS NULL AND older.updated_at < ?2
            AND (i.id IS NULL
                OR i.id < begun.id AND o.id IS NOT NULL
                    AND (o.error IS NULL OR older.state IN ('ABORTED', 'REFUSED'))))";

/// Removes what a change that has just ended makes outdated.
pub(super) fn forget(connection: &Connection, operation_id: &str, now: Timestamp) -> Result<()> {
    let before = now.before(Span::days(KEPT_DAYS))?.to_string();
    connection
        .prepare_cached(OUTDATED)?
        .execute(params![operation_id, before])?;
    Ok(())
}
