-- What Cordboard changes in the engine's tables after the engine has made them; run at every start, under a lock.
--
-- A call writes some sixty rows here, and most of what that costs is indexes. Those that serve no question of ours, nor
-- the engine's own work on a call, are dropped. Columns that are nearly always empty get indexes of the rows that are not.

-- Acquiring due jobs among thousands of waiting timers.
CREATE INDEX IF NOT EXISTS cordboard_job_duedate ON act_ru_job (duedate_);
DROP INDEX IF EXISTS cordboard_idx_job_duedate;

DROP INDEX IF EXISTS act_idx_exec_tenant_id, act_idx_exe_procdef;
DROP INDEX IF EXISTS act_idx_task_tenant_id, act_idx_task_owner, act_idx_task_last_updated, act_idx_task_create,
    act_idx_task_procdef;
DROP INDEX IF EXISTS act_idx_batch_id, act_idx_variable_task_id, act_idx_variable_task_name_type,
    act_idx_variable_tenant_id, act_idx_var_bytearray;
CREATE INDEX IF NOT EXISTS cordboard_variable_batch ON act_ru_variable (batch_id_) WHERE batch_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_variable_task ON act_ru_variable (task_id_) WHERE task_id_ IS NOT NULL;
CREATE INDEX IF NOT EXISTS cordboard_variable_bytes ON act_ru_variable (bytearray_id_) WHERE bytearray_id_ IS NOT NULL;
DROP INDEX IF EXISTS act_idx_job_exception, act_idx_job_handler_type, act_idx_job_job_def_id, act_idx_job_root_procinst,
    act_idx_job_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_job_exception ON act_ru_job (exception_stack_id_)
    WHERE exception_stack_id_ IS NOT NULL;
DROP INDEX IF EXISTS act_idx_event_subscr_config_, act_idx_event_subscr_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_event_subscr_config ON act_ru_event_subscr (configuration_)
    WHERE configuration_ IS NOT NULL;

-- History is asked for by call, and cleaned up by age; its rows are in the order of their age.
DROP INDEX IF EXISTS act_idx_hi_actinst_root_pi, act_idx_hi_act_inst_comp, act_idx_hi_act_inst_end,
    act_idx_hi_act_inst_proc_def_key, act_idx_hi_act_inst_rm_time, act_idx_hi_act_inst_start_end,
    act_idx_hi_act_inst_stats, act_idx_hi_act_inst_tenant_id, act_idx_hi_ai_pdefid_end_time;
DROP INDEX IF EXISTS act_idx_hi_pi_pdefid_end_time, act_idx_hi_pro_inst_end, act_idx_hi_pro_inst_proc_def_key,
    act_idx_hi_pro_inst_proc_time, act_idx_hi_pro_inst_rm_time, act_idx_hi_pro_inst_root_pi,
    act_idx_hi_pro_inst_tenant_id, act_idx_hi_pro_rst_pro_inst_id;
DROP INDEX IF EXISTS act_idx_hi_taskinstid_procinst, act_idx_hi_taskinst_root_pi, act_idx_hi_task_inst_end,
    act_idx_hi_task_inst_proc_def_key, act_idx_hi_task_inst_rm_time, act_idx_hi_task_inst_start,
    act_idx_hi_task_inst_tenant_id;
CREATE INDEX IF NOT EXISTS cordboard_hi_actinst_removal ON act_hi_actinst USING brin (removal_time_);
CREATE INDEX IF NOT EXISTS cordboard_hi_procinst_removal ON act_hi_procinst USING brin (removal_time_);
CREATE INDEX IF NOT EXISTS cordboard_hi_taskinst_removal ON act_hi_taskinst USING brin (removal_time_);

-- What begins now and ends later is written twice; the second time it finds room beside the first.
ALTER TABLE act_hi_actinst SET (fillfactor = 85);
ALTER TABLE act_hi_procinst SET (fillfactor = 70);
ALTER TABLE act_hi_taskinst SET (fillfactor = 70);
ALTER TABLE act_ru_execution SET (fillfactor = 70);

-- How long something took, in milliseconds: computed here, so that the engine need not read when it began.
CREATE OR REPLACE FUNCTION cordboard_duration() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.duration_ := round(extract(epoch FROM NEW.end_time_ - NEW.start_time_) * 1000);
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER cordboard_duration BEFORE UPDATE ON act_hi_actinst FOR EACH ROW
    WHEN (NEW.end_time_ IS NOT NULL AND NEW.duration_ IS NULL) EXECUTE FUNCTION cordboard_duration();
CREATE OR REPLACE TRIGGER cordboard_duration BEFORE UPDATE ON act_hi_procinst FOR EACH ROW
    WHEN (NEW.end_time_ IS NOT NULL AND NEW.duration_ IS NULL) EXECUTE FUNCTION cordboard_duration();
CREATE OR REPLACE TRIGGER cordboard_duration BEFORE UPDATE ON act_hi_taskinst FOR EACH ROW
    WHEN (NEW.end_time_ IS NOT NULL AND NEW.duration_ IS NULL) EXECUTE FUNCTION cordboard_duration();
