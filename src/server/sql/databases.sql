    SELECT coalesce(json_agg(json_build_object(
        'name', d.datname,
        'owner', pg_get_userbyid(d.datdba),
        -- The files of each are counted, and only for those who may connect there or read all statistics.
        'size_bytes', CASE WHEN $1::boolean AND (has_database_privilege(d.oid, 'CONNECT')
            OR pg_has_role('pg_read_all_stats', 'USAGE')) THEN pg_database_size(d.oid) END,
        'is_template', d.datistemplate,
        -- -2 marks a database that is half dropped.
        'allows_connections', d.datallowconn AND d.datconnlimit <> -2,
        -- NULL for a database that somebody drops meanwhile.
        'may_connect', coalesce(has_database_privilege(d.oid, 'CONNECT'), false)
    ) ORDER BY d.datname), '[]')
    FROM pg_catalog.pg_database d
