    'held', (SELECT coalesce(json_agg(json_build_object('level', h.level, 'group', h.rolname, 'member', h.member,
        'grantor', (SELECT g.rolname FROM login g WHERE g.oid = h.grantor), 'admin', h.admin_option,
        'inherit', h.inherit_option, 'set', h.set_option) ORDER BY h.rolname, h.grantor), '[]') FROM held h),
    -- Up to 15 a membership outlives the right of the one who granted it.
    'handed_on', (SELECT coalesce(json_agg(json_build_object('level', l.level, 'role', o.rolname) ORDER BY o.rolname), '[]')
        FROM me, level_group l JOIN pg_catalog.pg_auth_members m ON m.roleid = l.oid
        JOIN login r ON r.oid = m.grantor AND r.rolname = $1::text JOIN login o ON o.oid = m.member
        WHERE me.version >= 160000),
    'through', (SELECT coalesce(json_agg(json_build_object('level', l.level, 'role', b.rolname) ORDER BY b.rolname), '[]')
        FROM me, level_group l, (
            SELECT DISTINCT b.oid, b.rolname FROM login r JOIN pg_catalog.pg_auth_members m ON m.member = r.oid
            JOIN login b ON b.oid = m.roleid WHERE r.rolname = $1::text
            AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)) b
        WHERE b.oid <> l.oid AND pg_has_role(b.oid, l.oid, CASE WHEN me.version < 160000 THEN 'MEMBER' ELSE 'USAGE' END)),
    'reach', (SELECT coalesce(json_object_agg(rolname, reach), '{}') FROM commanded)
