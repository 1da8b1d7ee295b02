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

ALTER TABLE queue
    -- until when a message left for it is to be worked on
    ADD COLUMN follow_up_within  interval NOT NULL DEFAULT '4 hours' CHECK (follow_up_within > interval '0'),
    -- what is shorter is nobody's work; Twilio counts in whole seconds
    ADD COLUMN shortest_message  interval NOT NULL DEFAULT '2 seconds'
        CHECK (shortest_message >= interval '1 second' AND shortest_message <= interval '2 minutes'),
    -- from when it was left, and never before somebody worked on it
    ADD COLUMN keep_messages_for interval NOT NULL DEFAULT '30 days' CHECK (keep_messages_for > interval '0');

ALTER TABLE voicemail
    ADD COLUMN priority   integer NOT NULL DEFAULT 0,
    ADD COLUMN due_at     timestamptz,
    ADD COLUMN overdue_at timestamptz,
    ADD COLUMN erased_at  timestamptz;
UPDATE voicemail SET due_at = created_at + interval '4 hours' WHERE state = 'new';
CREATE INDEX voicemail_due ON voicemail (due_at, id) WHERE state = 'new';
CREATE INDEX voicemail_kept ON voicemail (created_at) WHERE erased_at IS NULL AND state IN ('done', 'dropped');

-- An agent calls back whoever left a message. While it is open it holds the agent, as a reservation would.
CREATE TABLE call_back (
    id           uuid PRIMARY KEY,
    call_id      uuid NOT NULL REFERENCES call,
    voicemail_id uuid NOT NULL REFERENCES voicemail,
    agent_id     uuid NOT NULL REFERENCES agent,
    started_at   timestamptz NOT NULL,
    answered_at  timestamptz,
    ended_at     timestamptz,
    outcome      text,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX call_back_by_call ON call_back (call_id, started_at);
CREATE UNIQUE INDEX call_back_open_of_call ON call_back (call_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX call_back_open_of_agent ON call_back (agent_id) WHERE ended_at IS NULL;
ALTER TABLE call_back ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON call_back FOR SELECT TO cordboard_customer
    USING (EXISTS (SELECT FROM call whole WHERE whole.id = call_id));
