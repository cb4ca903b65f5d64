    -- $4 groups, $5 parameters, $6 databases: what of them is there, and what the admin credential may do with it.
    'groups', (
        SELECT coalesce(json_agg(json_build_object('name', g.rolname, 'may_grant',
            me.rolsuper OR NOT g.rolsuper AND (
                -- From 16 on the grantor must be a role whose rights it has.
                EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = g.oid AND m.admin_option
                    AND pg_has_role(me.oid, m.member, 'USAGE'))
                OR (current_setting('server_version_num')::integer < 160000
                    AND (me.rolcreaterole OR pg_has_role(me.oid, g.oid, 'MEMBER WITH ADMIN OPTION')))))), '[]')
        FROM pg_catalog.pg_roles g, pg_catalog.pg_roles me
        WHERE g.rolname::text = ANY ($4::text[]) AND me.rolname = current_user),
    'parameters', (
        SELECT coalesce(json_agg(json_build_object('name', w.name,
            -- pg_settings leaves out what sets the session's role, and those that ask may not read.
            'known', s.name IS NOT NULL OR w.name IN ('role', 'session_authorization') OR w.name LIKE '%.%',
            'may_set', me.rolsuper OR w.name IN ('role', 'session_authorization')
                OR coalesce(s.context IN ('user', 'backend'), false)
                OR CASE WHEN current_setting('server_version_num')::integer >= 150000 THEN
                    query_to_xml(format('SELECT has_parameter_privilege(%L, ''SET'') AS may', w.name),
                        false, false, '')::text LIKE '%<may>true</may>%' ELSE false END)), '[]')
        FROM unnest($5::text[]) AS w (name) CROSS JOIN pg_catalog.pg_roles me
        LEFT JOIN pg_catalog.pg_settings s ON lower(s.name COLLATE "C") = lower(w.name COLLATE "C")
        WHERE me.rolname = current_user),
    'databases', ARRAY(SELECT datname FROM pg_catalog.pg_database WHERE datname::text = ANY ($6::text[]))
