SELECT coalesce(json_agg(to_json(s) ORDER BY s.role), '[]')::text FROM (
    SELECT r.rolname AS role, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolinherit AS inherit,
        r.rolcreatedb AS createdb, r.rolcreaterole AS createrole, r.rolreplication AS replication,
        r.rolbypassrls AS bypassrls, nullif(r.rolconnlimit, -1) AS connection_limit,
        CASE WHEN isfinite(r.rolvaliduntil) THEN
            to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS valid_until,
        (SELECT coalesce(json_agg(json_build_object('group', pg_get_userbyid(m.roleid),
            'grantor', (SELECT g.rolname FROM pg_catalog.pg_roles g WHERE g.oid = m.grantor), 'admin', m.admin_option,
            'inherit', to_jsonb(m) -> 'inherit_option', 'set', to_jsonb(m) -> 'set_option')
            ORDER BY pg_get_userbyid(m.roleid), m.grantor), '[]')
            FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS member_of,
        has_database_privilege(r.oid, current_database(), 'CONNECT') AS connect,
        ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_namespace n
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND has_schema_privilege(r.oid, n.oid, 'USAGE') ORDER BY 1) AS usage,
        ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_namespace n
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND has_schema_privilege(r.oid, n.oid, 'CREATE') ORDER BY 1) AS create,
        ARRAY(SELECT c.setting FROM pg_catalog.pg_db_role_setting d, unnest(d.setconfig) AS c (setting)
            WHERE d.setrole = r.oid AND d.setdatabase IN (0, (
                SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database()))
            ORDER BY d.setdatabase, 1) AS settings
    FROM pg_catalog.pg_roles r WHERE r.rolname::text = ANY ($1::text[])) AS s
