WITH RECURSIVE
    login AS MATERIALIZED (
        SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r
        LEFT JOIN pg_catalog.pg_shdescription c ON c.objoid = r.oid AND c.classoid = 'pg_catalog.pg_authid'::regclass
        WHERE r.rolname !~ '^pg_' AND (r.rolcanlogin OR c.description LIKE 'pgrole: %profile=%' OR c.description LIKE 'pgrole: dual login of %')
    ),
    membership AS MATERIALIZED (
        SELECT roleid, member, coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set FROM pg_catalog.pg_auth_members m
    ),
    -- All that a login is a member of, and what it may become by SET ROLE.
    within (login, role, may_set) AS (
        SELECT oid, oid, true FROM login
        UNION SELECT w.login, m.roleid, w.may_set AND m.may_set FROM within w JOIN membership m ON m.member = w.role
    ),
    reached AS MATERIALIZED (SELECT login, role, bool_or(may_set) AS may_set FROM within GROUP BY login, role),
    this AS (SELECT oid, datdba FROM pg_catalog.pg_database WHERE datname = current_database()),
    schema AS MATERIALIZED (
        SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ),
    -- Rights on a relation follow from its schema, its owner and its ACL: one stands for all with the same.
    relation AS MATERIALIZED (
        SELECT min(c.oid) AS oid, c.relnamespace FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace
        LEFT JOIN (SELECT DISTINCT attrelid FROM pg_catalog.pg_attribute WHERE attacl IS NOT NULL) a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        GROUP BY c.relnamespace, c.relowner, c.relacl::text, a.attrelid
    ),
    public AS MATERIALIZED (
        SELECT has_database_privilege('public', this.oid, 'CREATE') OR EXISTS (SELECT FROM schema s WHERE has_schema_privilege('public', s.oid, 'CREATE')) AS creates,
            EXISTS (SELECT FROM relation c WHERE has_schema_privilege('public', c.relnamespace, 'USAGE')
                AND has_any_column_privilege('public', c.oid, 'SELECT')) AS reads,
            EXISTS (SELECT FROM relation c WHERE has_schema_privilege('public', c.relnamespace, 'USAGE')
                AND (has_table_privilege('public', c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege('public', c.oid, 'INSERT, UPDATE'))) AS writes
        FROM this
    ),
    holder AS MATERIALIZED (
        SELECT r.oid, r.rolname, r.rolsuper, r.rolcreaterole,
            r.rolsuper OR has_database_privilege(r.oid, this.oid, 'CONNECT') AS connects,
            r.rolsuper OR pg_has_role(r.oid, this.datdba, 'USAGE') AS owns,
            r.rolsuper OR has_database_privilege(r.oid, this.oid, 'CREATE')
                OR EXISTS (SELECT FROM schema s WHERE has_schema_privilege(r.oid, s.oid, 'CREATE')) AS creates,
            r.rolsuper OR EXISTS (SELECT FROM relation c WHERE has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
                AND has_any_column_privilege(r.oid, c.oid, 'SELECT')) AS reads,
            r.rolsuper OR EXISTS (SELECT FROM relation c WHERE has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
                AND (has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))) AS writes
        FROM pg_catalog.pg_roles r CROSS JOIN this WHERE r.oid IN (SELECT role FROM reached)
    ),
    -- Objects, and the database itself, whose ACL names the login, whatever group it is in.
    granted AS MATERIALIZED (
        SELECT d.refobjid AS login, count(DISTINCT (d.classid, d.objid)) AS objects FROM pg_catalog.pg_shdepend d CROSS JOIN this
        WHERE d.deptype = 'a' AND d.refclassid = 'pg_catalog.pg_authid'::regclass
        AND d.refobjid IN (SELECT oid FROM login)
        AND (d.dbid = this.oid OR d.classid = 'pg_catalog.pg_database'::regclass AND d.objid = this.oid)
        GROUP BY d.refobjid
    ),
    measured AS MATERIALIZED (
        SELECT w.login,
            bool_or(h.rolsuper AND w.may_set) AS super,
            bool_or(h.rolcreaterole AND w.may_set) AS createrole,
            bool_or(h.owns AND w.may_set) AS owns,
            bool_or(h.creates AND w.may_set) AS creates,
            bool_or(h.reads AND w.may_set) AS reads,
            bool_or(h.writes AND w.may_set) AS writes,
            bool_or(h.connects AND w.role = w.login) AS connects,
            -- The groups that have something which not everybody has.
            coalesce(array_agg(h.rolname ORDER BY h.rolname) FILTER (WHERE w.role <> w.login AND h.rolname !~ '^pg_'
                AND (h.rolsuper OR h.owns OR h.reads AND NOT p.reads OR h.writes AND NOT p.writes OR h.creates AND NOT p.creates)), '{}') AS groups
        FROM reached w JOIN holder h ON h.oid = w.role CROSS JOIN public p GROUP BY w.login
    )
SELECT json_build_object(
    'public', (SELECT json_build_object('creates', creates, 'reads', reads, 'writes', writes) FROM public),
    'rights', (SELECT coalesce(json_object_agg(l.rolname, json_build_array(
        m.connects, m.super, m.owns, m.creates, m.reads, m.writes, coalesce(g.objects, 0), m.groups, m.createrole)), '{}')
        FROM measured m JOIN login l ON l.oid = m.login LEFT JOIN granted g ON g.login = m.login))
