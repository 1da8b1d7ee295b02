package io.cordboard.flow.check;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.dmn.engine.DmnEngineException;

/** Decisions: tables and literal expressions in FEEL or guarded JUEL. */
final class DmnCheck {

    private static final Set<String> MODEL = Set.of(
            "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
            "http://www.omg.org/spec/DMN/20180521/MODEL/",
            "https://www.omg.org/spec/DMN/20191111/MODEL/");
    private static final String CAMUNDA = "http://camunda.org/schema/1.0/dmn";

    private static final Set<String> ELEMENTS = Set.of(
            "definitions",
            "decision",
            "decisionTable",
            "input",
            "inputExpression",
            "inputValues",
            "output",
            "outputValues",
            "rule",
            "inputEntry",
            "outputEntry",
            "text",
            "description",
            "question",
            "allowedAnswers",
            "variable",
            "literalExpression",
            "informationRequirement",
            "requiredDecision",
            "requiredInput",
            "inputData",
            "knowledgeSource",
            "authorityRequirement",
            "annotation",
            "annotationEntry",
            "requiredAuthority",
            "textAnnotation",
            "association",
            "sourceRef",
            "targetRef",
            "extensionElements");

    /** Drawings; their names mean nothing to the engine. */
    private static final Map<String, Set<String>> DRAWING = Map.of(
            "https://www.omg.org/spec/DMN/20191111/DMNDI/",
            Set.of("DMNDI", "DMNDiagram", "DMNShape", "DMNEdge", "DMNLabel", "DMNDecisionServiceDividerLine", "Size"),
            "http://www.omg.org/spec/DMN/20180521/DMNDI/",
            Set.of("DMNDI", "DMNDiagram", "DMNShape", "DMNEdge", "DMNLabel", "DMNDecisionServiceDividerLine", "Size"),
            "http://www.omg.org/spec/DMN/20180521/DC/",
            Set.of("Bounds", "Size"),
            "http://www.omg.org/spec/DMN/20180521/DI/",
            Set.of("waypoint", "Size"),
            "http://bpmn.io/schema/dmn/biodi/1.0",
            Set.of("bounds", "edge", "waypoints"),
            "http://bpmn.io/schema/dmn/biodi/2.0",
            Set.of("bounds", "edge", "waypoints"));

    private static final Set<String> CAMUNDA_ATTRIBUTES =
            Set.of("historyTimeToLive", "versionTag", "inputVariable", "diagramRelationId");
    private static final Set<String> PLAIN_NAMESPACES = Set.of(
            "",
            "http://camunda.org/schema/modeler/1.0",
            "http://bpmn.io/schema/dmn/biodi/1.0",
            "http://bpmn.io/schema/dmn/biodi/2.0");

    private static final Set<String> FEEL = Set.of(
            "feel",
            "http://www.omg.org/spec/feel/20140401",
            "https://www.omg.org/spec/feel/20140401",
            "https://www.omg.org/spec/dmn/20191111/feel/",
            "http://www.omg.org/spec/dmn/20180521/feel/");

    private static final int LONGEST = 2_000;
    private static final Pattern TEXT_LITERAL = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    /** Functions of one's own, loops and regular expressions: work without a bound, or a way out of the language. */
    private static final Pattern UNBOUNDED = Pattern.compile(
            "\\b(external|function|for|some|every|matches|replace|split|extract|java|class|method\\s+signature)\\b");

    private final ExpressionRules expressions;
    private final DmnEngine dmn =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();

    DmnCheck(ExpressionRules expressions) {
        this.expressions = expressions;
    }

    List<Fault> faults(String file, byte[] content) {
        Xml root;
        try {
            root = Xml.read(content);
        } catch (Xml.Unreadable e) {
            return List.of(new Fault(
                    file,
                    "",
                    e.line,
                    e.column,
                    "It is no XML that can be read: " + e.getMessage(),
                    BpmnCheck.SAVE_AGAIN));
        }
        var faults = new ArrayList<Fault>();
        if (!MODEL.contains(root.namespace()) || !root.local().equals("definitions")) {
            faults.add(Fault.at(
                    file,
                    root,
                    "It is not a DMN model.",
                    "Create it in Camunda Modeler as 'DMN diagram (Camunda 7)'."));
            return faults;
        }
        root.tree().forEach(node -> {
            element(file, root, node, faults);
            attributes(file, node, faults);
        });
        if (root.tree().noneMatch(node -> node.is(root.namespace(), "decision"))) {
            faults.add(Fault.at(file, root, "It has no decision.", "Draw one."));
        }
        if (faults.isEmpty()) {
            understood(file, content, faults);
        }
        return faults;
    }

