    -- Of r, a row of pg_roles. Of a row, to_json() looks at each column's type once; json_build_object() does at each call.
    (SELECT to_json(s) FROM (SELECT
        r.rolname AS name,
        r.rolsuper AS superuser,
        r.rolcreatedb AS createdb,
        r.rolcreaterole AS createrole,
        r.rolcanlogin AS login,
        r.rolreplication AS replication,
        r.rolbypassrls AS bypassrls,
        r.rolconnlimit AS connection_limit,
        r.rolinherit AS inherit,
        r.rolvaliduntil AS valid_until,
        -- By the server's clock, which decides whether logins succeed; -infinity has passed, too.
        coalesce(r.rolvaliduntil < now(), false) AS expired,
        extract(epoch FROM r.rolvaliduntil) - extract(epoch FROM clock_timestamp()) AS seconds_left,
        -- Not by shobj_description(), which runs a statement of its own for each role.
        (SELECT c.description FROM pg_catalog.pg_shdescription c
            WHERE c.objoid = r.oid AND c.classoid = 'pg_catalog.pg_authid'::regclass) AS comment,
        -- As often as it was granted, in no order.
        ARRAY(SELECT pg_get_userbyid(m.roleid) FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS member_of) AS s)
