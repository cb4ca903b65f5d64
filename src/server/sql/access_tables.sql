    -- Read once: each mention of the view pg_roles would be planned as a join of its own.
    login AS MATERIALIZED (
        SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_catalog.pg_roles
    ),
    -- The wanted group; oid 0 (PUBLIC) while it does not exist, so that what PUBLIC has is not granted again in vain.
    subject AS (
        SELECT coalesce((SELECT oid FROM login WHERE rolname::text = $3::text), 0::oid) AS oid
    ),
    me AS MATERIALIZED (
        SELECT *, current_setting('server_version_num')::integer AS version FROM login WHERE rolname = current_user
    ),
    db AS (SELECT oid, datdba, datacl FROM pg_catalog.pg_database WHERE datname = current_database()),
    schema AS (
        SELECT oid, nspname, nspowner, nspacl,
            EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_namespace'::regclass
                AND d.objid = n.oid AND d.deptype = 'e') AS extension
        FROM pg_catalog.pg_namespace n
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ),
    -- What is not the system's has an oid from 16384 up (FirstNormalObjectId): an index leads there.
    object AS (
        SELECT c.oid, s.nspname, c.relowner AS owner,
            CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END AS kind,
            CASE c.relkind
                WHEN 'S' THEN (SELECT bool_and(has_sequence_privilege(subject.oid, c.oid, p)) FROM unnest($5::text[]) p)
                ELSE (SELECT bool_and(has_table_privilege(subject.oid, c.oid, p)) FROM unnest($4::text[]) p)
            END AS reached,
            EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e') AS extension
        FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace, subject
        WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT f.oid, s.nspname, f.proowner, 'functions',
            (SELECT bool_and(has_function_privilege(subject.oid, f.oid, p)) FROM unnest($6::text[]) p),
            EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass
                AND d.objid = f.oid AND d.deptype = 'e')
        FROM pg_catalog.pg_proc f JOIN schema s ON s.oid = f.pronamespace, subject
        WHERE f.oid >= 16384 AND f.prokind <> 'p'
    ),
    -- Roles that may create in the database by name; oid 0: everybody may, as in "public" up to PostgreSQL 14.
    named_creator AS (
        SELECT datdba AS oid FROM db
        UNION SELECT nspowner FROM schema
        UNION SELECT owner FROM object WHERE NOT extension
        UNION SELECT a.grantee FROM schema, aclexplode(nspacl) a WHERE a.privilege_type = 'CREATE'
        UNION SELECT a.grantee FROM db, aclexplode(datacl) a WHERE a.privilege_type = 'CREATE'
    ),
    heir AS (
        SELECT oid FROM named_creator
        UNION SELECT m.member FROM heir JOIN pg_catalog.pg_auth_members m ON m.roleid = heir.oid
        -- From 16 on a membership may give no more than the right to hand it on.
        WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
        OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
    ),
    creator AS (
        SELECT r.oid, r.rolname FROM login r
        WHERE r.rolname !~ '^pg_' AND NOT (r.rolsuper AND r.rolname ~ '^(rds|cloudsql|azure)')
        AND (r.rolsuper OR r.oid IN (SELECT oid FROM heir)
            OR (r.rolcanlogin AND 0::oid IN (SELECT oid FROM named_creator)))
    ),
    covered AS (
        SELECT d.defaclrole, d.defaclobjtype, array_agg(a.privilege_type) AS privileges
        FROM pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) a, subject
        WHERE d.defaclnamespace = 0 AND a.grantee = subject.oid AND subject.oid <> 0
        GROUP BY d.defaclrole, d.defaclobjtype
    ),
    kind (name, code, privileges) AS (
        VALUES ('tables', 'r', $4::text[]), ('sequences', 'S', $5::text[]),
            ('functions', 'f', $6::text[]), ('schemas', 'n', $7::text[])
    ),
    owner AS (
        SELECT oid FROM creator UNION SELECT datdba FROM db UNION SELECT nspowner FROM schema
        UNION SELECT owner FROM object UNION SELECT oid FROM login WHERE rolname::text = $1::text
    ),
    commanded AS (
        SELECT r.oid, r.rolname, CASE
            WHEN me.rolsuper OR pg_has_role(me.oid, r.oid, 'USAGE') THEN 'direct'
            -- Membership in a superuser is a superuser's to give, and none may close a circle.
            WHEN r.rolsuper OR r.rolname ~ '^pg_' OR pg_has_role(r.oid, me.oid, 'MEMBER') THEN 'beyond'
            -- A NOINHERIT login gains nothing by a membership.
            WHEN me.version < 160000 THEN CASE
                WHEN NOT (me.rolcreaterole OR pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION')) THEN 'none'
                WHEN me.rolinherit THEN 'borrow' ELSE 'noinherit' END
            WHEN NOT pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION') THEN 'none'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = r.oid AND m.member = me.oid
                AND pg_has_role(me.oid, m.grantor, 'USAGE')) THEN 'inherit'
            ELSE 'borrow' END AS reach
        FROM owner o JOIN login r ON r.oid = o.oid, me
    ),
    -- GRANT ... ON ALL ... fails where something there is beyond the admin credential.
    together AS (
        SELECT o.nspname, o.kind, bool_or(c.reach NOT IN ('direct', 'borrow', 'inherit')) AS beyond,
            jsonb_agg(DISTINCT c.rolname) FILTER (WHERE c.reach IN ('borrow', 'inherit')) AS lenders
        FROM object o JOIN commanded c ON c.oid = o.owner GROUP BY o.nspname, o.kind
    ),
    lacking AS (
        SELECT o.nspname, o.kind, o.owner, o.extension, count(*),
            json_agg(CASE o.kind WHEN 'functions' THEN o.oid::regprocedure::text ELSE o.oid::regclass::text END)
                FILTER (WHERE t.beyond) AS names,
            t.lenders
        FROM object o JOIN together t ON t.nspname = o.nspname AND t.kind = o.kind
        WHERE NOT o.reached GROUP BY o.nspname, o.kind, o.owner, o.extension, t.lenders
    )