    /** Whether the engine will make sense of it; it says so only when it has decided to store it. */
    private void understood(String file, byte[] content, List<Fault> faults) {
        try {
            dmn.parseDecisionRequirementsGraph(new ByteArrayInputStream(content));
        } catch (DmnEngineException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            faults.add(Fault.ofFile(
                    file,
                    "The decision engine does not understand it: " + cause.getMessage(),
                    "Mend it in Camunda Modeler, or create it there anew as 'DMN diagram (Camunda 7)'."));
        }
    }

    private void element(String file, Xml root, Xml node, List<Fault> faults) {
        boolean drawing = DRAWING.getOrDefault(node.namespace(), Set.of()).contains(node.local());
        boolean model = node.namespace().equals(root.namespace()) && ELEMENTS.contains(node.local());
        if (!drawing && !model) {
            faults.add(Fault.at(
                    file,
                    node,
                    "The element '" + node.local() + "' cannot be used.",
                    "Use decision tables and literal expressions only."));
        }
        if (model && node.local().equals("text") && node.parent() != null) {
            expression(file, node, language(root, node), faults);
        }
    }

    /** The language of a text: its own, that of the file, or FEEL. */
    private static String language(Xml root, Xml text) {
        Xml holder = text.parent();
        String own = holder == null ? "" : holder.attribute("expressionLanguage");
        String said = own.isEmpty() ? root.attribute("expressionLanguage") : own;
        return said.isEmpty() ? "feel" : said.toLowerCase(Locale.ROOT);
    }

    private void expression(String file, Xml node, String language, List<Fault> faults) {
        String text = node.text();
        if (text.length() > LONGEST) {
            faults.add(Fault.at(
                    file, node, "An expression is longer than " + LONGEST + " characters.", "Split the table."));
            return;
        }
        if (language.equals("juel")) {
            String wrapped = ExpressionRules.isExpression(text) ? text : "${" + text + "}";
            expressions
                    .faultOfValue(wrapped)
                    .ifPresent(fault -> faults.add(Fault.at(file, node, fault, BpmnCheck.EXPRESSION_REMEDY)));
            return;
        }
        Matcher matcher = UNBOUNDED.matcher(TEXT_LITERAL.matcher(text).replaceAll("\"\""));
        if (matcher.find()) {
            faults.add(Fault.at(
                    file,
                    node,
                    "The FEEL word '" + matcher.group(1) + "' cannot be used.",
                    "Compare variables with values, ranges and lists; let a step compute anything else."));
        }
    }

    private void attributes(String file, Xml node, List<Fault> faults) {
        node.attributes().forEach((name, value) -> {
            if (name.namespace().equals(CAMUNDA) && !CAMUNDA_ATTRIBUTES.contains(name.local())
                    || !name.namespace().equals(CAMUNDA) && !PLAIN_NAMESPACES.contains(name.namespace())) {
                faults.add(Fault.at(file, node, "The attribute '" + name.local() + "' cannot be used.", "Remove it."));
            }
            boolean language = name.local().equals("expressionLanguage");
            if (language && !value.equalsIgnoreCase("juel") && !FEEL.contains(value.toLowerCase(Locale.ROOT))) {
                faults.add(Fault.at(
                        file,
                        node,
                        "The expression language '" + value + "' cannot be used.",
                        "Use FEEL, which is the preset."));
            }
            if (ExpressionRules.isExpression(value)) {
                expressions
                        .faultOfValue(value)
                        .ifPresent(fault -> faults.add(Fault.at(file, node, fault, BpmnCheck.EXPRESSION_REMEDY)));
            }
        });
    }
}
