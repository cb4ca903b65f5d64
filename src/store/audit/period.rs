//! Which events a period of time may contain: a range of ids, so that a page of it is found without reading the log. It
//! holds whatever the clocks did: from one day of the log to the next, the first and the last event of each are looked up.

use rusqlite::{Connection, params};

use crate::domain::timestamp::Timestamp;

/// The days from that of `?1` to that of `?2`, one after the other in an index; and the ends of their events.
const BY_DAYS: &str = "
    WITH RECURSIVE days (day) AS (
        SELECT (SELECT substr(performed_at, 1, 10) FROM audit_log
            WHERE substr(performed_at, 1, 10) >= coalesce(substr(?1, 1, 10), '')
            ORDER BY substr(performed_at, 1, 10) LIMIT 1)
        UNION ALL
        SELECT (SELECT substr(performed_at, 1, 10) FROM audit_log WHERE substr(performed_at, 1, 10) > days.day
            ORDER BY substr(performed_at, 1, 10) LIMIT 1)
        FROM days WHERE day IS NOT NULL AND (?2 IS NULL OR day <= substr(?2, 1, 10))
    )
    SELECT min((SELECT id FROM audit_log WHERE substr(performed_at, 1, 10) = day ORDER BY id LIMIT 1)),
        max((SELECT id FROM audit_log WHERE substr(performed_at, 1, 10) = day ORDER BY id DESC LIMIT 1))
    FROM days WHERE day IS NOT NULL AND (?2 IS NULL OR day <= substr(?2, 1, 10))";

const BY_TIMES: &str = "SELECT min(id), max(id) FROM audit_log
    WHERE performed_at >= coalesce(?1, '') AND (?2 IS NULL OR performed_at < ?2)";

/// The first and the last id of the events that a period may contain; `None` if it contains none.
pub(super) fn find_ids(
    connection: &Connection,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
) -> rusqlite::Result<Option<(i64, i64)>> {
    let [since, until] = [since, until].map(|point| point.map(|point| point.to_string()));
    let query = if has_newest_indexes(connection)? {
        BY_DAYS
    } else {
        BY_TIMES
    };
    connection.query_row(query, params![since, until], |row| {
        let (first, last): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok(first.zip(last))
    })
}

/// Whether the log has the indexes of the newest version: a file of an earlier one that may only be read has not.
pub(super) fn has_newest_indexes(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'index' AND name = 'audit_log_day')",
        [],
        |row| row.get(0),
    )
}
