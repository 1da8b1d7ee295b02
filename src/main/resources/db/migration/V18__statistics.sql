-- What a queue promises its callers: so many percent of them are with an agent within this time.
ALTER TABLE queue
    ADD COLUMN service_level_within  interval NOT NULL DEFAULT '20 seconds'
        CHECK (service_level_within BETWEEN '0' AND '1 hour'),
    ADD COLUMN service_level_percent smallint NOT NULL DEFAULT 80 CHECK (service_level_percent BETWEEN 1 AND 100);

-- When the talk was over and the agent began to write up.
ALTER TABLE reservation ADD COLUMN wrapping_since timestamptz;

-- Rows are nearly in the order of their times, so this costs next to nothing to keep; statistics ask for a range of it.
CREATE INDEX reservation_by_time ON reservation USING brin (offered_at) WITH (pages_per_range = 16, autosummarize = on);

-- Who sees a queue sees who was in it: asked once for the few queues of a customer instead of for each of many calls.
ALTER POLICY of_customer ON queue_entry
    USING (queue_id IN (SELECT q.id FROM queue q) OR EXISTS (SELECT FROM call whole WHERE whole.id = call_id));
ALTER POLICY of_customer ON reservation
    USING (queue_id IN (SELECT q.id FROM queue q) OR EXISTS (SELECT FROM call whole WHERE whole.id = call_id));
