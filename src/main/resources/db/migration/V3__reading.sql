-- Entering a queue and showing an offer ask for the earlier stays of one call.
CREATE INDEX queue_entry_by_call ON queue_entry (call_id);

-- Rows of these tables are nearly in the order of their times, so these indexes cost next to nothing to keep: for the
-- waiting times of the last hour, and for what carriers told while a call lasted.
CREATE INDEX queue_entry_by_time ON queue_entry USING brin (entered_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX inbox_by_time ON inbox USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);
