    -- RDS and Aurora accept only tokens from members of rds_iam, whatever kind of membership it is.
    'token_group', (SELECT 'rds_iam' FROM described r
        WHERE r.rolname = $1::text AND r.oid <> to_regrole('rds_iam')::oid
        AND NOT r.rolsuper AND pg_has_role(r.oid, to_regrole('rds_iam')::oid, 'MEMBER'))
