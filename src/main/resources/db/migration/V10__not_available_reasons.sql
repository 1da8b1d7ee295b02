-- Why the agents of a customer may be away. Written in any case, a name is one reason.
CREATE TABLE not_available_reason (
    id          uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customer,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 63 AND name = btrim(name)),
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX not_available_reason_name ON not_available_reason (customer_id, lower(name));

ALTER TABLE not_available_reason ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON not_available_reason FOR SELECT TO cordboard_customer USING (customer_id = current_customer());

CREATE FUNCTION usual_not_available_reasons(customer uuid) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO not_available_reason (id, customer_id, name, created_at)
        SELECT gen_random_uuid(), customer, name, now() FROM unnest(ARRAY['Break', 'Lunch', 'Meeting', 'Training']) name;
    END;
CREATE FUNCTION offer_usual_reasons() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM usual_not_available_reasons(NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER customer_gets_usual_reasons AFTER INSERT ON customer
    FOR EACH ROW EXECUTE FUNCTION offer_usual_reasons();
DO $$ BEGIN PERFORM usual_not_available_reasons(id) FROM customer; END $$;

-- In the words of the moment it was chosen, whatever becomes of the list; null for everybody who works.
ALTER TABLE agent ADD COLUMN reason text;
ALTER TABLE agent ADD CONSTRAINT reason_not_to_be_available CHECK (reason IS NULL OR chosen <> 'available');

-- Who goes from lunch to a meeting stays away, and everybody sees the difference.
CREATE OR REPLACE FUNCTION tell_agent_status() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO event_log (at, agent_id, type, data)
    VALUES (NEW.status_since, NEW.id, 'agent.status_updated',
            jsonb_strip_nulls(jsonb_build_object(
                'status', shown_status(NEW.chosen, NEW.engaged),
                'previous_status', shown_status(OLD.chosen, OLD.engaged),
                'reason', CASE WHEN NEW.engaged IS NULL THEN NEW.reason END)));
    RETURN NULL;
END
$$;
DROP TRIGGER agent_status_told ON agent;
CREATE TRIGGER agent_status_told AFTER UPDATE OF chosen, engaged, reason ON agent FOR EACH ROW
    WHEN (shown_status(OLD.chosen, OLD.engaged) <> shown_status(NEW.chosen, NEW.engaged)
          OR NEW.engaged IS NULL AND OLD.reason IS DISTINCT FROM NEW.reason)
    EXECUTE FUNCTION tell_agent_status();
