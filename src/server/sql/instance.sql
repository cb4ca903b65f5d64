    -- A function's column by itself, not from the view or in FROM, is parsed and planned at a fraction of the cost. What can be
    -- made of the values outside is: each function and operator is looked up anew in each session.
    json_build_object(
        'started_at', extract(epoch FROM pg_postmaster_start_time()),
        'port', current_setting('port'),
        'in_recovery', pg_is_in_recovery(),
        'upstream', CASE WHEN pg_is_in_recovery() AND (pg_stat_get_wal_receiver()).status = 'streaming'
            AND (pg_stat_get_wal_receiver()).sender_host IS NOT NULL THEN
            json_build_array((pg_stat_get_wal_receiver()).sender_host, (pg_stat_get_wal_receiver()).sender_port) END)
