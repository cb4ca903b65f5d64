    -- What relations of these names ($3) are, in whatever schema: what none of them is need not be read about.
    SELECT json_build_object('views', coalesce(bool_or(c.relkind = 'v'), false),
        'foreign_tables', coalesce(bool_or(c.relkind = 'f'), false),
        'row_security', coalesce(bool_or(c.relrowsecurity), false))
    FROM unnest($3::text[]) AS o (written), LATERAL (SELECT parse_ident(written, false) AS parts) p
    JOIN pg_catalog.pg_class c ON c.relname = parts[array_length(parts, 1)]::name
