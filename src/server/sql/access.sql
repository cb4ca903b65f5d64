    'role_levels', ARRAY(
        SELECT wanted.level FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) AS wanted (name, level)
        JOIN login g ON g.rolname = wanted.name JOIN login r ON r.rolname = $1::text
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
            'kind', o.kind, 'owner', pg_get_userbyid(o.owner), 'grantor', pg_get_userbyid(o.grantor),
            'because', o.because, 'privileges', o.privileges, 'names', o.names) ORDER BY o.kind, o.owner, o.grantor, o.because, o.privileges), '[]')
            FROM (SELECT kind, owner, grantor, because, privileges, json_agg(name ORDER BY name) AS names FROM open_grant
                GROUP BY kind, owner, grantor, because, privileges) o),
        'defaults', (SELECT coalesce(json_agg(json_build_object(
            'creator', pg_get_userbyid(o.defaclrole),
            'schema', (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = o.defaclnamespace),
            'kind', CASE o.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'routines'
                WHEN 'T' THEN 'types' WHEN 'L' THEN 'largeobjects' ELSE 'schemas' END,
            'privileges', o.privileges) ORDER BY pg_get_userbyid(o.defaclrole), o.defaclnamespace, o.defaclobjtype), '[]')
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
