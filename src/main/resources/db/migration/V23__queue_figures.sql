-- Whoever watches the figures of a customer's queues learns that they have changed; what they are they ask. Nothing is
-- written for it, and a transaction tells each customer once.
CREATE FUNCTION tell_queue_figures() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_notify('queue_figures', (SELECT q.customer_id::text FROM queue q WHERE q.id = NEW.queue_id));
    RETURN NULL;
END
$$;
CREATE FUNCTION tell_figures_of_customer() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_notify('queue_figures', NEW.customer_id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER figures_told AFTER INSERT OR UPDATE OF left_at ON queue_entry
    FOR EACH ROW EXECUTE FUNCTION tell_queue_figures();
CREATE TRIGGER figures_told AFTER INSERT OR UPDATE OF state ON reservation
    FOR EACH ROW EXECUTE FUNCTION tell_queue_figures();
CREATE TRIGGER figures_told AFTER UPDATE OF chosen, engaged, rests_until, deleted_at ON agent
    FOR EACH ROW WHEN ((OLD.chosen, OLD.engaged, OLD.rests_until, OLD.deleted_at)
                       IS DISTINCT FROM (NEW.chosen, NEW.engaged, NEW.rests_until, NEW.deleted_at))
    EXECUTE FUNCTION tell_figures_of_customer();
CREATE TRIGGER figures_told AFTER INSERT OR UPDATE ON queue
    FOR EACH ROW EXECUTE FUNCTION tell_figures_of_customer();
