    'pooled', pg_backend_pid() <> $9::integer,
    'named', CASE WHEN pg_backend_pid() = $9::integer THEN set_config('application_name', $8::text, false) END,
    'version', current_setting('server_version_num')::integer,
    'clock', extract(epoch FROM clock_timestamp()),
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
    'admin', (SELECT json_build_object('name', rolname, 'superuser', rolsuper,
        'createrole', rolcreaterole, 'createdb', rolcreatedb) FROM me),
    'role', (SELECT json_build_object('name', rolname, 'comment', shobj_description(oid, 'pg_authid'))
        FROM login WHERE rolname::text = $1::text)
