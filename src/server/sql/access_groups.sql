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
                WHERE m.roleid = g.oid AND r.rolname = $1::text AND m.admin_option)
            ) ORDER BY wanted.place), '[]')
        FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) WITH ORDINALITY AS wanted (name, level, place)
        JOIN login g ON g.rolname = wanted.name, me, subject)
