SELECT pg_catalog.set_config('role', CASE WHEN me.rolsuper OR me.rolcreaterole THEN 'none' ELSE coalesce((
    SELECT r.rolname::pg_catalog.text
    FROM pg_catalog.pg_roles r, (
        SELECT pg_catalog.substr(c.entry, 6) AS name
        FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) AS c (entry), pg_catalog.pg_database d
        WHERE s.setrole OPERATOR(pg_catalog.=) me.oid
        AND (s.setdatabase OPERATOR(pg_catalog.=) 0::pg_catalog.oid OR s.setdatabase OPERATOR(pg_catalog.=) d.oid)
        AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
        AND c.entry OPERATOR(pg_catalog.~~) 'role=%'
        ORDER BY s.setdatabase DESC LIMIT 1) AS own
    WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) own.name AND (r.rolsuper OR r.rolcreaterole)
    AND pg_catalog.pg_has_role(me.oid, r.oid, CASE
        WHEN pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 160000
        THEN 'SET' ELSE 'MEMBER' END)), 'none') END, true)
FROM pg_catalog.pg_roles me WHERE me.rolname OPERATOR(pg_catalog.=) session_user
