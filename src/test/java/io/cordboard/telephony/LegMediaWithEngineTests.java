package io.cordboard.telephony;

import static io.cordboard.telephony.TelephonyFixture.database;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand.Perform;
import io.cordboard.telephony.MediaStep.Enqueue;
import io.cordboard.telephony.MediaStep.Say;
import io.cordboard.telephony.TelephonyFixture.Database;
import io.cordboard.telephony.TelephonyFixture.Node;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.spring.SpringProcessEngineConfiguration;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps of a flow that moves outside of a webhook: an agent completes a task, the engine commits by itself. */
class LegMediaWithEngineTests {

    private Database database;
    private Node node;
    private LockedCall call;
    private ProcessEngine engine;
    private String task;
    private final List<Integer> tasksBehind = new CopyOnWriteArrayList<>();
    private volatile CyclicBarrier inTheStep = new CyclicBarrier(1);

    @BeforeEach
    void aWaitingFlow() {
        database = database();
        node = new Node(database);
        call = database.call();
        node.lineEnds.add((callId, leg) -> {
            tasksBehind.add(node.jdbc
                    .sql("SELECT count(*) FROM act_ru_task WHERE task_def_key_ = 'behind'")
                    .query(Integer.class)
                    .single());
            return List.of(new Enqueue(callId, "support"));
        });
        node.start();
        JavaDelegate speak = execution -> {
            inTheStep.await();
            node.directions.add(call.call(), call.leg(), new Say("Hello", null));
        };
        SpringProcessEngineConfiguration configuration = new SpringProcessEngineConfiguration();
        configuration.setProcessEngineName("legMedia");
        configuration.setDataSource(node.pool);
        configuration.setTransactionManager(node.transactions);
        configuration.setDatabaseSchemaUpdate("true");
        configuration.setJobExecutorActivate(false);
        configuration.setBeans(Map.of("speak", speak));
        engine = configuration.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addModelInstance(
                        "flow.bpmn",
                        Bpmn.createExecutableProcess("flow")
                                .camundaHistoryTimeToLive(1)
                                .startEvent()
                                .userTask("before")
                                .serviceTask("step")
                                .camundaDelegateExpression("#{speak}")
                                .userTask("behind")
                                .endEvent()
                                .done())
                .deploy();
        engine.getRuntimeService().startProcessInstanceByKey("flow");
        task = engine.getTaskService().createTaskQuery().singleResult().getId();
    }

    @AfterEach
    void end() {
        engine.close();
        node.close();
        database.close();
    }

    @Test
    void theStepsAreWrittenAfterTheEngineWroteItsChangesAndCommittedWithThem() {
        engine.getTaskService().complete(task);

        await().until(() -> !node.carrier.orders.isEmpty());
        assertThat(((Perform) node.carrier.orders.remove().command()).steps())
                .containsExactly(new Say("Hello", null), new Enqueue(call.call(), "support"));
        assertThat(tasksBehind)
                .as("what the engine had written when the steps were")
                .containsExactly(1);
    }

    @Test
    void theLoserOfARaceSaysNothing() {
        inTheStep = new CyclicBarrier(2);
        List<Boolean> won = TelephonyFixture.together(TelephonyFixture.threads(2), 2, () -> {
            try {
                engine.getTaskService().complete(task);
                return true;
            } catch (RuntimeException e) {
                return false;
            }
        });
        assertThat(won).containsExactlyInAnyOrder(true, false);
        await().until(() -> database.outboxRows() == 0 && !node.carrier.orders.isEmpty());
        assertThat(node.carrier.orders).hasSize(1);
        assertThat(tasksBehind).hasSize(1);
    }
}
