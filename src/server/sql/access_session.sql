    'pooled', pg_backend_pid() <> $9::integer,
    'named', CASE WHEN pg_backend_pid() = $9::integer THEN set_config('application_name', $8::text, false) END,
    'version', current_setting('server_version_num')::integer,
    'clock', extract(epoch FROM clock_timestamp()),
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
    'admin', (SELECT json_build_object('name', rolname, 'superuser', rolsuper,
        'createrole', rolcreaterole, 'createdb', rolcreatedb) FROM me),
    'role', (SELECT json_build_object('name', rolname, 'superuser', rolsuper, 'createdb', rolcreatedb,
        'createrole', rolcreaterole, 'login', rolcanlogin, 'replication', rolreplication, 'bypassrls', rolbypassrls,
        'connection_limit', rolconnlimit, 'inherit', rolinherit, 'expired', coalesce(rolvaliduntil < now(), false),
        'valid_until', CASE WHEN isfinite(rolvaliduntil) THEN
            to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
        'comment', shobj_description(oid, 'pg_authid'),
        'member_of', ARRAY(SELECT DISTINCT pg_get_userbyid(m.roleid)::text FROM pg_catalog.pg_auth_members m
            WHERE m.member = login.oid ORDER BY 1))
        FROM login WHERE rolname = $1::text)
