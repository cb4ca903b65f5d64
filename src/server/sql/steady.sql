WITH RECURSIVE
    -- Found without a look at the roles; NULL while there is none.
    subject AS MATERIALIZED (SELECT to_regrole(quote_ident($3::text))::oid AS oid),
    -- Members of extensions, found by an index.
    member AS MATERIALIZED (
        SELECT classid, objid FROM pg_catalog.pg_depend
        WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
        AND classid IN ('pg_class'::regclass, 'pg_namespace'::regclass)
    ),
    db AS MATERIALIZED (
        SELECT oid, datdba, datacl, datistemplate FROM pg_catalog.pg_database WHERE datname = current_database()
    ),
    space AS MATERIALIZED (
        SELECT n.oid, n.nspname, n.nspowner, n.nspacl,
            n.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_namespace'::regclass) AS counts
        FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ),
    -- By owner: whether one counts, whether the group lacks something on one that does, and has something on one that
    -- does not. What the ACL itself says is in the row; the functions look each object up again.
    object AS MATERIALIZED (
        SELECT c.relowner AS owner, bool_or(o.counts) AS creates,
            coalesce(bool_or(o.counts AND NOT CASE c.relkind
                WHEN 'S' THEN ({sequences}) OR EXISTS (
                    -- The sequence of an identity column needs no grant of its own.
                    SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
                ELSE {tables} END), true) AS lacks,
            coalesce(bool_or(NOT o.counts AND c.relowner <> subject.oid
                AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = subject.oid)), true) AS is_open
        FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace CROSS JOIN subject
        CROSS JOIN LATERAL (
            SELECT s.counts AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass) AS counts) o
        WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        GROUP BY c.relowner
    ),
    -- Roles that own something here or have CREATE by name, and those to which memberships may convey it. The group's
    -- admins are only told: they convey nothing.
    heir (oid, via, counts) AS (
        SELECT oid, NULL::oid, true FROM (
            SELECT datdba FROM db
            UNION SELECT nspowner FROM space WHERE counts AND (nspname <> 'public' OR nspowner <> 10)
            UNION SELECT owner FROM object WHERE creates
            UNION SELECT a.grantee FROM space, aclexplode(nspacl) a
                WHERE counts AND a.privilege_type = 'CREATE' AND a.grantee <> 0 AND a.grantee <> nspowner
            UNION SELECT a.grantee FROM db, aclexplode(datacl) a WHERE a.privilege_type = 'CREATE' AND a.grantee <> 0
            UNION SELECT to_regrole(quote_ident(($2::text[])[3]))::oid
        ) named (oid) WHERE oid IS NOT NULL
        UNION ALL
        SELECT m.member, NULL, false FROM pg_catalog.pg_auth_members m
        WHERE m.admin_option AND m.roleid IN (SELECT to_regrole(quote_ident(w.name))::oid FROM unnest($2::text[]) AS w (name))
        UNION
        SELECT m.member, m.roleid, true FROM heir JOIN pg_catalog.pg_auth_members m ON m.roleid = heir.oid
        WHERE heir.counts{inherited}
    )
    SELECT json_build_object(
    'pooled', pg_backend_pid() <> $5::integer,
    'named', CASE WHEN pg_backend_pid() = $5::integer THEN set_config('application_name', $4::text, false) END,
    'version', current_setting('server_version_num')::integer,
    'clock', extract(epoch FROM clock_timestamp()),
    'in_recovery', pg_is_in_recovery(),
    'read_only', current_setting('transaction_read_only')::boolean,
        'database', (SELECT json_build_object('oid', oid::bigint, 'owner', pg_get_userbyid(datdba), 'template', datistemplate,
        'public_temporary', has_database_privilege(0::oid, oid, 'TEMPORARY'),
        'acl', (SELECT json_agg(a) FROM aclexplode(datacl) a)) FROM db),
    'schemas', (SELECT json_agg(s) FROM (
        SELECT nspname AS name, pg_get_userbyid(nspowner) AS owner, coalesce(nspowner = subject.oid, false) AS is_own, counts,
            has_schema_privilege(0::oid, s.oid, 'CREATE') AS public_create,
            -- Of the bootstrap superuser, as "public" is up to 14: what PUBLIC has there must do, and cannot be granted again.
            coalesce(nspowner = 10 AND has_schema_privilege(subject.oid, s.oid, 'USAGE')
                AND NOT has_schema_privilege(s.oid, 'USAGE WITH GRANT OPTION') AND NOT pg_has_role(nspowner, 'USAGE'), false) AS is_borne,
            ARRAY(SELECT a.privilege_type FROM aclexplode(nspacl) a WHERE a.grantee = subject.oid) AS granted
        FROM space s, subject ORDER BY nspname) s),
    'objects', (SELECT json_agg(object) FROM object),
    'heirs', (SELECT json_agg(heir) FROM heir),
    'defaults', (SELECT json_agg(d) FROM (
        SELECT d.defaclrole AS creator, d.defaclnamespace AS schema, d.defaclobjtype AS kind, a.privilege_type AS privilege
        FROM pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) a, subject WHERE a.grantee = subject.oid) d),
    'open_routine', EXISTS (
        SELECT FROM pg_catalog.pg_proc f, aclexplode(f.proacl) a, subject
        WHERE f.oid >= 16384 AND f.proacl IS NOT NULL AND f.proowner <> subject.oid AND a.grantee = subject.oid),
    'roles', (SELECT json_agg(r) FROM (
        SELECT r.oid, r.rolname = $1::text AS is_asked, r.rolname = current_user AS acts,
            array_position($2::text[], r.rolname::text) AS place, r.rolname AS name, r.rolsuper AS superuser, r.rolcreatedb AS createdb, r.rolcreaterole AS createrole,
            r.rolcanlogin AS login, r.rolreplication AS replication, r.rolbypassrls AS bypassrls,
            r.rolconnlimit AS connection_limit, r.rolinherit AS inherit,
            r.rolvaliduntil IS NOT NULL AS expires,
            (SELECT c.description FROM pg_catalog.pg_shdescription c
                WHERE c.objoid = r.oid AND c.classoid = 'pg_authid'::regclass) AS comment,
            ARRAY(SELECT DISTINCT pg_get_userbyid(m.roleid) FROM pg_catalog.pg_auth_members m
                WHERE m.member = r.oid ORDER BY 1) AS member_of,
            ARRAY(SELECT DISTINCT m.member FROM pg_catalog.pg_auth_members m
                WHERE m.roleid = r.oid AND m.admin_option) AS admins,
            pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION') AS grantable,
            pg_has_role(to_regrole(quote_ident($1::text))::oid, r.oid, '{held}') AS held
        FROM {roles} r
        WHERE r.rolname = ANY ($2::text[] || ARRAY[$1::text, current_user::text]) OR r.oid IN (SELECT oid FROM heir) OR r.oid = 10
        -- Names that people may take for the new one.
        OR {alike}) r),
    -- Only a superuser may read pg_authid: so it is named in a text that runs only for superusers.
    'password', CASE WHEN current_setting('is_superuser') = 'on' THEN
        query_to_xml(format('SELECT 1 AS one FROM pg_catalog.pg_authid WHERE rolname = %L AND rolpassword IS NOT NULL', $3::text),
            false, false, '')::text LIKE '%<one>%' END
