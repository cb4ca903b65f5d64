    'version', current_setting('server_version_num')::integer,
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
    'admin', (SELECT json_build_object('name', rolname, 'superuser', rolsuper,
        'createrole', rolcreaterole, 'createdb', rolcreatedb) FROM me),
    'role', (SELECT json_build_object('name', rolname) FROM login WHERE rolname::text = $1::text)
