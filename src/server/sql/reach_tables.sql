    -- The roles that may have to be acted for are in asked (oid). Who administers one of them may have to lend first.
    actor AS MATERIALIZED (
        SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, current_setting('server_version_num')::integer AS version
        FROM pg_catalog.pg_roles WHERE rolname = current_user
    ),
    membership AS (
        SELECT m.roleid, m.member, m.grantor, m.admin_option, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, u.rolinherit) AS inherit,
            coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set
        FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles u ON u.oid = m.member
    ),
    lender AS (
        SELECT oid FROM asked
        UNION SELECT m.member FROM membership m JOIN asked ON asked.oid = m.roleid WHERE m.admin_option
    ),
    holding AS MATERIALIZED (
        SELECT r.oid, r.rolname, r.rolsuper, CASE
            WHEN actor.version >= 160000 THEN (
                SELECT m.member FROM membership m WHERE m.roleid = r.oid AND m.admin_option AND pg_has_role(actor.oid, m.member, 'USAGE')
                ORDER BY m.member <> actor.oid, m.member LIMIT 1)
            WHEN actor.rolcreaterole OR pg_has_role(actor.oid, r.oid, 'MEMBER WITH ADMIN OPTION') THEN actor.oid END AS holder
        FROM lender l JOIN pg_catalog.pg_roles r ON r.oid = l.oid, actor
    ),
    in_reach AS (
        SELECT json_build_object(
            'admin', actor.rolname, 'superuser', actor.rolsuper, 'inherit', actor.rolinherit, 'has_options', actor.version >= 160000,
            'roles', (SELECT coalesce(json_agg(json_build_object(
                'name', h.rolname,
                'inherits', pg_has_role(actor.oid, h.oid, 'USAGE'),
                'sets', pg_has_role(actor.oid, h.oid, CASE WHEN actor.version >= 160000 THEN 'SET' ELSE 'MEMBER' END),
                'superuser', h.rolsuper,
                'predefined', h.rolname ~ '^pg_',
                'contains_admin', pg_has_role(h.oid, actor.oid, 'MEMBER'),
                'holder', pg_get_userbyid(h.holder),
                'has_row', EXISTS (SELECT FROM membership m
                    WHERE m.roleid = h.oid AND m.member = actor.oid AND m.grantor = h.holder AND actor.version >= 160000),
                'admins', (SELECT coalesce(json_agg(DISTINCT pg_get_userbyid(m.member)), '[]') FROM membership m
                    WHERE m.roleid = h.oid AND m.admin_option))), '[]') FROM holding h)) AS reach
        FROM actor
    )
