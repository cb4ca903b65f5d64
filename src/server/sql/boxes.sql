    'boxes', (SELECT coalesce(json_agg(json_build_object('name', r.rolname, 'oid', r.oid::bigint,
        'until', CASE WHEN isfinite(r.rolvaliduntil) THEN
            to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END,
        'seconds_left', CASE WHEN isfinite(r.rolvaliduntil) THEN
            extract(epoch FROM r.rolvaliduntil) - extract(epoch FROM clock_timestamp()) END,
        'comment', r.comment,
        'plain', NOT (r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls),
        'groups', ARRAY(SELECT DISTINCT pg_get_userbyid(m.roleid)::text FROM pg_catalog.pg_auth_members m
            WHERE m.member = r.oid ORDER BY 1),
        -- Up to 15 ADMIN OPTION comes with all the rights; from 16 on who created the box has only that.
        'members', (SELECT coalesce(json_agg(json_build_object('name', u.rolname, 'oid', u.oid::bigint) ORDER BY u.rolname), '[]')
            FROM pg_catalog.pg_roles u WHERE EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                WHERE m.roleid = r.oid AND m.member = u.oid
                AND (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
                    OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)))),
        'user', (SELECT u.rolname FROM pg_catalog.pg_roles u
            WHERE u.oid::bigint::text = substring(r.comment FROM '"oid":([0-9]{1,10})[,}]'))
        ) ORDER BY r.rolname), '[]')
        FROM (SELECT b.*, (SELECT c.description FROM pg_catalog.pg_shdescription c
                WHERE c.objoid = b.oid AND c.classoid = 'pg_catalog.pg_authid'::regclass) AS comment
            FROM pg_catalog.pg_roles b WHERE b.rolname ~ '^pgrole_box_[0-9a-f]{16}$') r)
