    ,
    gap_object AS (
        SELECT o.nspname, o.kind, o.owner, o.missing, count(*) AS count,
            (array_agg(o.name ORDER BY o.name))[1:20] AS names
        FROM (
            SELECT m.nspname, m.kind, m.owner, c.relname AS name, CASE m.kind
                WHEN 'sequences' THEN ARRAY(SELECT p FROM unnest($5::text[]) p WHERE NOT has_sequence_privilege(subject.oid, m.oid, p))
                ELSE ARRAY(SELECT p FROM unnest($4::text[]) p WHERE NOT has_table_privilege(subject.oid, m.oid, p)) END AS missing
            FROM missing m JOIN pg_catalog.pg_class c ON c.oid = m.oid, subject) o
        GROUP BY o.nspname, o.kind, o.owner, o.missing
    ),
    -- Where default privileges are wanted: everywhere, or in each of the chosen schemas.
    scope (oid, nspname) AS (
        SELECT 0::oid, NULL::name WHERE NOT $12::boolean
        UNION ALL SELECT oid, nspname FROM schema WHERE $12::boolean
    ),
    gap_default AS (
        SELECT g.rolname, g.name, g.missing, count(*) AS count, (array_agg(g.nspname ORDER BY g.nspname))[1:20] AS schemas
        FROM (
            SELECT c.rolname, k.name, s.nspname, ARRAY(SELECT p FROM unnest(k.privileges) p
                WHERE p <> ALL (coalesce(d.privileges, ARRAY[]::text[]))) AS missing
            FROM creator c CROSS JOIN subject CROSS JOIN kind k CROSS JOIN scope s
            LEFT JOIN given d ON d.defaclrole = c.oid AND d.defaclnamespace = s.oid AND d.defaclobjtype = k.code::"char"
            WHERE c.oid <> subject.oid AND NOT (k.name = 'schemas' AND $12::boolean)
            AND NOT ($12::boolean AND NOT $13::boolean AND EXISTS (
                SELECT FROM given e WHERE e.defaclrole = c.oid AND e.defaclnamespace = 0
                AND e.defaclobjtype = k.code::"char" AND e.privileges @> k.privileges))) g
        WHERE cardinality(g.missing) > 0
        GROUP BY g.rolname, g.name, g.missing
    )
