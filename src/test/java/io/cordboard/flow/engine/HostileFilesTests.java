package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.cordboard.flow.check.Fault;
import io.cordboard.flow.check.ModelRefused;
import io.cordboard.flow.engine.HostileFiles.Hostile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.rest.exception.ExceptionHandlerHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Files that attack, deployed on the real engine: none of them executes anything, each is refused with a reason. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTests {

    private static final Map<String, JavaDelegate> STEPS = Map.of("harmless", execution -> {});

    private final Logger engineLog = (Logger) LoggerFactory.getLogger("org.camunda.bpm.engine");
    private TestEngine guarded;
    private TestEngine unchecked;

    static List<Hostile> hostileFiles() {
        return HostileFiles.all();
    }

    @BeforeAll
    void start() {
        // Hundreds of refusals with their stack traces would hide everything else.
        engineLog.setLevel(Level.OFF);
        guarded = new TestEngine(STEPS);
        // As if the checks at deployment had a hole: what is left is what the engine itself cannot do.
        unchecked = TestEngine.withoutChecks(STEPS);
    }

    @AfterAll
    void stop() {
        guarded.close();
        unchecked.close();
        engineLog.setLevel(null);
    }

    @AfterEach
    void nothingWasExecuted() throws IOException {
        String mark = System.clearProperty(HostileDelegate.MARK);
        assertThat(mark).as("what was executed").isNull();
        assertThat(Files.deleteIfExists(HostileFiles.MARK)).isFalse();
    }

    @Test
    void theCorpusIsLargeEnoughToMeanSomething() {
        assertThat(HostileFiles.all()).hasSizeGreaterThan(60);
        assertThat(HostileFiles.all()).extracting(Hostile::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("hostileFiles")
    @Timeout(60)
    void isRefusedWithElementReasonAndRemedyAndStoresNothing(Hostile hostile) {
        var repository = guarded.engine.getRepositoryService();
        long before = repository.createDeploymentQuery().count();

        ModelRefused refusal = catchThrowableOfType(
                ModelRefused.class, () -> Models.deploy(repository, hostile.file(), hostile.content()));

        assertThat(refusal).as("refusal of " + hostile).isNotNull();
        assertThat(refusal.faults()).allSatisfy(fault -> {
            assertThat(fault.what())
                    .endsWith(fault.what().endsWith(")") ? ")" : ".")
                    .hasSizeGreaterThan(10);
            assertThat(fault.remedy()).hasSizeGreaterThan(5);
        });
        if (!hostile.element().isEmpty()) {
            assertThat(refusal.faults())
                    .filteredOn(fault -> fault.element().equals(hostile.element()))
                    .as("faults at " + hostile.element() + " among " + refusal.faults())
                    .isNotEmpty()
                    .allMatch(fault -> fault.line() > 0 || hostile.file().endsWith(".form"));
        }
        assertThat(repository.createDeploymentQuery().count()).isEqualTo(before);
    }

    /**
     * Without what the check alone stops: form handlers, of which Camunda's parser makes an instance by itself, and work
     * without bounds, which would only keep this test busy.
     */
    static List<Hostile> hostileFilesThatTheEngineStops() {
        return HostileFiles.all().stream()
                .filter(hostile -> Stream.of(
                                "formHandlerClass", "R/PT0S", ">1000000<", "1000000000", "(a+)+", "repeat(2000")
                        .noneMatch(hostile.content()::contains))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("hostileFilesThatTheEngineStops")
    @Timeout(60)
    void executesNothingEvenIfTheChecksAtDeploymentWereGone(Hostile hostile) {
        var engine = unchecked.engine;
        Throwable thrown =
                catchThrowable(() -> Models.deploy(engine.getRepositoryService(), hostile.file(), hostile.content()));
        if (thrown == null && hostile.file().endsWith(".bpmn")) {
            var variables = new HashMap<String, Object>(Map.of("digit", "1", "a", "1"));
            String key = engine.getRepositoryService()
                    .createProcessDefinitionQuery()
                    .processDefinitionResourceName(hostile.file())
                    .list()
                    .get(0)
                    .getKey();
            catchThrowable(() -> engine.getRuntimeService().startProcessInstanceByKey(key, "call", variables));
            engine.getManagementService().createJobQuery().list().forEach(job -> {
                catchThrowable(() -> engine.getManagementService().executeJob(job.getId()));
                catchThrowable(() -> engine.getManagementService().deleteJob(job.getId()));
            });
            engine.getTaskService()
                    .createTaskQuery()
                    .list()
                    .forEach(
                            task -> catchThrowable(() -> engine.getTaskService().complete(task.getId())));
        }
        if (thrown == null && hostile.file().endsWith(".dmn")) {
            catchThrowable(() -> engine.getDecisionService()
                    .evaluateDecisionTableByKey(hostile.file().replace(".dmn", ""), Map.of("a", "1")));
        }
    }

    @Test
    void expressionsAreRefusedWhereverTheyEnterTheEngine() {
        for (String expression : HostileFiles.EXPRESSIONS) {
            if (expression.equals("${currentUser()}")) {
                continue;
            }
            Throwable thrown = catchThrowable(() -> {
                var manager = ((org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl)
                                unchecked.engine.getProcessEngineConfiguration())
                        .getExpressionManager();
                manager.createExpression(expression)
                        .getValue(new org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity());
            });
            assertThat(thrown).as(expression).isInstanceOf(ProcessEngineException.class);
        }
    }

    @Test
    void everyFaultOfEveryFileIsToldAtOnceAsModelerShowsIt() {
        String model = Models.process(
                "broken",
                """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="scriptTask_x" />
                <bpmn:scriptTask id="scriptTask_x" scriptFormat="groovy"><bpmn:script>x</bpmn:script></bpmn:scriptTask>
                <bpmn:sequenceFlow id="flow_2" sourceRef="scriptTask_x" targetRef="serviceTask_y" />
                <bpmn:serviceTask id="serviceTask_y" camunda:delegateExpression="#{unknown}" />
                <bpmn:sequenceFlow id="flow_3" sourceRef="serviceTask_y" targetRef="endEvent_end" />
                <bpmn:endEvent id="endEvent_end" />""");
        var deployment = guarded.engine
                .getRepositoryService()
                .createDeployment()
                .addString("broken.bpmn", model)
                .addString("page.html", "<script></script>");

        ModelRefused refusal = catchThrowableOfType(ModelRefused.class, deployment::deploy);

        assertThat(refusal.faults()).extracting(Fault::element).contains("scriptTask_x", "serviceTask_y", "");
        assertThat(refusal)
                .hasMessageContainingAll(
                        "broken.bpmn",
                        "scriptTask_x, line 9",
                        "Draw a step",
                        "There is no step 'unknown'",
                        "[harmless]",
                        "page.html");
        var answer = ExceptionHandlerHelper.getInstance();
        assertThat(answer.getStatus(refusal).getStatusCode()).isEqualTo(400);
        assertThat(answer.fromException(refusal).getMessage()).contains("scriptTask_x, line 9");
        assertThat(refusal.getResorceReports()).hasSize(2);
    }

    @Test
    void whatAnalystsNeedIsAccepted() {
        String model = Models.process(
                "useful",
                """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="serviceTask_say" />
                <bpmn:serviceTask id="serviceTask_say" camunda:delegateExpression="#{harmless}">
                  <bpmn:extensionElements>
                    <camunda:properties><camunda:property name="text" value="Hello ${from.substring(0, 3)}" /></camunda:properties>
                    <camunda:inputOutput><camunda:inputParameter name="limit">${tries + 1}</camunda:inputParameter></camunda:inputOutput>
                    <camunda:executionListener event="end" delegateExpression="#{harmless}" />
                  </bpmn:extensionElements>
                </bpmn:serviceTask>
                <bpmn:sequenceFlow id="flow_2" sourceRef="serviceTask_say" targetRef="gateway_digit" />
                <bpmn:exclusiveGateway id="gateway_digit" default="flow_other" />
                <bpmn:sequenceFlow id="flow_one" sourceRef="gateway_digit" targetRef="endEvent_one"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${digit == '1' &amp;&amp; from.startsWith('+1') and !from.trim().isEmpty() and tries lt 3 and execution.processBusinessKey.length() > 2 and (tries > 0 ? true : false)}</bpmn:conditionExpression></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="flow_other" sourceRef="gateway_digit" targetRef="endEvent_other" />
                <bpmn:endEvent id="endEvent_one" />
                <bpmn:endEvent id="endEvent_other" />""");
        Models.deploy(guarded.engine.getRepositoryService(), "useful.bpmn", model);

        var instance = guarded.engine
                .getRuntimeService()
                .startProcessInstanceByKey("useful", "call", Map.of("digit", "1", "from", "+15550100", "tries", 2));

        assertThat(guarded.engine
                        .getHistoryService()
                        .createHistoricProcessInstanceQuery()
                        .processInstanceId(instance.getId())
                        .singleResult()
                        .getEndActivityId())
                .isEqualTo("endEvent_one");
    }

    @Test
    void aPageOfOurOwnFolderIsAcceptedAndAStrangersIsNot() {
        var repository = guarded.engine.getRepositoryService();
        RefusingDeployer.asOurs(() -> repository
                .createDeployment()
                .addString("accept-call.html", "<form></form>")
                .deploy());

        assertThat(catchThrowable(() -> repository
                        .createDeployment()
                        .source("process application")
                        .addString("accept-call.html", "<form></form>")
                        .deploy()))
                .isInstanceOf(ModelRefused.class);
    }
}
