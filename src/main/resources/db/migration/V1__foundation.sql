-- The facts that are asked often or raced for. Where a call is, the engine knows (ACT_*).

CREATE TABLE customer (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL
);

-- What the agent chose and what the system does with them are two columns: neither overwrites the other.
CREATE TABLE agent (
    id             uuid PRIMARY KEY,
    customer_id    uuid NOT NULL REFERENCES customer,
    username       text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,62}$'),
    name           text NOT NULL,
    password_hash  text,
    role           text NOT NULL CHECK (role IN ('agent', 'supervisor', 'analyst', 'admin')),
    chosen         text NOT NULL DEFAULT 'offline' CHECK (chosen IN ('available', 'away', 'offline')),
    chosen_because text,
    engaged        text CHECK (engaged IN ('ringing', 'busy', 'wrapping')),
    engaged_until  timestamptz,
    status_since   timestamptz NOT NULL,
    idle_since     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    CHECK (engaged IS NOT NULL OR engaged_until IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX agent_by_customer ON agent (customer_id, username);
CREATE INDEX agent_free ON agent (idle_since) WHERE chosen = 'available' AND engaged IS NULL;

CREATE TABLE agent_tag (
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    tag      text NOT NULL,
    PRIMARY KEY (agent_id, tag)
);

CREATE TABLE agent_address (
    id          uuid PRIMARY KEY,
    agent_id    uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    customer_id uuid NOT NULL REFERENCES customer,
    kind        text NOT NULL CHECK (kind IN ('extension', 'tel', 'sip', 'client')),
    value       text NOT NULL,
    UNIQUE (customer_id, kind, value)
);
CREATE INDEX agent_address_by_agent ON agent_address (agent_id);

CREATE TABLE queue (
    id                  uuid PRIMARY KEY,
    customer_id         uuid NOT NULL REFERENCES customer,
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    required_tags       text[] NOT NULL DEFAULT '{}',
    match_any_tag       boolean NOT NULL DEFAULT false,
    reservation_timeout interval NOT NULL DEFAULT '10 seconds',
    maximum_wait        interval NOT NULL DEFAULT '5 minutes',
    wrap_up_timeout     interval NOT NULL DEFAULT '60 seconds',
    after_missed_offer  text NOT NULL DEFAULT 'away' CHECK (after_missed_offer IN ('available', 'away', 'offline')),
    created_at          timestamptz NOT NULL,
    UNIQUE (customer_id, name)
);

CREATE TABLE phone_number (
    id          uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customer,
    number      text NOT NULL UNIQUE,
    name        text NOT NULL,
    process     text NOT NULL,
    created_at  timestamptz NOT NULL
);

CREATE TABLE call (
    id                  uuid PRIMARY KEY,
    customer_id         uuid REFERENCES customer,
    provider            text NOT NULL,
    direction           text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    from_number         text NOT NULL,
    to_number           text NOT NULL,
    state               text NOT NULL,
    process_instance_id text,
    awaiting_token      text,
    awaiting_execution  text,
    conference_id       text,
    conference_state    text,
    started_at          timestamptz NOT NULL,
    connected_at        timestamptz,
    ended_at            timestamptz,
    end_reason          text,
    agent_id            uuid,
    disposition         text
) WITH (fillfactor = 80);
CREATE INDEX call_recent ON call (started_at DESC);
CREATE INDEX call_open ON call (started_at) WHERE ended_at IS NULL;

CREATE TABLE call_leg (
    id              uuid PRIMARY KEY,
    call_id         uuid NOT NULL REFERENCES call,
    kind            text NOT NULL CHECK (kind IN ('caller', 'agent', 'external')),
    provider        text NOT NULL,
    provider_leg_id text,
    agent_id        uuid,
    address         text NOT NULL,
    state           text NOT NULL CHECK (state IN ('dialing', 'ringing', 'live', 'ended')),
    outcome         text,
    started_at      timestamptz NOT NULL,
    answered_at     timestamptz,
    ended_at        timestamptz,
    CHECK ((state = 'ended') = (ended_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX call_leg_at_provider ON call_leg (provider, provider_leg_id);
CREATE INDEX call_leg_by_call ON call_leg (call_id);
-- A call has one caller: an incoming call told twice cannot become two calls.
CREATE UNIQUE INDEX call_leg_one_caller ON call_leg (call_id) WHERE kind = 'caller';

CREATE TABLE call_note (
    id         uuid PRIMARY KEY,
    call_id    uuid NOT NULL REFERENCES call,
    agent_id   uuid,
    text       text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    created_at timestamptz NOT NULL
);
CREATE INDEX call_note_by_call ON call_note (call_id);

CREATE TABLE queue_entry (
    id           uuid PRIMARY KEY,
    call_id      uuid NOT NULL REFERENCES call,
    queue_id     uuid NOT NULL REFERENCES queue,
    priority     integer NOT NULL DEFAULT 0,
    entered_at   timestamptz NOT NULL,
    -- set while the call waits for an agent in its flow, and only then; this is what the matcher looks for
    execution_id text,
    attempts     integer NOT NULL DEFAULT 0,
    left_at      timestamptz,
    exit         text
) WITH (fillfactor = 70);
-- A call is in at most one queue.
CREATE UNIQUE INDEX queue_entry_open ON queue_entry (call_id) WHERE left_at IS NULL;
CREATE INDEX queue_entry_waiting ON queue_entry (queue_id, priority DESC, entered_at) WHERE execution_id IS NOT NULL;

CREATE TABLE reservation (
    id         uuid PRIMARY KEY,
    call_id    uuid NOT NULL REFERENCES call,
    queue_id   uuid NOT NULL REFERENCES queue,
    agent_id   uuid NOT NULL REFERENCES agent,
    state      text NOT NULL CHECK (state IN
                 ('pending', 'accepted', 'rejected', 'timeout', 'canceled', 'rescinded', 'wrapping', 'completed')),
    task_id    text,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    ended_at   timestamptz,
    reason     text
) WITH (fillfactor = 70);
-- An agent has at most one open reservation, and a call at most one that is being worked on.
CREATE UNIQUE INDEX reservation_open_of_agent ON reservation (agent_id) WHERE state IN ('pending', 'accepted', 'wrapping');
CREATE UNIQUE INDEX reservation_taken_of_call ON reservation (call_id) WHERE state IN ('accepted', 'wrapping');
CREATE INDEX reservation_by_call ON reservation (call_id);

CREATE TABLE voicemail (
    id            uuid PRIMARY KEY,
    call_id       uuid NOT NULL REFERENCES call,
    queue_id      uuid,
    agent_id      uuid,
    recording_id  text,
    recording_url text,
    length        interval,
    transcription text,
    state         text NOT NULL CHECK (state IN ('recording', 'new', 'done', 'dropped')),
    outcome       text,
    created_at    timestamptz NOT NULL,
    done_at       timestamptz
);
-- A call leaves at most one message.
CREATE UNIQUE INDEX voicemail_of_call ON voicemail (call_id);
CREATE INDEX voicemail_open ON voicemail (agent_id) WHERE state = 'new';

-- Every event of every carrier, once. The body is kept only while the event has not had its effect.
CREATE TABLE inbox (
    provider        text NOT NULL,
    event_key       text NOT NULL,
    kind            text NOT NULL,
    call_id         uuid,
    state           text NOT NULL CHECK (state IN ('done', 'waiting', 'unmatched', 'dismissed')),
    reply           jsonb,
    received_at     timestamptz NOT NULL,
    -- the rest only for events that had no effect yet; leg is the carrier's id of it, ours where there is none
    leg             text,
    body            jsonb,
    attempts        integer,
    next_attempt_at timestamptz,
    error           text,
    PRIMARY KEY (provider, event_key),
    CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
    CHECK (state NOT IN ('waiting', 'unmatched') OR (leg IS NOT NULL AND body IS NOT NULL AND attempts IS NOT NULL))
);
CREATE INDEX inbox_waiting ON inbox (provider, leg, received_at) WHERE state = 'waiting';
CREATE INDEX inbox_unmatched ON inbox (received_at) WHERE state = 'unmatched';

-- Commands that are not carried out yet, and those that never will be (dead). A row is born leased to the node that wrote
-- it; when a lease runs out, any other node takes over. Commands of a leg are carried out in the order of seq.
CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    call_id     uuid NOT NULL,
    leg_id      uuid NOT NULL,
    provider    text NOT NULL,
    command     jsonb NOT NULL,
    state       text NOT NULL CHECK (state IN ('pending', 'dead', 'dismissed')),
    node        text NOT NULL,
    lease_until timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    uncertain   boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    error       text
) WITH (fillfactor = 70);
CREATE INDEX outbox_of_leg ON outbox (leg_id, seq) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (created_at) WHERE state = 'dead';

CREATE TABLE event_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    customer_id uuid,
    call_id     uuid,
    agent_id    uuid,
    type        text NOT NULL,
    data        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_log_by_call ON event_log (call_id) WHERE call_id IS NOT NULL;

-- Whether an agent may take calls of a queue with these required tags: the skills are there, and a phone to ring.
CREATE FUNCTION can_serve(agent uuid, required text[], match_any boolean) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (SELECT FROM agent_address d WHERE d.agent_id = agent)
       AND CASE WHEN cardinality(required) = 0 THEN true
                WHEN match_any THEN EXISTS (SELECT FROM agent_tag t WHERE t.agent_id = agent AND t.tag = ANY (required))
                ELSE (SELECT count(*) FROM agent_tag t WHERE t.agent_id = agent AND t.tag = ANY (required)) = cardinality(required)
           END;

-- Whoever listens learns that there is something new; what it is they read from the table.
CREATE FUNCTION tell_event_log() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_notify('event_log', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER event_log_told AFTER INSERT ON event_log FOR EACH STATEMENT EXECUTE FUNCTION tell_event_log();
