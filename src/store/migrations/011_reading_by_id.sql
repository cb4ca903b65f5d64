-- The audit log is listed by id, which each index has as its last column: clocks may be set back.
DROP INDEX audit_log_env;
DROP INDEX audit_log_database;
DROP INDEX audit_log_username;
DROP INDEX audit_log_operator;
DROP INDEX audit_log_operation;
CREATE INDEX audit_log_env ON audit_log (env) WHERE stage <> 'outcome';
CREATE INDEX audit_log_database ON audit_log (db_name) WHERE stage <> 'outcome';
CREATE INDEX audit_log_username ON audit_log (username) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operator ON audit_log (os_user) WHERE stage <> 'outcome';
CREATE INDEX audit_log_operation ON audit_log (operation) WHERE stage <> 'outcome';
