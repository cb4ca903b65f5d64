    leaver AS MATERIALIZED (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname = $1::text),
    -- Who may SET ROLE to it, directly or by others.
    setter (oid) AS (
        SELECT oid FROM leaver
        UNION SELECT m.member FROM setter JOIN pg_catalog.pg_auth_members m ON m.roleid = setter.oid
            AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
    ),
    asked AS (SELECT oid FROM setter),
    activity AS MATERIALIZED (SELECT * FROM pg_catalog.pg_stat_activity WHERE usesysid IN (SELECT oid FROM setter) AND pid <> pg_backend_pid())
