-- Calls to a trial number run on the newest drafts of models; all others on what is published.
ALTER TABLE phone_number ADD COLUMN trial boolean NOT NULL DEFAULT false;

-- Who deployed a model, and what became of it. The models themselves are the engine's (act_re_deployment); those that came
-- with the program have no row here.
CREATE TABLE model_deployment (
    deployment_id text PRIMARY KEY,
    state         text NOT NULL CHECK (state IN ('draft', 'published', 'discarded', 'superseded', 'live')),
    deployed_by   uuid NOT NULL REFERENCES agent,
    -- the draft that went live with this deployment
    draft         text UNIQUE REFERENCES model_deployment,
    decided_by    uuid REFERENCES agent,
    decided_at    timestamptz,
    CHECK (draft IS NULL OR state = 'live'),
    CHECK ((decided_by IS NOT NULL AND decided_at IS NOT NULL) = (state IN ('published', 'discarded', 'superseded')))
);
CREATE INDEX model_draft ON model_deployment (deployment_id) WHERE state = 'draft';

-- A draft that waits no longer is out of the way of trials; calls that run on it go on.
CREATE FUNCTION put_draft_aside() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    UPDATE act_re_procdef SET tenant_id_ = 'aside' WHERE deployment_id_ = NEW.deployment_id;
    UPDATE act_re_decision_def SET tenant_id_ = 'aside' WHERE deployment_id_ = NEW.deployment_id;
    UPDATE act_re_decision_req_def SET tenant_id_ = 'aside' WHERE deployment_id_ = NEW.deployment_id;
    UPDATE act_re_camformdef SET tenant_id_ = 'aside' WHERE deployment_id_ = NEW.deployment_id;
    UPDATE act_re_deployment SET tenant_id_ = 'aside' WHERE id_ = NEW.deployment_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER draft_decided AFTER UPDATE OF state ON model_deployment FOR EACH ROW
    WHEN (OLD.state = 'draft' AND NEW.state <> 'draft')
    EXECUTE FUNCTION put_draft_aside();

-- Models are the business of whoever runs the installation.
ALTER TABLE model_deployment ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_customer ON model_deployment FOR SELECT TO cordboard_customer
    USING (EXISTS (SELECT FROM customer o WHERE o.operator));
GRANT SELECT ON model_deployment TO cordboard_customer;
