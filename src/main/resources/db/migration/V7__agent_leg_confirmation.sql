-- An agent's phone that must confirm by key: how often whoever picked it up may still be asked, and the token of the
-- question that was asked last.
ALTER TABLE call_leg
    ADD COLUMN questions_left smallint NOT NULL DEFAULT 0 CHECK (questions_left >= 0),
    ADD COLUMN question       text;
