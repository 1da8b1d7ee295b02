-- Queues are changed and deleted; what calls did in them stays readable.
ALTER TABLE queue
    ADD COLUMN revision   integer NOT NULL DEFAULT 1,
    ADD COLUMN deleted_at timestamptz;
ALTER TABLE queue DROP CONSTRAINT queue_customer_id_name_key;
CREATE UNIQUE INDEX queue_name ON queue (customer_id, name) WHERE deleted_at IS NULL;
