    'database', (SELECT json_build_object(
        'oid', db.oid::bigint,
        'owner', pg_get_userbyid(db.datdba),
        'public_temporary', has_database_privilege(0::oid, db.oid, 'TEMPORARY'),
        'may_grant', ARRAY(SELECT p FROM unnest(ARRAY['CONNECT', 'TEMPORARY']) p
            WHERE has_database_privilege(me.oid, db.oid, p || ' WITH GRANT OPTION')))
        FROM db, me),
    'groups', (
        SELECT coalesce(json_agg(json_build_object(
            'level', wanted.level,
            'comment', shobj_description(g.oid, 'pg_authid'),
            'attributes', ARRAY(SELECT a.name FROM (VALUES (g.rolcanlogin, 'LOGIN'), (g.rolsuper, 'SUPERUSER'),
                (g.rolcreatedb, 'CREATEDB'), (g.rolcreaterole, 'CREATEROLE'), (g.rolreplication, 'REPLICATION'),
                (g.rolbypassrls, 'BYPASSRLS')) AS a (has, name) WHERE a.has),
            'password', CASE WHEN me.rolsuper AND g.oid = subject.oid THEN
                query_to_xml(format('SELECT 1 AS one FROM pg_catalog.pg_authid WHERE oid = %s AND rolpassword IS NOT NULL', g.oid),
                    false, false, '')::text LIKE '%<one>%' END,
            'expires', g.rolvaliduntil IS NOT NULL,
            'member_of', ARRAY(SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_auth_members m JOIN login r ON r.oid = m.roleid
                WHERE m.member = g.oid),
            'admins', (SELECT coalesce(json_agg(json_build_object('name', a.rolname, 'superuser', a.rolsuper)), '[]')
                FROM (SELECT DISTINCT r.rolname, r.rolsuper FROM pg_catalog.pg_auth_members m JOIN login r ON r.oid = m.member
                    WHERE m.roleid = g.oid AND m.admin_option) a),
            'marked_database', (SELECT d.datname FROM pg_catalog.pg_database d
                WHERE d.oid::bigint = substring(shobj_description(g.oid, 'pg_authid') FROM ' oid=([0-9]{1,18}) ')::bigint),
            'members', ARRAY(SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_auth_members m JOIN login r ON r.oid = m.member, db
                WHERE m.roleid = g.oid AND NOT r.rolsuper
                AND coalesce(strpos(shobj_description(g.oid, 'pg_authid'), ' oid=' || db.oid || ' ') = 0, true)
                ORDER BY 1 LIMIT 1000),
            'on_database', ARRAY(SELECT a.privilege_type FROM db, aclexplode(db.datacl) a WHERE a.grantee = g.oid),
            'grantable', me.rolsuper OR pg_has_role(me.oid, g.oid, 'MEMBER WITH ADMIN OPTION')
                OR (me.version < 160000
                    AND me.rolcreaterole AND NOT g.rolsuper),
            'administered', EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                JOIN login r ON r.oid = m.member
                WHERE m.roleid = g.oid AND r.rolname::text = $1::text AND m.admin_option)
            ) ORDER BY wanted.place), '[]')
        FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) WITH ORDINALITY AS wanted (name, level, place)
        JOIN login g ON g.rolname::text = wanted.name, me, subject),
    'role_levels', ARRAY(
        SELECT wanted.level FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) AS wanted (name, level)
        JOIN login g ON g.rolname::text = wanted.name JOIN login r ON r.rolname::text = $1::text
        CROSS JOIN me
        -- Up to 15 a NOINHERIT login gains nothing from another membership, so it counts as having everything.
        WHERE pg_has_role(r.oid, g.oid, CASE WHEN me.version < 160000 THEN 'MEMBER' ELSE 'USAGE' END)),
    'schemas', (
        SELECT coalesce(json_agg(json_build_object(
            'name', s.nspname,
            'owner', pg_get_userbyid(s.nspowner),
            'granted', ARRAY(SELECT a.privilege_type FROM aclexplode(s.nspacl) a
                WHERE a.grantee = subject.oid AND subject.oid <> 0),
            'effective', ARRAY(SELECT p FROM unnest(ARRAY['USAGE', 'CREATE']) p
                WHERE has_schema_privilege(subject.oid, s.oid, p)),
            'public_create', has_schema_privilege(0::oid, s.oid, 'CREATE'),
            'may_grant', (SELECT bool_and(has_schema_privilege(me.oid, s.oid, p || ' WITH GRANT OPTION')) FROM unnest($7::text[]) p)
            ) ORDER BY s.nspname), '[]')
        FROM schema s, subject, me),
    'unknown_schemas', ARRAY(
        SELECT w.name FROM unnest($10::text[]) AS w (name)
        WHERE w.name NOT IN (SELECT nspname::text FROM pg_catalog.pg_namespace)),
    'lacking', (
        SELECT coalesce(json_agg(json_build_object(
            'schema', l.nspname, 'kind', l.kind, 'owner', pg_get_userbyid(l.owner),
            'may_grant', l.may_grant, 'count', l.count, 'names', l.names, 'lenders', l.lenders)), '[]')
        FROM lacking l),
    'creators', (
        SELECT coalesce(json_agg(json_build_object(
            'name', c.rolname,
            -- Objects that the group itself creates are its own.
            'covered', CASE WHEN c.oid = subject.oid THEN ARRAY(SELECT k.name FROM kind k) WHEN $12::boolean THEN
                -- A default for all schemas covers the chosen ones too, unless it is about to be revoked.
                ARRAY(SELECT k.name FROM kind k WHERE k.name = 'schemas' OR (NOT $13::boolean AND EXISTS (
                    SELECT FROM given d WHERE d.defaclrole = c.oid AND d.defaclnamespace = 0
                    AND d.defaclobjtype = k.code::"char" AND d.privileges @> k.privileges)) OR NOT EXISTS (SELECT FROM schema s WHERE NOT EXISTS (
                    SELECT FROM given d WHERE d.defaclrole = c.oid AND d.defaclnamespace = s.oid
                    AND d.defaclobjtype = k.code::"char" AND d.privileges @> k.privileges)))
                ELSE ARRAY(SELECT k.name FROM kind k JOIN given d ON d.defaclrole = c.oid AND d.defaclnamespace = 0
                    AND d.defaclobjtype = k.code::"char" AND d.privileges @> k.privileges) END
            ) ORDER BY c.rolname), '[]')
        FROM creator c, subject),
    'routines', (
        SELECT coalesce(json_agg(json_build_object(
            'name', r.name, 'owner', pg_get_userbyid(r.owner), 'granted', coalesce(r.granted, false),
            'extension', (SELECT m.extname FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = r.oid),
            'may_grant', coalesce(has_function_privilege(me.oid, r.oid, 'EXECUTE WITH GRANT OPTION'), false),
            'similar', ARRAY(SELECT f.oid::regprocedure::text FROM pg_catalog.pg_proc f
                WHERE r.oid IS NULL AND f.oid >= 16384
                AND split_part(f.oid::regprocedure::text, '(', 1) = split_part(r.name, '(', 1) LIMIT 5))), '[]')
        FROM routine r, me),
    'excess', json_build_object(
        'routines', (SELECT coalesce(json_agg(json_build_object(
            'name', o.oid::regprocedure::text, 'owner', pg_get_userbyid(o.owner), 'grantor', pg_get_userbyid(o.grantor),
            'extension', o.extname, 'public', o.public) ORDER BY o.oid::regprocedure::text), '[]') FROM open_routine o),
        'grants', (SELECT coalesce(json_agg(json_build_object(
            'kind', o.kind, 'name', o.name, 'owner', pg_get_userbyid(o.owner), 'grantor', pg_get_userbyid(o.grantor),
            'extension', o.extension, 'privileges', o.privileges) ORDER BY o.kind, o.name), '[]') FROM open_grant o),
        'defaults', (SELECT coalesce(json_agg(json_build_object(
            'creator', pg_get_userbyid(o.defaclrole),
            'schema', (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = o.defaclnamespace),
            'kind', CASE o.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'routines' ELSE 'schemas' END,
            'privileges', o.privileges) ORDER BY 1), '[]')
            FROM open_default o)),
    'reach', (SELECT coalesce(json_object_agg(rolname, reach), '{}') FROM commanded),
    'reach_of_new', (
        SELECT CASE
            WHEN me.rolsuper THEN 'direct'
            WHEN me.version < 160000 THEN CASE WHEN me.rolinherit THEN 'borrow' ELSE 'none' END
            WHEN current_setting('createrole_self_grant', true) LIKE '%inherit%' THEN 'direct'
            WHEN current_setting('createrole_self_grant', true) LIKE '%set%' THEN 'inherit'
            ELSE 'borrow' END
        FROM me)
