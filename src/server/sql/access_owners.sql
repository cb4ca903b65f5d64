    owner AS (
        SELECT oid FROM creator UNION SELECT datdba FROM db UNION SELECT nspowner FROM schema
        UNION SELECT owner FROM object UNION SELECT oid FROM login WHERE rolname = $1::text
        UNION SELECT owner FROM routine UNION SELECT owner FROM open_routine UNION SELECT owner FROM open_grant
        UNION SELECT defaclrole FROM open_default
    ),
