    -- The setting that the session would have started with: the most specific of the role's and the database's.
    'role_setting', (
        SELECT json_build_object('role', substr(c.entry, 6), 'is_own', s.setrole <> 0, 'of_database', s.setdatabase <> 0,
            'would_do', EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname::text = substr(c.entry, 6)
                AND (r.rolsuper OR r.rolcreaterole) AND pg_has_role(u.oid, r.oid,
                    CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)))
        FROM pg_catalog.pg_roles u, pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS c (entry)
        WHERE u.rolname = session_user AND s.setrole IN (0, u.oid) AND c.entry LIKE 'role=%'
        AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
        ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1)
