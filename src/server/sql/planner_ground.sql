    -- Whether the acting role may have a statement planned as $1, and what is in the way. $4 are names of functions.
    asks AS MATERIALIZED (SELECT oid, rolname, rolsuper, rolcreaterole FROM {roles} WHERE rolname = current_user),
    rights AS MATERIALIZED (
        SELECT CASE WHEN asks.rolsuper THEN true WHEN version >= 160000
                THEN pg_has_role(asks.oid, me.oid, 'SET') AND pg_has_role(asks.oid, me.oid, 'USAGE')
                ELSE pg_has_role(asks.oid, me.oid, 'MEMBER') END AS is_member,
            version < 160000 AND asks.rolcreaterole OR pg_has_role(asks.oid, me.oid, 'MEMBER WITH ADMIN OPTION') AS may_grant,
            has_database_privilege(me.oid, current_database(), 'TEMPORARY') AS has_temporary
        FROM here, asks, me
    ),
    obstacle (text) AS (
        SELECT format('"%s" is a superuser, as whom nothing is planned', $1)
        FROM login, me WHERE login.rolsuper OR me.rolsuper
        UNION ALL SELECT format('"%s" is the role that asks', me.rolname)
        FROM login, me, asks WHERE asks.oid IN (login.oid, me.oid) OR session_user IN (login.rolname, me.rolname)
        -- Neither is rolled back.
        UNION ALL SELECT format('"%s" may run programs or write files on the server', me.rolname)
        FROM me WHERE EXISTS (SELECT FROM {roles} r
            WHERE r.rolname IN ('pg_execute_server_program', 'pg_write_server_files') AND pg_has_role(me.oid, r.oid, 'MEMBER'))
        UNION ALL SELECT format('"%s" may not act as "%s": ADMIN on it is missing', asks.rolname, me.rolname)
        FROM asks, me, rights WHERE NOT is_member AND NOT may_grant
        UNION ALL SELECT 'the server is a standby, where no function can be made' WHERE pg_is_in_recovery()
        UNION ALL SELECT 'the database has no plpgsql' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_language l, asks
            WHERE l.lanname = 'plpgsql' AND has_language_privilege(asks.oid, l.oid, 'USAGE'))
        UNION ALL SELECT format('"%s" has no TEMPORARY on the database', asks.rolname)
        FROM asks WHERE NOT has_database_privilege(asks.oid, current_database(), 'TEMPORARY')
        UNION ALL SELECT format('"%s" has no TEMPORARY on the database, and "%s" may not grant it', me.rolname, asks.rolname)
        FROM me, asks, rights WHERE NOT has_temporary
        AND NOT has_database_privilege(asks.oid, current_database(), 'TEMPORARY WITH GRANT OPTION')
    )
    SELECT json_build_object(
        'role', (SELECT rolname FROM me),
        'obstacles', (SELECT coalesce(json_agg(text), '[]') FROM obstacle),
        'event_triggers', (SELECT coalesce(json_agg(json_build_object('name', t.evtname, 'md5', md5(p.prosrc)) ORDER BY t.evtname), '[]')
            FROM pg_catalog.pg_event_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.evtfoid
            WHERE t.evtenabled <> 'D' AND t.evtevent IN ('ddl_command_start', 'ddl_command_end')
            AND (t.evttags IS NULL OR t.evttags && ARRAY['CREATE FUNCTION', 'ALTER FUNCTION'])),
        'needs_membership', (SELECT NOT is_member FROM rights),
        'needs_temporary', (SELECT NOT has_temporary FROM rights),
        'is_asked_by_superuser', (SELECT rolsuper FROM asks),
        'may_authorize', (SELECT rolsuper FROM {roles} WHERE rolname = session_user),
        'search_path', coalesce((SELECT value FROM setting WHERE name = 'search_path' AND place = 1),
            (SELECT value FROM server_setting WHERE name = 'search_path')),
        -- The server's own, which everybody may execute, are never a cause.
        'functions', (SELECT coalesce(json_agg(w.name), '[]') FROM unnest($4::text[]) AS w (name)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.proname = w.name::name
                AND p.pronamespace = 'pg_catalog'::regnamespace)
            OR EXISTS (SELECT FROM pg_catalog.pg_proc p, me WHERE p.proname = w.name::name
                AND NOT has_function_privilege(me.oid, p.oid, 'EXECUTE'))))
