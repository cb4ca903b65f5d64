    'oid', (SELECT oid::bigint FROM leaver),
    'bootstrap', coalesce((SELECT oid < 16384 FROM leaver), false),
    'heir', (SELECT json_build_object('superuser', rolsuper) FROM heir),
    'reach', (SELECT reach FROM in_reach),
    'database', json_build_object(
        'name', (SELECT datname FROM db),
        'owner', (SELECT pg_get_userbyid(datdba) FROM db),
        'dependencies', (SELECT count(*) FROM dep WHERE dbid <> 0),
        'owned', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'count', total, 'names', names) ORDER BY kind), '[]') FROM kinds WHERE owned),
        'privileges', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'count', total, 'names', names) ORDER BY kind), '[]') FROM kinds WHERE NOT owned),
        -- DROP OWNED removes the role's own default privileges and user mappings; the rest somebody must get.
        'to_dispose_of', (SELECT count(*) FROM dep WHERE dbid <> 0 AND deptype = 'o'
            AND classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)),
        -- REASSIGN OWNED and DROP OWNED lock these until the end of the transaction; of policies, their tables.
        'locked', (SELECT count(*) FROM (SELECT objid FROM dep WHERE dbid <> 0 AND deptype = 'o' AND classid = 'pg_class'::regclass
            UNION SELECT p.polrelid FROM dep JOIN pg_catalog.pg_policy p ON classid = 'pg_policy'::regclass AND objid = p.oid
            WHERE deptype = 'r') l),
        'many_tables', (SELECT CASE WHEN (SELECT count(*) FROM own_table) > $4::integer
            THEN json_agg(oid::regclass::text ORDER BY oid) ELSE '[]' END FROM own_table),
        'create_missing', (SELECT coalesce(json_agg(json_build_object('schema', c.nspname, 'owner', pg_get_userbyid(c.nspowner),
            'only_tables', c.only_tables, 'own', c.nspowner = leaver.oid)), '[]') FROM creating c, leaver),
        'create_on_database', coalesce((SELECT NOT has_database_privilege(heir.oid, db.oid, 'CREATE') AND EXISTS (SELECT FROM dep
            WHERE dbid <> 0 AND deptype = 'o' AND classid IN ('pg_namespace'::regclass, 'pg_publication'::regclass)) FROM heir, db), false),
        'event_triggers', (SELECT coalesce(json_agg(quote_ident(evtname)), '[]') FROM pg_catalog.pg_event_trigger e JOIN leaver ON e.evtowner = leaver.oid),
        -- Its columns can be read, unlike the connection string.
        'subscriptions', (SELECT coalesce(json_agg(quote_ident(subname)), '[]') FROM (SELECT s.subname FROM pg_catalog.pg_subscription s, leaver, db
            WHERE s.subowner = leaver.oid AND s.subdbid = db.oid) s),
        'owners', (SELECT coalesce(json_agg(pg_get_userbyid(oid)), '[]') FROM owner),
        'keep', (SELECT coalesce(json_agg(json_build_object('privilege', privilege_type, 'object',
            json_build_object('keyword', kw, 'name', name, 'column', col), 'owner', pg_get_userbyid(owner),
            'grantee', CASE WHEN grantee <> 0 THEN pg_get_userbyid(grantee) END, 'grantable', is_grantable)
            ORDER BY name, is_grantable DESC), '[]') FROM keep),
        'foreign', (SELECT coalesce(json_agg(json_build_object('object', json_build_object('keyword', kw, 'name', name, 'column', col),
            'grantor', pg_get_userbyid(grantor)) ORDER BY name), '[]') FROM foreign_grant)
    ),
    'cluster', json_build_object(
        'databases', (SELECT coalesce(json_agg(json_build_object('name', d.datname, 'dependencies', coalesce(c.dependencies, 0),
            'allows_connections', d.datallowconn, 'may_connect', has_database_privilege(d.oid, 'CONNECT'),
            'owner', pg_get_userbyid(d.datdba)) ORDER BY d.datname), '[]')
            FROM pg_catalog.pg_database d JOIN (
                SELECT s.dbid, count(*) AS dependencies FROM pg_catalog.pg_shdepend s JOIN leaver ON s.refobjid = leaver.oid
                WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype <> 'p' AND s.dbid <> 0 GROUP BY s.dbid
                -- A subscription is shared, and can be altered in its database only.
                UNION ALL SELECT s.subdbid, 0 FROM pg_catalog.pg_subscription s JOIN leaver ON s.subowner = leaver.oid
                    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_shdepend d WHERE d.refobjid = leaver.oid AND d.dbid = s.subdbid
                    AND d.refclassid = 'pg_authid'::regclass)
            ) c ON c.dbid = d.oid),
        'shared', (SELECT coalesce(json_agg(json_build_object('keyword', kw, 'name', name) ORDER BY kw, name), '[]') FROM shared),
        -- The function under the view pg_stat_replication, without its joins.
        'standbys', (SELECT count(*) FROM pg_catalog.pg_stat_get_wal_senders()),
        'shared_privileges', (SELECT count(*) FROM dep WHERE dbid = 0 AND deptype = 'a'),
        -- A grant names all options: what the grantor has given before stays.
        'granted', (SELECT coalesce(json_agg(json_build_object('group', pg_get_userbyid(o.roleid), 'member', pg_get_userbyid(o.member),
            'admin', o.admin_option OR coalesce(m.admin_option, false), 'inherit', o.inherit OR coalesce(m.inherit, false),
            'set', o.may_set OR coalesce(m.may_set, false), 'grantor', pg_get_userbyid(h.holder))
            ORDER BY NOT o.admin_option, pg_get_userbyid(o.roleid), pg_get_userbyid(o.member)), '[]')
            FROM handed_on o JOIN holding h0 ON h0.oid = o.roleid CROSS JOIN actor CROSS JOIN LATERAL (SELECT CASE
                WHEN actor.rolsuper THEN 10::oid WHEN h0.rolsuper THEN NULL ELSE h0.holder END AS holder) h
            LEFT JOIN membership m ON m.roleid = o.roleid AND m.member = o.member AND m.grantor = h.holder),
        'sole_admin_of', (SELECT coalesce(json_agg(r.rolname ORDER BY r.rolname), '[]') FROM membership m JOIN leaver ON m.member = leaver.oid
            JOIN pg_catalog.pg_roles r ON r.oid = m.roleid, actor
            WHERE m.admin_option AND actor.version >= 160000 AND NOT EXISTS (SELECT FROM membership o
                WHERE o.roleid = m.roleid AND o.admin_option AND o.member <> leaver.oid)),
        'member_of', (SELECT coalesce(json_agg(DISTINCT pg_get_userbyid(m.roleid)), '[]') FROM membership m JOIN leaver ON m.member = leaver.oid),
        'members', (SELECT coalesce(json_agg(DISTINCT pg_get_userbyid(m.member)), '[]') FROM membership m JOIN leaver ON m.roleid = leaver.oid),
        'prepared', (SELECT coalesce(json_agg(json_build_object('gid', gid, 'database', database,
            'prepared', to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY gid), '[]')
            FROM pg_catalog.pg_prepared_xacts p JOIN leaver ON p.owner = leaver.rolname)
    )
