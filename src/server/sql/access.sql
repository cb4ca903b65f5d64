    'database_owner', (SELECT pg_get_userbyid(datdba) FROM db),
    'groups', (
        SELECT coalesce(json_agg(json_build_object(
            'level', wanted.level,
            'comment', shobj_description(g.oid, 'pg_authid'),
            'connect', EXISTS (SELECT FROM db, aclexplode(db.datacl) a
                WHERE a.grantee = g.oid AND a.privilege_type = 'CONNECT'),
            'grantable', me.rolsuper OR pg_has_role(me.oid, g.oid, 'MEMBER WITH ADMIN OPTION')
                OR (me.version < 160000
                    AND me.rolcreaterole AND NOT g.rolsuper),
            'administered', EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                JOIN login r ON r.oid = m.member
                WHERE m.roleid = g.oid AND r.rolname::text = $1::text AND m.admin_option)
            )), '[]')
        FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) AS wanted (name, level)
        JOIN login g ON g.rolname::text = wanted.name, me),
    'schemas', (
        SELECT coalesce(json_agg(json_build_object(
            'name', s.nspname,
            'owner', pg_get_userbyid(s.nspowner),
            'extension', s.extension,
            'granted', ARRAY(SELECT a.privilege_type FROM aclexplode(s.nspacl) a
                WHERE a.grantee = subject.oid AND subject.oid <> 0),
            'effective', ARRAY(SELECT p FROM unnest(ARRAY['USAGE', 'CREATE']) p
                WHERE has_schema_privilege(subject.oid, s.oid, p)),
            'public_create', has_schema_privilege(0::oid, s.oid, 'CREATE')
            ) ORDER BY s.nspname), '[]')
        FROM schema s, subject),
    'lacking', (
        SELECT coalesce(json_agg(json_build_object(
            'schema', l.nspname, 'kind', l.kind, 'owner', pg_get_userbyid(l.owner),
            'extension', l.extension, 'count', l.count, 'names', l.names, 'lenders', l.lenders)), '[]')
        FROM lacking l),
    'creators', (
        SELECT coalesce(json_agg(json_build_object(
            'name', c.rolname,
            'covered', ARRAY(SELECT k.name FROM kind k JOIN covered d
                ON d.defaclrole = c.oid AND d.defaclobjtype = k.code::"char" AND d.privileges @> k.privileges)
            ) ORDER BY c.rolname), '[]')
        FROM creator c),
    'reach', (SELECT coalesce(json_object_agg(rolname, reach), '{}') FROM commanded),
    'reach_of_new', (
        SELECT CASE
            WHEN me.rolsuper THEN 'direct'
            WHEN me.version < 160000 THEN CASE WHEN me.rolinherit THEN 'borrow' ELSE 'none' END
            WHEN current_setting('createrole_self_grant', true) LIKE '%inherit%' THEN 'direct'
            WHEN current_setting('createrole_self_grant', true) LIKE '%set%' THEN 'inherit'
            ELSE 'borrow' END
        FROM me)
