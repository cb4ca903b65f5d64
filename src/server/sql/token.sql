    -- RDS and Aurora accept only tokens from members of rds_iam, whatever kind of membership it is.
    'token_group', (SELECT g.rolname FROM pg_catalog.pg_roles g, described r
        WHERE g.rolname = 'rds_iam' AND r.rolname = $1::text AND r.oid <> g.oid
        AND NOT r.rolsuper AND pg_has_role(r.oid, g.oid, 'MEMBER'))
