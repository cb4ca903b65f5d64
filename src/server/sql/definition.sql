-- After the CTE "described"; $1 the role.
SELECT json_build_object(
    'version', current_setting('server_version_num')::integer,
    'database', d.datname,
    'database_oid', d.oid::bigint,
    'role', r.state,
    'valid_until', CASE WHEN isfinite(a.rolvaliduntil) THEN
        to_char(a.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE a.rolvaliduntil::text END,
    'memberships', (
        SELECT coalesce(json_agg(json_build_object('group', m.name, 'comment', shobj_description(m.roleid, 'pg_authid'),
            'admin', m.admin, 'inherit', m.inherit, 'set', m.set) ORDER BY m.name), '[]')
        FROM (
            -- 16+ has a row a grantor, and options on each; before, the member's own INHERIT counts.
            SELECT m.roleid, g.rolname::text AS name, bool_or(m.admin_option) AS admin,
                bool_or(coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, a.rolinherit)) AS inherit,
                bool_or(coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) AS set
            FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
            WHERE m.member = r.oid GROUP BY m.roleid, g.rolname) m),
    'settings', (
        SELECT coalesce(json_agg(json_build_object('database', sd.datname,
            'name', split_part(c.entry, '=', 1), 'value', substr(c.entry, strpos(c.entry, '=') + 1))
            ORDER BY sd.datname NULLS FIRST, c.entry), '[]')
        FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c (entry)
        LEFT JOIN pg_catalog.pg_database sd ON sd.oid = s.setdatabase
        WHERE s.setrole = r.oid AND (s.setdatabase = 0 OR sd.oid IS NOT NULL)),
    'bound', (
        -- 13 has entries of the kind p for what initdb made.
        SELECT json_build_object(
            'owned', count(*) FILTER (WHERE deptype = 'o' AND classid <> 'pg_catalog.pg_default_acl'::regclass),
            'granted', count(*) FILTER (WHERE deptype = 'a' AND classid <> 'pg_catalog.pg_default_acl'::regclass),
            'default_privileges', count(*) FILTER (WHERE classid = 'pg_catalog.pg_default_acl'::regclass),
            'policies', count(*) FILTER (WHERE deptype = 'r'),
            'members', (SELECT count(DISTINCT m.member) FROM pg_catalog.pg_auth_members m WHERE m.roleid = r.oid
                -- From 16 on whoever made the role administers it so, and is no member in any other sense.
                AND (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
                    OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))))
        FROM (SELECT DISTINCT dbid, classid, objid, deptype FROM pg_catalog.pg_shdepend
            WHERE refclassid = 'pg_catalog.pg_authid'::regclass AND refobjid = r.oid AND deptype <> 'p') s))
FROM described r JOIN pg_catalog.pg_roles a ON a.oid = r.oid
CROSS JOIN (SELECT oid, datname FROM pg_catalog.pg_database WHERE datname = current_database()) d
WHERE r.rolname = $1::text
