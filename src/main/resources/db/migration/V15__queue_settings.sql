-- What a queue asks of its agents beyond tags. Attributes are the agent's own; skills and their levels come from the tags.
CREATE TABLE agent_attribute (
    agent_id   uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
    attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'object' AND length(attributes::text) <= 4096)
);
ALTER TABLE agent_tag ADD COLUMN level smallint NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 10);
ALTER TABLE agent
    -- offers let pass one after the other
    ADD COLUMN misses      smallint NOT NULL DEFAULT 0,
    -- not asked before; null for no such rest
    ADD COLUMN rests_until timestamptz;

ALTER TABLE queue
    -- as somebody wrote it, and as it is asked; $call holds what the flow knows of the call
    ADD COLUMN expression      text,
    ADD COLUMN expression_path jsonpath,
    ADD COLUMN strategy        text NOT NULL DEFAULT 'longest_idle' CHECK (strategy IN
        ('longest_idle', 'random', 'round_robin', 'least_recent', 'fewest_calls', 'least_talk_time', 'best_skill',
         'top_down', 'ring_all', 'progressive')),
    ADD COLUMN max_reserved    smallint NOT NULL DEFAULT 1 CHECK (max_reserved BETWEEN 1 AND 50),
    -- for progressive: after how long another agent is asked as well
    ADD COLUMN ask_interval    interval NOT NULL DEFAULT '5 seconds' CHECK (ask_interval > '0'),
    -- how long a caller without priority must have waited to be level with one who has one point of it and just came
    ADD COLUMN priority_worth  interval NOT NULL DEFAULT '1 minute' CHECK (priority_worth BETWEEN '0' AND '1 day'),
    ADD COLUMN maximum_size    integer NOT NULL DEFAULT 100 CHECK (maximum_size BETWEEN 1 AND 50000),
    -- a caller is not let in, or does not stay: nobody with the skills is on shift, all of them are away, all are busy
    ADD COLUMN refuse_when     text[] NOT NULL DEFAULT '{}' CHECK (refuse_when <@ ARRAY['no_agents', 'unavailable', 'all_busy']),
    ADD COLUMN leave_when      text[] NOT NULL DEFAULT '{}' CHECK (leave_when <@ ARRAY['no_agents', 'unavailable']),
    -- how long the same call is not offered again to an agent who rejected or missed it
    ADD COLUMN reject_pause    interval NOT NULL DEFAULT '15 seconds' CHECK (reject_pause >= '0'),
    ADD COLUMN miss_pause      interval NOT NULL DEFAULT '15 seconds' CHECK (miss_pause >= '0'),
    -- how long no call at all is offered to them then
    ADD COLUMN reject_rest     interval NOT NULL DEFAULT '0' CHECK (reject_rest >= '0'),
    ADD COLUMN miss_rest       interval NOT NULL DEFAULT '0' CHECK (miss_rest >= '0'),
    -- after how many misses in a row after_missed_offer happens
    -- who hung up while waiting and calls again within this time is back in the old place
    ADD COLUMN resume_within   interval NOT NULL DEFAULT '60 seconds' CHECK (resume_within >= '0'),
    -- offers need no answer: the agent's phones ring at once
    ADD COLUMN auto_accept     boolean NOT NULL DEFAULT false,
    ADD COLUMN misses_allowed  smallint NOT NULL DEFAULT 1 CHECK (misses_allowed BETWEEN 1 AND 100),
    ADD CHECK ((expression IS NULL) = (expression_path IS NULL)),
    ADD CHECK (maximum_wait > '0' AND reservation_timeout BETWEEN '100 milliseconds' AND '1 day');

-- Queues are changed and deleted; what calls did in them stays readable.
ALTER TABLE queue
    ADD COLUMN revision   integer NOT NULL DEFAULT 1,
    ADD COLUMN deleted_at timestamptz;
ALTER TABLE queue DROP CONSTRAINT queue_customer_id_name_key;
CREATE UNIQUE INDEX queue_name ON queue (customer_id, name) WHERE deleted_at IS NULL;

-- From a waiting time on, a queue is content with other skills; the latest ring that is reached replaces all before.
CREATE TABLE queue_ring (
    queue_id        uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    after           interval NOT NULL CHECK (after > '0'),
    required_tags   text[] NOT NULL DEFAULT '{}',
    match_any_tag   boolean NOT NULL DEFAULT false,
    expression      text,
    expression_path jsonpath,
    PRIMARY KEY (queue_id, after),
    CHECK ((expression IS NULL) = (expression_path IS NULL))
);

-- For top_down: who is asked first, second, …; without a row an agent is in tier 1.
CREATE TABLE queue_tier (
    queue_id uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    tier     smallint NOT NULL CHECK (tier BETWEEN 1 AND 100),
    PRIMARY KEY (queue_id, agent_id)
);

