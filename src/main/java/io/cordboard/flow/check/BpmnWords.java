package io.cordboard.flow.check;

import java.util.Map;
import java.util.Set;

/** The elements and attributes a process may be made of. What is not listed cannot be deployed. */
final class BpmnWords {

    static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
    static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

    private BpmnWords() {}

    /** Drawing only. The engine looks at names without their namespace, so these are listed one by one as well. */
    static final Map<String, Set<String>> DRAWING = Map.of(
            "http://www.omg.org/spec/BPMN/20100524/DI",
            Set.of("BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabel", "BPMNLabelStyle"),
            "http://www.omg.org/spec/DD/20100524/DC",
            Set.of("Bounds", "Font"),
            "http://www.omg.org/spec/DD/20100524/DI",
            Set.of("waypoint"));

    /** Of other tools; the engine ignores attributes in these namespaces. */
    static final Set<String> HARMLESS_ATTRIBUTES = Set.of(
            "http://camunda.org/schema/modeler/1.0",
            "http://bpmn.io/schema/bpmn/biocolor/1.0",
            "http://www.omg.org/spec/BPMN/non-normative/color/1.0");

    static final Set<String> ELEMENTS = Set.of(
            "definitions",
            "process",
            "collaboration",
            "participant",
            "laneSet",
            "lane",
            "childLaneSet",
            "flowNodeRef",
            "documentation",
            "extensionElements",
            "textAnnotation",
            "text",
            "association",
            "group",
            "category",
            "categoryValue",
            "incoming",
            "outgoing",
            "startEvent",
            "endEvent",
            "intermediateCatchEvent",
            "intermediateThrowEvent",
            "boundaryEvent",
            "task",
            "manualTask",
            "serviceTask",
            "userTask",
            "receiveTask",
            "businessRuleTask",
            "callActivity",
            "subProcess",
            "exclusiveGateway",
            "inclusiveGateway",
            "parallelGateway",
            "eventBasedGateway",
            "sequenceFlow",
            "conditionExpression",
            "condition",
            "message",
            "error",
            "escalation",
            "signal",
            "messageEventDefinition",
            "timerEventDefinition",
            "errorEventDefinition",
            "escalationEventDefinition",
            "signalEventDefinition",
            "conditionalEventDefinition",
            "terminateEventDefinition",
            "linkEventDefinition",
            "timeDuration",
            "timeDate",
            "timeCycle",
            "multiInstanceLoopCharacteristics",
            "loopCardinality",
            "completionCondition");

    static final Set<String> ATTRIBUTES = Set.of(
            "id",
            "name",
            "targetNamespace",
            "exporter",
            "exporterVersion",
            "isExecutable",
            "processType",
            "isClosed",
            "processRef",
            "sourceRef",
            "targetRef",
            "isImmediate",
            "default",
            "attachedToRef",
            "cancelActivity",
            "isInterrupting",
            "parallelMultiple",
            "messageRef",
            "errorRef",
            "escalationRef",
            "signalRef",
            "errorCode",
            "escalationCode",
            "calledElement",
            "triggeredByEvent",
            "instantiate",
            "eventGatewayType",
            "gatewayDirection",
            "isSequential",
            "startQuantity",
            "completionQuantity",
            "associationDirection",
            "categoryValueRef",
            "value",
            "textFormat");

    private static final Set<String> ON_EVERY_NODE = Set.of(
            "asyncBefore",
            "asyncAfter",
            "exclusive",
            "jobPriority",
            "modelerTemplate",
            "modelerTemplateVersion",
            "modelerTemplateIcon");

