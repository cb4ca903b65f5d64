-- The codes that tell what pgrole wrote from what others did (`Store::migrate` signs what is there), and the log as people
-- read it: one row for each act, with its end where it has one.
ALTER TABLE db_registry ADD COLUMN record_code TEXT;
ALTER TABLE placed_role ADD COLUMN record_code TEXT;
ALTER TABLE met_delivery ADD COLUMN record_code TEXT;
ALTER TABLE password_change ADD COLUMN record_code TEXT;
CREATE VIEW audit_summary (id, time, who, what, "where", status) AS
SELECT id, performed_at, coalesce(sudo_user, os_user),
    operation || coalesce(' ' || username, ''),
    CASE WHEN env IS NULL THEN NULL ELSE env || '/' || coalesce(db_name, '*') END,
    CASE stage WHEN 'intent' THEN 'begun, no end on record' ELSE status END
FROM audit_log a
WHERE stage <> 'intent' OR NOT EXISTS (
    SELECT 1 FROM audit_log o WHERE o.operation_id = a.operation_id AND o.stage = 'outcome');
