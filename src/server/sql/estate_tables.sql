    leaver AS MATERIALIZED (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname = $1::text),
    heir AS MATERIALIZED (SELECT oid, rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname = $2::text),
    db AS MATERIALIZED (SELECT oid, datname, datdba FROM pg_catalog.pg_database WHERE datname = current_database()),
    -- 13 has a row of kind p for the bootstrap role.
    dep AS MATERIALIZED (
        SELECT s.dbid, s.classid, s.objid, s.objsubid, s.deptype
        FROM pg_catalog.pg_shdepend s JOIN leaver ON s.refobjid = leaver.oid, db
        WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype <> 'p' AND s.dbid IN (0, db.oid)
    ),
    numbered AS MATERIALIZED (
        SELECT *, row_number() OVER (PARTITION BY deptype = 'o', classid ORDER BY objid) AS n,
            count(*) OVER (PARTITION BY deptype = 'o', classid) AS total
        FROM dep WHERE dbid <> 0
    ),
    named AS MATERIALIZED (
        SELECT n.deptype = 'o' AS owned, n.classid, n.n, n.total, coalesce(i.type, 'object') AS type,
            coalesce(i.identity, pg_describe_object(n.classid, n.objid, n.objsubid)) AS identity
        FROM numbered n, LATERAL pg_identify_object(n.classid, n.objid, 0) i
        WHERE n.n <= $3::integer
    ),
    -- By catalog, because only the first objects of each are looked at; the kind is that of most of them.
    kinds AS (
        SELECT owned, classid, mode() WITHIN GROUP (ORDER BY type) AS kind, max(total) AS total,
            json_agg(CASE WHEN identity IS NOT NULL THEN type || ' ' || identity END ORDER BY n) AS names
        FROM named WHERE identity IS NOT NULL GROUP BY owned, classid
    ),
    -- Members of extensions go with their extension.
    own_table AS MATERIALIZED (
        SELECT c.oid FROM dep JOIN pg_catalog.pg_class c ON dep.classid = 'pg_class'::regclass AND c.oid = dep.objid
        WHERE dep.deptype = 'o' AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
            WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
    ),
    placed (nsp, is_table) AS (
        SELECT relnamespace, true FROM dep JOIN pg_catalog.pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid WHERE deptype = 'o'
        UNION ALL SELECT typnamespace, true FROM dep JOIN pg_catalog.pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid WHERE deptype = 'o'
        UNION ALL SELECT pronamespace, false FROM dep JOIN pg_catalog.pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT collnamespace, false FROM dep JOIN pg_catalog.pg_collation p ON classid = 'pg_collation'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT connamespace, false FROM dep JOIN pg_catalog.pg_conversion p ON classid = 'pg_conversion'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT oprnamespace, false FROM dep JOIN pg_catalog.pg_operator p ON classid = 'pg_operator'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT opcnamespace, false FROM dep JOIN pg_catalog.pg_opclass p ON classid = 'pg_opclass'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT opfnamespace, false FROM dep JOIN pg_catalog.pg_opfamily p ON classid = 'pg_opfamily'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT cfgnamespace, false FROM dep JOIN pg_catalog.pg_ts_config p ON classid = 'pg_ts_config'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT dictnamespace, false FROM dep JOIN pg_catalog.pg_ts_dict p ON classid = 'pg_ts_dict'::regclass AND objid = p.oid WHERE deptype = 'o'
        UNION ALL SELECT stxnamespace, false FROM dep JOIN pg_catalog.pg_statistic_ext p ON classid = 'pg_statistic_ext'::regclass AND objid = p.oid WHERE deptype = 'o'
    ),
    -- What has privileges for the role, or by the role, by its owner.
    acl (kw, name, col, owner, acl) AS (
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text, '', relowner, relacl
            FROM dep JOIN pg_catalog.pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid WHERE deptype = 'a'
        UNION ALL SELECT 'TABLE', c.oid::regclass::text, quote_ident(attname), relowner, attacl
            FROM dep JOIN pg_catalog.pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL WHERE deptype = 'a'
        UNION ALL SELECT 'SCHEMA', quote_ident(nspname), '', nspowner, nspacl
            FROM dep JOIN pg_catalog.pg_namespace n ON classid = 'pg_namespace'::regclass AND objid = n.oid WHERE deptype = 'a'
        UNION ALL SELECT 'ROUTINE', p.oid::regprocedure::text, '', proowner, proacl
            FROM dep JOIN pg_catalog.pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid WHERE deptype = 'a'
        UNION ALL SELECT 'TYPE', format_type(t.oid, NULL), '', typowner, typacl
            FROM dep JOIN pg_catalog.pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid WHERE deptype = 'a'
        UNION ALL SELECT 'LANGUAGE', quote_ident(lanname), '', lanowner, lanacl
            FROM dep JOIN pg_catalog.pg_language l ON classid = 'pg_language'::regclass AND objid = l.oid WHERE deptype = 'a'
        UNION ALL SELECT 'FOREIGN DATA WRAPPER', quote_ident(fdwname), '', fdwowner, fdwacl
            FROM dep JOIN pg_catalog.pg_foreign_data_wrapper w ON classid = 'pg_foreign_data_wrapper'::regclass AND objid = w.oid WHERE deptype = 'a'
        UNION ALL SELECT 'FOREIGN SERVER', quote_ident(srvname), '', srvowner, srvacl
            FROM dep JOIN pg_catalog.pg_foreign_server s ON classid = 'pg_foreign_server'::regclass AND objid = s.oid WHERE deptype = 'a'
        UNION ALL SELECT 'LARGE OBJECT', l.oid::text, '', lomowner, lomacl
            FROM dep JOIN pg_catalog.pg_largeobject_metadata l ON classid = 'pg_largeobject'::regclass AND objid = l.oid WHERE deptype = 'a'
        UNION ALL SELECT 'DATABASE', quote_ident(datname), '', d.datdba, datacl
            FROM dep JOIN pg_catalog.pg_database d ON classid = 'pg_database'::regclass AND objid = d.oid WHERE deptype = 'a'
        UNION ALL SELECT 'TABLESPACE', quote_ident(spcname), '', spcowner, spcacl
            FROM dep JOIN pg_catalog.pg_tablespace t ON classid = 'pg_tablespace'::regclass AND objid = t.oid WHERE deptype = 'a'
    ),
    granted AS MATERIALIZED (SELECT o.kw, o.name, o.col, o.owner, a.* FROM acl o, LATERAL aclexplode(o.acl) a),
    -- Keeps what grantees were granted; first those that hand on, whose grants others depend on.
    keep AS (
        SELECT g.* FROM granted g, leaver WHERE g.grantor = leaver.oid AND g.owner <> leaver.oid AND g.grantee <> leaver.oid
    ),
    foreign_grant AS (
        -- DROP OWNED by another than a superuser takes the role itself for the grantor where that may grant as much as the
        -- owner, and so takes nothing back.
        SELECT DISTINCT g.kw, g.name, g.col, g.grantor FROM granted g, leaver
        WHERE g.grantee = leaver.oid AND g.owner <> leaver.oid AND (g.grantor <> g.owner OR g.is_grantable
            AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user))
    ),
    policy_table AS (
        SELECT c.relowner AS owner FROM dep JOIN pg_catalog.pg_policy p ON classid = 'pg_policy'::regclass AND objid = p.oid
        JOIN pg_catalog.pg_class c ON c.oid = p.polrelid WHERE deptype = 'r'
    ),
    owner AS (
        SELECT DISTINCT g.owner AS oid FROM granted g, leaver
            WHERE g.owner <> leaver.oid AND (g.grantee = leaver.oid OR g.grantor = leaver.oid)
        UNION SELECT p.owner FROM policy_table p, leaver WHERE p.owner <> leaver.oid
    ),
    shared (kw, name, oid) AS (
        SELECT 'DATABASE', quote_ident(datname), d.oid FROM pg_catalog.pg_database d JOIN leaver ON d.datdba = leaver.oid
        UNION ALL SELECT 'TABLESPACE', quote_ident(spcname), t.oid FROM pg_catalog.pg_tablespace t JOIN leaver ON t.spcowner = leaver.oid
    ),
    creating AS (
        SELECT n.oid, n.nspname, n.nspowner, bool_and(p.is_table) AS only_tables
        FROM placed p JOIN pg_catalog.pg_namespace n ON n.oid = p.nsp, heir
        WHERE n.nspname !~ '^pg_(toast|temp)' AND NOT has_schema_privilege(heir.oid, n.oid, 'CREATE')
        GROUP BY n.oid, n.nspname, n.nspowner
    ),
    handed_on AS (
        SELECT m.roleid, m.member, m.admin_option, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) AS inherit,
            coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set
        FROM pg_catalog.pg_auth_members m JOIN leaver ON m.grantor = leaver.oid
        WHERE m.member <> leaver.oid AND m.roleid <> leaver.oid
    ),
    asked AS (
        SELECT oid FROM leaver UNION SELECT oid FROM heir UNION SELECT oid FROM owner UNION SELECT grantor FROM foreign_grant
        UNION SELECT nspowner FROM creating UNION SELECT datdba FROM db UNION SELECT roleid FROM handed_on
    )
