    'surroundings', json_build_object(
        'template', (SELECT datistemplate FROM pg_catalog.pg_database WHERE datname = current_database()),
        -- By case; if both have letters beyond ASCII, the server does not decide what is alike. No name is one
        -- that the collation "C" cannot read.
        'alike', ARRAY(SELECT a.rolname::text FROM {roles} a
            WHERE a.rolname::text <> $1::text
            AND (lower(a.rolname::text COLLATE "C") = lower($1::text COLLATE "C")
                OR ($1::text ~ '[^[:ascii:]]' AND a.rolname ~ '[^[:ascii:]]'))))
