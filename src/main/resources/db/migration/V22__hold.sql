-- Whether the caller of a talk is on hold, and the number of the latest change, so that what the carrier says of an earlier
-- one changes nothing.
ALTER TABLE call
    ADD COLUMN hold_state  text CHECK (hold_state IN ('holding', 'held', 'resuming')),
    ADD COLUMN hold_since  timestamptz,
    ADD COLUMN hold_number integer NOT NULL DEFAULT 0,
    ADD CHECK ((hold_state IS NULL) = (hold_since IS NULL));
