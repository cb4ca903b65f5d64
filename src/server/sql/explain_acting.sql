    -- As whom a login acts, and by which settings. $1 is the role.
    WITH RECURSIVE here AS (SELECT current_setting('server_version_num')::integer AS version),
    login AS MATERIALIZED (SELECT * FROM {roles} WHERE rolname::text = $1::text),
    setting AS MATERIALIZED (
        SELECT split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value, s.setrole <> 0 AS of_role,
            s.setdatabase <> 0 AS of_database,
            row_number() OVER (PARTITION BY split_part(c, '=', 1) ORDER BY s.setrole = 0, s.setdatabase = 0) AS place
        FROM login, pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
        WHERE s.setrole IN (login.oid, 0) AND s.setdatabase IN
            (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
    ),
    -- The server's own values: what the session started with, unless the admin has a setting of its own.
    server_setting AS MATERIALIZED (
        SELECT s.name, CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_db_role_setting o
                JOIN {roles} r ON r.oid = o.setrole, unnest(o.setconfig) c
                WHERE r.rolname = session_user AND split_part(c, '=', 1) = s.name)
            THEN s.boot_val ELSE s.reset_val END AS value
        FROM pg_catalog.pg_settings s WHERE s.name IN ('search_path', 'default_transaction_read_only')
    ),
    -- Before 16 a membership is inherited, or not, as the member says.
    edge AS MATERIALIZED (
        SELECT m.roleid, m.member, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, u.rolinherit) AS inherit,
            coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set
        FROM pg_catalog.pg_auth_members m JOIN {roles} u ON u.oid = m.member
    ),
    -- ALTER ROLE ... SET role: the rights are that role's, if the login may become it; else the server only warns.
    me AS MATERIALIZED (
        SELECT r.* FROM login l JOIN {roles} r ON r.oid = coalesce((
            SELECT g.oid FROM setting s JOIN {roles} g ON g.rolname::text = btrim(s.value, '"')
            WHERE s.name = 'role' AND s.place = 1 AND pg_has_role(l.oid, g.oid,
                CASE WHEN (SELECT version FROM here) >= 160000 THEN 'SET' ELSE 'MEMBER' END)), l.oid)
    ),
