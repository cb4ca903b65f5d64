    described AS NOT MATERIALIZED (
        SELECT r.oid, r.rolname, json_build_object(
            'name', r.rolname,
            'superuser', r.rolsuper,
            'createdb', r.rolcreatedb,
            'createrole', r.rolcreaterole,
            'login', r.rolcanlogin,
            'replication', r.rolreplication,
            'bypassrls', r.rolbypassrls,
            'connection_limit', r.rolconnlimit,
            'inherit', r.rolinherit,
            'valid_until', CASE WHEN isfinite(r.rolvaliduntil) THEN
                to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
            -- By the server's clock, which decides whether logins succeed; -infinity has passed, too.
            'expired', coalesce(r.rolvaliduntil < now(), false),
            'seconds_left', CASE WHEN isfinite(r.rolvaliduntil) THEN
                floor(extract(epoch FROM r.rolvaliduntil) - extract(epoch FROM clock_timestamp()))::bigint END,
            'comment', shobj_description(r.oid, 'pg_authid'),
            'member_of', (
                SELECT coalesce(json_agg(DISTINCT g.rolname), '[]')
                FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
                WHERE m.member = r.oid)
            ) AS state
        FROM pg_catalog.pg_roles r
    )
