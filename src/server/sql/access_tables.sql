    -- Members of extensions, whose privileges the extension manages. Found by an index from pg_extension.
    member AS MATERIALIZED (
        SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass)
    ),
    schema AS MATERIALIZED (
        SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace n
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_namespace'::regclass)
        AND ($10::text[] IS NULL OR nspname::text = ANY ($10::text[])) AND nspname::text <> ALL ($11::text[])
    ),
    -- User objects have OIDs from 16384 up (FirstNormalObjectId): found by an index.
    object AS (
        SELECT c.oid, s.nspname, c.relowner AS owner,
            CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END AS kind,
            CASE c.relkind
                WHEN 'S' THEN (SELECT bool_and(has_sequence_privilege(subject.oid, c.oid, p)) FROM unnest($5::text[]) p)
                ELSE (SELECT bool_and(has_table_privilege(subject.oid, c.oid, p)) FROM unnest($4::text[]) p)
            END AS reached,
            c.oid IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass) AS extension
        FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace, subject
        WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    ),
    -- The routines that a profile lists, as regprocedure prints them.
    routine AS (
        SELECT w.name, p.oid, p.owner, p.granted
        FROM unnest($6::text[]) AS w (name)
        LEFT JOIN (
            SELECT f.oid, f.oid::regprocedure::text AS name, f.proowner AS owner,
                EXISTS (SELECT FROM aclexplode(f.proacl) a WHERE a.grantee = subject.oid AND subject.oid <> 0) AS granted
            FROM pg_catalog.pg_proc f, subject WHERE f.oid >= 16384 AND cardinality($6::text[]) > 0
        ) p ON p.name = w.name
    ),
    -- A membership conveys CREATE, and so makes the member a creator, if it is inherited: by the membership's own option
    -- from 16 on, by the member's attribute before.
    edge AS (
        SELECT m.roleid, m.member, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, l.rolinherit) AS inherited
        FROM pg_catalog.pg_auth_members m JOIN login l ON l.oid = m.member
    ),
    -- Roles that own something here, or have CREATE by name. CREATE of PUBLIC (13 and 14) makes nobody a creator.
    owning AS (
        SELECT datdba AS oid FROM db
        UNION SELECT nspowner FROM schema WHERE nspname <> 'public' OR nspowner <> 10
        UNION SELECT owner FROM object WHERE NOT extension
    ),
    -- PUBLIC; and, where all excess was asked for, groups whose CREATE is beyond their level: it goes, and with it the
    -- reason to cover what their members create.
    no_creator AS (
        SELECT 0::oid AS oid
        UNION ALL SELECT oid FROM login WHERE $14::text <> '' AND rolname::text = ANY (($2::text[])[1:2])
    ),
    named AS (
        SELECT oid FROM owning
        -- The ACL names the owner too.
        UNION SELECT a.grantee FROM schema, aclexplode(nspacl) a
            WHERE a.privilege_type = 'CREATE' AND a.grantee NOT IN (SELECT nspowner UNION ALL SELECT oid FROM no_creator)
        UNION SELECT a.grantee FROM db, aclexplode(datacl) a
            WHERE a.privilege_type = 'CREATE' AND a.grantee NOT IN (SELECT oid FROM no_creator)
        -- The ddl group, even if it has CREATE only through PUBLIC.
        UNION SELECT oid FROM login WHERE rolname::text = ($2::text[])[3]
    ),
    heir AS (
        -- The role pg_database_owner (14 and later) stands for the database's owner, who is among them.
        SELECT oid FROM named
        UNION SELECT e.member FROM heir JOIN edge e ON e.roleid = heir.oid WHERE e.inherited
    ),
    creator AS MATERIALIZED (
        SELECT r.oid, r.rolname FROM login r
        WHERE r.oid IN (SELECT oid FROM heir) AND r.rolname !~ '^pg_'
        -- A superuser may create everywhere: it counts if it owns something, or was named.
        AND (NOT r.rolsuper OR (r.oid IN (SELECT oid FROM named) AND r.rolname !~ '^(rds|cloudsql|azure)'))
    ),
    kind (name, code, privileges) AS (
        VALUES ('tables', 'r', $4::text[]), ('sequences', 'S', $5::text[]), ('schemas', 'n', $7::text[])
    ),
    -- Default privileges that the wanted group has, by role, scope and kind.
    given AS MATERIALIZED (
        SELECT d.defaclrole, d.defaclnamespace, d.defaclobjtype, array_agg(a.privilege_type::text ORDER BY a.privilege_type) AS privileges
        FROM pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) a, subject
        WHERE a.grantee = subject.oid AND subject.oid <> 0
        GROUP BY d.defaclrole, d.defaclnamespace, d.defaclobjtype
    ),
    -- What an earlier version of pgrole, or somebody by hand, granted beyond every level.
    open_routine AS (
        SELECT f.oid, f.proowner AS owner, a.grantor, m.extname,
            EXISTS (SELECT FROM aclexplode(f.proacl) p WHERE p.grantee = 0 AND p.privilege_type = 'EXECUTE') AS public
        FROM pg_catalog.pg_proc f
        -- What the group owns is its own: members created it as the group (SET ROLE).
        JOIN subject ON subject.oid <> 0 AND subject.oid <> f.proowner
        JOIN aclexplode(f.proacl) a ON a.grantee = subject.oid
        LEFT JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = f.oid
        WHERE f.oid >= 16384 AND f.proacl IS NOT NULL
        AND (m.objid IS NOT NULL OR cardinality($6::text[]) = 0 OR f.oid NOT IN (SELECT oid FROM routine WHERE oid IS NOT NULL))
    ),
    -- Schemas in which the group needs no privileges: those of extensions, and those that were not chosen.
    closed_schema AS (
        SELECT n.oid, n.nspname, n.nspowner, n.nspacl, true AS extension
        FROM member m JOIN pg_catalog.pg_namespace n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
        UNION ALL
        SELECT n.oid, n.nspname, n.nspowner, n.nspacl, false
        FROM pg_catalog.pg_namespace n
        WHERE $12::boolean AND $13::boolean AND nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND oid NOT IN (SELECT oid FROM schema) AND oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_namespace'::regclass)
    ),
    closed_object AS (
        SELECT oid, bool_or(extension) AS extension FROM (
            SELECT objid AS oid, true AS extension FROM member WHERE classid = 'pg_class'::regclass
            UNION ALL SELECT i.oid, s.extension FROM pg_catalog.pg_class i JOIN closed_schema s ON s.oid = i.relnamespace) o
        GROUP BY oid
    ),
