-- $1 the role, $2 how many names of each kind.
WITH RECURSIVE
me AS MATERIALIZED (
  SELECT r.*, shobj_description(r.oid, 'pg_authid') AS comment,
    current_setting('server_version_num')::int AS version
  FROM pg_catalog.pg_roles r WHERE r.rolname = $1::text),
edge AS MATERIALIZED (
  SELECT m.roleid, m.member, m.grantor, m.admin_option AS admin,
    coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, u.rolinherit) AS inherit,
    coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set
  FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles u ON u.oid = m.member),
up (oid, inherit, may_set) AS (      -- the groups above; UNION ends loops
  SELECT oid, true, true FROM me
  UNION SELECT e.roleid, up.inherit AND e.inherit, up.may_set AND e.may_set FROM up JOIN edge e ON e.member = up.oid),
-- pg_database_owner (14+): an implicit member is the owner of this database
ident AS MATERIALIZED (
  SELECT oid, bool_or(inherit) AS inherit, bool_or(may_set) AS may_set FROM (
    SELECT * FROM up
    UNION ALL SELECT g.oid, up.inherit, false FROM up JOIN pg_catalog.pg_database d ON d.datdba = up.oid AND d.datname = current_database()
      JOIN pg_catalog.pg_roles g ON g.rolname = 'pg_database_owner') x GROUP BY oid),
down (oid) AS (
  SELECT oid FROM me UNION SELECT e.member FROM down JOIN edge e ON e.roleid = down.oid AND e.may_set),
dep AS MATERIALIZED (
  SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY dbid, classid, deptype) AS total,
    count(*) FILTER (WHERE member) OVER (PARTITION BY dbid, classid, deptype) AS of_extensions
  FROM (SELECT s.dbid, s.classid, s.objid, s.objsubid, s.deptype, here.oid IS NOT NULL OR s.dbid = 0 AS nameable,
    here.oid IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = s.classid AND e.objid = s.objid AND e.deptype = 'e') AS member
  FROM me JOIN pg_catalog.pg_shdepend s ON s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = me.oid AND s.deptype <> 'p'   -- 13: a pinned role
  LEFT JOIN pg_catalog.pg_database here ON here.oid = s.dbid AND here.datname = current_database()) s
  WINDOW w AS (PARTITION BY dbid, classid, deptype ORDER BY member, objid)),   -- extension members last