ALTER TABLE queue_entry
    -- since when the caller has waited for anybody, in whatever queue
    ADD COLUMN waiting_since   timestamptz,
    -- the order of all who wait: waiting_since, brought forward by what the priority is worth
    ADD COLUMN rank_at         timestamptz,
    -- when this wait ends whatever the queue says; null for the queue's maximum
    ADD COLUMN wait_until      timestamptz,
    -- the only agent who is asked; null for any
    ADD COLUMN only_agent_id   uuid,
    ADD COLUMN facts           jsonb,
    -- what the caller hears beside music; null for nothing
    ADD COLUMN hold            jsonb,
    -- further places in the flow where more agents are waited for
    ADD COLUMN more_executions text[];
UPDATE queue_entry SET waiting_since = entered_at, rank_at = entered_at - priority * interval '1 minute';
ALTER TABLE queue_entry
    ALTER COLUMN waiting_since SET NOT NULL,
    ALTER COLUMN rank_at SET NOT NULL;
-- Everybody who is in a queue, also while an agent thinks: so that a stay is in this index once, however often it is offered.
DROP INDEX queue_entry_waiting;
CREATE INDEX queue_entry_waiting ON queue_entry (queue_id, rank_at) WHERE left_at IS NULL;

-- Who called before, and with whom they talked.
CREATE INDEX call_by_caller ON call (from_number, started_at);

-- Until when the same call is not offered again to the same agent.
ALTER TABLE reservation ADD COLUMN not_again_before timestamptz;
-- What an agent did lately, for the strategies that weigh it.
CREATE INDEX reservation_by_agent ON reservation (agent_id, offered_at);

-- An agent as expressions see them.
CREATE FUNCTION agent_facts(agent uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce((SELECT b.attributes FROM agent_attribute b WHERE b.agent_id = agent), '{}')
        || (SELECT jsonb_build_object('skills', coalesce(jsonb_agg(t.tag), '[]'),
                                      'levels', coalesce(jsonb_object_agg(t.tag, t.level), '{}'))
              FROM agent_tag t WHERE t.agent_id = agent);

-- What does not fit the expression, or cannot be compared at all, is false.
CREATE FUNCTION expression_holds(agent uuid, path jsonpath, facts jsonb) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN path IS NULL
        OR coalesce(jsonb_path_match(agent_facts(agent), path, jsonb_build_object('call', coalesce(facts, '{}')), true), false);

-- Whether an agent may take a call that has waited so long in this queue.
CREATE FUNCTION can_take(agent uuid, wanting queue, waited interval, facts jsonb) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT can_serve(agent, CASE WHEN r.after IS NULL THEN (wanting).required_tags ELSE r.required_tags END,
                             CASE WHEN r.after IS NULL THEN (wanting).match_any_tag ELSE r.match_any_tag END)
               AND expression_holds(agent, CASE WHEN r.after IS NULL THEN (wanting).expression_path ELSE r.expression_path END,
                                    facts)
              FROM (SELECT 1) one
              LEFT JOIN LATERAL (SELECT * FROM queue_ring g
                                  WHERE g.queue_id = (wanting).id AND g.after <= waited
                                  ORDER BY g.after DESC LIMIT 1) r ON true);

-- In whose order a queue asks: the lower the earlier.
CREATE FUNCTION agent_order(agent uuid, idle_since timestamptz, asking queue) RETURNS double precision
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN CASE (asking).strategy
        WHEN 'random' THEN random()
        WHEN 'round_robin' THEN (SELECT extract(epoch FROM max(r.offered_at)) FROM reservation r WHERE r.agent_id = agent)
        WHEN 'least_recent' THEN (SELECT extract(epoch FROM max(r.offered_at)) FROM reservation r
                                   WHERE r.agent_id = agent AND r.state IN ('accepted', 'wrapping', 'completed'))
        WHEN 'fewest_calls' THEN (SELECT count(*) FROM reservation r
                                   WHERE r.agent_id = agent AND r.offered_at > now() - interval '1 day'
                                     AND r.state IN ('accepted', 'wrapping', 'completed'))
        WHEN 'least_talk_time' THEN (SELECT extract(epoch FROM sum(r.ended_at - r.answered_at)) FROM reservation r
                                      WHERE r.agent_id = agent AND r.offered_at > now() - interval '1 day'
                                        AND r.state IN ('wrapping', 'completed'))
        WHEN 'best_skill' THEN (SELECT -coalesce(sum(t.level), 0) FROM agent_tag t
                                 WHERE t.agent_id = agent AND t.tag = ANY ((asking).required_tags))
        WHEN 'top_down' THEN coalesce((SELECT t.tier FROM queue_tier t WHERE t.agent_id = agent AND t.queue_id = (asking).id), 1)
        ELSE extract(epoch FROM idle_since)
    END;

