-- Of the roles $1: the owner first, then its two logins.
SELECT json_build_object(
    'clock', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'max_connections', current_setting('max_connections')::integer,
    'version', current_setting('server_version_num')::integer,
    'roles', (SELECT coalesce(json_agg(json_build_object(
        'name', r.rolname,
        'oid', r.oid::bigint,
        'login', r.rolcanlogin,
        'comment', shobj_description(r.oid, 'pg_authid'),
        'connection_limit', r.rolconnlimit,
        'valid_until', CASE WHEN isfinite(r.rolvaliduntil) THEN
            to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END,
        'is_special', r.rolsuper OR r.rolreplication OR r.rolbypassrls OR r.rolcreaterole,
        -- 16+ has a row a grantor, and options on each; before, the login's own INHERIT counts.
        'acts', EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid = m.roleid
            WHERE m.member = r.oid AND o.rolname = ($1::text[])[1]
            AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)
            AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)),
        'usable', pg_has_role(r.oid, 'USAGE'),
        'settings', (
            SELECT coalesce(json_agg(json_build_object('database', sd.datname,
                'name', split_part(c.entry, '=', 1), 'value', substr(c.entry, strpos(c.entry, '=') + 1))
                ORDER BY sd.datname NULLS FIRST, c.entry), '[]')
            FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c (entry)
            LEFT JOIN pg_catalog.pg_database sd ON sd.oid = s.setdatabase
            WHERE s.setrole = r.oid AND (s.setdatabase = 0 OR sd.oid IS NOT NULL)),
        -- The function under the view pg_stat_activity, without its joins.
        'sessions', (SELECT count(*) FROM pg_stat_get_activity(NULL) a WHERE a.usesysid = r.oid),
        'owns_in', ARRAY(SELECT DISTINCT d.datname FROM pg_catalog.pg_shdepend s
            JOIN pg_catalog.pg_database d ON d.oid = s.dbid
            WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o')
        ) ORDER BY r.rolname), '[]')
        FROM pg_catalog.pg_roles r WHERE r.rolname = ANY ($1::text[])))
