-- The nodes that live; each renews its row every two seconds, and removes it when it stops.
CREATE TABLE node (
    id      text PRIMARY KEY,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- When the carrier is to be asked whether the leg still lives; null until it is old enough for the first time.
ALTER TABLE call_leg ADD COLUMN ask_at timestamptz;
