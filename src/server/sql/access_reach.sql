    ,
    -- GRANT ... ON ALL ... fails if the admin credential may not grant on some object, and would include members of
    -- extensions.
    together AS (
        SELECT o.nspname, o.kind, bool_or(o.extension OR c.reach NOT IN ('direct', 'borrow', 'inherit')) AS by_name,
            jsonb_agg(DISTINCT c.rolname) FILTER (WHERE c.reach IN ('borrow', 'inherit')) AS lenders
        FROM object o JOIN commanded c ON c.oid = o.owner GROUP BY o.nspname, o.kind
    ),
    missing AS (
        SELECT o.oid, o.nspname, o.kind, o.owner,
            CASE WHEN c.reach IN ('direct', 'borrow', 'inherit') THEN false
                WHEN o.kind = 'sequences' THEN (
                    SELECT bool_and(has_sequence_privilege(me.oid, o.oid, p || ' WITH GRANT OPTION')) FROM unnest($5::text[]) p)
                ELSE (SELECT bool_and(has_table_privilege(me.oid, o.oid, p || ' WITH GRANT OPTION')) FROM unnest($4::text[]) p)
            END AS may_grant
        FROM object o JOIN commanded c ON c.oid = o.owner, me
        WHERE NOT o.reached AND NOT o.extension
        -- The sequence of an identity column needs no grant of its own.
        AND NOT (o.kind = 'sequences' AND EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.deptype = 'i'))
    ),
    lacking AS (
        SELECT m.nspname, m.kind, m.owner, m.may_grant, count(*),
            json_agg(m.oid::regclass::text) FILTER (WHERE t.by_name) AS names, t.lenders
        FROM missing m JOIN together t ON t.nspname = m.nspname AND t.kind = m.kind
        GROUP BY m.nspname, m.kind, m.owner, m.may_grant, t.lenders
    )
