    commanded AS (
        SELECT r.oid, r.rolname, CASE
            WHEN me.rolsuper OR pg_has_role(me.oid, r.oid, 'USAGE') THEN 'direct'
            -- Only a superuser may grant membership in a superuser, and none may close a circle.
            WHEN r.rolsuper OR r.rolname ~ '^pg_' OR pg_has_role(r.oid, me.oid, 'MEMBER') THEN 'beyond'
            -- A NOINHERIT login gains nothing from a membership.
            WHEN me.version < 160000 THEN CASE
                WHEN NOT (me.rolcreaterole OR pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION')) THEN 'none'
                WHEN me.rolinherit THEN 'borrow' ELSE 'noinherit' END
            WHEN NOT pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION') THEN 'none'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = r.oid AND m.member = me.oid
                AND pg_has_role(me.oid, m.grantor, 'USAGE')) THEN 'inherit'
            ELSE 'borrow' END AS reach
        FROM owner o JOIN login r ON r.oid = o.oid, me
    )
