    'objects', (SELECT coalesce(json_agg(json_build_object('schema', nspname, 'kind', kind, 'owner', pg_get_userbyid(owner),
        'missing', missing, 'count', count, 'names', names) ORDER BY nspname, kind, owner), '[]') FROM gap_object),
    'defaults', (SELECT coalesce(json_agg(json_build_object('creator', rolname, 'kind', name,
        'missing', missing, 'count', count, 'schemas', CASE WHEN $12::boolean THEN schemas END) ORDER BY rolname, name), '[]') FROM gap_default),
    'connect', (SELECT has_database_privilege(subject.oid, db.oid, 'CONNECT') FROM subject, db)
