package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cmd.CompleteTaskCmd;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;
import org.camunda.bpm.engine.impl.persistence.entity.PropertyEntity;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The engine behaves as ever, with one statement to read and one to write each time a call moves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallSessionTests {

    private TestEngine test;
    private RuntimeService runtime;
    private TaskService tasks;

    @BeforeAll
    void start() throws SQLException {
        test = new TestEngine(Map.of());
        runtime = test.engine.getRuntimeService();
        tasks = test.engine.getTaskService();
        run("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        Models.deploy(
                test.engine.getRepositoryService(),
                "outer.bpmn",
                Models.process(
                                "outer",
                                """
                <bpmn:subProcess id="subProcess_gone" name="Gone" triggeredByEvent="true">
                  <bpmn:startEvent id="startEvent_gone">
                    <bpmn:messageEventDefinition id="definition_gone" messageRef="message_gone" />
                  </bpmn:startEvent>
                  <bpmn:sequenceFlow id="flow_gone" sourceRef="startEvent_gone" targetRef="endEvent_gone" />
                  <bpmn:endEvent id="endEvent_gone" />
                </bpmn:subProcess>
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="callActivity_inner" />
                <bpmn:callActivity id="callActivity_inner" name="Inner" calledElement="inner">
                  <bpmn:extensionElements>
                    <camunda:in businessKey="#{execution.processBusinessKey}" />
                    <camunda:in source="number" target="number" />
                    <camunda:out source="answer" target="answer" />
                  </bpmn:extensionElements>
                </bpmn:callActivity>
                <bpmn:sequenceFlow id="flow_2" sourceRef="callActivity_inner" targetRef="userTask_after" />
                <bpmn:userTask id="userTask_after" name="After" />
                <bpmn:sequenceFlow id="flow_3" sourceRef="userTask_after" targetRef="endEvent_end" />
                <bpmn:endEvent id="endEvent_end" />""")
                        .replace(
                                "</bpmn:definitions>",
                                "<bpmn:message id=\"message_gone\" name=\"gone\" /></bpmn:definitions>"));
        Models.deploy(
                test.engine.getRepositoryService(),
                "inner.bpmn",
                Models.process(
                        "inner",
                        """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="userTask_work" />
                <bpmn:userTask id="userTask_work" name="Work" />
                <bpmn:boundaryEvent id="event_tooLate" name="Too late" attachedToRef="userTask_work">
                  <bpmn:timerEventDefinition id="definition_tooLate">
                    <bpmn:timeDuration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>
                  </bpmn:timerEventDefinition>
                </bpmn:boundaryEvent>
                <bpmn:sequenceFlow id="flow_late" sourceRef="event_tooLate" targetRef="endEvent_late" />
                <bpmn:endEvent id="endEvent_late" />
                <bpmn:sequenceFlow id="flow_2" sourceRef="userTask_work" targetRef="endEvent_end" />
                <bpmn:endEvent id="endEvent_end" />"""));
    }

    @AfterAll
    void stop() {
        test.close();
    }

    @Test
    void aTaskInACalledProcessLeadsOnInTheCallingOne() {
        runtime.startProcessInstanceByKey("outer", "call-1", Map.of("number", 7));
        Task work = task("call-1", "userTask_work");
        assertThat(tasks.getVariables(work.getId())).containsEntry("number", 7);
        assertThat(timers("call-1")).hasSize(1);

        tasks.complete(work.getId(), Map.of("answer", "yes"));

        Task after = task("call-1", "userTask_after");
        assertThat(tasks.getVariables(after.getId())).containsEntry("number", 7).containsEntry("answer", "yes");
        assertThat(timers("call-1")).isEmpty();
        tasks.complete(after.getId());
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey("call-1")
                        .list())
                .isEmpty();
    }

    @Test
    void aMessageToTheCallingProcessEndsTheCalledOneToo() {
        runtime.startProcessInstanceByKey("outer", "call-2", Map.of("number", 7));

        runtime.createMessageCorrelation("gone")
                .processInstanceBusinessKey("call-2")
                .correlate();

        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey("call-2")
                        .list())
                .isEmpty();
        assertThat(timers("call-2")).isEmpty();
        assertThat(history("call-2"))
                .filteredOn(activity -> activity.getActivityId().equals("userTask_work"))
                .singleElement()
                .satisfies(work -> assertThat(work.isCanceled()).isTrue());
    }

    @Test
    void historyTellsHowLongEverythingTook() {
        runtime.startProcessInstanceByKey("outer", "call-3", Map.of("number", 7));
        tasks.complete(task("call-3", "userTask_work").getId());
        tasks.complete(task("call-3", "userTask_after").getId());

        assertThat(history("call-3"))
                .extracting(HistoricActivityInstance::getActivityId)
                .contains("userTask_work");
        assertThat(history("call-3")).allSatisfy(activity -> assertThat(activity.getDurationInMillis())
                .isEqualTo(activity.getEndTime().getTime()
                        - activity.getStartTime().getTime()));
        assertThat(test.engine
                        .getHistoryService()
                        .createHistoricProcessInstanceQuery()
                        .processInstanceBusinessKey("call-3")
                        .list())
                .hasSize(2)
                .allSatisfy(process -> assertThat(process.getDurationInMillis())
                        .isEqualTo(process.getEndTime().getTime()
                                - process.getStartTime().getTime()))
                .allSatisfy(process -> assertThat(process.getRemovalTime()).isNotNull());
    }

    @Test
    void whatACallPassedWithoutWaitingIsForgottenWithItsHistory() throws SQLException {
        String root = runtime.startProcessInstanceByKey("outer", "call-10", Map.of("number", 7))
                .getId();
        tasks.complete(task("call-10", "userTask_work").getId());
        tasks.complete(task("call-10", "userTask_after").getId());
        String passages = "SELECT count(*) FROM cordboard_passage WHERE root_instance_id = '" + root + "'";
        assertThat(count(passages)).isEqualTo(3);
        assertThat(history("call-10"))
                .extracting(HistoricActivityInstance::getActivityId)
                .containsExactlyInAnyOrder("callActivity_inner", "userTask_work", "userTask_after");

        test.engine.getHistoryService().deleteHistoricProcessInstance(root);

        assertThat(count(passages)).isZero();
    }

    @Test
    void movingACallTakesOneStatementToReadAndOneToWrite() throws SQLException {
        runtime.startProcessInstanceByKey("outer", "call-4", Map.of("number", 7));
        tasks.complete(task("call-4", "userTask_work").getId());
        runtime.startProcessInstanceByKey("outer", "call-5", Map.of("number", 7));
        String work = task("call-5", "userTask_work").getId();
        run("SELECT pg_stat_statements_reset()");

        tasks.complete(work, Map.of("answer", "yes", "reason", "because", "number", 8));

        assertThat(count("SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = current_database() AND s.toplevel AND query ILIKE '%act\\_%'"
                        // A definition may have to be read anew, every five seconds.
                        + " AND query !~* '^select \\* from act_(re_procdef|ru_jobdef)'"))
                .isEqualTo(2);
    }

    @Test
    void anInsertThatIsThereAlreadyStillFails() {
        assertThatThrownBy(() -> commands().execute(context -> {
                    for (String name : new String[] {"once", "historyLevel", "twice"}) {
                        context.getPropertyManager().insert(new PropertyEntity(name, "x"));
                    }
                    return null;
                }))
                .isInstanceOf(ProcessEngineException.class);
        assertThat(test.engine.getManagementService().getProperties()).doesNotContainKeys("once", "twice");
    }

    @Test
    void aTaskThatSomebodyElseChangedMeanwhileStillFails() {
        runtime.startProcessInstanceByKey("outer", "call-6", Map.of("number", 7));
        String task = task("call-6", "userTask_work").getId();
        var configuration = (ProcessEngineConfigurationImpl) test.engine.getProcessEngineConfiguration();

        assertThatThrownBy(() -> commands().execute(context -> {
                    context.getTaskManager().findTaskById(task).setPriority(7);
                    configuration.getCommandExecutorTxRequiresNew().execute(other -> {
                        other.getTaskManager().findTaskById(task).setPriority(8);
                        return null;
                    });
                    return null;
                }))
                .isInstanceOf(OptimisticLockingException.class);
    }

    @Test
    void aTaskThatSomebodyElseCompletedMeanwhileStillFails() {
        runtime.startProcessInstanceByKey("outer", "call-7", Map.of("number", 7));
        String task = task("call-7", "userTask_work").getId();
        var configuration = (ProcessEngineConfigurationImpl) test.engine.getProcessEngineConfiguration();

        assertThatThrownBy(() -> commands().execute(context -> {
                    new CompleteTaskCmd(task, Map.of("answer", "mine")).execute(context);
                    configuration
                            .getCommandExecutorTxRequiresNew()
                            .execute(new CompleteTaskCmd(task, Map.of("answer", "theirs")));
                    return null;
                }))
                .isInstanceOf(OptimisticLockingException.class);
        assertThat(tasks.getVariables(task("call-7", "userTask_after").getId())).containsEntry("answer", "theirs");
    }

    @Test
    void aSuspendedModelStartsNoMoreCalls() {
        runtime.startProcessInstanceByKey("outer", "call-8", Map.of("number", 7));
        test.engine.getRepositoryService().suspendProcessDefinitionByKey("outer");
        try {
            assertThatThrownBy(() -> runtime.startProcessInstanceByKey("outer", "call-9", Map.of("number", 7)))
                    .isInstanceOf(ProcessEngineException.class);
        } finally {
            test.engine.getRepositoryService().activateProcessDefinitionByKey("outer");
        }
        runtime.startProcessInstanceByKey("outer", "call-9", Map.of("number", 7));
    }

    private CommandExecutor commands() {
        return ((ProcessEngineConfigurationImpl) test.engine.getProcessEngineConfiguration())
                .getCommandExecutorTxRequired();
    }

    private List<Job> timers(String businessKey) {
        return runtime.createProcessInstanceQuery().processInstanceBusinessKey(businessKey).list().stream()
                .flatMap(
                        process -> test
                                .engine
                                .getManagementService()
                                .createJobQuery()
                                .processInstanceId(process.getId())
                                .list()
                                .stream())
                .toList();
    }

    private List<HistoricActivityInstance> history(String businessKey) {
        var history = test.engine.getHistoryService();
        return history.createHistoricProcessInstanceQuery().processInstanceBusinessKey(businessKey).list().stream()
                .flatMap(process ->
                        history
                                .createHistoricActivityInstanceQuery()
                                .processInstanceId(process.getId())
                                .list()
                                .stream())
                .toList();
    }

    private Task task(String businessKey, String element) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(businessKey)
                .taskDefinitionKey(element)
                .singleResult();
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
