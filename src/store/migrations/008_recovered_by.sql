-- Which recovery took a change up last, by its operation's id.
ALTER TABLE password_change ADD COLUMN recovered_by TEXT;
