    -- The wanted group; oid 0 (PUBLIC) while it does not exist, so that what PUBLIC has is not granted again in vain.
    subject AS (
        SELECT coalesce((SELECT oid FROM pg_catalog.pg_roles WHERE rolname::text = $3::text), 0::oid) AS oid
    ),
    me AS (SELECT oid, rolsuper, rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = current_user),
    db AS (SELECT oid, datdba, datacl FROM pg_catalog.pg_database WHERE datname = current_database()),
    schema AS (
        SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ),
    object AS (
        SELECT s.nspname, c.relowner AS owner,
            CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END AS kind,
            CASE c.relkind
                WHEN 'S' THEN (SELECT bool_and(has_sequence_privilege(subject.oid, c.oid, p)) FROM unnest($5::text[]) p)
                ELSE (SELECT bool_and(has_table_privilege(subject.oid, c.oid, p)) FROM unnest($4::text[]) p)
            END AS reached,
            EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e') AS extension
        FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace, subject
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT s.nspname, f.proowner, 'functions',
            (SELECT bool_and(has_function_privilege(subject.oid, f.oid, p)) FROM unnest($6::text[]) p),
            EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass
                AND d.objid = f.oid AND d.deptype = 'e')
        FROM pg_catalog.pg_proc f JOIN schema s ON s.oid = f.pronamespace, subject
        WHERE f.prokind <> 'p'
    ),
    lacking AS (
        SELECT nspname, kind, owner, extension, count(*)
        FROM object WHERE NOT reached GROUP BY nspname, kind, owner, extension
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
    ),
    creator AS (
        SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r
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
