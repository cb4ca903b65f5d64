    -- Once for all roles: a look-up for each reads the whole table each time, where nobody has analyzed it.
    membership AS MATERIALIZED (
        SELECT member, array_agg(pg_get_userbyid(roleid)) AS groups FROM pg_catalog.pg_auth_members GROUP BY member
    ),
    -- The state as an array, in the order of the fields that read it: names, once a role, cost as much as what they name.
    described AS MATERIALIZED (
        SELECT r.oid, r.rolname, json_build_array(
            r.rolname, r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit,
            CASE WHEN isfinite(r.rolvaliduntil) THEN
                to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
            -- By the server's clock, which decides whether logins succeed; -infinity has passed, too.
            coalesce(r.rolvaliduntil < now(), false),
            CASE WHEN isfinite(r.rolvaliduntil) THEN
                floor(extract(epoch FROM r.rolvaliduntil) - extract(epoch FROM clock_timestamp()))::bigint END,
            r.rolinherit,
            c.description,
            coalesce(m.groups, '{}')) AS state
        FROM {roles} r
        LEFT JOIN pg_catalog.pg_shdescription c ON c.objoid = r.oid AND c.classoid = 'pg_catalog.pg_authid'::regclass
        LEFT JOIN membership m ON m.member = r.oid
        WHERE r.rolname !~ '^pg_'
