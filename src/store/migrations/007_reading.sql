-- The indexes that keep each page of the audit log quick, whatever the log's length and the filter.
CREATE INDEX audit_log_env ON audit_log (env, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_database ON audit_log (db_name, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_username ON audit_log (username, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operator ON audit_log (os_user, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operation ON audit_log (operation, performed_at) WHERE stage <> 'outcome';
CREATE INDEX audit_log_failed ON audit_log (performed_at) WHERE stage = 'outcome' AND error IS NOT NULL;
