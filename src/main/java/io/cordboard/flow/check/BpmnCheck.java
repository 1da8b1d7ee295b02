package io.cordboard.flow.check;

import static io.cordboard.flow.check.BpmnWords.BPMN;
import static io.cordboard.flow.check.BpmnWords.CAMUNDA;
import static io.cordboard.flow.check.BpmnWords.XSI;

import io.cordboard.flow.Step;
import io.cordboard.flow.Steps;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Processes: only known elements and attributes, only guarded expressions, and a shape that cannot leave a call stuck. */
final class BpmnCheck {

    static final String SAVE_AGAIN = "Save the model in Camunda Modeler again.";
    static final String EXPRESSION_REMEDY =
            "Use variables, comparisons and arithmetic such as ${digit == '1'}, or the methods "
                    + String.join(", ", new java.util.TreeSet<>(ExpressionRules.STRING_METHODS))
                    + " of a text.";

    private static final Pattern DURATION =
            Pattern.compile("P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?");
    private static final Pattern CYCLE = Pattern.compile("R\\d{1,3}/.+");
    private static final Pattern OUR_PAGE = Pattern.compile("embedded:deployment:([a-z0-9-]+\\.html)");
    private static final Set<String> TYPED_EXPRESSIONS = Set.of(
            "conditionExpression",
            "condition",
            "timeDuration",
            "timeDate",
            "timeCycle",
            "loopCardinality",
            "completionCondition");

    private final Steps steps;
    private final ExpressionRules expressions;

    BpmnCheck(Steps steps, ExpressionRules expressions) {
        this.steps = steps;
        this.expressions = expressions;
    }

    List<Fault> faults(String file, byte[] content, Set<String> pages) {
        Xml root;
        try {
            root = Xml.read(content);
        } catch (Xml.Unreadable e) {
            return List.of(new Fault(
                    file, "", e.line, e.column, "It is no XML that can be read: " + e.getMessage(), SAVE_AGAIN));
        }
        if (!root.is(BPMN, "definitions")) {
            return List.of(Fault.at(
                    file,
                    root,
                    "It is not a BPMN model.",
                    "Create it in Camunda Modeler as 'BPMN diagram (Camunda 7)'."));
        }
        var model = new Model(file, root, pages);
        model.check();
        return model.faults;
    }

    /** One file while it is checked. */
    private final class Model {

        private final String file;
        private final Xml root;
        private final Set<String> pages;
        private final List<Fault> faults = new ArrayList<>();

        Model(String file, Xml root, Set<String> pages) {
            this.file = file;
            this.root = root;
            this.pages = pages;
        }

        void check() {
            root.tree().forEach(node -> {
                if (known(node)) {
                    attributes(node);
                    expressionsOf(node);
                    shape(node);
                }
            });
            process();
        }

        private void fault(Xml node, String what, String remedy) {
            faults.add(Fault.at(file, node, what, remedy));
        }

        private boolean known(Xml node) {
            boolean known = node.namespace().equals(BPMN) && BpmnWords.ELEMENTS.contains(node.local())
                    || node.namespace().equals(CAMUNDA) && BpmnWords.CAMUNDA_ELEMENTS.containsKey(node.local())
                    || BpmnWords.DRAWING
                            .getOrDefault(node.namespace(), Set.of())
                            .contains(node.local());
            if (!known) {
                boolean ours = node.namespace().equals(BPMN) || node.namespace().equals(CAMUNDA);
                fault(
                        node,
                        ours
                                ? "The element '" + node.local() + "' cannot be used."
                                : "The element '" + node.local() + "' of '" + node.namespace() + "' is not known.",
                        BpmnWords.INSTEAD.getOrDefault(node.local(), "Remove it."));
            }
            return known;
        }

        private void attributes(Xml node) {
            node.attributes().forEach((name, value) -> {
                if (!attributeAllowed(node, name, value)) {
                    fault(
                            node,
                            "The attribute '" + name.local() + "' cannot be used on '" + node.local() + "'.",
                            BpmnWords.INSTEAD_OF_ATTRIBUTE.getOrDefault(name.local(), "Remove it."));
                }
            });
        }

