    -- The setting that the session would have started with: the most specific of the role's and the database's. As a
    -- text, which is parsed and planned only where a setting may be one; what it returns as XML are hexadecimal digits.
    'role_setting', CASE WHEN EXISTS (
            SELECT FROM pg_catalog.pg_db_role_setting WHERE setrole IN (0, to_regrole(quote_ident(session_user))::oid)
            AND setconfig::text LIKE '%role=%') THEN
        convert_from(decode(substring(query_to_xml($setting$
            SELECT encode(convert_to(json_build_object('role', substr(c.entry, 6), 'is_own', s.setrole <> 0, 'of_database', s.setdatabase <> 0,
                'would_do', EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = substr(c.entry, 6)
                    AND (r.rolsuper OR r.rolcreaterole) AND pg_has_role(u.oid, r.oid,
                        CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)))::text,
                getdatabaseencoding()), 'hex') AS found
            FROM pg_catalog.pg_roles u, pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS c (entry)
            WHERE u.rolname = session_user AND s.setrole IN (0, u.oid) AND c.entry LIKE 'role=%'
            AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1
            $setting$, false, false, '')::text FROM '<found>([0-9a-f]+)</found>'), 'hex'), getdatabaseencoding())::json END
