    'oid', (SELECT oid::bigint FROM leaver),
    'reach', (SELECT reach FROM in_reach),
    'may_signal', (SELECT pg_has_role(actor.oid, 'pg_signal_backend', 'USAGE') FROM actor),
    'running', (SELECT coalesce(json_agg(json_build_object('pid', a.pid, 'username', a.usename, 'oid', a.usesysid::bigint, 'database', a.datname,
        'backend_type', a.backend_type, 'application_name', a.application_name, 'client', host(a.client_addr),
        'since', to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'slot', s.slot_name) ORDER BY a.pid), '[]')
        FROM activity a LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = a.pid WHERE a.usesysid = (SELECT oid FROM leaver)),
    'of_members', (SELECT coalesce(json_agg(json_build_object('pid', a.pid, 'username', a.usename, 'oid', a.usesysid::bigint, 'database', a.datname,
        'backend_type', a.backend_type, 'application_name', a.application_name, 'client', host(a.client_addr),
        'since', to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'slot', NULL) ORDER BY a.pid), '[]')
        FROM activity a JOIN pg_catalog.pg_roles u ON u.oid = a.usesysid WHERE a.usesysid <> (SELECT oid FROM leaver)
        -- Its own session would end with them; superusers may become anybody, member or not.
        AND u.rolname <> session_user AND NOT u.rolsuper),
    'prepared', (SELECT coalesce(json_agg(json_build_object('gid', gid, 'database', database,
        'prepared', to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY gid), '[]')
        FROM pg_catalog.pg_prepared_xacts p JOIN leaver ON p.owner = leaver.rolname),
    'subscriptions', (SELECT coalesce(json_agg(json_build_object('name', s.subname, 'database', d.datname) ORDER BY s.subname), '[]')
        FROM (SELECT s.subname, s.subdbid FROM pg_catalog.pg_subscription s JOIN leaver ON s.subowner = leaver.oid) s
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid),
    'definer_routines', (SELECT count(*) FROM pg_catalog.pg_proc p JOIN leaver ON p.proowner = leaver.oid WHERE p.prosecdef),
    'views', (SELECT count(*) FROM pg_catalog.pg_class c JOIN leaver ON c.relowner = leaver.oid WHERE c.relkind = 'v')
