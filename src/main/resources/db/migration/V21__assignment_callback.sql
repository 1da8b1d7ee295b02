-- A server of the customer's that is asked at each reservation what becomes of it.
ALTER TABLE queue
    ADD COLUMN assignment_callback_url          text CHECK (length(assignment_callback_url) <= 2000),
    ADD COLUMN assignment_callback_fallback_url text CHECK (length(assignment_callback_fallback_url) <= 2000),
    ADD CHECK (assignment_callback_fallback_url IS NULL OR assignment_callback_url IS NOT NULL);

-- What the questions are signed with; apart from the settings, so that nobody reads it by reading those.
CREATE TABLE queue_callback_secret (
    queue_id         uuid PRIMARY KEY REFERENCES queue ON DELETE CASCADE,
    secret           text NOT NULL,
    old_secret       text,
    old_secret_until timestamptz,
    CHECK ((old_secret IS NULL) = (old_secret_until IS NULL))
);
REVOKE ALL ON queue_callback_secret FROM cordboard_customer;

ALTER TABLE reservation
    -- who decided in the agent's place; null while nobody did and when the agent did
    ADD COLUMN answered_by      text CHECK (answered_by IN ('callback', 'api', 'queue')),
    -- the agent's status after this call; null for what the queue says
    ADD COLUMN post_work_status text CHECK (post_work_status IN ('previous', 'available', 'away', 'offline'));

ALTER TABLE call
    -- how the agent who took it is rung, where that is not as usual
    ADD COLUMN ring_to      text,
    ADD COLUMN ring_millis  integer,
    ADD COLUMN ring_whisper text;
