    'version', current_setting('server_version_num')::integer,
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
    'primary_host', CASE WHEN pg_is_in_recovery() THEN (SELECT sender_host FROM pg_catalog.pg_stat_wal_receiver) END,
    'admin', (SELECT state FROM described WHERE rolname = current_user),
    'role', (SELECT state FROM described WHERE rolname::text = $1::text),
    'sessions', (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usename::text = $1::text)
