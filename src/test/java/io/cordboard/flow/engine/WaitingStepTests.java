package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingStepTests {

    private static final String MODEL = Models.process(
            "greeting",
            """
            <bpmn:startEvent id="startEvent_called" />
            <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_called" targetRef="receiveTask_ask" />
            <bpmn:receiveTask id="receiveTask_ask" name="Ask">
              <bpmn:extensionElements><camunda:properties>
                <camunda:property name="step" value="ask" />
                <camunda:property name="prompt" value="Hello ${callerName}, press 1" />
                <camunda:property name="digits" value="3" />
                <camunda:property name="timeout" value="PT7S" />
                <camunda:property name="repeat" value="${again}" />
                <camunda:property name="empty" value="  " />
              </camunda:properties></bpmn:extensionElements>
            </bpmn:receiveTask>
            <bpmn:boundaryEvent id="event_tooLong" attachedToRef="receiveTask_ask">
              <bpmn:timerEventDefinition id="timer"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
            </bpmn:boundaryEvent>
            <bpmn:sequenceFlow id="flow_2" sourceRef="receiveTask_ask" targetRef="endEvent_done" />
            <bpmn:sequenceFlow id="flow_3" sourceRef="event_tooLong" targetRef="endEvent_done" />
            <bpmn:endEvent id="endEvent_done" />""");

    private final StepSettings settings = new ElementSettings();
    private final List<String> seen = new ArrayList<>();
    private TestEngine test;

    private final Step ask = new Step() {

        @Override
        public Description description() {
            return new Description("Ask", Kind.WAIT, "Asks.", List.of(), List.of());
        }

        @Override
        public void execute(DelegateExecution execution) {
            seen.add(settings.text(execution, "prompt").orElse("-"));
            seen.add("" + settings.number(execution, "digits", 1));
            seen.add("" + settings.duration(execution, "timeout", Duration.ZERO));
            seen.add("" + settings.yesNo(execution, "repeat", false));
            seen.add("" + settings.text(execution, "empty"));
            seen.add("" + settings.number(execution, "missing", 42));
            seen.add(execution.getId());
        }
    };

    @BeforeAll
    void start() {
        test = new TestEngine(Map.of("ask", ask));
        Models.deploy(test.engine.getRepositoryService(), "greeting.bpmn", MODEL);
    }

    @AfterAll
    void stop() {
        test.close();
    }

    @Test
    void aReceiveTaskMarkedAsAStepRunsItAndWaitsForTheAnswer() {
        seen.clear();
        var runtime = test.engine.getRuntimeService();
        var instance = runtime.startProcessInstanceByKey("greeting", Map.of("callerName", "Ada", "again", true));

        assertThat(seen.subList(0, 6))
                .containsExactly("Hello Ada, press 1", "3", "PT7S", "true", "Optional.empty", "42");
        assertThat(runtime.getActiveActivityIds(instance.getId())).containsExactly("receiveTask_ask");

        runtime.signal(seen.get(6));

        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceId(instance.getId())
                        .count())
                .isZero();
    }

    @Test
    void aSettingThatCannotBeReadNamesTheElementTheFieldAndWhatWouldBeRight() {
        assertThatThrownBy(() -> test.engine
                        .getRuntimeService()
                        .startProcessInstanceByKey("greeting", Map.of("callerName", "Ada", "again", "perhaps")))
                .isInstanceOf(StepSettings.InvalidStepSetting.class)
                .hasMessageContainingAll("'repeat'", "'receiveTask_ask'", "'perhaps'", "true or false");
    }

    @Test
    void anExpressionWithAnUnknownVariableNamesTheField() {
        assertThatThrownBy(() -> test.engine.getRuntimeService().startProcessInstanceByKey("greeting"))
                .isInstanceOf(StepSettings.InvalidStepSetting.class)
                .hasMessageContainingAll("'prompt'", "callerName");
    }
}
