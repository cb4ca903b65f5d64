-- What the audit log says of an act beside: what would undo it, as JSON of two lists of texts
-- ({"statements":[…],"remarks":[…]}); why it was done; the targets of an act on several, as a JSON list of ENV/DATABASE;
-- and as whom the operator logged in to a registry that is a server (NULL in a file). Like every column they are part of
-- the event's hash where they are not NULL.
ALTER TABLE audit_log ADD COLUMN undo TEXT;
ALTER TABLE audit_log ADD COLUMN reason TEXT;
ALTER TABLE audit_log ADD COLUMN targets TEXT;
ALTER TABLE audit_log ADD COLUMN db_user TEXT;
