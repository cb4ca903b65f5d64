WITH
    level_group AS (
        SELECT w.level, g.oid, g.rolname FROM unnest($1::text[], ARRAY['readonly', 'readwrite', 'ddl']) AS w (name, level)
        JOIN pg_catalog.pg_roles g ON g.rolname = w.name
    ),
    membership AS (
        SELECT m.roleid, m.member, m.admin_option,
            NOT (m.admin_option AND NOT coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
                AND NOT coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) AS is_real
        FROM pg_catalog.pg_auth_members m
    ),
    -- Superusers need no group; who may hand one on is in it for that, as an admin credential is.
    holder AS (
        SELECT r.oid, r.rolname, (array_agg(l.level ORDER BY array_position(ARRAY['readonly', 'readwrite', 'ddl'], l.level) DESC))[1] AS level
        FROM level_group l JOIN membership m ON m.roleid = l.oid AND m.is_real
        JOIN pg_catalog.pg_roles r ON r.oid = m.member AND r.rolcanlogin AND NOT r.rolsuper
        GROUP BY r.oid, r.rolname HAVING NOT bool_or(m.admin_option)
    ),
    this AS (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()),
    -- Objects of the database that the logins own, by pg_shdepend, which knows all kinds. Default privileges act for nobody.
    owned AS (
        SELECT d.refobjid AS oid, count(*) AS objects FROM pg_catalog.pg_shdepend d, this
        WHERE d.dbid = this.oid AND d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass
        AND d.classid <> 'pg_catalog.pg_default_acl'::regclass GROUP BY d.refobjid
    ),
    -- What the database does not have from the server. A C routine that an extension declares IMMUTABLE is taken at its word.
    routine AS MATERIALIZED (
        SELECT p.oid, p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.oid >= 16384 AND NOT (p.provolatile = 'i' AND l.lanname = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
    ),
    statistics AS (
        SELECT e.oid, n.nspname, n.oid AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_stat_statements'
    ),
    own_function AS (
        SELECT p.proname FROM statistics s JOIN pg_catalog.pg_proc p ON p.pronamespace = s.schema
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = s.oid
        WHERE p.probin = '$libdir/pg_stat_statements'
    ),
    opened AS (
        SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND EXISTS (SELECT FROM level_group l WHERE has_schema_privilege(l.oid, n.oid, 'USAGE'))
    )
SELECT json_build_object(
    'version', current_setting('server_version_num')::integer,
    'now', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'in_recovery', pg_is_in_recovery(),
    'settings', (SELECT json_object_agg(name, setting) FROM pg_catalog.pg_settings WHERE name IN ('log_statement',
        'log_min_duration_statement', 'log_min_messages', 'log_line_prefix', 'log_timezone', 'lc_messages', 'pgaudit.log', 'pgaudit.log_level',
        'pg_stat_statements.track', 'pg_stat_statements.track_utility', 'compute_query_id')),
    'overrides', (SELECT coalesce(json_agg(json_build_object('role', r.rolname, 'setting', split_part(o.setting, '=', 1))), '[]')
        FROM this, pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
        CROSS JOIN unnest(s.setconfig) AS o (setting)
        WHERE s.setdatabase IN (0, this.oid) AND (s.setrole = 0 OR r.oid IS NOT NULL)
        AND o.setting ~ '^(pg_stat_statements\.|pgaudit\.|compute_query_id=|log_(statement|min_duration_statement|min_messages)=|lc_messages=)'),
    'statistics', (SELECT json_build_object('schema', s.nspname,
        'is_genuine', EXISTS (SELECT FROM own_function WHERE proname = 'pg_stat_statements'),
        'tells_since', EXISTS (SELECT FROM own_function WHERE proname = 'pg_stat_statements_info')) FROM statistics s),
    'may_read_statements', pg_has_role('pg_read_all_stats', 'USAGE'),
    'logins', (SELECT coalesce(json_agg(json_build_object('oid', h.oid::bigint, 'name', h.rolname, 'level', h.level,
        'owned', coalesce((SELECT o.objects FROM owned o WHERE o.oid = h.oid), 0),
        'policies', (SELECT count(*) FROM pg_catalog.pg_policy p JOIN level_group l ON l.oid = ANY (p.polroles)
            WHERE l.level <> 'readonly' AND pg_has_role(h.oid, l.oid, 'MEMBER')),
        'subscriptions', (SELECT count(*) FROM pg_catalog.pg_subscription s WHERE s.subowner = h.oid),
        'members', ARRAY(SELECT r.rolname FROM membership m JOIN pg_catalog.pg_roles r ON r.oid = m.member
            WHERE m.roleid = h.oid AND m.is_real AND NOT r.rolsuper ORDER BY r.rolname)) ORDER BY h.rolname), '[]') FROM holder h),
    'groups', (SELECT coalesce(json_agg(json_build_array(oid::bigint, rolname)), '[]') FROM level_group),
    'callables', json_build_object(
        'routines', (SELECT coalesce(json_agg(DISTINCT r.proname), '[]') FROM routine r JOIN pg_catalog.pg_proc p USING (oid)
            WHERE p.prorettype NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)),
        'volatile', (SELECT json_agg(DISTINCT proname) FROM pg_catalog.pg_proc WHERE oid < 16384 AND provolatile = 'v'),
        'operators', (SELECT coalesce(json_agg(DISTINCT o.oprname), '[]') FROM pg_catalog.pg_operator o JOIN routine r ON r.oid = o.oprcode),
        'has_casts', EXISTS (SELECT FROM pg_catalog.pg_cast c JOIN routine r ON r.oid = c.castfunc),
        'definitions', (SELECT coalesce(json_agg(json_build_object('name', d.name, 'sql', d.sql, 'is_invokers', d.is_invokers)), '[]') FROM (
            SELECT c.relname AS name, pg_get_viewdef(c.oid) AS sql,
                coalesce(array_to_string(c.reloptions, ',') ~* 'security_invoker=(t(r(ue?)?)?|y(es?)?|on|1)(,|$)', false) AS is_invokers
            FROM pg_catalog.pg_class c WHERE c.relkind = 'v' AND c.oid >= 16384
            UNION ALL
            SELECT c.relname, pg_get_expr(p.polqual, p.polrelid), false
            FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid WHERE p.polqual IS NOT NULL
            UNION ALL
            SELECT t.typname, pg_get_constraintdef(k.oid), false
            FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid WHERE k.oid >= 16384) d)),
    'schemas', (SELECT coalesce(json_object_agg(o.nspname, ARRAY(
        SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = o.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION SELECT p.proname::text FROM pg_catalog.pg_proc p WHERE p.pronamespace = o.oid
        UNION SELECT t.typname::text FROM pg_catalog.pg_type t WHERE t.typnamespace = o.oid AND t.typtype IN ('d', 'e', 'r', 'c'))), '{}')
        FROM opened o))
