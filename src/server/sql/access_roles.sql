    -- Read once: each mention of the view pg_roles would be planned as a join of its own.
    login AS MATERIALIZED (
        SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
            rolconnlimit, rolvaliduntil
        FROM pg_catalog.pg_roles
    ),
    -- The wanted group; oid 0 (PUBLIC) while it does not exist, so that what PUBLIC has is not granted needlessly.
    subject AS (
        SELECT coalesce((SELECT oid FROM login WHERE rolname = $3::text), 0::oid) AS oid
    ),
    me AS MATERIALIZED (
        SELECT *, current_setting('server_version_num')::integer AS version FROM login WHERE rolname = current_user
    ),
    db AS (SELECT oid, datdba, datacl FROM pg_catalog.pg_database WHERE datname = current_database()),
