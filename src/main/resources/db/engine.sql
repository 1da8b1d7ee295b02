-- What Cordboard changes in the engine's tables after the engine has made them; run at every start, under a lock.
--
-- A call writes some sixty rows here, and most of what that costs is indexes. Those that serve no question of ours, nor
-- the engine's own work on a call, are dropped. Columns that are nearly always empty get indexes of the rows that are not.

-- Acquiring due jobs among thousands of waiting timers.
CREATE INDEX IF NOT EXISTS cordboard_job_duedate ON act_ru_job (duedate_);
DROP INDEX IF EXISTS cordboard_idx_job_duedate;

DROP INDEX IF EXISTS act_idx_exec_tenant_id, act_idx_exe_procdef, act_idx_exec_buskey, act_idx_exe_parent,
    act_idx_exe_root_pi, act_idx_exe_super;
CREATE INDEX IF NOT EXISTS cordboard_execution_business_key ON act_ru_execution (business_key_)
    WHERE business_key_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_execution_parent ON act_ru_execution (parent_id_) WHERE parent_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_execution_root ON act_ru_execution (root_proc_inst_id_)
    WHERE root_proc_inst_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_execution_super ON act_ru_execution (super_exec_) WHERE super_exec_ IS NOT NULL;
DROP INDEX IF EXISTS act_idx_task_tenant_id, act_idx_task_owner, act_idx_task_last_updated, act_idx_task_create,
    act_idx_task_procdef;
DROP INDEX IF EXISTS act_idx_batch_id, act_idx_variable_task_id, act_idx_variable_task_name_type,
    act_idx_variable_tenant_id, act_idx_var_bytearray, act_idx_var_procinst, act_idx_var_exe;
CREATE INDEX IF NOT EXISTS cordboard_variable_batch ON act_ru_variable (batch_id_) WHERE batch_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_variable_task ON act_ru_variable (task_id_) WHERE task_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_variable_bytes ON act_ru_variable (bytearray_id_) WHERE bytearray_id_ IS NOT NULL;
DROP INDEX IF EXISTS act_idx_job_exception, act_idx_job_execution_id, act_idx_job_handler, act_idx_job_handler_type,
    act_idx_job_job_def_id, act_idx_job_root_procinst, act_idx_job_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_job_exception ON act_ru_job (exception_stack_id_)
    WHERE exception_stack_id_ IS NOT NULL;
DROP INDEX IF EXISTS act_idx_event_subscr_config_, act_idx_event_subscr_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_event_subscr_config ON act_ru_event_subscr (configuration_)
    WHERE configuration_ IS NOT NULL;

-- History is asked for by call, and cleaned up by age; its rows are in the order of their age.
DROP INDEX IF EXISTS act_idx_hi_actinst_root_pi, act_idx_hi_act_inst_comp, act_idx_hi_act_inst_end,
    act_idx_hi_act_inst_proc_def_key, act_idx_hi_act_inst_rm_time, act_idx_hi_act_inst_start_end,
    act_idx_hi_act_inst_stats, act_idx_hi_act_inst_tenant_id, act_idx_hi_ai_pdefid_end_time,
    act_idx_hi_act_inst_procinst;
CREATE INDEX IF NOT EXISTS cordboard_hi_actinst_process ON act_hi_actinst (proc_inst_id_);
DROP INDEX IF EXISTS act_idx_hi_pi_pdefid_end_time, act_idx_hi_pro_inst_end, act_idx_hi_pro_inst_proc_def_key,
    act_idx_hi_pro_inst_proc_time, act_idx_hi_pro_inst_rm_time, act_idx_hi_pro_inst_root_pi,
    act_idx_hi_pro_inst_tenant_id, act_idx_hi_pro_rst_pro_inst_id;
DROP INDEX IF EXISTS act_idx_hi_taskinstid_procinst, act_idx_hi_taskinst_root_pi, act_idx_hi_task_inst_end,
    act_idx_hi_task_inst_proc_def_key, act_idx_hi_task_inst_rm_time, act_idx_hi_task_inst_start,
    act_idx_hi_task_inst_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_hi_actinst_removal ON act_hi_actinst USING brin (removal_time_);
CREATE INDEX IF NOT EXISTS cordboard_hi_procinst_removal ON act_hi_procinst USING brin (removal_time_);
CREATE INDEX IF NOT EXISTS cordboard_hi_taskinst_removal ON act_hi_taskinst USING brin (removal_time_);

-- An execution proves that its parent is there, a task that its execution is, and that is enough: each further proof locks
-- the row that is pointed to, and the row of a model is the same for all calls.
ALTER TABLE act_ru_execution DROP CONSTRAINT IF EXISTS act_fk_exe_procdef,
    DROP CONSTRAINT IF EXISTS act_fk_exe_procinst;
ALTER TABLE act_ru_task DROP CONSTRAINT IF EXISTS act_fk_task_procdef, DROP CONSTRAINT IF EXISTS act_fk_task_procinst;
ALTER TABLE act_ru_variable DROP CONSTRAINT IF EXISTS act_fk_var_procinst, DROP CONSTRAINT IF EXISTS act_fk_var_exe;

-- What calls passed without waiting, one row for each transaction. A list for each process instance:
-- [its id, milliseconds since 1970, [element, milliseconds later, order within the instance, 1 if it was called off], ...]
CREATE TABLE IF NOT EXISTS cordboard_passage (root_instance_id text NOT NULL, passages text NOT NULL);
CREATE INDEX IF NOT EXISTS cordboard_passage_of_call ON cordboard_passage (root_instance_id);
CREATE OR REPLACE FUNCTION cordboard_forget_passages() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    DELETE FROM cordboard_passage WHERE root_instance_id = OLD.id_;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER cordboard_forget_passages AFTER DELETE ON act_hi_procinst FOR EACH ROW
    WHEN (OLD.id_ = OLD.root_proc_inst_id_) EXECUTE FUNCTION cordboard_forget_passages();

-- What begins now and ends later is written twice; the second time it finds room beside the first.
ALTER TABLE act_hi_actinst SET (fillfactor = 85);
ALTER TABLE act_hi_procinst SET (fillfactor = 70);
ALTER TABLE act_hi_taskinst SET (fillfactor = 70);
ALTER TABLE act_ru_execution SET (fillfactor = 70);
