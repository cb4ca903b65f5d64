    open_grant AS (
        SELECT 'schemas' AS kind, quote_ident(s.nspname) AS name, s.nspowner AS owner, a.grantor, CASE WHEN s.extension THEN 'extension' ELSE 'schema' END AS because,
            array_agg(a.privilege_type::text ORDER BY a.privilege_type) AS privileges
        FROM closed_schema s
        JOIN subject ON subject.oid <> 0 AND subject.oid <> s.nspowner
        JOIN aclexplode(s.nspacl) a ON a.grantee = subject.oid
        GROUP BY s.nspname, s.nspowner, a.grantor, s.extension
        UNION ALL
        SELECT CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END, c.oid::regclass::text, c.relowner, a.grantor, CASE WHEN o.extension THEN 'extension' ELSE 'schema' END,
            array_agg(a.privilege_type::text ORDER BY a.privilege_type)
        FROM pg_catalog.pg_class c
        JOIN closed_object o ON o.oid = c.oid
        JOIN subject ON subject.oid <> 0 AND subject.oid <> c.relowner
        JOIN aclexplode(c.relacl) a ON a.grantee = subject.oid
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        GROUP BY c.oid, c.relkind, c.relowner, a.grantor, o.extension
    ),
    open_default AS (
        SELECT g.defaclrole, g.defaclnamespace, g.defaclobjtype, g.privileges FROM given g, subject
        WHERE (g.defaclobjtype = 'f' AND g.defaclrole <> subject.oid)
        OR (g.defaclobjtype IN ('r', 'S', 'n') AND g.defaclrole NOT IN (SELECT oid FROM creator))
        -- If schemas are chosen, default privileges for all schemas reach too far, and so do those in another schema.
        OR ($13::boolean AND g.defaclobjtype IN ('r', 'S', 'n') AND CASE g.defaclnamespace
            WHEN 0 THEN $12::boolean ELSE g.defaclnamespace NOT IN (SELECT oid FROM schema) END)
    ),