    /** {@code camunda:} attributes by element, beside those that every node may have. */
    private static final Map<String, Set<String>> CAMUNDA_ATTRIBUTES = Map.ofEntries(
            Map.entry("process", Set.of("historyTimeToLive", "versionTag", "isStartableInTasklist")),
            Map.entry("startEvent", Set.of("initiator", "formRef", "formRefBinding", "formRefVersion")),
            Map.entry("serviceTask", Set.of("delegateExpression")),
            Map.entry("messageEventDefinition", Set.of("delegateExpression")),
            Map.entry(
                    "userTask",
                    Set.of(
                            "assignee",
                            "candidateUsers",
                            "candidateGroups",
                            "dueDate",
                            "followUpDate",
                            "priority",
                            "formKey",
                            "formRef",
                            "formRefBinding",
                            "formRefVersion")),
            Map.entry(
                    "businessRuleTask",
                    Set.of(
                            "decisionRef",
                            "decisionRefBinding",
                            "decisionRefVersion",
                            "decisionRefVersionTag",
                            "mapDecisionResult",
                            "resultVariable")),
            Map.entry(
                    "callActivity", Set.of("calledElementBinding", "calledElementVersion", "calledElementVersionTag")),
            Map.entry("errorEventDefinition", Set.of("errorCodeVariable", "errorMessageVariable")),
            Map.entry("escalationEventDefinition", Set.of("escalationCodeVariable")),
            Map.entry("conditionalEventDefinition", Set.of("variableName", "variableEvents")),
            Map.entry("error", Set.of("errorMessage")));

    /** Elements in the {@code camunda:} namespace with their attributes. */
    static final Map<String, Set<String>> CAMUNDA_ELEMENTS = Map.of(
            "properties", Set.of(),
            "property", Set.of("id", "name", "value"),
            "in", Set.of("businessKey", "source", "sourceExpression", "target", "variables", "local"),
            "out", Set.of("source", "sourceExpression", "target", "variables", "local"),
            "inputOutput", Set.of(),
            "inputParameter", Set.of("name"),
            "outputParameter", Set.of("name"),
            "executionListener", Set.of("event", "delegateExpression"),
            "failedJobRetryTimeCycle", Set.of());

    /** What analysts know from elsewhere, and what stands for it here. */
    static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("scriptTask", "Draw a step (service task with an element template) instead of a script."),
            Map.entry("script", "Scripts are never executed; let a step compute the value."),
            Map.entry("sendTask", "Draw a service task with an element template."),
            Map.entry("connector", "Connectors are not available; use a step."),
            Map.entry("field", "Fill in the fields of the element template instead of field injections."),
            Map.entry("formData", "Build the form in Camunda Modeler and name it in 'Form reference'."),
            Map.entry("formField", "Build the form in Camunda Modeler and name it in 'Form reference'."),
            Map.entry("taskListener", "Put a step before or after the user task."),
            Map.entry("list", "Give a single value; a variable holds one text, number, date or yes/no."),
            Map.entry("map", "Give a single value; a variable holds one text, number, date or yes/no."),
            Map.entry("import", "Remove it; nothing is loaded from elsewhere."),
            Map.entry("compensateEventDefinition", "Undo in a step of its own on an error path."),
            Map.entry("transaction", "Use a plain sub-process."),
            Map.entry("humanPerformer", "Fill in 'Assignee' of the user task."),
            Map.entry("potentialOwner", "Fill in 'Candidate groups' of the user task."));

    static final Map<String, String> INSTEAD_OF_ATTRIBUTE = Map.ofEntries(
            Map.entry("class", "Apply an element template, or set 'Delegate expression' to a step such as #{say}."),
            Map.entry(
                    "expression", "Apply an element template, or set 'Delegate expression' to a step such as #{say}."),
            Map.entry("type", "External tasks are not worked on here; apply an element template."),
            Map.entry("topic", "External tasks are not worked on here; apply an element template."),
            Map.entry("resource", "Write the condition as an expression such as ${digit == '1'}."),
            Map.entry("language", "Write the condition as an expression such as ${digit == '1'}."),
            Map.entry("scriptFormat", "Scripts are never executed; let a step compute the value."),
            Map.entry("collection", "Use 'Loop cardinality' with a number."),
            Map.entry("variableMappingClass", "Map the variables one by one."),
            Map.entry("variableMappingDelegateExpression", "Map the variables one by one."),
            Map.entry("taskListener", "Put a step before or after the user task."),
            Map.entry("implementation", "Apply an element template."));

    static boolean camundaAttributeAllowed(String element, String attribute) {
        return ON_EVERY_NODE.contains(attribute)
                || CAMUNDA_ATTRIBUTES.getOrDefault(element, Set.of()).contains(attribute);
    }
}