        private boolean attributeAllowed(Xml node, Xml.Name name, String value) {
            if (BpmnWords.HARMLESS_ATTRIBUTES.contains(name.namespace())) {
                return true;
            }
            if (name.namespace().equals(XSI)) {
                return name.local().equals("type")
                        && TYPED_EXPRESSIONS.contains(node.local())
                        && value.endsWith("tFormalExpression");
            }
            if (name.namespace().equals("http://www.w3.org/XML/1998/namespace")) {
                return Set.of("lang", "space").contains(name.local());
            }
            if (node.namespace().equals(BPMN)) {
                return name.namespace().isEmpty() && BpmnWords.ATTRIBUTES.contains(name.local())
                        || name.namespace().equals(CAMUNDA)
                                && BpmnWords.camundaAttributeAllowed(node.local(), name.local());
            }
            if (node.namespace().equals(CAMUNDA)) {
                return name.namespace().isEmpty()
                        && BpmnWords.CAMUNDA_ELEMENTS
                                .getOrDefault(node.local(), Set.of())
                                .contains(name.local());
            }
            return name.namespace().isEmpty();
        }

        /** Whatever holds an expression, wherever it stands, is evaluated by something some day. */
        private void expressionsOf(Xml node) {
            node.attributes().forEach((name, value) -> {
                if (name.local().equals("delegateExpression")) {
                    delegate(node, value);
                } else {
                    value(node, value);
                }
            });
            value(node, node.text());
        }

        private void value(Xml node, String text) {
            if (ExpressionRules.isExpression(text)) {
                expressions.faultOfValue(text).ifPresent(fault -> fault(node, fault, EXPRESSION_REMEDY));
            }
        }

        private void delegate(Xml node, String value) {
            Optional<String> name = ExpressionRules.stepNamed(value);
            if (name.isEmpty()) {
                fault(node, "'" + value + "' does not name a step.", "Name one step alone, such as #{say}.");
            } else if (!steps.has(name.get())) {
                fault(node, "There is no step '" + name.get() + "'.", "Use one of " + steps.names() + ".");
            } else {
                described(node, name.get(), Step.Kind.TASK);
            }
        }

        private void described(Xml node, String step, Step.Kind drawnAs) {
            steps.description(step).ifPresent(description -> {
                if (description.kind() != drawnAs) {
                    fault(
                            node,
                            "The step '" + step + "' " + (drawnAs == Step.Kind.TASK ? "waits" : "does not wait") + ".",
                            drawnAs == Step.Kind.TASK
                                    ? "Draw it as a receive task and apply its element template."
                                    : "Draw it as a service task and apply its element template.");
                }
                settings(node, description);
            });
        }

        private void settings(Xml node, Step.Description step) {
            Map<String, String> given = properties(node);
            for (Step.Field field : step.fields()) {
                String value = given.getOrDefault(field.key(), "").strip();
                if (value.isEmpty()) {
                    if (field.required()) {
                        fault(node, "The field '" + field.label() + "' is empty.", "Fill it in: " + field.hint());
                    }
                } else if (!ExpressionRules.isExpression(value)) {
                    wanted(field, value)
                            .ifPresent(wanted -> fault(
                                    node,
                                    "The field '" + field.label() + "' is '" + value + "'.",
                                    "Write " + wanted + "."));
                }
            }
        }

        private Optional<String> wanted(Step.Field field, String value) {
            return switch (field.type()) {
                case TEXT, LONG_TEXT -> Optional.empty();
                case NUMBER -> value.matches("-?\\d{1,9}") ? Optional.empty() : Optional.of("a whole number such as 3");
                case YES_NO ->
                    Set.of("true", "false").contains(value) ? Optional.empty() : Optional.of("true or false");
                case CHOICE ->
                    field.choices().contains(value) ? Optional.empty() : Optional.of("one of " + field.choices());
                case DURATION ->
                    isDuration(value) ? Optional.empty() : Optional.of("an ISO 8601 duration such as PT10S");
            };
        }

