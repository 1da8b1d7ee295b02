package io.cordboard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.CallActivity;
import org.camunda.bpm.model.bpmn.instance.CatchEvent;
import org.camunda.bpm.model.bpmn.instance.EndEvent;
import org.camunda.bpm.model.bpmn.instance.Error;
import org.camunda.bpm.model.bpmn.instance.ErrorEventDefinition;
import org.camunda.bpm.model.bpmn.instance.Event;
import org.camunda.bpm.model.bpmn.instance.EventBasedGateway;
import org.camunda.bpm.model.bpmn.instance.EventDefinition;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.Gateway;
import org.camunda.bpm.model.bpmn.instance.IntermediateCatchEvent;
import org.camunda.bpm.model.bpmn.instance.Message;
import org.camunda.bpm.model.bpmn.instance.MessageEventDefinition;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.ReceiveTask;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.camunda.bpm.model.bpmn.instance.StartEvent;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.TimerEventDefinition;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaIn;
import org.camunda.bpm.model.xml.instance.ModelElementInstance;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of style for our own models; what a model may contain at all is refused by the application itself. */
class BpmnModelTests {

    private static final Path PROCESSES = Path.of("processes");
    private static final Path FORMS = Path.of("forms");

    private record Model(String file, BpmnModelInstance xml) {

        Process process() {
            return xml.getModelElementsByType(Process.class).iterator().next();
        }

        <T extends ModelElementInstance> List<T> all(Class<T> type) {
            return List.copyOf(xml.getModelElementsByType(type));
        }
    }

    @TestFactory
    Stream<DynamicTest> theFileIsNamedAfterItsOnlyProcess() {
        return each(model -> {
            assertThat(model.all(Process.class)).hasSize(1);
            assertThat(model.process().getId())
                    .matches("[a-z0-9]+(-[a-z0-9]+)*")
                    .isEqualTo(model.file());
            assertThat(model.process().getName()).as("name of the process").isNotBlank();
            assertThat(model.process().getCamundaHistoryTimeToLiveString())
                    .as("history time to live")
                    .isNotBlank();
        });
    }

    @TestFactory
    Stream<DynamicTest> idsSayTheTypeAndAreNotGenerated() {
        return each(model -> model.all(FlowElement.class)
                .forEach(element -> assertThat(element.getId()).matches(prefix(element) + "_[a-z][A-Za-z0-9]*")));
    }

    private static String prefix(FlowElement element) {
        if (element instanceof SequenceFlow) {
            return "flow";
        }
        if (element instanceof Gateway) {
            return "gateway";
        }
        if (element instanceof BoundaryEvent || element instanceof Event event && isIntermediate(event)) {
            return "event";
        }
        return element.getElementType().getTypeName();
    }

    private static boolean isIntermediate(Event event) {
        return !(event instanceof StartEvent) && !(event instanceof EndEvent);
    }

    @TestFactory
    Stream<DynamicTest> everythingIsLabelledInWordsAndQuestionsEndWithAQuestionMark() {
        return each(model -> {
            model.all(Activity.class).forEach(node -> labelled(node));
            model.all(Event.class).forEach(node -> labelled(node));
            model.all(Gateway.class).stream()
                    .filter(gateway -> gateway.getOutgoing().size() > 1)
                    .filter(gateway -> gateway instanceof ExclusiveGateway)
                    .forEach(gateway -> {
                        assertThat(gateway.getName()).as(gateway.getId()).endsWith("?");
                        gateway.getOutgoing().forEach(exit -> labelled(exit));
                    });
        });
    }

    private static void labelled(FlowElement element) {
        assertThat(element.getName()).as("label of " + element.getId()).isNotBlank();
    }

    @TestFactory
    Stream<DynamicTest> everyExitOfAProcessHasANameOfItsOwn() {
        return each(model -> assertThat(model.process().getChildElementsByType(EndEvent.class))
                .extracting(EndEvent::getName)
                .doesNotHaveDuplicates());
    }

    @TestFactory
    Stream<DynamicTest> everyExclusiveGatewayHasADefaultFlow() {
        return each(model -> model.all(ExclusiveGateway.class).stream()
                .filter(gateway -> gateway.getOutgoing().size() > 1)
                .forEach(gateway -> assertThat(gateway.getDefault())
                        .as("default flow of " + gateway.getId())
                        .isNotNull()));
    }

    @TestFactory
    Stream<DynamicTest> everyWaitIsBoundedByATimerOrTheHangUp() {
        Set<String> calledWithinBounds = calledWithinBounds();
        return each(model -> model.all(FlowNode.class).stream()
                .filter(BpmnModelTests::waits)
                .forEach(node -> assertThat(bounded(node) || calledWithinBounds.contains(model.file()))
                        .as(node.getId() + " needs a boundary timer, or a hang-up around it")
                        .isTrue()));
    }

    /** Processes whose every caller ends them when its own bound is reached. */
    private static Set<String> calledWithinBounds() {
        Map<String, Boolean> bounds = new HashMap<>();
        models().forEach(model -> model.all(CallActivity.class)
                .forEach(call -> bounds.merge(call.getCalledElement(), bounded(call), Boolean::logicalAnd)));
        Set<String> within = new HashSet<>();
        bounds.forEach((called, bounded) -> {
            if (bounded) {
                within.add(called);
            }
        });
        return within;
    }

    private static boolean waits(FlowNode node) {
        return node instanceof UserTask
                || node instanceof ReceiveTask
                || node instanceof CallActivity
                || node instanceof EventBasedGateway
                || node instanceof IntermediateCatchEvent event
                        && !has(event, TimerEventDefinition.class)
                        && !followsEventGateway(event);
    }

