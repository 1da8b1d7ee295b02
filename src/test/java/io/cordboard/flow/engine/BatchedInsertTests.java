package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.PropertyEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The driver turns a batch of inserts into one statement and then reports no counts; the engine must cope with that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchedInsertTests {

    private TestEngine test;

    @BeforeAll
    void start() throws SQLException {
        test = new TestEngine(Map.of());
        run("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        Models.deploy(
                test.engine.getRepositoryService(),
                "work.bpmn",
                Models.process(
                        "work",
                        """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="userTask_work" />
                <bpmn:userTask id="userTask_work" name="Work" />
                <bpmn:sequenceFlow id="flow_2" sourceRef="userTask_work" targetRef="endEvent_end" />
                <bpmn:endEvent id="endEvent_end" />"""));
    }

    @AfterAll
    void stop() {
        test.close();
    }

    @Test
    void theVariablesOfACallTravelInFewStatements() throws SQLException {
        var variables = new HashMap<String, Object>();
        for (int i = 0; i < 8; i++) {
            variables.put("variable" + i, "value");
        }
        run("SELECT pg_stat_statements_reset()");

        test.engine.getRuntimeService().startProcessInstanceByKey("work", variables);

        long inserts =
                count("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = current_database() AND query ILIKE 'insert into act_ru_variable%'");
        System.out.printf("Inserts of 8 variables: %d statements%n", inserts);
        assertThat(inserts).isBetween(1L, 2L);
        assertThat(count("SELECT count(*) FROM act_ru_variable")).isEqualTo(8);
    }

    @Test
    void anInsertThatIsThereAlreadyStillFails() {
        var engine = (ProcessEngineConfigurationImpl) test.engine.getProcessEngineConfiguration();
        assertThatThrownBy(() -> engine.getCommandExecutorTxRequired().execute(context -> {
                    for (String name : new String[] {"once", "historyLevel", "twice"}) {
                        context.getPropertyManager().insert(new PropertyEntity(name, "x"));
                    }
                    return null;
                }))
                .isInstanceOf(ProcessEngineException.class);
        assertThat(test.engine.getManagementService().getProperties()).doesNotContainKeys("once", "twice");
    }

    @Test
    void aTaskThatSomebodyElseCompletedMeanwhileStillFails() {
        var instance = test.engine.getRuntimeService().startProcessInstanceByKey("work");
        var tasks = test.engine.getTaskService();
        String task = tasks.createTaskQuery()
                .processInstanceId(instance.getId())
                .singleResult()
                .getId();
        var engine = (ProcessEngineConfigurationImpl) test.engine.getProcessEngineConfiguration();

        assertThatThrownBy(() -> engine.getCommandExecutorTxRequired().execute(context -> {
                    context.getTaskManager().findTaskById(task).setPriority(7);
                    engine.getCommandExecutorTxRequiresNew().execute(other -> {
                        other.getTaskManager().findTaskById(task).setPriority(8);
                        return null;
                    });
                    return null;
                }))
                .isInstanceOf(OptimisticLockingException.class);
    }

    private void run(String sql) throws SQLException {
        try (var connection = test.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String sql) throws SQLException {
        try (var connection = test.dataSource().getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
