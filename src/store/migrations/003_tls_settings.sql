-- Client certificates, direct TLS, channel binding; a port for each of several hosts; the login to use.
ALTER TABLE db_registry ADD COLUMN ports TEXT;
ALTER TABLE db_registry ADD COLUMN sslcert TEXT;
ALTER TABLE db_registry ADD COLUMN sslkey TEXT;
ALTER TABLE db_registry ADD COLUMN sslnegotiation TEXT;
ALTER TABLE db_registry ADD COLUMN channel_binding TEXT;
ALTER TABLE db_registry ADD COLUMN admin_user TEXT;
ALTER TABLE db_registry ADD COLUMN system_identifier TEXT;