-- Who could be asked by which queue at all, so that a free agent is not compared with thousands of queues that want
-- somebody else. A superset: what depends on the call is asked when it is offered.
CREATE TABLE queue_agent (
    queue_id uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    PRIMARY KEY (agent_id, queue_id)
);
CREATE INDEX queue_agent_by_queue ON queue_agent (queue_id);

CREATE FUNCTION may_serve(agent uuid, tags text[], match_any boolean, path jsonpath) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN can_serve(agent, tags, match_any)
       AND (position('$"call"' IN coalesce(path::text, '')) > 0 OR expression_holds(agent, path, NULL));

-- Of two changes at once the second sees the first.
CREATE FUNCTION note_queue_agents(queues uuid[], agents uuid[]) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('queue_agent'));
    DELETE FROM queue_agent WHERE queue_id = ANY (queues) OR agent_id = ANY (agents);
    INSERT INTO queue_agent (queue_id, agent_id)
    SELECT q.id, a.id
      FROM queue q JOIN agent a ON a.customer_id = q.customer_id AND a.deleted_at IS NULL AND q.deleted_at IS NULL
     WHERE (q.id = ANY (queues) OR a.id = ANY (agents))
       AND (may_serve(a.id, q.required_tags, q.match_any_tag, q.expression_path)
            OR EXISTS (SELECT FROM queue_ring g
                        WHERE g.queue_id = q.id AND may_serve(a.id, g.required_tags, g.match_any_tag, g.expression_path)));
END
$$;

-- Why a queue does not take a caller at the moment; null when it does.
CREATE FUNCTION refusal(asked queue, only_agent uuid, reasons text[], at timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN only_agent IS NOT NULL OR cardinality(reasons) > 0 THEN (
        SELECT CASE WHEN only_agent IS NOT NULL AND count(*) FILTER (WHERE a.chosen = 'available') = 0 THEN 'known_agent_away'
                    WHEN 'no_agents' = ANY (reasons) AND count(*) = 0 THEN 'no_agents'
                    WHEN 'unavailable' = ANY (reasons) AND count(*) FILTER (WHERE a.chosen = 'available') = 0 THEN 'unavailable'
                    WHEN 'all_busy' = ANY (reasons) AND count(*) FILTER (WHERE a.chosen = 'available' AND a.engaged IS NULL) = 0
                        THEN 'all_busy'
               END
          FROM queue_agent s JOIN agent a ON a.id = s.agent_id
         WHERE s.queue_id = (asked).id AND a.chosen <> 'offline' AND (a.present_until IS NULL OR a.present_until > at)
           AND (only_agent IS NULL OR a.id = only_agent))
    END;

CREATE FUNCTION note_changed_agents() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM note_queue_agents('{}', (SELECT array_agg(DISTINCT agent_id) FROM changed));
    RETURN NULL;
END
$$;
CREATE FUNCTION note_changed_queue() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM note_queue_agents(ARRAY[NEW.id], '{}');
    RETURN NULL;
END
$$;
CREATE FUNCTION note_changed_ring() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM note_queue_agents(ARRAY[coalesce(NEW.queue_id, OLD.queue_id)], '{}');
    RETURN NULL;
END
$$;
DO
$$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['agent_tag', 'agent_address', 'agent_attribute'] LOOP
        EXECUTE format('CREATE TRIGGER added_noted AFTER INSERT ON %I REFERENCING NEW TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_agents()', part);
        EXECUTE format('CREATE TRIGGER change_noted AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_agents()', part);
        EXECUTE format('CREATE TRIGGER removal_noted AFTER DELETE ON %I REFERENCING OLD TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_agents()', part);
    END LOOP;
END
$$;
CREATE TRIGGER queue_noted AFTER INSERT OR UPDATE OF required_tags, match_any_tag, expression_path ON queue
    FOR EACH ROW EXECUTE FUNCTION note_changed_queue();
CREATE TRIGGER ring_noted AFTER INSERT OR UPDATE OR DELETE ON queue_ring
    FOR EACH ROW EXECUTE FUNCTION note_changed_ring();
SELECT note_queue_agents((SELECT array_agg(id) FROM queue), '{}');

DO
$$
DECLARE
    part text[];
BEGIN
    FOREACH part SLICE 1 IN ARRAY ARRAY[
        ['agent_attribute', 'agent', 'agent_id'], ['queue_ring', 'queue', 'queue_id'], ['queue_tier', 'queue', 'queue_id'],
        ['queue_agent', 'queue', 'queue_id']] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part[1]);
        EXECUTE format('CREATE POLICY of_customer ON %I FOR SELECT TO cordboard_customer'
                       ' USING (EXISTS (SELECT FROM %I whole WHERE whole.id = %I.%I))', part[1], part[2], part[1], part[3]);
    END LOOP;
END
$$;
