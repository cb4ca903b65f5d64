    -- Read once: each mention of the view pg_roles would be planned as a join of its own.
    login AS MATERIALIZED (
        SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_catalog.pg_roles
    ),
    -- The wanted group; oid 0 (PUBLIC) while it does not exist, so that what PUBLIC has is not granted again in vain.
    subject AS (
        SELECT coalesce((SELECT oid FROM login WHERE rolname::text = $3::text), 0::oid) AS oid
    ),
    me AS MATERIALIZED (SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb FROM login WHERE rolname = current_user),
    db AS (SELECT oid, datdba, datacl FROM pg_catalog.pg_database WHERE datname = current_database()),
    schema AS (
        SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ),
    -- What is not the system's has an oid from 16384 up (FirstNormalObjectId): an index leads there.
    object AS (
        SELECT 'pg_class'::regclass AS catalog, c.oid, s.nspname, c.relowner AS owner,
            CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END AS kind,
            CASE c.relkind
                WHEN 'S' THEN (SELECT bool_and(has_sequence_privilege(subject.oid, c.oid, p)) FROM unnest($5::text[]) p)
                ELSE (SELECT bool_and(has_table_privilege(subject.oid, c.oid, p)) FROM unnest($4::text[]) p)
            END AS reached
        FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace, subject
        WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT 'pg_proc'::regclass, f.oid, s.nspname, f.proowner, 'functions',
            (SELECT bool_and(has_function_privilege(subject.oid, f.oid, p)) FROM unnest($6::text[]) p)
        FROM pg_catalog.pg_proc f JOIN schema s ON s.oid = f.pronamespace, subject
        WHERE f.oid >= 16384 AND f.prokind <> 'p'
    ),
    lacking AS (
        SELECT o.nspname, o.kind, o.owner, d.objid IS NOT NULL AS extension, count(*)
        FROM object o LEFT JOIN pg_catalog.pg_depend d
            ON d.classid = o.catalog AND d.objid = o.oid AND d.deptype = 'e'
        WHERE NOT o.reached GROUP BY 1, 2, 3, 4
    ),
    -- Roles that may create in the database by name; oid 0: everybody may, as in "public" up to PostgreSQL 14.
    named_creator AS (
        SELECT datdba AS oid FROM db
        UNION SELECT nspowner FROM schema
        UNION SELECT owner FROM object
        UNION SELECT a.grantee FROM schema, aclexplode(nspacl) a WHERE a.privilege_type = 'CREATE'
        UNION SELECT a.grantee FROM db, aclexplode(datacl) a WHERE a.privilege_type = 'CREATE'
    ),
    heir AS (
        SELECT oid FROM named_creator
        UNION SELECT m.member FROM heir JOIN pg_catalog.pg_auth_members m ON m.roleid = heir.oid
    ),
    creator AS (
        SELECT r.oid, r.rolname FROM login r
        WHERE r.rolname !~ '^(pg_|rds|cloudsql|azure)'
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
        UNION SELECT owner FROM lacking
    )
