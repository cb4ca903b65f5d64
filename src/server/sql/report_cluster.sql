    , predefined (role, member) AS (
        SELECT m.roleid, m.member FROM pg_catalog.pg_auth_members m
        JOIN pg_catalog.pg_roles r ON r.oid = m.roleid AND r.rolname ~ '^pg_'
        UNION SELECT p.role, m.member FROM predefined p JOIN pg_catalog.pg_auth_members m ON m.roleid = p.member
    ),
    held AS MATERIALIZED (
        SELECT p.member, array_agg(r.rolname ORDER BY r.rolname) AS roles
        FROM predefined p JOIN pg_catalog.pg_roles r ON r.oid = p.role GROUP BY p.member
    ),
    -- Who may not see what others do sees whose their sessions are, but not of which kind.
    session AS MATERIALIZED (
        SELECT usesysid, backend_type FROM pg_catalog.pg_stat_activity
        WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid()
        AND coalesce(backend_type, 'client backend') IN ('client backend', 'walsender')
    ),
    running AS MATERIALIZED (SELECT usesysid, count(*) AS sessions FROM session GROUP BY usesysid)
SELECT json_build_object(
    'version', current_setting('server_version_num')::integer,
    'server_version', split_part(current_setting('server_version'), ' ', 1),
    'session_user', session_user,
    'max_connections', current_setting('max_connections')::integer,
    'superuser_reserved', current_setting('superuser_reserved_connections')::integer,
    'reserved', coalesce(current_setting('reserved_connections', true)::integer, 0),
    'used', (SELECT count(*) FROM session WHERE coalesce(backend_type, '') <> 'walsender'),
    'logins', (SELECT coalesce(json_agg(json_build_object(
        'state', d.state,
        'bootstrap', d.oid = 10,
        -- The view shows stars for every password. The hash itself stays on the server.
        'verifier', CASE WHEN a.rolpassword = '********' THEN 'unreadable' WHEN a.rolpassword IS NULL THEN 'none'
            WHEN a.rolpassword ~ '^md5[0-9a-f]{32}$' THEN 'md5'
            WHEN a.rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-' || split_part(split_part(a.rolpassword, '$', 2), ':', 1)
            ELSE 'unreadable' END,
        'is_name_by_md5', CASE WHEN a.rolpassword ~ '^md5[0-9a-f]{32}$' THEN a.rolpassword = 'md5' || md5(d.rolname || d.rolname) END,
        'sessions', coalesce(n.sessions, 0),
        'predefined', coalesce(h.roles, '{}')) ORDER BY d.rolname), '[]')
        FROM described d JOIN {roles} a ON a.oid = d.oid
        LEFT JOIN running n ON n.usesysid = d.oid LEFT JOIN held h ON h.member = d.oid),
