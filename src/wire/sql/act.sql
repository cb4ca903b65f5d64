SELECT pg_catalog.set_config('role', CASE WHEN me.rolsuper OR me.rolcreaterole THEN 'none' ELSE coalesce(
    -- As a text: it is parsed and planned only where the login itself may not create roles, which is rare. What it
    -- returns as XML are digits.
    pg_catalog.pg_get_userbyid(pg_catalog.substring(pg_catalog.query_to_xml($own$
        SELECT r.oid
        FROM pg_catalog.pg_roles r, (
            SELECT me.oid, pg_catalog.substr(c.entry, 6) AS name
            FROM pg_catalog.pg_roles me, pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) AS c (entry),
                pg_catalog.pg_database d
            WHERE me.rolname OPERATOR(pg_catalog.=) session_user AND s.setrole OPERATOR(pg_catalog.=) me.oid
            AND (s.setdatabase OPERATOR(pg_catalog.=) 0::pg_catalog.oid OR s.setdatabase OPERATOR(pg_catalog.=) d.oid)
            AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
            AND c.entry OPERATOR(pg_catalog.~~) 'role=%'
            ORDER BY s.setdatabase DESC LIMIT 1) AS own
        WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) own.name AND (r.rolsuper OR r.rolcreaterole)
        AND pg_catalog.pg_has_role(own.oid, r.oid, CASE
            WHEN pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 160000
            THEN 'SET' ELSE 'MEMBER' END)
        $own$, false, false, '')::pg_catalog.text, '<oid>([0-9]+)</oid>')::pg_catalog.oid)::pg_catalog.text, 'none') END, true)
FROM pg_catalog.pg_roles me WHERE me.rolname OPERATOR(pg_catalog.=) session_user
