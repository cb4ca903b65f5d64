    'version', current_setting('server_version_num')::integer,
    'clock', extract(epoch FROM clock_timestamp()),
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
    'primary_host', CASE WHEN pg_is_in_recovery() THEN (pg_stat_get_wal_receiver()).sender_host END,
    'admin', (SELECT state FROM described WHERE rolname = current_user),
    'role', (SELECT state FROM described WHERE rolname = $1::text),
    -- The function under the view pg_stat_activity, without its joins.
    'sessions', (SELECT count(*) FROM pg_stat_get_activity(NULL) a
        WHERE a.usesysid = (SELECT oid FROM described WHERE rolname = $1::text))
