    -- The role's own memberships in the groups of the database.
    level_group AS (
        SELECT w.level, g.oid, g.rolname FROM unnest($2::text[], ARRAY['readonly', 'readwrite', 'ddl']) AS w (name, level)
        JOIN login g ON g.rolname = w.name
    ),
    held AS (
        SELECT l.level, l.oid, l.rolname, r.rolname AS member, m.grantor, m.admin_option,
            coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) AS inherit_option,
            coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS set_option
        FROM level_group l JOIN pg_catalog.pg_auth_members m ON m.roleid = l.oid
        JOIN login r ON r.oid = m.member AND r.rolname = $1::text
    ),
    owner AS (SELECT DISTINCT grantor AS oid FROM held),
