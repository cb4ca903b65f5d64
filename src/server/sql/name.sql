    -- Behind a pooler another process answers than the login announced: there the name would remain for others.
    'pooled', pg_backend_pid() <> $3::integer,
    'named', CASE WHEN pg_backend_pid() = $3::integer THEN set_config('application_name', $2::text, false) END
