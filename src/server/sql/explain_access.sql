    -- Why a role cannot do something in the session's database. $1 is the role, {kind} the kind of object, $2 the object as
    -- written, {action} the action, $3 the columns, empty for all. Ranks are the server's own order: names, other objects,
    -- ownership, read-only, relation and column, what lies behind them, row security. The state 'unknown' is no cause.
    -- Planning the whole takes three times as long as planning what concerns the question: what stands between --if and --end
    -- is left out unless each word after --if, or one of those with | between them, is true of it.
    up (oid, inherit, may_set) AS (
        SELECT oid, true, true FROM me
        UNION SELECT e.roleid, up.inherit AND e.inherit, up.may_set AND e.may_set FROM up JOIN edge e ON e.member = up.oid
    ),
    ident AS MATERIALIZED (SELECT oid, bool_or(inherit) AS inherit, bool_or(may_set) AS may_set FROM up GROUP BY oid),
    path AS MATERIALIZED (
        SELECT place, CASE WHEN e IN ('"$user"', '$user') THEN (SELECT rolname::text FROM me)
                WHEN e LIKE '"%' THEN replace(btrim(e, '"'), '""', '"') ELSE lower(e) END AS nsp,
            e IN ('"$user"', '$user') AS is_own
        FROM unnest(string_to_array(coalesce((SELECT value FROM setting WHERE name = 'search_path' AND place = 1),
            (SELECT value FROM server_setting WHERE name = 'search_path')), ',')) WITH ORDINALITY x (written, place),
            LATERAL (SELECT btrim(written) AS e) y
    ),
    want AS MATERIALIZED (
        SELECT parts[array_length(parts, 1) - 1] AS nsp, parts[array_length(parts, 1)] AS obj,
            substring($2 FROM '\(.*$') AS arguments
        FROM (SELECT CASE WHEN {kind} IN ('relation', 'sequence', 'function', 'type')
            THEN parse_ident(regexp_replace($2, '\(.*$', ''), false) END AS parts) p
    ),
    --if relation|sequence
    -- Names are compared as names: of 20,000 tables only those of that name are read.
    cand AS MATERIALIZED (
        SELECT c.oid, c.relname, c.relkind, c.relowner, c.relnamespace, n.nspname, c.relrowsecurity, c.relforcerowsecurity,
            c.reloptions, c.relacl, p.place, has_schema_privilege(me.oid, n.oid, 'USAGE') AS usage
        FROM me, want w JOIN pg_catalog.pg_class c ON c.relname = w.obj::name
            AND CASE {kind} WHEN 'sequence' THEN c.relkind = 'S'
                ELSE c.relkind IN ('r', 'p', 'v', 'm', 'f') OR c.relkind = 'S' AND {action} = 'SELECT' END
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_temp'
        LEFT JOIN path p ON p.nsp = n.nspname::text
        WHERE (w.nsp IS NULL OR n.nspname::text = w.nsp)
    ),
    -- The one that a statement would meet; if none, one that may be meant.
    rel AS MATERIALIZED (
        SELECT * FROM cand ORDER BY (SELECT nsp IS NULL FROM want) AND (place IS NULL OR NOT usage),
            place IS NULL AND nspname <> 'pg_catalog', place, oid LIMIT 1
    ),
    --end
    --if function
    named AS MATERIALIZED (
        SELECT p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, n.nspname, l.lanname, a.place
        FROM want w JOIN pg_catalog.pg_proc p ON p.proname = w.obj::name
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        LEFT JOIN path a ON a.nsp = n.nspname::text
        WHERE (w.nsp IS NULL OR n.nspname::text = w.nsp)
        AND CASE WHEN w.arguments IS NULL THEN true
            ELSE p.oid = to_regprocedure(format('%I.%I%s', n.nspname, p.proname, w.arguments)) END
    ),
    fn AS MATERIALIZED (
        SELECT named.*, oid::regprocedure::text AS signature FROM named
        ORDER BY place IS NULL AND nspname <> 'pg_catalog', place, oid LIMIT 1
    ),
    --end
    --if type
    typ AS MATERIALIZED (
        SELECT t.oid, t.typname, t.typnamespace, t.typowner, t.typacl, n.nspname
        FROM want w JOIN pg_catalog.pg_type t ON t.typname = w.obj::name
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN path a ON a.nsp = n.nspname::text
        WHERE (w.nsp IS NULL OR n.nspname::text = w.nsp)
        ORDER BY a.place IS NULL AND n.nspname <> 'pg_catalog', a.place LIMIT 1
    ),
    --end
    --if large-object
    lo AS MATERIALIZED (
        SELECT m.oid, m.lomowner, m.lomacl FROM pg_catalog.pg_largeobject_metadata m
        WHERE m.oid = CASE WHEN $2 ~ '^[0-9]+$' THEN $2::oid END
    ),
    --end
    --if tablespace
    space AS MATERIALIZED (SELECT * FROM pg_catalog.pg_tablespace WHERE spcname::text = $2),
    --end
    nsp AS MATERIALIZED (
        SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n
        --if relation|sequence
        WHERE n.nspname::text = coalesce((SELECT nspname::text FROM rel), (SELECT nsp FROM want))
        --end
        --if function
        WHERE n.nspname::text = (SELECT nspname::text FROM fn)
        --end
        --if type
        WHERE n.nspname::text = (SELECT nspname::text FROM typ)
        --end
        --if schema
        WHERE n.nspname::text = $2
        --end
        --if database|large-object|role|tablespace
        WHERE false
        --end
    ),
    is_there AS MATERIALIZED (
        --if relation|sequence
        SELECT EXISTS (SELECT FROM rel) AS yes
        --end
        --if function
        SELECT EXISTS (SELECT FROM fn) AS yes
        --end
        --if type
        SELECT EXISTS (SELECT FROM typ) AS yes
        --end
        --if large-object
        SELECT EXISTS (SELECT FROM lo) AS yes
        --end
        --if tablespace
        SELECT EXISTS (SELECT FROM space) AS yes
        --end
        --if schema
        SELECT EXISTS (SELECT FROM nsp) AS yes
        --end
        --if role
        SELECT EXISTS (SELECT FROM {roles} WHERE rolname::text = $2) AS yes
        --end
        --if database
        SELECT $2 = current_database()::text AS yes
        --end
    ),
    --if relation|sequence
    owns AS MATERIALIZED (
        SELECT EXISTS (SELECT FROM ident i, rel WHERE i.oid = rel.relowner AND i.inherit)
            OR coalesce((SELECT rolsuper FROM me), false) AS yes
    ),
    --end
    --if relation
    -- The privileges on the relation; an UPDATE or DELETE with WHERE also reads.
    act AS MATERIALIZED (
        SELECT unnest(CASE WHEN {action} IN ('UPDATE', 'DELETE') THEN ARRAY[{action}, 'SELECT'] ELSE ARRAY[{action}] END) AS p
        WHERE {action} IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
    ),
    -- Without a right on the whole, the right on each column is.
    need AS MATERIALIZED (
        SELECT DISTINCT act.p, c.name AS col FROM act, rel, me, LATERAL unnest(CASE
            WHEN act.p IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN ARRAY[NULL]::text[]
            WHEN array_length($3::text[], 1) > 0 THEN ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = rel.oid AND a.attname::text = ANY ($3) AND NOT a.attisdropped)
            WHEN NOT has_table_privilege(me.oid, rel.oid, act.p) AND has_any_column_privilege(me.oid, rel.oid, act.p)
                THEN ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped)
            ELSE ARRAY[NULL]::text[] END) c (name)
    ),
    lone AS MATERIALIZED (
        SELECT need.p, array_agg(need.col ORDER BY need.col) FILTER (WHERE need.col IS NOT NULL) AS cols,
            need.p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                AND bool_or(need.col IS NOT NULL) AND bool_or(has_any_column_privilege(me.oid, rel.oid,
                    CASE WHEN need.p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') THEN need.p ELSE 'SELECT' END)) AS of_columns
        FROM need, rel, me
        WHERE NOT CASE WHEN need.col IS NULL THEN has_table_privilege(me.oid, rel.oid, need.p)
            ELSE has_column_privilege(me.oid, rel.oid, need.col, need.p) END
        GROUP BY 1 ORDER BY need.p = 'SELECT' LIMIT 1
    ),
    grp AS MATERIALIZED (
        SELECT g.rolname, i.may_set FROM lone, rel, ident i JOIN {roles} g ON g.oid = i.oid
        WHERE NOT i.inherit AND has_table_privilege(i.oid, rel.oid, lone.p) ORDER BY i.may_set DESC, 1 LIMIT 1
    ),
    -- Default privileges that give this to the role: of another maker, or younger than the table.
    def AS MATERIALIZED (
        SELECT pg_get_userbyid(d.defaclrole) AS maker, d.defaclrole = rel.relowner AS is_same, d.oid > rel.oid AS is_later,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM lone, rel, pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) a
        WHERE d.defaclobjtype = 'r' AND d.defaclnamespace IN (0, rel.relnamespace) AND a.privilege_type = lone.p
        AND (a.grantee = 0 OR a.grantee IN (SELECT oid FROM ident WHERE inherit)) ORDER BY 2 DESC LIMIT 1
    ),
    --if views|REFRESH
    -- What each view reads, and as whom: its owner, or the caller.
    vw (rel, checker, is_invoker, depth) AS (
        SELECT rel.oid, CASE WHEN array_to_string(rel.reloptions, ',') ~* 'security_invoker=(t(r(ue?)?)?|y(es?)?|on|1)(,|$)' THEN me.oid
                ELSE rel.relowner END, array_to_string(rel.reloptions, ',') ~* 'security_invoker=(t(r(ue?)?)?|y(es?)?|on|1)(,|$)' IS TRUE, 1
        FROM rel, me WHERE rel.relkind = 'v' OR rel.relkind = 'm' AND {action} = 'REFRESH'
        UNION
        SELECT c.oid, CASE WHEN array_to_string(c.reloptions, ',') ~* 'security_invoker=(t(r(ue?)?)?|y(es?)?|on|1)(,|$)' THEN vw.checker
                ELSE c.relowner END, array_to_string(c.reloptions, ',') ~* 'security_invoker=(t(r(ue?)?)?|y(es?)?|on|1)(,|$)' IS TRUE, depth + 1
        FROM vw JOIN pg_catalog.pg_rewrite w ON w.ev_class = vw.rel
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> vw.rel
        JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind = 'v' WHERE depth < 20
    ),
    behind AS MATERIALIZED (
        SELECT vw.rel, vw.checker, vw.is_invoker, c.oid AS base, n.nspname, has_schema_privilege(vw.checker, n.oid, 'USAGE') AS usage
        FROM vw JOIN pg_catalog.pg_rewrite w ON w.ev_class = vw.rel
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> vw.rel
        JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT CASE WHEN d.refobjsubid > 0 THEN has_column_privilege(vw.checker, c.oid, d.refobjsubid::int2, 'SELECT')
            ELSE has_any_column_privilege(vw.checker, c.oid, 'SELECT') END
        ORDER BY vw.depth LIMIT 1
    ),
    called AS MATERIALIZED (
        SELECT p.oid::regprocedure::text AS signature FROM me, vw JOIN pg_catalog.pg_rewrite w ON w.ev_class = vw.rel
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_proc'::regclass JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid
        WHERE NOT has_function_privilege(me.oid, p.oid, 'EXECUTE') LIMIT 1
    ),
    -- Whether it is read, as the view's owner, or taken from, as the caller, is not known.
    counter AS MATERIALIZED (
        SELECT s.oid::regclass::text AS name FROM me, vw JOIN pg_catalog.pg_rewrite w ON w.ev_class = vw.rel
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_class'::regclass
        JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
        WHERE NOT has_sequence_privilege(me.oid, s.oid, 'USAGE') AND NOT has_sequence_privilege(me.oid, s.oid, 'UPDATE')
        OR NOT has_sequence_privilege(vw.checker, s.oid, 'SELECT') LIMIT 1
    ),
    --end
    --if INSERT|UPDATE
    -- What a change computes, it computes as the role; an UPDATE may do without all but the constraints. Those of the first
    -- rank are a part of the plan.
    computed AS MATERIALIZED (
        SELECT coalesce(x.what, CASE WHEN d.objsubid = 0 THEN 'the partition key' ELSE 'a generated column' END) AS what, x.rank,
            {action} = 'INSERT' OR x.is_constraint AS is_sure, p.oid::regprocedure::text AS signature
        FROM me, rel, LATERAL (
            SELECT 'pg_attrdef'::regclass AS class, ad.oid, false AS is_constraint, format('the default of column "%s"', a.attname) AS what,
                CASE WHEN a.attgenerated = '' THEN 152 ELSE 156 END AS rank
            FROM pg_catalog.pg_attrdef ad JOIN pg_catalog.pg_attribute a ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
            WHERE ad.adrelid = rel.oid AND CASE WHEN {action} = 'INSERT' THEN a.attname::text <> ALL ($3::text[])
                ELSE a.attgenerated <> '' END
            UNION ALL SELECT 'pg_constraint'::regclass, c.oid, false, format('the domain of column "%s"', a.attname), 152
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_constraint c ON c.contypid = a.atttypid AND c.contypid <> 0
            WHERE a.attrelid = rel.oid
            -- Before 15 what a generated column calls is the table's.
            UNION ALL SELECT 'pg_class'::regclass, rel.oid, false, NULL, 156
            UNION ALL SELECT 'pg_constraint'::regclass, c.oid, true, format('constraint "%s"', c.conname), 161
            FROM pg_catalog.pg_constraint c WHERE c.conrelid = rel.oid AND c.contype = 'c'
            UNION ALL SELECT 'pg_class'::regclass, i.indexrelid, false, format('index %s', i.indexrelid::regclass), 162
            FROM pg_catalog.pg_index i WHERE i.indrelid = rel.oid AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
        ) x JOIN pg_catalog.pg_depend d ON d.classid = x.class AND d.objid = x.oid AND d.refclassid = 'pg_proc'::regclass
        JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid
        WHERE NOT has_function_privilege(me.oid, p.oid, 'EXECUTE')
    ),
    --end
    --if INSERT
    -- Of a serial column's default; that of an identity column needs no right.
    seq AS MATERIALIZED (
        SELECT s.oid::regclass::text AS name FROM me, rel JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = rel.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum AND a.attname::text <> ALL ($3::text[])
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = ad.oid
            AND d.refclassid = 'pg_class'::regclass
        JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
        WHERE NOT has_sequence_privilege(me.oid, s.oid, 'USAGE')
            AND NOT has_sequence_privilege(me.oid, s.oid, 'UPDATE') LIMIT 1
    ),
    --end
    --if row-security
    -- Who changes rows by a WHERE must see them, too: each privilege has its policies.
    pol AS MATERIALIZED (
        SELECT act.p, p.oid, p.polname, p.polroles, p.polpermissive,
            p.polcmd = '*' OR p.polcmd = CASE act.p WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w'
                WHEN 'DELETE' THEN 'd' END::"char" AS of_command,
            EXISTS (SELECT FROM unnest(p.polroles) o WHERE o = 0 OR o IN (SELECT oid FROM ident WHERE inherit)) AS is_mine
        FROM act, rel JOIN pg_catalog.pg_policy p ON p.polrelid = rel.oid
    ),
    rls AS MATERIALIZED (
        SELECT act.p, rel.relrowsecurity AND NOT me.rolsuper AND NOT me.rolbypassrls
                AND (rel.relforcerowsecurity OR NOT owns.yes) AS is_on,
            owns.yes AND rel.relforcerowsecurity AS is_forced,
            EXISTS (SELECT FROM pol WHERE pol.p = act.p AND of_command AND is_mine AND polpermissive) AS has_one,
            (SELECT min(polname::text) FROM pol WHERE pol.p = act.p AND polpermissive AND of_command AND NOT is_mine) AS of_others,
            (SELECT min(polname::text) FROM pol WHERE pol.p = act.p AND polpermissive AND of_command IS NOT TRUE) AS of_other_command
        FROM act, rel, me, owns WHERE act.p IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    ),
    -- A policy reads and calls as the role.
    guard AS MATERIALIZED (
        SELECT pol.polname, c.oid::regclass::text AS base, f.oid::regprocedure::text AS signature
        FROM me, rel, rls JOIN pol ON pol.p = rls.p AND pol.of_command AND pol.is_mine
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = pol.oid
        LEFT JOIN pg_catalog.pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
            AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        LEFT JOIN pg_catalog.pg_proc f ON d.refclassid = 'pg_proc'::regclass AND f.oid = d.refobjid
        WHERE rls.is_on AND (f.oid IS NOT NULL AND NOT has_function_privilege(me.oid, f.oid, 'EXECUTE')
            OR c.oid <> rel.oid AND NOT CASE WHEN d.refobjsubid > 0 THEN has_column_privilege(me.oid, c.oid, d.refobjsubid::int2, 'SELECT')
                ELSE has_any_column_privilege(me.oid, c.oid, 'SELECT') END)
        ORDER BY c.oid IS NULL LIMIT 1
    ),
    --end
    --end
    writes AS MATERIALIZED (
        SELECT {action} IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ALTER', 'REFRESH', 'PUBLISH', 'CREATE') AND {kind} <> 'sequence' AS yes,
            {action} IN ('INSERT', 'UPDATE', 'DELETE') AS late
    ),
    --if relation|sequence
    name AS MATERIALIZED (SELECT format('%I.%I', nspname, relname) AS q FROM rel),
    --end
    cause (rank, cause, sqlstate, message, remedy) AS (
        -- Names.
        SELECT 111, 'no_object', CASE {kind} WHEN 'function' THEN '42883' WHEN 'schema' THEN '3F000' WHEN 'role' THEN '22023'
                WHEN 'relation' THEN '42P01' WHEN 'sequence' THEN '42P01' WHEN 'database' THEN 'unknown' ELSE '42704' END,
            format('%s %s is not in database "%s"; others must be asked one by one', replace({kind}, '-', ' '), $2, current_database()), NULL
        FROM is_there WHERE NOT yes
        --if relation
        UNION ALL
        SELECT 110, 'case_folded', '42P01', format('%s is read as %s, and there is %I.%I', $2, (SELECT obj FROM want),
            n.nspname, c.relname), NULL
        FROM want w, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT EXISTS (SELECT FROM cand) AND lower(c.relname) = lower(w.obj)
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (w.nsp IS NULL OR lower(n.nspname) = lower(w.nsp))
        UNION ALL
        SELECT 122, 'no_object', '42703', format('%I.%I has no column "%s"', rel.nspname, rel.relname, x.name), NULL
        FROM rel, unnest($3::text[]) x (name) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = rel.oid AND a.attname::text = x.name AND NOT a.attisdropped)
        --end
        --if function
        UNION ALL
        SELECT 112, 'overloaded', 'unknown', format('%s functions have the name %s.%s: name the types of its arguments',
            count(*), fn.nspname, fn.proname), NULL
        FROM fn JOIN named ON named.pronamespace = fn.pronamespace GROUP BY fn.nspname, fn.proname HAVING count(*) > 1
        --end
        --if relation|sequence|function|type|schema
        UNION ALL
        SELECT 120, 'schema_usage', CASE WHEN (SELECT nsp FROM want) IS NOT NULL OR {kind} = 'schema' THEN '42501'
                WHEN {kind} = 'function' THEN '42883' WHEN {kind} = 'type' THEN '42704' ELSE '42P01' END,
            format('USAGE on schema "%s" is missing%s', nsp.nspname, CASE WHEN (SELECT nsp FROM want) IS NULL
                AND {kind} <> 'schema' THEN ', so that the server says "does not exist"' ELSE '' END),
            format('GRANT USAGE ON SCHEMA %I TO %I', nsp.nspname, me.rolname)
        FROM nsp, me WHERE NOT has_schema_privilege(me.oid, nsp.oid, 'USAGE') AND NOT ({kind} = 'schema' AND {action} = 'CREATE')
        UNION ALL
        SELECT 121, 'search_path', CASE {kind} WHEN 'function' THEN '42883' WHEN 'type' THEN '42704' ELSE '42P01' END,
            format('schema "%s" is not in the search path', nsp.nspname), NULL
        FROM nsp, want, is_there WHERE is_there.yes AND want.obj IS NOT NULL AND want.nsp IS NULL AND nsp.nspname <> 'pg_catalog'
        AND nsp.nspname::text NOT IN (SELECT nsp FROM path)
        --end
        -- What is no relation.
        --if database TEMPORARY
        UNION ALL
        SELECT 130, 'temp', '42501', 'TEMPORARY on the database is missing',
            format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), me.rolname)
        FROM me, is_there WHERE yes AND NOT has_database_privilege(me.oid, current_database(), 'TEMPORARY')
        --end
        --if relation|database CREATE|PUBLISH
        UNION ALL
        SELECT 131, 'db_create', '42501', 'CREATE on the database is missing',
            format('GRANT CREATE ON DATABASE %I TO %I', current_database(), me.rolname)
        FROM me, is_there WHERE yes AND NOT has_database_privilege(me.oid, current_database(), 'CREATE')
        --end
        --if schema CREATE
        UNION ALL
        SELECT 132, 'schema_create', '42501', format('CREATE on schema "%s" is missing', nsp.nspname),
            format('GRANT CREATE ON SCHEMA %I TO %I', nsp.nspname, me.rolname)
        FROM nsp, me WHERE NOT has_schema_privilege(me.oid, nsp.oid, 'CREATE')
        --end
        --if tablespace
        UNION ALL
        SELECT 133, 'tablespace', '42501', format('CREATE on tablespace "%s" is missing', spcname),
            format('GRANT CREATE ON TABLESPACE %I TO %I', spcname, me.rolname)
        -- That of the database itself needs no right.
        FROM me, space WHERE space.oid <> (SELECT dattablespace FROM pg_catalog.pg_database WHERE datname = current_database())
        AND NOT has_tablespace_privilege(me.oid, space.oid, 'CREATE')
        --end
        --if type
        UNION ALL
        SELECT 134, 'type_usage', '42501', format('USAGE on type %I.%I is missing', typ.nspname, typ.typname),
            format('GRANT USAGE ON TYPE %I.%I TO %I', typ.nspname, typ.typname, me.rolname)
        FROM me, typ WHERE NOT has_type_privilege(me.oid, typ.oid, 'USAGE')
        --end
        --if role
        UNION ALL
        SELECT 135, CASE WHEN pg_has_role(l.oid, g.oid, 'MEMBER') THEN 'set_false' ELSE 'not_member' END, '42501',
            format('may not SET ROLE "%s"%s', $2, CASE WHEN g.rolsuper THEN ', a superuser, as whom it could do anything' ELSE '' END),
            format(CASE WHEN (SELECT version FROM here) >= 160000 THEN 'GRANT %I TO %I WITH SET TRUE' ELSE 'GRANT %I TO %I' END, $2, $1)
        FROM login l, {roles} g WHERE g.rolname::text = $2
        AND NOT pg_has_role(l.oid, g.oid, CASE WHEN (SELECT version FROM here) >= 160000 THEN 'SET' ELSE 'MEMBER' END)
        --end
        --if large-object
        UNION ALL
        SELECT 136, 'large_object', '42501', format('%s on large object %s is missing', {action}, lo.oid),
            format('GRANT %s ON LARGE OBJECT %s TO %I', {action}, lo.oid, me.rolname)
        FROM me, lo WHERE NOT me.rolsuper AND NOT EXISTS (SELECT FROM ident i WHERE i.inherit AND i.oid = lo.lomowner)
        AND NOT EXISTS (SELECT FROM aclexplode(lo.lomacl) a WHERE a.privilege_type = {action}
            AND (a.grantee = 0 OR a.grantee IN (SELECT oid FROM ident WHERE inherit)))
        --end
        --if function
        UNION ALL
        SELECT 137, CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass
                AND d.objid = fn.oid AND d.deptype = 'e') THEN 'extension_function' ELSE 'execute' END, '42501',
            format('EXECUTE on %s is missing', fn.signature),
            format('GRANT EXECUTE ON ROUTINE %s TO %I', fn.signature, me.rolname)
        FROM me, fn WHERE NOT has_function_privilege(me.oid, fn.oid, 'EXECUTE')
        --end
        --if sequence
        UNION ALL
        SELECT 138, 'sequence', '42501', format('%s on sequence %s is missing', {action}, name.q),
            format('GRANT %s ON SEQUENCE %s TO %I', {action}, name.q, me.rolname)
        FROM me, rel, name WHERE CASE {action} WHEN 'USAGE' THEN
            NOT has_sequence_privilege(me.oid, rel.oid, 'USAGE') AND NOT has_sequence_privilege(me.oid, rel.oid, 'UPDATE')
            ELSE NOT has_sequence_privilege(me.oid, rel.oid, {action}) END
        --end
        --if relation|sequence ALTER|REFRESH|PUBLISH
        -- What only the owner may.
        UNION ALL
        SELECT 140, 'ownership', '42501', format('only the owner "%s"%s may %s it', pg_get_userbyid(rel.relowner),
                CASE WHEN {action} = 'REFRESH' AND (SELECT version FROM here) >= 170000 THEN ', and who has MAINTAIN,' ELSE '' END, {action}),
            CASE WHEN {action} = 'REFRESH' AND (SELECT version FROM here) >= 170000
                THEN format('GRANT MAINTAIN ON %s TO %I', name.q, me.rolname)
                ELSE format(CASE WHEN (SELECT version FROM here) >= 160000 THEN 'GRANT %I TO %I WITH INHERIT TRUE'
                    ELSE 'GRANT %I TO %I' END, pg_get_userbyid(rel.relowner), me.rolname) END
        FROM rel, name, me, owns WHERE NOT owns.yes
        AND NOT CASE WHEN {action} = 'REFRESH' AND (SELECT version FROM here) >= 170000
            THEN has_table_privilege(me.oid, rel.oid, 'MAINTAIN') ELSE false END
        --end
        --if INSERT|UPDATE|DELETE|TRUNCATE|ALTER|REFRESH|PUBLISH|CREATE
        -- Before everything for utility commands, after the names for the others.
        UNION ALL
        SELECT CASE WHEN late THEN 141 ELSE 105 END, 'standby', '25006', 'the server is a standby, which is read-only', NULL
        FROM writes WHERE yes AND pg_is_in_recovery()
        UNION ALL
        SELECT CASE WHEN late THEN 142 ELSE 106 END, CASE WHEN of_role THEN 'read_only_role' ELSE 'read_only_database' END, '25006',
            format('default_transaction_read_only is on for the %s', CASE WHEN of_role THEN 'role' ELSE 'database' END),
            CASE WHEN of_role THEN format('ALTER ROLE %I %sRESET default_transaction_read_only', $1,
                CASE WHEN of_database THEN format('IN DATABASE %I ', current_database()) ELSE '' END)
                -- The session that runs it is read-only as well.
                WHEN of_database THEN format('BEGIN READ WRITE; ALTER DATABASE %I RESET default_transaction_read_only; COMMIT',
                    current_database())
                ELSE 'BEGIN READ WRITE; ALTER ROLE ALL RESET default_transaction_read_only; COMMIT' END
        FROM setting, writes WHERE name = 'default_transaction_read_only' AND place = 1
        AND value ~* '^(t(r(ue?)?)?|y(es?)?|on|1)$' AND yes
        UNION ALL
        SELECT CASE WHEN late THEN 142 ELSE 106 END, 'read_only_server', '25006', 'default_transaction_read_only is on for the server',
            format('BEGIN READ WRITE; ALTER ROLE %I IN DATABASE %I SET default_transaction_read_only = off; COMMIT', $1,
                current_database())
        FROM server_setting, writes WHERE name = 'default_transaction_read_only' AND value = 'on' AND yes
        AND NOT EXISTS (SELECT FROM setting s WHERE s.name = 'default_transaction_read_only')
        --end
        --if relation INSERT|UPDATE|DELETE|TRUNCATE|REFRESH|PUBLISH
        UNION ALL
        SELECT 143, 'wrong_kind', CASE WHEN rel.relkind IN ('v', 'f') AND {action} <> 'TRUNCATE' THEN '55000' ELSE '42809' END,
            format('%s is not for %s, which is %s', {action}, name.q, CASE rel.relkind WHEN 'v' THEN 'a view'
                WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table' ELSE 'a table' END), NULL
        FROM rel, name WHERE CASE WHEN {action} = 'REFRESH' THEN rel.relkind <> 'm' WHEN {action} = 'TRUNCATE' THEN rel.relkind IN ('v', 'm')
            WHEN {action} = 'PUBLISH' THEN rel.relkind NOT IN ('r', 'p') WHEN {action} IN ('INSERT', 'UPDATE', 'DELETE') THEN rel.relkind = 'm'
                OR rel.relkind IN ('v', 'f') AND pg_relation_is_updatable(rel.oid, true)
                    & CASE {action} WHEN 'INSERT' THEN 8 WHEN 'UPDATE' THEN 4 ELSE 16 END = 0
            ELSE false END
        --end
        --if relation
        -- The relation and its columns.
        UNION ALL
        SELECT 150, CASE WHEN EXISTS (SELECT FROM grp) THEN 'no_inherit' WHEN lone.of_columns THEN 'column'
                WHEN EXISTS (SELECT FROM def) THEN 'default_privileges' ELSE 'table' END, '42501',
            format('%s on %s%s is missing%s', lone.p, name.q, coalesce(' (' || array_to_string(lone.cols, ', ') || ')', ''),
                CASE WHEN EXISTS (SELECT FROM grp) THEN (SELECT format('; "%s" has it, but is not inherited', rolname) FROM grp)
                    WHEN lone.of_columns THEN '' ELSE coalesce((SELECT CASE WHEN is_same AND is_later
                        THEN '; the default privileges are newer than the table'
                        WHEN is_same THEN '; it was revoked after the default privileges gave it'
                        ELSE format('; "%s" made it, and the default privileges are those of "%s"',
                            pg_get_userbyid(rel.relowner), maker) END FROM def), '') END)
                || CASE WHEN lone.p <> {action} THEN format('; %s with WHERE reads', {action}) ELSE '' END,
            CASE WHEN EXISTS (SELECT FROM grp) THEN (SELECT CASE WHEN (SELECT version FROM here) >= 160000
                    THEN format('GRANT %I TO %I WITH INHERIT TRUE', rolname, me.rolname)
                    -- The one in the chain that does not inherit.
                    ELSE format('ALTER ROLE %I INHERIT', (SELECT r.rolname FROM ident i JOIN {roles} r ON r.oid = i.oid
                        WHERE i.inherit AND NOT r.rolinherit AND pg_has_role(r.oid, grp.rolname, 'MEMBER') LIMIT 1)) END FROM grp)
                WHEN lone.cols IS NOT NULL THEN format('GRANT %s (%s) ON %s TO %I', lone.p,
                    (SELECT string_agg(quote_ident(c), ', ') FROM unnest(lone.cols) c), name.q, me.rolname)
                WHEN EXISTS (SELECT FROM def) THEN (SELECT format('GRANT %s ON %s TO %s', lone.p, name.q, grantee) FROM def)
                ELSE format('GRANT %s ON %s TO %I', lone.p, name.q, me.rolname) END
        FROM lone, rel, name, me
        --if views|REFRESH
        -- What lies behind it.
        UNION ALL
        SELECT 151, CASE WHEN behind.is_invoker THEN 'view_invoker' ELSE 'view_owner' END, '42501',
            format('view %s reads %s as "%s", which lacks %s', behind.rel::regclass, behind.base::regclass,
                pg_get_userbyid(behind.checker), CASE WHEN usage THEN 'SELECT on it' ELSE format('USAGE on schema "%s"', nspname) END),
            CASE WHEN usage THEN format('GRANT SELECT ON %s TO %I', behind.base::regclass, pg_get_userbyid(behind.checker))
                ELSE format('GRANT USAGE ON SCHEMA %I TO %I', nspname, pg_get_userbyid(behind.checker)) END
        FROM behind
        UNION ALL
        SELECT 152, 'view_function', '42501', format('a view calls %s, on which the caller needs EXECUTE', signature),
            format('GRANT EXECUTE ON ROUTINE %s TO %I', signature, me.rolname) FROM called, me
        UNION ALL
        SELECT 155, 'view_sequence', 'unknown', format('whether a view takes from sequence %s, or reads it, and may', counter.name), NULL
        FROM counter
        --end
        --end
        --if relation INSERT|UPDATE
        UNION ALL
        SELECT rank, 'expression', CASE WHEN is_sure THEN '42501' ELSE 'unknown' END,
            format('%s calls %s, on which the role needs EXECUTE', what, signature),
            format('GRANT EXECUTE ON ROUTINE %s TO %I', signature, me.rolname) FROM computed, me
        --end
        --if relation INSERT
        UNION ALL
        SELECT 153, 'sequence', '42501', format('USAGE on sequence %s is missing, which a default takes from', seq.name),
            format('GRANT USAGE ON SEQUENCE %s TO %I', seq.name, me.rolname) FROM seq, me
        --end
        --if relation
        --if foreign-tables
        UNION ALL
        SELECT 154, 'user_mapping', '42704', format('"%s" has no user mapping on server "%s"', me.rolname, s.srvname),
            format('CREATE USER MAPPING FOR %I SERVER %I OPTIONS (user ''USER'', password ''PASSWORD'')', me.rolname, s.srvname)
        FROM me, rel JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = rel.oid
        JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE w.fdwname = 'postgres_fdw'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_user_mappings m WHERE m.srvid = s.oid AND m.umuser IN (0, me.oid))
        --end
        --end
        --if relation INSERT|UPDATE|DELETE
        UNION ALL
        SELECT 155, 'view_write', 'unknown', format('whether the owner of view %s may write what is behind it', name.q), NULL
        FROM rel, name WHERE rel.relkind = 'v'
        UNION ALL
        SELECT 155, 'rule', 'unknown', format('what the rules on %s do', name.q), NULL
        FROM rel, name WHERE rel.relkind <> 'v' AND EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class = rel.oid
            AND w.ev_enabled <> 'D' AND w.ev_type = CASE {action} WHEN 'UPDATE' THEN '2' WHEN 'INSERT' THEN '3' ELSE '4' END::"char")
        --end
        --if relation
        --if row-security
        -- Row security hides rows without an error; only a new row is refused.
        UNION ALL
        SELECT 160, CASE WHEN rls.is_forced THEN 'rls_force' WHEN rls.of_others IS NOT NULL OR rls.of_other_command IS NOT NULL
                THEN 'rls_other' ELSE 'rls_none' END, CASE WHEN {action} = 'INSERT' THEN '42501' END,
            format('row security on %s: no permissive policy is for %s by "%s"%s%s', name.q, rls.p, me.rolname,
                CASE WHEN rls.is_forced THEN ', the owner, whom FORCE includes'
                    ELSE coalesce('; policy "' || rls.of_others || '" is for others',
                        '; policy "' || rls.of_other_command || '" is for another command', '') END,
                CASE WHEN rls.p <> {action} THEN format('; %s with WHERE reads', {action}) ELSE '' END),
            CASE WHEN rls.is_forced THEN format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', name.q)
                WHEN rls.of_others IS NOT NULL THEN format('ALTER POLICY %I ON %s TO %s', rls.of_others, name.q,
                    (SELECT string_agg(quote_ident(pg_get_userbyid(o)), ', ') FROM (
                        SELECT unnest(polroles) AS o FROM pol WHERE pol.p = rls.p AND polname::text = rls.of_others
                        UNION ALL SELECT me.oid) x))
                ELSE format('CREATE POLICY %I ON %s FOR %s TO %I %s (true)', me.rolname || '_' || lower(rls.p), name.q, rls.p,
                    me.rolname, CASE WHEN rls.p = 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END) END
        FROM rls, name, me WHERE rls.is_on AND NOT rls.has_one
        UNION ALL
        SELECT 151, 'policy', '42501', CASE WHEN base IS NULL THEN format('policy "%s" calls %s, on which the role needs EXECUTE', polname,
                signature) ELSE format('policy "%s" reads %s, on which the role needs SELECT', polname, base) END,
            CASE WHEN base IS NULL THEN format('GRANT EXECUTE ON ROUTINE %s TO %I', signature, me.rolname)
                ELSE format('GRANT SELECT ON %s TO %I', base, me.rolname) END FROM guard, me
        --end
        --end
    ),
    -- Whose rights decide: an object's list, its owner, and what it grants.
    object (acl, owner, privilege) AS (
        --if relation|sequence
        SELECT coalesce(rel.relacl, acldefault(CASE rel.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", rel.relowner)),
            rel.relowner, CASE WHEN {action} = 'REFRESH' THEN 'MAINTAIN' ELSE {action} END FROM rel
        UNION ALL
        SELECT a.attacl, rel.relowner, {action} FROM rel JOIN pg_catalog.pg_attribute a ON a.attrelid = rel.oid WHERE a.attacl IS NOT NULL
        --end
        --if function
        SELECT coalesce(proacl, acldefault('f', proowner)), proowner, {action} FROM fn
        --end
        --if schema
        SELECT coalesce(nspacl, acldefault('n', nspowner)), nspowner, {action} FROM nsp
        --end
        --if type
        SELECT coalesce(typacl, acldefault('T', typowner)), typowner, {action} FROM typ
        --end
        --if large-object
        SELECT coalesce(lomacl, acldefault('L', lomowner)), lomowner, {action} FROM lo
        --end
        --if tablespace
        SELECT coalesce(spcacl, acldefault('t', spcowner)), spcowner, {action} FROM space
        --end
        --if database
        SELECT coalesce(datacl, acldefault('d', datdba)), datdba, {action}
        FROM pg_catalog.pg_database WHERE datname = current_database()
        --end
        --if role
        SELECT NULL::aclitem[], NULL::oid, {action} WHERE false
        --end
    ),
    holder (oid, is_owner) AS (
        SELECT a.grantee, a.grantee = o.owner FROM object o, aclexplode(o.acl) a WHERE a.privilege_type = o.privilege
        --if ALTER|REFRESH|PUBLISH
        UNION SELECT owner, true FROM object
        --end
        --if tablespace
        UNION SELECT 0, false FROM space JOIN pg_catalog.pg_database d ON d.dattablespace = space.oid WHERE d.datname = current_database()
        --end
        --if relation|sequence SELECT|INSERT|UPDATE|DELETE
        UNION SELECT r.oid, false FROM {roles} r
        WHERE r.rolname = CASE WHEN {action} = 'SELECT' THEN 'pg_read_all_data' ELSE 'pg_write_all_data' END
        --end
    )
    SELECT json_build_object(
        'acts_as', (SELECT rolname FROM me),
        'causes', (SELECT coalesce(json_agg(to_json(c) ORDER BY rank), '[]') FROM cause c),
        'through', (SELECT coalesce(json_agg(DISTINCT CASE WHEN me.rolsuper THEN 'superuser' WHEN h.oid = 0 THEN 'PUBLIC'
                WHEN h.oid = me.oid THEN CASE WHEN h.is_owner THEN 'ownership' ELSE format('role "%s"', me.rolname) END
                WHEN h.is_owner THEN format('owner "%s"', pg_get_userbyid(h.oid))
                ELSE format('group "%s"', pg_get_userbyid(h.oid)) END), '[]')
            FROM me, holder h WHERE h.oid = 0 OR h.oid IN (SELECT i.oid FROM ident i WHERE i.inherit) OR me.rolsuper),
        'limits', (SELECT coalesce(json_agg(text), '[]') FROM (
            SELECT NULL::text AS text WHERE false
            --if function
            UNION ALL SELECT format('what the body of %s needs%s', signature, CASE WHEN prosecdef
                THEN format(', which runs as "%s"', pg_get_userbyid(proowner)) ELSE '' END)
            FROM fn WHERE lanname NOT IN ('c', 'internal')
            --end
            --if relation
            --if row-security
            UNION ALL SELECT 'which rows row security lets through' WHERE EXISTS (SELECT FROM rls WHERE is_on)
            --end
            --if views
            UNION ALL SELECT DISTINCT format('which rows of %s row security lets through to "%s", behind a view', c.oid::regclass,
                pg_get_userbyid(vw.checker))
            FROM vw JOIN pg_catalog.pg_rewrite w ON w.ev_class = vw.rel
            JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> vw.rel
            JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN {roles} u ON u.oid = vw.checker
            WHERE c.relrowsecurity AND NOT u.rolsuper AND NOT u.rolbypassrls
            AND (c.relforcerowsecurity OR NOT pg_has_role(vw.checker, c.relowner, 'USAGE'))
            --end
            --end
            --if relation|sequence
            UNION ALL SELECT format('whether it is what is meant: by its bare name it is %I.%I', h.nspname, h.relname)
            FROM rel, want, LATERAL (SELECT n.nspname, c.relname FROM me, pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN path p ON p.nsp = n.nspname::text
                WHERE c.relname = rel.relname AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                AND has_schema_privilege(me.oid, n.oid, 'USAGE') ORDER BY p.place LIMIT 1) h
            WHERE want.nsp IS NOT NULL AND h.nspname <> rel.nspname AND rel.place IS NOT NULL
            --end
            --if relation INSERT|UPDATE|DELETE
            UNION ALL SELECT 'what its triggers do' FROM rel WHERE EXISTS (
                SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = rel.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')
            --end
            --if relation foreign-tables
            UNION ALL SELECT 'what the other server says' FROM rel WHERE relkind = 'f'
            --end
            ) l),
        'path', (SELECT coalesce(json_agg(CASE WHEN is_own THEN '$user' ELSE path.nsp END ORDER BY place), '[]') FROM path
            WHERE is_own OR EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname::text = path.nsp)),
        'schema', (SELECT nspname FROM nsp))