        private boolean isDuration(String value) {
            try {
                return !Duration.parse(value).isNegative();
            } catch (DateTimeParseException e) {
                return false;
            }
        }

        private Map<String, String> properties(Xml node) {
            var found = new LinkedHashMap<String, String>();
            node.children(BPMN, "extensionElements")
                    .flatMap(extensions -> extensions.children(CAMUNDA, "properties"))
                    .flatMap(properties -> properties.children(CAMUNDA, "property"))
                    .forEach(property -> found.put(property.attribute("name"), property.attribute("value")));
            return found;
        }

        private void shape(Xml node) {
            if (!node.namespace().equals(BPMN)) {
                return;
            }
            switch (node.local()) {
                case "serviceTask" -> serviceTask(node);
                case "receiveTask" -> receiveTask(node);
                case "userTask" -> userTask(node);
                case "businessRuleTask" ->
                    required(node, CAMUNDA, "decisionRef", "Name the decision in 'Decision reference'.");
                case "callActivity" -> callActivity(node);
                case "exclusiveGateway" -> gateway(node);
                case "message", "signal" -> named(node, "name");
                case "error" -> named(node, "errorCode");
                case "escalation" -> named(node, "escalationCode");
                case "messageEventDefinition" -> required(node, "", "messageRef", "Choose a message.");
                case "timeDuration" -> literal(node, DURATION, "an ISO 8601 duration such as PT10S");
                case "timeCycle" -> cycle(node);
                case "loopCardinality" -> literal(node, Pattern.compile("\\d{1,3}"), "a number up to 999");
                case "multiInstanceLoopCharacteristics" -> multiInstance(node);
                default -> {}
            }
        }

        private void serviceTask(Xml node) {
            if (node.attribute(CAMUNDA, "delegateExpression").isEmpty()) {
                fault(node, "The service task has no step.", "Apply an element template.");
            }
        }

        private void receiveTask(Xml node) {
            String step = properties(node).getOrDefault("step", "");
            boolean message = !node.attribute("messageRef").isEmpty();
            if (step.isEmpty() && !message) {
                fault(node, "The receive task waits for nothing.", "Apply an element template or choose a message.");
            } else if (!step.isEmpty() && message) {
                fault(node, "A step that waits cannot wait for a message as well.", "Remove the message.");
            } else if (!step.isEmpty() && !steps.has(step)) {
                fault(node, "There is no step '" + step + "'.", "Use one of " + steps.names() + ".");
            } else if (!step.isEmpty()) {
                described(node, step, Step.Kind.WAIT);
            }
        }

        private void userTask(Xml node) {
            node.attribute(CAMUNDA, "formKey").ifPresent(key -> {
                var page = OUR_PAGE.matcher(key);
                if (!page.matches() || !pages.contains(page.group(1))) {
                    fault(
                            node,
                            "The form '" + key + "' cannot be used.",
                            "Build a Camunda form and name it in 'Form reference'.");
                }
            });
        }

        private void callActivity(Xml node) {
            required(node, "", "calledElement", "Name the process in 'Called element'.");
            boolean key = node.children(BPMN, "extensionElements")
                    .flatMap(extensions -> extensions.children(CAMUNDA, "in"))
                    .anyMatch(in -> in.attribute("businessKey")
                            .replace(" ", "")
                            .matches("[#$]\\{execution\\.processBusinessKey}"));
            if (!key) {
                fault(
                        node,
                        "The call activity does not pass the business key on, so the called process would not belong to the call.",
                        "Set 'Business key' to #{execution.processBusinessKey}.");
            }
        }

