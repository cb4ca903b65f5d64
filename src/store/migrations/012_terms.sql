-- Until when a login is good, as far as that was said of it; and for which VALID UNTIL its end was named. Of those from
-- before nobody said what their VALID UNTIL means: none is given a term.
ALTER TABLE password_change ADD COLUMN term TEXT;
ALTER TABLE placed_role ADD COLUMN term TEXT;
ALTER TABLE placed_role ADD COLUMN end_named TEXT;
ALTER TABLE met_delivery ADD COLUMN term TEXT;
ALTER TABLE met_delivery ADD COLUMN end_named TEXT;
