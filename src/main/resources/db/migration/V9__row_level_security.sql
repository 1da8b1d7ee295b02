-- Whoever reads as a customer sees what is the customer's, whatever the query forgot. Requests that read take this role for
-- the length of their transaction, with the customer's id in cordboard.customer; the engine, the carriers' events and the
-- sweeps work for all customers and go on as the owner of the tables, whom policies do not bind.
DO
$$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cordboard_customer') THEN
        BEGIN
            CREATE ROLE cordboard_customer NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of this server was faster
        END;
    END IF;
    BEGIN
        EXECUTE format('GRANT cordboard_customer TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN
        NULL; -- whoever made the role may have granted it already
    END;
    BEGIN
        SET LOCAL ROLE cordboard_customer;
        RESET ROLE;
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The database user % may not take the role cordboard_customer.', current_user
            USING HINT = format('As an administrator of the server: GRANT cordboard_customer TO %I;', current_user);
    END;
END
$$;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO cordboard_customer;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO cordboard_customer;
REVOKE ALL ON signing_key, recovery_token, ended_session, outbox, webhook_cursor, webhook_gap FROM cordboard_customer;

CREATE FUNCTION current_customer() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('cordboard.customer', true), '')::uuid;

-- What says itself whose it is.
DO
$$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['agent', 'agent_address', 'queue', 'phone_number', 'tag', 'audit_log',
                                 'webhook_subscription', 'webhook_delivery'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY of_customer ON %I FOR SELECT TO cordboard_customer USING (customer_id = current_customer())',
                       owned);
    END LOOP;
END
$$;
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON customer FOR SELECT TO cordboard_customer USING (id = current_customer());

-- Calls to numbers that are nobody's are the business of whoever runs the installation.
ALTER TABLE call ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON call FOR SELECT TO cordboard_customer
    USING (customer_id = current_customer()
           OR customer_id IS NULL AND EXISTS (SELECT FROM customer o WHERE o.operator));

-- What belongs to something that does: whoever sees the one sees the other.
DO
$$
DECLARE
    part text[];
BEGIN
    FOREACH part SLICE 1 IN ARRAY ARRAY[
        ['agent_tag', 'agent', 'agent_id'], ['api_token', 'agent', 'agent_id'], ['call_leg', 'call', 'call_id'],
        ['call_note', 'call', 'call_id'], ['queue_entry', 'call', 'call_id'], ['reservation', 'call', 'call_id'],
        ['voicemail', 'call', 'call_id'], ['inbox', 'call', 'call_id']] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part[1]);
        EXECUTE format('CREATE POLICY of_customer ON %I FOR SELECT TO cordboard_customer'
                       ' USING (EXISTS (SELECT FROM %I whole WHERE whole.id = %I.%I))', part[1], part[2], part[1], part[3]);
    END LOOP;
END
$$;
ALTER TABLE event_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON event_log FOR SELECT TO cordboard_customer
    USING (customer_id = current_customer()
           OR EXISTS (SELECT FROM call c WHERE c.id = call_id)
           OR EXISTS (SELECT FROM agent a WHERE a.id = agent_id));