        private void gateway(Xml node) {
            List<Xml> exits = root.tree()
                    .filter(flow -> flow.is(BPMN, "sequenceFlow"))
                    .filter(flow -> flow.attribute("sourceRef").equals(node.attribute("id")))
                    .toList();
            if (exits.size() < 2) {
                return;
            }
            String preset = node.attribute("default");
            if (exits.stream().noneMatch(exit -> exit.attribute("id").equals(preset))) {
                fault(
                        node,
                        "The gateway has " + exits.size() + " exits and no default flow, so a call could be stuck.",
                        "Make one exit the default flow.");
            }
            exits.stream()
                    .filter(exit -> !exit.attribute("id").equals(preset))
                    .filter(exit ->
                            exit.children(BPMN, "conditionExpression").findAny().isEmpty())
                    .forEach(exit -> fault(exit, "The flow has no condition.", "Write one such as ${digit == '1'}."));
        }

        private void multiInstance(Xml node) {
            if (node.children(BPMN, "loopCardinality").findAny().isEmpty()) {
                fault(node, "The loop has no bound.", "Set 'Loop cardinality'.");
            }
        }

        private void named(Xml node, String attribute) {
            String value = node.attribute(attribute);
            if (value.isBlank()) {
                fault(node, "The " + node.local() + " has no " + attribute + ".", "Give it a name.");
            } else if (ExpressionRules.isExpression(value)) {
                fault(
                        node,
                        "The " + attribute + " of the " + node.local() + " is an expression.",
                        "Use a fixed name: running calls wait for it.");
            }
        }

        private void required(Xml node, String namespace, String attribute, String remedy) {
            if (node.attribute(namespace, attribute)
                    .filter(value -> !value.isBlank())
                    .isEmpty()) {
                fault(node, "The " + node.local() + " has no " + attribute + ".", remedy);
            }
        }

        /** The number of repetitions is never left to a variable: the engine counts an endless cycle of no length for ever. */
        private void cycle(Xml node) {
            String text = node.text().strip();
            if (!CYCLE.matcher(text).matches()) {
                fault(
                        node,
                        "'" + text + "' does not say how often it repeats.",
                        "Write a cycle such as R3/PT10S or R3/${pause}.");
            }
        }

        private void literal(Xml node, Pattern pattern, String wanted) {
            String text = node.text().strip();
            if (!ExpressionRules.isExpression(text) && !pattern.matcher(text).matches()) {
                fault(node, "'" + text + "' cannot be read here.", "Write " + wanted + ".");
            }
        }

        private void process() {
            List<Xml> processes = root.children().stream()
                    .filter(node -> node.is(BPMN, "process"))
                    .toList();
            if (processes.size() != 1) {
                fault(root, "The file has " + processes.size() + " processes.", "Put exactly one process into a file.");
                return;
            }
            Xml process = processes.get(0);
            String id = process.attribute("id");
            if (!file.equals(id + ".bpmn")) {
                fault(
                        process,
                        "The process '" + id + "' is in the file '" + file + "'.",
                        "Give process id and file the same name in kebab-case, such as 'inbound-call'.");
            }
            if (!process.attribute("isExecutable").equals("true")) {
                fault(process, "The process is not executable.", "Tick 'Executable' in the properties of the process.");
            }
            String kept = process.attribute(CAMUNDA, "historyTimeToLive").orElse("");
            if (!kept.matches("\\d{1,4}|P\\d{1,4}D")) {
                fault(
                        process,
                        kept.isEmpty()
                                ? "It is not said how long finished calls are kept."
                                : "'" + kept + "' does not say how long finished calls are kept.",
                        "Set 'History time to live' to days, such as P30D.");
            }
            duplicates();
        }

        private void duplicates() {
            Map<String, Xml> seen = new HashMap<>();
            root.tree().forEach(node -> {
                String id = node.attribute("id");
                if (!id.isEmpty() && !node.namespace().equals(CAMUNDA) && seen.put(id, node) != null) {
                    fault(node, "The id '" + id + "' is used twice.", "Give each element an id of its own.");
                }
            });
        }
    }
}
