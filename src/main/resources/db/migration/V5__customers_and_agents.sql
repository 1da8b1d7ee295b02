-- The customer that runs this installation opens the accounts of all others.
ALTER TABLE customer ADD COLUMN operator boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX customer_operator ON customer (operator) WHERE operator;
UPDATE customer SET operator = true WHERE name = 'Cordboard';

-- Who left stays known to the calls they took; their user name is free for others.
ALTER TABLE agent DROP CONSTRAINT agent_username_key;
ALTER TABLE agent DROP CONSTRAINT agent_role_check;
ALTER TABLE agent
    ADD COLUMN revision   integer NOT NULL DEFAULT 1,
    ADD COLUMN deleted_at timestamptz,
    -- the status_since of the status that somebody was alerted of already
    ADD COLUMN alerted_for timestamptz,
    ADD CHECK (role IN ('agent', 'supervisor', 'analyst', 'admin', 'guest')),
    ADD CHECK (deleted_at IS NULL OR (chosen = 'offline' AND engaged IS NULL)),
    ADD CONSTRAINT guest_stays_without_password CHECK (role <> 'guest' OR (password_hash IS NULL AND deleted_at IS NULL));
CREATE UNIQUE INDEX agent_username ON agent (username) WHERE deleted_at IS NULL;

-- Who could be asked, whether a call occupies them now or not: what a call changes of an agent is in no index, so that it
-- costs a fifth of the log. A shift of some hundred is looked through in no time.
DROP INDEX agent_free;
CREATE INDEX agent_on_duty ON agent (customer_id) WHERE chosen = 'available';

-- Every customer has one guest agent from its first moment on: somebody who may always administer it.
CREATE UNIQUE INDEX agent_guest ON agent (customer_id) WHERE role = 'guest';
CREATE FUNCTION welcome_guest_agent() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO agent (id, customer_id, username, name, role, status_since, idle_since, created_at)
    VALUES (gen_random_uuid(), NEW.id, 'guest@' || NEW.id, 'Guest agent', 'guest',
            NEW.created_at, NEW.created_at, NEW.created_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER customer_gets_guest_agent AFTER INSERT ON customer
    FOR EACH ROW EXECUTE FUNCTION welcome_guest_agent();
INSERT INTO agent (id, customer_id, username, name, role, status_since, idle_since, created_at)
SELECT gen_random_uuid(), id, 'guest@' || id, 'Guest agent', 'guest', created_at, created_at, created_at FROM customer;

-- One way in for the guest agent, once. Only a hash is kept.
CREATE TABLE recovery_token (
    agent_id   uuid PRIMARY KEY REFERENCES agent,
    hash       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- What programs log in with for longer than a quarter of an hour. Only a hash is kept.
CREATE TABLE api_token (
    id         uuid PRIMARY KEY,
    agent_id   uuid NOT NULL REFERENCES agent,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    hash       bytea NOT NULL UNIQUE,
    scopes     text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX api_token_by_agent ON api_token (agent_id);

-- The skills a customer knows, so that a slip of the pen is told and not waited for.
CREATE TABLE tag (
    customer_id uuid NOT NULL REFERENCES customer,
    name        text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._:-]{0,62}$'),
    description text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (customer_id, name)
);
INSERT INTO tag (customer_id, name, created_at)
SELECT customer_id, name, now()
  FROM (SELECT a.customer_id, t.tag AS name FROM agent_tag t JOIN agent a ON a.id = t.agent_id
        UNION
        SELECT q.customer_id, unnest(q.required_tags) FROM queue q) known
 WHERE name ~ '^[a-z0-9][a-z0-9._:-]{0,62}$';

-- What people with power did, and which talks of others they listened to.
CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    customer_id uuid NOT NULL,
    agent_id    uuid NOT NULL,
    username    text NOT NULL,
    role        text NOT NULL,
    action      text NOT NULL,
    status      integer NOT NULL,
    address     text NOT NULL
);
CREATE INDEX audit_log_by_customer ON audit_log (customer_id, id);

-- What everybody sees of an agent. Each change of it is an event, whoever makes it.
CREATE FUNCTION shown_status(chosen text, engaged text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN engaged IS NULL THEN chosen WHEN engaged = 'ringing' THEN 'ringing' ELSE 'busy' END;
CREATE FUNCTION tell_agent_status() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO event_log (at, agent_id, type, data)
    VALUES (NEW.status_since, NEW.id, 'agent.status_updated',
            jsonb_build_object('status', shown_status(NEW.chosen, NEW.engaged),
                               'previous_status', shown_status(OLD.chosen, OLD.engaged)));
    RETURN NULL;
END
$$;
CREATE TRIGGER agent_status_told AFTER UPDATE OF chosen, engaged ON agent FOR EACH ROW
    WHEN (shown_status(OLD.chosen, OLD.engaged) <> shown_status(NEW.chosen, NEW.engaged))
    EXECUTE FUNCTION tell_agent_status();
