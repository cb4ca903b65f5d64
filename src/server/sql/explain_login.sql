    -- Why a role cannot log in. $1 is the role, $2 the database, which may be another than the session's.
    -- Ranks are the server's own order: pg_hba.conf, password, NOLOGIN, limits, database. The state 'unknown' is no cause.
    WITH RECURSIVE here AS MATERIALIZED (
        SELECT current_setting('server_version_num')::integer AS version, inet_client_addr() AS address,
            coalesce((SELECT s.ssl FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS ssl
    ),
    me AS MATERIALIZED (SELECT * FROM {roles} WHERE rolname::text = $1::text),
    db AS MATERIALIZED (SELECT * FROM pg_catalog.pg_database WHERE datname::text = $2::text),
    up (oid) AS (
        SELECT oid FROM me UNION SELECT m.roleid FROM up JOIN pg_catalog.pg_auth_members m ON m.member = up.oid
    ),
    -- One letter more, less, other or swapped, or another case.
    near AS (
        SELECT r.rolname FROM {roles} r
        WHERE r.rolname !~ '^pg_' AND NOT EXISTS (SELECT FROM me) AND (
            lower(r.rolname) = lower($1) OR EXISTS (
                SELECT FROM generate_series(0, length($1)) i
                WHERE left(r.rolname, i) = left($1, i) AND (
                    substr(r.rolname, i + 1) = substr($1, i + 2) OR substr(r.rolname, i + 2) = substr($1, i + 1)
                    OR substr(r.rolname, i + 2) = substr($1, i + 2)
                    OR substr(r.rolname, i + 1, 2) = reverse(substr($1, i + 1, 2))
                        AND substr(r.rolname, i + 3) = substr($1, i + 3))))
        ORDER BY 1 LIMIT 3
    ),
    -- The rules are read by a query of their own, and only by those who may: others would get an error, not NULL.
    may_read AS MATERIALIZED (
        SELECT has_table_privilege('pg_catalog.pg_hba_file_rules', 'SELECT')
            AND has_function_privilege('pg_catalog.pg_hba_file_rules()', 'EXECUTE') AS rules
    ),
    hba_file AS MATERIALIZED (
        SELECT coalesce((SELECT setting FROM pg_catalog.pg_settings WHERE name = 'hba_file'), 'pg_hba.conf') AS path
    ),
    matched AS MATERIALIZED (
        SELECT CASE WHEN rules THEN query_to_xml(format($q$
            WITH r AS (
                SELECT h.*, coalesce(to_jsonb(h) ->> 'file_name', %7$L) AS file, (to_jsonb(h) ->> 'rule_number')::integer AS number
                FROM pg_catalog.pg_hba_file_rules h
            ),
            m AS (
                SELECT r.*,
                    CASE type WHEN 'local' THEN %4$L::inet IS NULL WHEN 'host' THEN %4$L::inet IS NOT NULL
                        WHEN 'hostssl' THEN %4$L::inet IS NOT NULL AND %5$L::boolean
                        WHEN 'hostnossl' THEN %4$L::inet IS NOT NULL AND NOT %5$L::boolean
                        WHEN 'hostgssenc' THEN NULL WHEN 'hostnogssenc' THEN %4$L::inet IS NOT NULL END AS of_type,
                    EXISTS (SELECT FROM unnest(database) d WHERE d IN ('all', %2$L) OR d = 'sameuser' AND %1$L = %2$L
                        OR d IN ('samerole', 'samegroup') AND %2$L = ANY (%3$L::text[])
                        OR %6$L::integer >= 160000 AND d LIKE '/%%' AND %2$L ~ substr(d, 2)) AS of_database,
                    EXISTS (SELECT FROM unnest(user_name) u WHERE u IN ('all', %1$L)
                        OR u LIKE '+%%' AND substr(u, 2) = ANY (%3$L::text[])
                        OR %6$L::integer >= 160000 AND u LIKE '/%%' AND %1$L ~ substr(u, 2)) AS of_user,
                    CASE WHEN type = 'local' THEN true WHEN %4$L::inet IS NULL THEN false WHEN address = 'all' THEN true
                        WHEN address IN ('samehost', 'samenet') THEN CASE WHEN %4$L::inet <<= '127.0.0.0/8'
                            OR host(%4$L::inet) = host(inet_server_addr()) THEN true END
                        WHEN netmask IS NOT NULL THEN family(%4$L::inet) = family(address::inet)
                            AND (%4$L::inet & netmask::inet) = (address::inet & netmask::inet) END AS of_address
                FROM r WHERE type IS NOT NULL
            )
            SELECT json_build_object('line', line_number, 'file', file, 'method', auth_method,
                'sure', coalesce(of_type AND of_address, false)) AS j
            FROM m WHERE of_database AND of_user AND of_type IS NOT FALSE AND of_address IS NOT FALSE
            ORDER BY coalesce(number, line_number) LIMIT 1 $q$,
            $1, $2, (SELECT array_agg(r.rolname::text) FROM up JOIN {roles} r USING (oid)),
            (SELECT address FROM here), (SELECT ssl FROM here), (SELECT version FROM here), (SELECT path FROM hba_file)
        ), false, true, '')::text END AS found FROM may_read
    ),
    rule AS MATERIALIZED (
        SELECT CASE WHEN found ~ '<j>' THEN replace(replace(replace(replace(substring(found FROM '<j>(.*)</j>'),
            '&quot;', '"'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&')::json END AS h FROM matched
    ),
    -- An error keeps the rules that were loaded before; a newer file is not loaded yet.
    stale AS MATERIALIZED (
        SELECT CASE WHEN NOT rules THEN NULL
            WHEN query_to_xml('SELECT 1 FROM pg_catalog.pg_hba_file_rules WHERE type IS NULL', false, true, '')::text <> ''
                THEN 'has an error: the server keeps the rules that it loaded before'
            WHEN has_function_privilege('pg_catalog.pg_stat_file(text)', 'EXECUTE') AND query_to_xml(
                'SELECT 1 WHERE pg_conf_load_time() < (pg_stat_file(current_setting(''hba_file''))).modification',
                false, true, '')::text <> ''
                THEN 'is newer than the last reload' END AS why
        FROM may_read
    ),
    verifier AS MATERIALIZED (
        SELECT CASE WHEN has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') THEN
            substring(query_to_xml(format('SELECT CASE WHEN rolpassword IS NULL THEN ''none''
                WHEN rolpassword LIKE ''SCRAM-SHA-256$%%'' THEN ''scram-sha-256'' ELSE ''md5'' END AS v
                FROM pg_catalog.pg_authid WHERE oid = %s', oid), false, true, '')::text from '<v>([^<]*)</v>')
            END AS kind FROM me
    ),
    -- As the server counts them; everybody may read whose they are.
    used AS MATERIALIZED (
        SELECT count(*) FILTER (WHERE usesysid = (SELECT oid FROM me)) AS of_role,
            count(*) FILTER (WHERE datid = (SELECT oid FROM db)) AS of_database,
            count(*) FILTER (WHERE usesysid IS NOT NULL) AS of_all
        FROM pg_catalog.pg_stat_activity WHERE coalesce(backend_type, 'client backend') IN ('client backend', 'walsender')
    ),
    password AS MATERIALIZED (
        SELECT (SELECT h ->> 'method' FROM rule) IN ('password', 'md5', 'scram-sha-256') IS TRUE AS is_asked,
            NOT (SELECT rules FROM may_read) AS unknown
    ),
    -- The line that would let the role in from here.
    line AS MATERIALIZED (
        SELECT concat_ws(' ', CASE WHEN address IS NULL THEN 'local' ELSE 'host' END,
            CASE WHEN $2 ~ '^[a-z_][a-z0-9_]*$' AND $2 NOT IN ('all', 'sameuser', 'samerole', 'samegroup', 'replication')
                THEN $2 ELSE '"' || replace($2, '"', '""') || '"' END,
            CASE WHEN $1 ~ '^[a-z_][a-z0-9_]*$' AND $1 <> 'all' THEN $1 ELSE '"' || replace($1, '"', '""') || '"' END,
            host(address) || CASE family(address) WHEN 4 THEN '/32' ELSE '/128' END,
            CASE WHEN (SELECT kind FROM verifier) = 'md5' THEN 'md5' ELSE 'scram-sha-256' END) AS text FROM here
    ),
    cause (rank, cause, sqlstate, message, remedy, value) AS (
        SELECT 10, 'no_role', '28P01', format('role "%s" does not exist%s', $1,
                (SELECT '; did you mean ' || string_agg('"' || rolname || '"', ', ') FROM near)),
            NULL, (SELECT min(rolname::text) FROM near)
        WHERE NOT EXISTS (SELECT FROM me)
        UNION ALL
        SELECT 19, 'hba_stale', 'unknown', 'pg_hba.conf ' || why, NULL, NULL FROM stale WHERE why IS NOT NULL
        UNION ALL
        SELECT 20, 'hba_none', '28000', format('no line of pg_hba.conf is for "%s", database "%s", from %s', $1, $2,
                coalesce(host(address), 'the socket')),
            format('add to %s: %s; then SELECT pg_reload_conf()', (SELECT path FROM hba_file), (SELECT text FROM line)), NULL
        FROM here WHERE (SELECT rules FROM may_read) AND (SELECT h IS NULL FROM rule)
        UNION ALL
        SELECT CASE h ->> 'method' WHEN 'reject' THEN 21 ELSE 22 END,
            CASE h ->> 'method' WHEN 'reject' THEN 'hba_reject' ELSE 'hba_method' END, '28000',
            format(CASE h ->> 'method' WHEN 'reject' THEN 'line %s of %s rejects it'
                ELSE 'line %s of %s asks for %s, not for a password' END, h ->> 'line', h ->> 'file', h ->> 'method'),
            format('add before line %s of %s: %s; then SELECT pg_reload_conf()', h ->> 'line', h ->> 'file',
                (SELECT text FROM line)), NULL
        FROM rule WHERE h ->> 'method' IN ('reject', 'ident', 'peer', 'cert', 'gss', 'sspi') AND (h ->> 'sure')::boolean
        UNION ALL
        SELECT 23, 'hba_unsure', 'unknown', format('line %s of %s may match, by a host name or network',
                h ->> 'line', h ->> 'file'), NULL, NULL
        FROM rule WHERE NOT (h ->> 'sure')::boolean
        UNION ALL
        SELECT 24, 'hba_elsewhere', 'unknown', format('line %s of %s leaves the login to %s',
                h ->> 'line', h ->> 'file', h ->> 'method'), NULL, NULL
        FROM rule WHERE (h ->> 'sure')::boolean AND h ->> 'method' NOT IN
            ('reject', 'ident', 'peer', 'cert', 'gss', 'sspi', 'trust', 'password', 'md5', 'scram-sha-256')
        UNION ALL
        SELECT 30, 'no_password', '28P01', 'no password is set', NULL, NULL
        FROM verifier, password WHERE kind = 'none' AND (is_asked OR unknown)
        UNION ALL
        SELECT 31, 'valid_until', '28P01', format('VALID UNTIL is past: %s', rolvaliduntil),
            format('ALTER ROLE %I VALID UNTIL ''infinity''', $1), NULL
        FROM me, password WHERE rolvaliduntil < now() AND (is_asked OR unknown)
        UNION ALL
        SELECT 32, 'verifier', '28P01', format('the password is stored as md5, line %s of %s asks for scram-sha-256',
                h ->> 'line', h ->> 'file'), NULL, NULL
        FROM verifier, rule WHERE kind = 'md5' AND h ->> 'method' = 'scram-sha-256'
        UNION ALL
        SELECT 40, 'nologin', '28000', 'the role is NOLOGIN', format('ALTER ROLE %I LOGIN', $1), NULL
        FROM me WHERE NOT rolcanlogin
        UNION ALL
        SELECT 41, 'role_limit', '53300', format('%s of %s connections of the role are in use', of_role, rolconnlimit),
            format('ALTER ROLE %I CONNECTION LIMIT %s', $1, greatest(of_role, rolconnlimit) + 1),
            (greatest(of_role, rolconnlimit) + 1)::text
        FROM me, used WHERE rolconnlimit >= 0 AND NOT rolsuper AND of_role >= rolconnlimit
        UNION ALL
        SELECT 42, 'reserved', '53300', format('%s of %s connections are in use, and the rest is reserved', of_all,
                current_setting('max_connections')), NULL, NULL
        FROM me, used WHERE NOT rolsuper AND of_all >= current_setting('max_connections')::integer
            - current_setting('superuser_reserved_connections')::integer
            - CASE WHEN current_setting('reserved_connections', true) IS NULL OR pg_has_role(me.oid,
                (SELECT oid FROM {roles} WHERE rolname = 'pg_use_reserved_connections'), 'USAGE') THEN 0
                ELSE current_setting('reserved_connections', true)::integer END
        UNION ALL
        SELECT 50, 'no_database', '3D000', format('database "%s" does not exist%s', $2,
                (SELECT '; did you mean "' || min(datname::text) || '"' FROM pg_catalog.pg_database
                WHERE lower(datname) = lower($2) HAVING count(*) > 0)), NULL, NULL
        WHERE NOT EXISTS (SELECT FROM db)
        UNION ALL
        SELECT 51, 'allowconn', '55000', 'the database accepts no connections',
            format('ALTER DATABASE %I ALLOW_CONNECTIONS true', $2), NULL
        FROM db WHERE NOT datallowconn
        UNION ALL
        SELECT 52, 'connect', '42501', 'CONNECT on the database is missing',
            format('GRANT CONNECT ON DATABASE %I TO %I', $2, $1), NULL
        FROM me, db WHERE NOT has_database_privilege(me.oid, db.oid, 'CONNECT')
        UNION ALL
        SELECT 53, 'db_limit', '53300', format('%s of %s connections of the database are in use', used.of_database, datconnlimit),
            format('ALTER DATABASE %I CONNECTION LIMIT %s', $2, greatest(used.of_database, datconnlimit) + 1), NULL
        FROM me, db, used WHERE datconnlimit >= 0 AND NOT rolsuper AND used.of_database >= datconnlimit
        UNION ALL
        SELECT 54, 'half_dropped', '55000', 'the database is half dropped', format('DROP DATABASE %I', $2), NULL
        FROM db WHERE datconnlimit = -2
    )
    SELECT json_build_object(
        'oid', (SELECT oid::bigint FROM me),
        'causes', (SELECT coalesce(json_agg(to_json(c) ORDER BY rank), '[]') FROM cause c),
        'reads_rules', (SELECT rules FROM may_read),
        'asks_for_password', (SELECT is_asked FROM password),
        'verifier', (SELECT kind FROM verifier),
        'line', (SELECT text FROM line),
        'through', (SELECT coalesce(json_agg(DISTINCT CASE WHEN me.rolsuper THEN 'superuser' WHEN a.grantee = 0 THEN 'PUBLIC'
                WHEN a.grantee = me.oid AND a.grantee = db.datdba THEN 'ownership'
                WHEN a.grantee = db.datdba THEN format('owner "%s"', pg_get_userbyid(a.grantee))
                WHEN a.grantee = me.oid THEN format('role "%s"', me.rolname)
                ELSE format('group "%s"', pg_get_userbyid(a.grantee)) END), '[]')
            FROM me, db, aclexplode(coalesce(db.datacl, acldefault('d', db.datdba))) a
            WHERE a.privilege_type = 'CONNECT'
            AND CASE WHEN a.grantee = 0 THEN true ELSE pg_has_role(me.oid, a.grantee, 'USAGE') END))
