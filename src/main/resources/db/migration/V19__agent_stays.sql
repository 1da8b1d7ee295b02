-- Whether the agent stays in the conference when the caller hangs up; a setting of the call's flow.
ALTER TABLE call ADD COLUMN agent_stays boolean NOT NULL DEFAULT false;
