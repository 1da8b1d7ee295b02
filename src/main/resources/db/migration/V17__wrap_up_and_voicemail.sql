-- What becomes of an agent after a talk, as the queue has it.
--   mandatory          they write up, however long it takes
--   mandatory_timeout  as above; who is not done after wrap_up_timeout is told of
--   forced_timeout     they write up for wrap_up_timeout at most
--   optional           they are free at once and may write up for wrap_up_timeout
--   agent_requested    as forced_timeout for who asked for it during the talk; the others are free at once
ALTER TABLE queue
    ADD COLUMN wrap_up_mode     text NOT NULL DEFAULT 'forced_timeout'
        CHECK (wrap_up_mode IN ('mandatory', 'mandatory_timeout', 'forced_timeout', 'optional', 'agent_requested')),
    -- where nothing else ends it, so that nobody is ever stuck in it
    ADD COLUMN wrap_up_limit    interval NOT NULL DEFAULT '24 hours'
        CHECK (wrap_up_limit > interval '0' AND wrap_up_limit <= interval '24 hours'),
    -- what may have come of a call; none: any word
    ADD COLUMN dispositions     text[] NOT NULL DEFAULT '{}'
        CHECK (cardinality(dispositions) = 0
               OR cardinality(dispositions) <= 100
                  AND array_to_string(dispositions, ',', '?')
                      ~ '^[A-Za-z][A-Za-z0-9_-]{0,63}(,[A-Za-z][A-Za-z0-9_-]{0,63})*$'),
    -- previous: what they chose themselves
    ADD COLUMN post_work_status text NOT NULL DEFAULT 'previous'
        CHECK (post_work_status IN ('previous', 'available', 'away', 'offline'));

-- Wrap-up belongs to the agent who talked: the next one who gets the call has their own.
ALTER TABLE reservation
    ADD COLUMN wrap_up_requested  boolean NOT NULL DEFAULT false,
    ADD COLUMN wrap_up_overdue_at timestamptz;
