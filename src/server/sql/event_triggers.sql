SELECT coalesce(json_agg(json_build_object('name', t.evtname, 'event', t.evtevent,
    'function', quote_ident(n.nspname) || '.' || quote_ident(p.proname), 'language', l.lanname, 'md5', md5(p.prosrc))
    ORDER BY t.evtname), '[]')
FROM pg_catalog.pg_event_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.evtfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE t.evtenabled <> 'D' AND t.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop')
AND (t.evttags IS NULL OR t.evttags && $1::text[])
