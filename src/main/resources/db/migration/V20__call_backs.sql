-- Callers who need not wait on the line: they keep their place, and are called when it is their turn.

ALTER TABLE queue
    ADD COLUMN call_back           text NOT NULL DEFAULT 'off'
        CHECK (call_back IN ('off', 'agent_first', 'customer_first')),
    ADD COLUMN call_back_attempts  integer NOT NULL DEFAULT 3 CHECK (call_back_attempts BETWEEN 1 AND 10),
    ADD COLUMN call_back_pause     interval NOT NULL DEFAULT '5 minutes'
        CHECK (call_back_pause BETWEEN interval '0' AND interval '1 day'),
    ADD COLUMN call_back_within    interval NOT NULL DEFAULT '1 day'
        CHECK (call_back_within BETWEEN interval '1 minute' AND interval '7 days'),
    ADD COLUMN call_back_hours     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN call_back_time_zone text NOT NULL DEFAULT 'UTC';

-- The caller is gone, but will be called back: the call is not over.
ALTER TABLE call
    ADD COLUMN awaits_call_back boolean NOT NULL DEFAULT false;

-- Who is called first, since when it is promised, and when the caller was on the line again. The place is that of before.
ALTER TABLE queue_entry
    ADD COLUMN call_back             text CHECK (call_back IN ('agent_first', 'customer_first')),
    ADD COLUMN call_back_since       timestamptz,
    ADD COLUMN call_back_returned_at timestamptz,
    ADD CONSTRAINT queue_entry_call_back CHECK ((call_back IS NULL) = (call_back_since IS NULL));
CREATE INDEX queue_entry_promised ON queue_entry (queue_id)
    WHERE call_back IS NOT NULL AND call_back_returned_at IS NULL AND left_at IS NULL;

-- Whether an agent could take a call at a moment.
CREATE FUNCTION is_free(a agent, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN a.chosen = 'available' AND a.engaged IS NULL
       AND (a.present_until IS NULL OR a.present_until > at)
       AND (a.rests_until IS NULL OR a.rests_until <= at);

-- How many agents of a queue are asked for one call: no more than are on shift, and at least one.
CREATE FUNCTION agents_to_ask(queue uuid, most integer, only_agent uuid) RETURNS integer
    LANGUAGE sql STABLE AS
$$
SELECT CASE WHEN most > 1 THEN least(most, greatest(1, (
            SELECT count(*) FROM queue_agent s JOIN agent a ON a.id = s.agent_id
             WHERE s.queue_id = queue AND a.chosen <> 'offline' AND (only_agent IS NULL OR a.id = only_agent))))::integer
            ELSE 1 END
$$;

-- Each attempt is a line to the caller of its own, and there is one at a time: index call_leg_one_caller.
ALTER TABLE call_leg
    DROP CONSTRAINT call_leg_kind_check,
    ADD CONSTRAINT call_leg_kind_check CHECK (kind IN ('caller', 'former_caller', 'agent', 'external', 'listener'));
