SELECT coalesce(json_agg(json_build_object('pid', a.pid, 'username', a.usename, 'state', a.state, 'query', left(a.query, 120),
    'since', to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY a.xact_start), '[]')
FROM pg_catalog.pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND a.pid IN (
    SELECT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.granted AND l.locktype = 'relation' AND l.relation IN (
        SELECT CASE WHEN s.classid = 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_catalog.pg_policy p WHERE p.oid = s.objid)
            ELSE s.objid END
        FROM pg_catalog.pg_shdepend s JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname = $1::text
        WHERE s.refclassid = 'pg_authid'::regclass AND s.dbid = d.oid AND s.classid IN ('pg_class'::regclass, 'pg_policy'::regclass)))
