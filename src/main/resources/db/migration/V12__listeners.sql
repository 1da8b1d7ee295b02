-- A supervisor who listens to a talk. Their phones are legs of the call; what is raced for is in this table, because an
-- index that asks for the state of a leg would make each change of each leg dearer.
CREATE TABLE call_listener (
    id         uuid PRIMARY KEY,
    call_id    uuid NOT NULL REFERENCES call,
    agent_id   uuid NOT NULL REFERENCES agent,
    mode       text NOT NULL CHECK (mode IN ('listen', 'whisper', 'barge')),
    started_at timestamptz NOT NULL,
    joined_at  timestamptz,
    ended_at   timestamptz,
    outcome    text,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX call_listener_by_call ON call_listener (call_id, started_at);
-- Nobody listens twice to the same call.
CREATE UNIQUE INDEX call_listener_open ON call_listener (call_id, agent_id) WHERE ended_at IS NULL;

ALTER TABLE call_leg DROP CONSTRAINT call_leg_kind_check,
    ADD CONSTRAINT call_leg_kind_check CHECK (kind IN ('caller', 'agent', 'external', 'listener'));

ALTER TABLE call_listener ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON call_listener FOR SELECT TO cordboard_customer
    USING (EXISTS (SELECT FROM call whole WHERE whole.id = call_id));
