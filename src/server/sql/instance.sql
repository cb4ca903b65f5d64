    json_build_object(
        'started_at', (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint || '/' || current_setting('port'),
        'in_recovery', pg_is_in_recovery(),
        'upstream', CASE WHEN pg_is_in_recovery() THEN (SELECT sender_host || ':' || sender_port
            FROM pg_catalog.pg_stat_wal_receiver WHERE status = 'streaming') END)