    private static boolean followsEventGateway(FlowNode node) {
        return node.getIncoming().stream().anyMatch(flow -> flow.getSource() instanceof EventBasedGateway);
    }

    private static boolean bounded(FlowNode node) {
        boolean gatewayTimer = node instanceof EventBasedGateway
                && node.getOutgoing().stream()
                        .anyMatch(flow ->
                                flow.getTarget() instanceof CatchEvent event && has(event, TimerEventDefinition.class));
        if (gatewayTimer || hasBoundary(node)) {
            return true;
        }
        for (ModelElementInstance scope = node.getParentElement(); scope != null; scope = scope.getParentElement()) {
            if (scope instanceof SubProcess subProcess && hasBoundary(subProcess)) {
                return true;
            }
            boolean hangUp = scope.getChildElementsByType(SubProcess.class).stream()
                    .filter(SubProcess::triggeredByEvent)
                    .flatMap(handler -> handler.getChildElementsByType(StartEvent.class).stream())
                    .anyMatch(start -> start.isInterrupting()
                            && (has(start, MessageEventDefinition.class) || has(start, TimerEventDefinition.class)));
            if (hangUp) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasBoundary(FlowNode node) {
        return ((BpmnModelInstance) node.getModelInstance())
                .getModelElementsByType(BoundaryEvent.class).stream()
                        .filter(event -> event.getAttachedTo().getId().equals(node.getId()) && event.cancelActivity())
                        .anyMatch(event ->
                                has(event, TimerEventDefinition.class) || has(event, MessageEventDefinition.class));
    }

    private static boolean has(CatchEvent event, Class<? extends EventDefinition> definition) {
        return event.getEventDefinitions().stream().anyMatch(definition::isInstance);
    }

    @TestFactory
    Stream<DynamicTest> callsPassTheBusinessKeyAndVariablesByName() {
        Set<String> known = new HashSet<>();
        models().forEach(model -> known.add(model.process().getId()));
        return each(model -> model.all(CallActivity.class).forEach(call -> {
            List<CamundaIn> in = call.getExtensionElements() == null
                    ? List.of()
                    : call.getExtensionElements()
                            .getElementsQuery()
                            .filterByType(CamundaIn.class)
                            .list();
            assertThat(in)
                    .as("business key of " + call.getId())
                    .anyMatch(mapping -> mapping.getCamundaBusinessKey() != null);
            assertThat(in)
                    .as("variables of " + call.getId())
                    .noneMatch(mapping -> mapping.getCamundaVariables() != null);
            if (!call.getCalledElement().contains("{")) {
                assertThat(known).as("called by " + call.getId()).contains(call.getCalledElement());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> serviceTasksNameOneBean() {
        return each(
                model -> model.all(ServiceTask.class).forEach(task -> assertThat(task.getCamundaDelegateExpression())
                        .as(task.getId())
                        .matches("#\\{[a-z][A-Za-z0-9]*}")));
    }

    @TestFactory
    Stream<DynamicTest> messagesAreFactsOfAModuleAndBelongToOneProcess() {
        Map<String, Set<String>> owners = new HashMap<>();
        models().forEach(model -> model.all(Message.class)
                .forEach(message -> owners.computeIfAbsent(message.getName(), name -> new TreeSet<>())
                        .add(model.file())));
        return each(model -> model.all(Message.class).forEach(message -> {
            assertThat(message.getName()).matches("[a-z][a-zA-Z]*\\.[a-z][A-Za-z]+");
            if (!message.getName().endsWith(".hungUp")) {
                assertThat(owners.get(message.getName()))
                        .as("owners of " + message.getName())
                        .hasSize(1);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyErrorIsCaught() {
        Set<String> caughtAroundCalls = new HashSet<>();
        models().forEach(model -> model.all(BoundaryEvent.class).stream()
                .filter(event -> event.getAttachedTo() instanceof CallActivity)
                .forEach(event -> caughtAroundCalls.addAll(codes(event))));
        return each(model -> {
            Set<String> caught = new HashSet<>();
            model.all(CatchEvent.class).forEach(event -> caught.addAll(codes(event)));
            model.all(Error.class).forEach(error -> {
                assertThat(error.getErrorCode()).as(error.getId()).matches("[a-z][A-Za-z0-9]*");
                assertThat(caught.contains(error.getErrorCode()) || caughtAroundCalls.contains(error.getErrorCode()))
                        .as("the error " + error.getErrorCode() + " is caught here or by a caller")
                        .isTrue();
            });
        });
    }

    private static List<String> codes(CatchEvent event) {
        var codes = new ArrayList<String>();
        for (EventDefinition definition : event.getEventDefinitions()) {
            if (definition instanceof ErrorEventDefinition error && error.getError() != null) {
                codes.add(error.getError().getErrorCode());
            }
        }
        return codes;
    }

    @TestFactory
    Stream<DynamicTest> formsExist() {
        return each(model -> model.all(UserTask.class).forEach(task -> {
            if (task.getCamundaFormRef() != null) {
                assertThat(FORMS.resolve(task.getCamundaFormRef() + ".form"))
                        .as(task.getId())
                        .exists();
            }
        }));
    }

    private interface Rule {
        void check(Model model);
    }

    private static Stream<DynamicTest> each(Rule rule) {
        return models().stream().map(model -> DynamicTest.dynamicTest(model.file(), () -> rule.check(model)));
    }

    private static List<Model> models() {
        if (!Files.isDirectory(PROCESSES)) {
            return List.of();
        }
        try (var entries = Files.list(PROCESSES)) {
            return entries.filter(file -> file.toString().endsWith(".bpmn"))
                    .sorted()
                    .map(file -> new Model(
                            file.getFileName().toString().replace(".bpmn", ""), Bpmn.readModelFromFile(file.toFile())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
