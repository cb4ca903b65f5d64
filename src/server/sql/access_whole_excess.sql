    -- What the level itself allows, by kind of object. TEMPORARY stays with writers, whatever PUBLIC has.
    allowed (kind, privileges) AS (
        VALUES ('schemas', $7::text[]), ('tables', $4::text[]), ('sequences', $5::text[]),
            ('databases', CASE WHEN $3::text = ($2::text[])[1] THEN ARRAY['CONNECT'] ELSE ARRAY['CONNECT', 'TEMPORARY'] END)
    ),
    -- Each object that names the group in its ACL, with what is allowed on it: nothing where it belongs to an extension,
    -- to the system, or to a schema that is not chosen.
    granted_object AS (
        SELECT 'schemas' AS kind, quote_ident(s.nspname) AS name, s.nspowner AS owner, s.nspacl AS acl, NULL::text AS part,
            CASE WHEN s.extension THEN 'extension' ELSE 'schema' END AS because
        FROM closed_schema s
        UNION ALL
        SELECT 'schemas', quote_ident(nspname), nspowner, nspacl, NULL, 'level' FROM schema
        UNION ALL
        -- One call for each relation tells whether its ACL is worth reading.
        SELECT CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END, c.oid::regclass::text, c.relowner, c.relacl, NULL, 'level'
        FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace, subject
        WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND (c.relkind = 'S' OR has_table_privilege(subject.oid, c.oid, $14::text))
        AND c.oid NOT IN (SELECT oid FROM closed_object)
        UNION ALL
        SELECT CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END, c.oid::regclass::text, c.relowner, c.relacl, NULL,
            CASE WHEN o.extension THEN 'extension' WHEN o.oid IS NOT NULL THEN 'schema' ELSE 'system' END
        FROM pg_catalog.pg_class c LEFT JOIN closed_object o ON o.oid = c.oid
        WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (o.oid IS NOT NULL OR c.oid < 16384)
        UNION ALL
        SELECT 'tables', c.oid::regclass::text, c.relowner, a.attacl, quote_ident(a.attname),
            CASE WHEN o.extension THEN 'extension' WHEN o.oid IS NOT NULL THEN 'schema' WHEN c.oid < 16384 THEN 'system' ELSE 'level' END
        FROM subject
        JOIN pg_catalog.pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = subject.oid AND d.deptype = 'a'
            AND d.classid = 'pg_class'::regclass AND d.objsubid <> 0
        JOIN db ON db.oid = d.dbid
        JOIN pg_catalog.pg_class c ON c.oid = d.objid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND NOT a.attisdropped
        LEFT JOIN closed_object o ON o.oid = c.oid
        LEFT JOIN schema s ON s.oid = c.relnamespace
        WHERE o.oid IS NOT NULL OR s.oid IS NOT NULL OR c.oid < 16384
        UNION ALL
        SELECT 'databases', quote_ident(d.datname), d.datdba, d.datacl, NULL, CASE WHEN d.oid = db.oid THEN 'level' ELSE 'kind' END
        FROM pg_catalog.pg_database d, db
        UNION ALL
        SELECT 'types', t.oid::regtype::text, t.typowner, t.typacl, NULL, 'kind' FROM pg_catalog.pg_type t WHERE t.typacl IS NOT NULL
        UNION ALL
        SELECT 'languages', quote_ident(lanname), lanowner, lanacl, NULL, 'kind' FROM pg_catalog.pg_language
        UNION ALL
        SELECT 'wrappers', quote_ident(fdwname), fdwowner, fdwacl, NULL, 'kind' FROM pg_catalog.pg_foreign_data_wrapper
        UNION ALL
        SELECT 'servers', quote_ident(srvname), srvowner, srvacl, NULL, 'kind' FROM pg_catalog.pg_foreign_server
        UNION ALL
        SELECT 'largeobjects', oid::text, lomowner, lomacl, NULL, 'kind' FROM pg_catalog.pg_largeobject_metadata WHERE lomacl IS NOT NULL
        UNION ALL
        SELECT 'tablespaces', quote_ident(spcname), spcowner, spcacl, NULL, 'kind' FROM pg_catalog.pg_tablespace
        UNION ALL
        SELECT 'parameters', quote_ident(name), 10::oid, acl, NULL, 'kind' FROM parameter_acl
    ),
    open_grant AS (
        SELECT o.kind, o.name, o.owner, a.grantor, o.because,
            array_agg(a.privilege_type::text || coalesce(' (' || o.part || ')', '') ORDER BY a.privilege_type) AS privileges
        FROM granted_object o
        JOIN subject ON subject.oid <> 0 AND subject.oid <> o.owner
        JOIN aclexplode(o.acl) a ON a.grantee = subject.oid
        LEFT JOIN allowed w ON w.kind = o.kind AND o.because = 'level'
        WHERE a.privilege_type <> ALL (coalesce(w.privileges, ARRAY[]::text[]))
        GROUP BY o.kind, o.name, o.owner, a.grantor, o.because, o.part
    ),
    open_default AS (
        SELECT * FROM (
            SELECT g.defaclrole, g.defaclnamespace, g.defaclobjtype, CASE
                WHEN g.defaclrole = subject.oid THEN ARRAY[]::text[]
                WHEN g.defaclobjtype NOT IN ('r', 'S', 'n') OR g.defaclrole NOT IN (SELECT oid FROM creator)
                -- If schemas are chosen, default privileges for all schemas reach too far, and so do those in another schema.
                OR ($13::boolean AND CASE g.defaclnamespace
                    WHEN 0 THEN $12::boolean ELSE g.defaclnamespace NOT IN (SELECT oid FROM schema) END)
                THEN g.privileges
                -- Of creators: what goes beyond the level.
                WHEN $13::boolean OR NOT $12::boolean OR g.defaclnamespace IN (SELECT oid FROM schema)
                THEN ARRAY(SELECT p FROM unnest(g.privileges) p WHERE p <> ALL (k.privileges))
                ELSE ARRAY[]::text[] END AS privileges
            FROM given g JOIN subject ON true LEFT JOIN kind k ON k.code::"char" = g.defaclobjtype) d
        WHERE cardinality(privileges) > 0
    ),
