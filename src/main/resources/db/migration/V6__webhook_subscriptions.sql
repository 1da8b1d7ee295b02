-- Who is told of events over HTTP. An old secret signs beside the new one until its time is over.
CREATE TABLE webhook_subscription (
    id               uuid PRIMARY KEY,
    customer_id      uuid NOT NULL REFERENCES customer,
    url              text NOT NULL CHECK (length(url) <= 2000),
    -- as they are told (agent_status_updated); none means all
    event_types      text[] NOT NULL DEFAULT '{}',
    secret           text NOT NULL,
    old_secret       text,
    old_secret_until timestamptz,
    enabled          boolean NOT NULL DEFAULT true,
    disabled_because text,
    -- what happened before is not for it
    listens_since    timestamptz NOT NULL,
    -- the first failure since the last success
    failing_since    timestamptz,
    created_at       timestamptz NOT NULL,
    CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
    CHECK (NOT enabled OR disabled_because IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX webhook_subscription_by_customer ON webhook_subscription (customer_id, id);
CREATE INDEX webhook_subscription_listening ON webhook_subscription (id) WHERE enabled;

-- One event for one subscription. A row is leased to the node that sends it; when the lease runs out, any node takes over.
CREATE TABLE webhook_delivery (
    id              uuid PRIMARY KEY,
    customer_id     uuid NOT NULL REFERENCES customer,
    subscription_id uuid NOT NULL REFERENCES webhook_subscription ON DELETE CASCADE,
    -- null for an event that was made to test the subscription
    event_id        bigint,
    event_type      text NOT NULL,
    payload         text NOT NULL,
    state           text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    lease_until     timestamptz,
    failing_since   timestamptz,
    last_attempt_at timestamptz,
    last_status     integer,
    last_error      text,
    last_millis     integer,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
) WITH (fillfactor = 70);
-- An event that is looked at twice is still delivered once.
CREATE UNIQUE INDEX webhook_delivery_of_event ON webhook_delivery (subscription_id, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, next_attempt_at, event_id) WHERE state = 'pending';
CREATE INDEX webhook_delivery_of_subscription ON webhook_delivery (subscription_id, id);
CREATE INDEX webhook_delivery_by_time ON webhook_delivery USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

-- How far the event log was handed on. Whoever holds the row does it for all nodes.
CREATE TABLE webhook_cursor (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    last_event bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO webhook_cursor (last_event) SELECT coalesce(max(id), 0) FROM event_log;

-- Ids below the cursor that were not visible yet: their transactions are under way or have failed. Which of both is
-- certain once every transaction older than settled_by is over.
CREATE TABLE webhook_gap (
    event_id   bigint PRIMARY KEY,
    noticed_at timestamptz NOT NULL,
    settled_by xid8
);