schema AS MATERIALIZED (
  SELECT n.oid, n.nspname, n.nspowner,
    has_schema_privilege(me.oid, n.oid, 'USAGE') AS usage, has_schema_privilege(me.oid, n.oid, 'CREATE') AS may_create
  FROM me, pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
rel AS MATERIALIZED (
  SELECT c.relnamespace AS ns, c.relowner, c.relkind, c.relacl, s.usage,
    has_table_privilege(me.oid, c.oid, 'SELECT') AS r, has_table_privilege(me.oid, c.oid, 'INSERT') AS a,
    has_table_privilege(me.oid, c.oid, 'UPDATE') AS w, has_table_privilege(me.oid, c.oid, 'DELETE') AS d,
    c.relrowsecurity AND NOT (me.rolsuper OR me.rolbypassrls)
      AND (c.relforcerowsecurity OR NOT EXISTS (SELECT FROM ident i WHERE i.oid = c.relowner AND i.inherit)) AS rls
  FROM me, schema s JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid
  WHERE c.oid >= 16384 AND c.relkind IN ('r','p','v','m','f')),
reach AS (                            -- by which role each privilege came
  SELECT rel.ns, a.grantee, count(DISTINCT 1) AS one, count(*) FILTER (WHERE a.privilege_type = 'SELECT') AS r,
    count(*) FILTER (WHERE a.privilege_type IN ('INSERT','UPDATE','DELETE')) AS w
  FROM rel, aclexplode(rel.relacl) a
  WHERE a.grantee = 0 OR a.grantee IN (SELECT oid FROM ident WHERE inherit) GROUP BY 1, 2),
summary AS (
  SELECT ns, count(*) AS tables, count(*) FILTER (WHERE usage AND r) AS readable,
    count(*) FILTER (WHERE usage AND a AND w AND d) AS writable, count(*) FILTER (WHERE usage AND (a OR w OR d)) AS some_write,
    count(*) FILTER (WHERE rls) AS under_rls, count(*) FILTER (WHERE relowner = (SELECT oid FROM me)) AS owned
  FROM rel GROUP BY ns)
SELECT json_build_object(
 'version', current_setting('server_version_num')::int, 'database', current_database(),
 'role', (SELECT json_build_object('name', rolname, 'login', rolcanlogin, 'superuser', rolsuper, 'inherit', rolinherit, 'createdb', rolcreatedb,
    'createrole', rolcreaterole, 'replication', rolreplication, 'bypassrls', rolbypassrls, 'connection_limit', rolconnlimit,
    'expired', coalesce(rolvaliduntil < now(), false),
    'valid_until', CASE WHEN isfinite(rolvaliduntil) THEN to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END, 'comment', comment) FROM me),
 -- An unreadable pg_authid fails the whole statement, whatever CASE says; text that query_to_xml runs does not.
 'verifier', (SELECT CASE WHEN has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') THEN (
    SELECT json_build_object('kind', (xpath('//k/text()', x))[1]::text, 'iterations', ((xpath('//i/text()', x))[1]::text)::integer)
    FROM query_to_xml(format('SELECT CASE WHEN rolpassword IS NULL THEN ''none'' WHEN rolpassword LIKE ''SCRAM-SHA-256$%%'' THEN ''scram-sha-256'' ELSE ''md5'' END AS k,
        substring(rolpassword from ''^SCRAM-SHA-256[$]([0-9]{1,9}):'') AS i FROM pg_catalog.pg_authid WHERE oid = %s', oid), false, true, '') AS x)
    ELSE json_build_object('kind', 'unknown') END FROM me),
 'member_of', (SELECT coalesce(json_agg(json_build_object('role', g.rolname, 'direct', e.roleid IS NOT NULL, 'inherit', i.inherit, 'set', i.may_set, 'admin', coalesce(e.admin,false), 'grantors', e.grantors,
    'ends_at', CASE WHEN g.rolname ~ '^pgrole_box_[0-9a-f]{16}$' AND isfinite(g.rolvaliduntil) THEN
        to_char(g.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END) ORDER BY g.rolname), '[]')
    FROM ident i JOIN pg_catalog.pg_roles g ON g.oid = i.oid JOIN me ON me.oid <> i.oid
    LEFT JOIN (SELECT roleid, member, bool_or(admin) AS admin, json_agg(pg_get_userbyid(grantor)) AS grantors FROM edge GROUP BY 1,2) e ON e.roleid = i.oid AND e.member = me.oid),
 'members', (SELECT json_build_object('count', count(*), 'names', (array_agg(u.rolname ORDER BY u.rolname))[1:$2::int]) FROM edge e JOIN me ON e.roleid = me.oid JOIN pg_catalog.pg_roles u ON u.oid = e.member),
 'memberships_granted_by_it', (SELECT count(*) FROM edge e JOIN me ON e.grantor = me.oid),
 'databases', (SELECT json_agg(json_build_object('name', d.datname, 'owner', d.datdba = me.oid, 'connect', d.datallowconn AND has_database_privilege(me.oid, d.oid, 'CONNECT'),
      'create', has_database_privilege(me.oid, d.oid, 'CREATE'), 'temporary', has_database_privilege(me.oid, d.oid, 'TEMPORARY'), 'allowconn', d.datallowconn, 'template', d.datistemplate,
      'i_may_connect', d.datallowconn AND has_database_privilege(d.oid, 'CONNECT'), 'dependencies', x.list) ORDER BY x.list IS NULL, d.datname)
    FROM me, pg_catalog.pg_database d LEFT JOIN LATERAL (SELECT json_agg(json_build_object('catalog', classid::regclass, 'kind', deptype, 'count', total)) AS list FROM dep WHERE dbid = d.oid AND n = 1) x ON true
    WHERE x.list IS NOT NULL OR d.datdba = me.oid OR d.datname = current_database() OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = me.oid)),
 'objects', (SELECT coalesce(json_agg(json_build_object('shared', dbid = 0, 'kind', deptype, 'catalog', classid::regclass, 'total', total, 'of_extensions', of_extensions, 'names', names)), '[]') FROM (
    SELECT dbid, deptype, classid, total, of_extensions, json_agg(coalesce(i.identity, pg_describe_object(classid, objid, objsubid)) ORDER BY n) AS names
    FROM dep, LATERAL pg_identify_object(classid, objid, objsubid) i WHERE nameable AND n <= $2::int GROUP BY 1,2,3,4,5 ORDER BY 1,2,3) o),
 'schemas', (SELECT coalesce(json_agg(json_build_object('name', s.nspname, 'owner', pg_get_userbyid(s.nspowner), 'usage', s.usage, 'create', s.may_create, 'tables', t.tables,
     'readable', t.readable, 'writable', t.writable, 'some_write', t.some_write, 'under_rls', t.under_rls, 'owned', t.owned,
     'by', (SELECT json_agg(json_build_object('grantee', CASE WHEN r.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r.grantee)::text END, 'select', r.r, 'write', r.w)) FROM reach r WHERE r.ns = s.oid)) ORDER BY s.nspname), '[]')
    FROM (SELECT * FROM schema ORDER BY nspname LIMIT 500) s LEFT JOIN summary t ON t.ns = s.oid),
 'settings', (SELECT coalesce(json_agg(json_build_object('database', d.datname, 'role', s.setrole <> 0, 'config', s.setconfig) ORDER BY s.setrole = 0, d.datname NULLS FIRST), '[]')
    FROM me, pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE s.setrole = me.oid OR (s.setrole = 0 AND (s.setdatabase = 0 OR d.datname = current_database()))),
 'sessions', (SELECT coalesce(json_agg(to_json(a)), '[]') FROM (SELECT datname, backend_type, state, application_name, count(*), 
    to_char(min(backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest, to_char(min(xact_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest_transaction
    FROM pg_catalog.pg_stat_activity, me WHERE usesysid = me.oid GROUP BY 1,2,3,4 ORDER BY 5 DESC LIMIT 20) a),
 'sessions_that_may_set_role', (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usesysid IN (SELECT oid FROM down) AND usesysid <> (SELECT oid FROM me)),
 'prepared', (SELECT coalesce(json_agg(json_build_object('gid', gid, 'database', database, 'prepared', to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))), '[]') FROM pg_catalog.pg_prepared_xacts p, me WHERE p.owner = me.rolname)
) WHERE EXISTS (SELECT FROM me)
