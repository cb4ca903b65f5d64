    -- Only a superuser may read pg_authid, and a query that names it fails for others even if it would not
    -- reach it: so it is named in a text that runs only for superusers.
    'verifier', CASE WHEN current_setting('is_superuser') = 'on' THEN
        substring(query_to_xml(format('SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = %L', $1::text),
            false, false, '')::text FROM '<rolpassword>(.*)</rolpassword>') END
