-- Queues are changed and deleted; what calls did in them stays readable.
ALTER TABLE queue
    ADD COLUMN revision   integer NOT NULL DEFAULT 1,
    ADD COLUMN deleted_at timestamptz;
ALTER TABLE queue DROP CONSTRAINT queue_customer_id_name_key;
CREATE UNIQUE INDEX queue_name ON queue (customer_id, name) WHERE deleted_at IS NULL;

-- As before, and not for those that are deleted.
CREATE OR REPLACE FUNCTION note_queue_agents(queues uuid[], agents uuid[]) RETURNS void LANGUAGE plpgsql AS
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
