package io.cordboard.flow.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files as an attacker would deploy them. Each tries to leave a mark: a file, a system property, or a request. */
final class HostileFiles {

    /** @param element the element that the refusal must name; empty when the whole file is meant */
    record Hostile(String name, String file, String content, String element) {

        @Override
        public String toString() {
            return name;
        }
    }

    static final Path MARK = Path.of("target", "hostile-was-here").toAbsolutePath();

    private static final String CLASS = HostileDelegate.class.getName();
    private static final String GROOVY = "new File('" + MARK + "').createNewFile()";
    private static final String JS = "java.lang.System.setProperty('" + HostileDelegate.MARK + "', 'script')";

    /** Ways out of an expression. */
    static final List<String> EXPRESSIONS = List.of(
            "${''.getClass().forName('java.lang.Runtime').getMethods()[6].invoke(null).exec('touch " + MARK + "')}",
            "${''.class.forName('" + CLASS + "')}",
            "${''['class'].forName('" + CLASS + "').newInstance()}",
            "${''.getClass().getClassLoader().loadClass('" + CLASS + "').newInstance()}",
            "${execution.getProcessEngineServices().getRepositoryService().createDeployment()}",
            "${execution.processEngineServices.runtimeService}",
            "${execution.setVariable('a', 'b')}",
            "${execution['processEngine']}",
            "${execution.getClass().getName()}",
            "${execution}",
            "${hostile.execute(execution)}",
            "${harmless.execute(execution)}",
            "${harmless.getClass()}",
            "${dataSource.getConnection()}",
            "${systemProperties['user.home']}",
            "${environment.getProperty('CORDBOARD_ADMIN_PASSWORD')}",
            "${T(java.lang.Runtime).getRuntime().exec('touch " + MARK + "')}",
            "#{''.getClass()}",
            "${digit == '1' ? ''.getClass() : 'x'}",
            "${'a'.matches('(a+)+$')}",
            "${'a'.replaceAll('(a+)+$', 'b')}",
            "${'a'.concat('b')}",
            "${'a'.repeat(2000000000)}",
            "${'a'.chars().boxed()}",
            "${'abc'.startsWith(''.getClass())}",
            "${''.trim().getClass()}",
            "${empty ''.getClass()}",
            "${!''.getClass().isArray()}",
            "${(''.getClass())}",
            "text ${''.getClass()} text",
            "${now().toGregorianCalendar().getTimeZone()}",
            "${currentUser()}",
            "${task.execution.processEngineServices}",
            "${a.b.c}",
            "${(x -> x)(1)}",
            "${[1, 2].stream()}",
            "${{'a': 1}}",
            "${a = 5}",
            "${a; b}",
            "${'a' += 'b'}",
            "${" + "(".repeat(900) + "1" + ")".repeat(900) + "}",
            "${unclosed");

    private final List<Hostile> files = new ArrayList<>();
    private int number;

    private HostileFiles() {}

    static List<Hostile> all() {
        var hostile = new HostileFiles();
        hostile.expressionsEverywhere();
        hostile.codeInProcesses();
        hostile.xmlTricks();
        hostile.shapes();
        hostile.decisions();
        hostile.forms();
        hostile.files();
        return hostile.files;
    }

    private void expressionsEverywhere() {
        for (String expression : EXPRESSIONS) {
            String text = xml(expression);
            around(
                    "condition " + expression,
                    "flow_evil",
                    """
                    <bpmn:exclusiveGateway id="gateway_x" default="flow_good" />
                    <bpmn:sequenceFlow id="flow_evil" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">%s</bpmn:conditionExpression></bpmn:sequenceFlow>
                    <bpmn:sequenceFlow id="flow_good" sourceRef="gateway_x" targetRef="endEvent_end" />"""
                            .formatted(text),
                    "gateway_x");
        }
        String evil = xml(EXPRESSIONS.get(0));
        around(
                "delegate expression",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"" + evil + "\" />");
        around(
                "delegate expression of an unknown bean",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{dataSource}\" />");
        around(
                "two delegate expressions in one",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{harmless}${''.getClass()}\" />");
        for (String attribute : List.of(
                "assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "formRef")) {
            around(
                    "user task " + attribute,
                    "userTask_x",
                    "<bpmn:userTask id=\"userTask_x\" camunda:" + attribute + "=\"" + evil + "\" />");
        }
        around("name of a user task", "userTask_x", "<bpmn:userTask id=\"userTask_x\" name=\"" + evil + "\" />");
        around(
                "documentation of a user task",
                "userTask_x",
                "<bpmn:userTask id=\"userTask_x\"><bpmn:documentation>" + evil
                        + "</bpmn:documentation></bpmn:userTask>");
        around(
                "job priority",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:asyncBefore=\"true\" camunda:jobPriority=\"" + evil
                        + "\" camunda:delegateExpression=\"#{harmless}\" />");
        around(
                "input parameter",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:inputOutput><camunda:inputParameter name=\"a\">" + evil
                                + "</camunda:inputParameter></camunda:inputOutput>"));
        around(
                "output parameter",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:inputOutput><camunda:outputParameter name=\"a\">" + evil
                                + "</camunda:outputParameter></camunda:inputOutput>"));
        around(
                "step as a value",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:inputOutput><camunda:inputParameter name=\"a\">${harmless}</camunda:inputParameter></camunda:inputOutput>"));
        around(
                "setting of a step",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:properties><camunda:property name=\"text\" value=\"" + evil
                                + "\" /></camunda:properties>"));
        around(
                "retry cycle",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:failedJobRetryTimeCycle>" + evil + "</camunda:failedJobRetryTimeCycle>"));
        around(
                "called element",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"" + evil
                        + "\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\" /></bpmn:extensionElements></bpmn:callActivity>");
        around(
                "in mapping",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\" /><camunda:in sourceExpression=\""
                        + evil + "\" target=\"a\" /></bpmn:extensionElements></bpmn:callActivity>");
        around(
                "business key",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\"><bpmn:extensionElements><camunda:in businessKey=\""
                        + evil + "\" /></bpmn:extensionElements></bpmn:callActivity>");
        for (String kind : List.of("timeDuration", "timeDate", "timeCycle")) {
            around(
                    "timer " + kind,
                    "timer_x",
                    "<bpmn:intermediateCatchEvent id=\"event_x\"><bpmn:timerEventDefinition id=\"timer_x\"><bpmn:"
                            + kind + " xsi:type=\"bpmn:tFormalExpression\">" + evil + "</bpmn:" + kind
                            + "></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
                    "event_x");
        }
        around(
                "loop cardinality",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{harmless}\"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type=\"bpmn:tFormalExpression\">"
                        + evil + "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>");
        around(
                "completion condition",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{harmless}\"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type=\"bpmn:tFormalExpression\">1</bpmn:loopCardinality><bpmn:completionCondition xsi:type=\"bpmn:tFormalExpression\">"
                        + evil
                        + "</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>");
        around(
                "conditional event",
                "conditional_x",
                "<bpmn:intermediateCatchEvent id=\"event_x\"><bpmn:conditionalEventDefinition id=\"conditional_x\"><bpmn:condition xsi:type=\"bpmn:tFormalExpression\">"
                        + evil + "</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>",
                "event_x");
        whole("message name", "message_x", "<bpmn:message id=\"message_x\" name=\"" + evil + "\" />");
        whole("signal name", "signal_x", "<bpmn:signal id=\"signal_x\" name=\"" + evil + "\" />");
        whole(
                "error message",
                "error_x",
                "<bpmn:error id=\"error_x\" errorCode=\"e\" camunda:errorMessage=\"" + evil + "\" />");
        String id = next();
        add(
                "history time to live",
                id,
                Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"))
                        .replace("P30D", evil),
                id);
    }

    private void codeInProcesses() {
        for (String attribute : List.of("class", "expression", "type", "topic", "resultVariable")) {
            String value =
                    switch (attribute) {
                        case "class" -> CLASS;
                        case "expression" -> "${hostile.execute(execution)}";
                        case "type" -> "external";
                        default -> "x";
                    };
            around(
                    "service task " + attribute,
                    "serviceTask_x",
                    "<bpmn:serviceTask id=\"serviceTask_x\" camunda:" + attribute + "=\"" + value + "\" />");
        }
        around("mail task", "serviceTask_x", "<bpmn:serviceTask id=\"serviceTask_x\" camunda:type=\"mail\" />");
        around(
                "shell task",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:type=\"shell\"",
                        "<camunda:field name=\"command\" stringValue=\"touch\" /><camunda:field name=\"arg1\" stringValue=\""
                                + MARK + "\" />"));
        around(
                "field injection",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:field name=\"secret\" expression=\"${''.getClass()}\" />"));
        around(
                "web service",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" implementation=\"##WebService\" operationRef=\"x\" />");
        around(
                "connector",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "",
                        "<camunda:connector><camunda:connectorId>http-connector</camunda:connectorId><camunda:inputOutput><camunda:inputParameter name=\"url\">http://127.0.0.1:1/</camunda:inputParameter></camunda:inputOutput></camunda:connector>"));
        around("send task class", "sendTask_x", "<bpmn:sendTask id=\"sendTask_x\" camunda:class=\"" + CLASS + "\" />");
        around(
                "business rule class",
                "businessRuleTask_x",
                "<bpmn:businessRuleTask id=\"businessRuleTask_x\" camunda:class=\"" + CLASS + "\" />");
        around(
                "throw event class",
                "message_definition",
                "<bpmn:intermediateThrowEvent id=\"event_x\"><bpmn:messageEventDefinition id=\"message_definition\" camunda:class=\""
                        + CLASS + "\" /></bpmn:intermediateThrowEvent>",
                "event_x");
        around(
                "groovy script task",
                "scriptTask_x",
                "<bpmn:scriptTask id=\"scriptTask_x\" scriptFormat=\"groovy\"><bpmn:script>" + GROOVY
                        + "</bpmn:script></bpmn:scriptTask>");
        around(
                "javascript script task",
                "scriptTask_x",
                "<bpmn:scriptTask id=\"scriptTask_x\" scriptFormat=\"javascript\"><bpmn:script>" + JS
                        + "</bpmn:script></bpmn:scriptTask>");
        around(
                "juel script task",
                "scriptTask_x",
                "<bpmn:scriptTask id=\"scriptTask_x\" scriptFormat=\"juel\"><bpmn:script>${''.getClass()}</bpmn:script></bpmn:scriptTask>");
        around(
                "script from a class path",
                "scriptTask_x",
                "<bpmn:scriptTask id=\"scriptTask_x\" scriptFormat=\"groovy\" camunda:resource=\"classpath://x.groovy\" />");
        around(
                "script as input",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:inputOutput><camunda:inputParameter name=\"a\"><camunda:script scriptFormat=\"javascript\">"
                                + JS + "</camunda:script></camunda:inputParameter></camunda:inputOutput>"));
        around(
                "list as input",
                "serviceTask_x",
                extended(
                        "serviceTask",
                        "camunda:delegateExpression=\"#{harmless}\"",
                        "<camunda:inputOutput><camunda:inputParameter name=\"a\"><camunda:list><camunda:value>${''.getClass()}</camunda:value></camunda:list></camunda:inputParameter></camunda:inputOutput>"));
        around(
                "condition in javascript",
                "flow_evil",
                """
                <bpmn:exclusiveGateway id="gateway_x" default="flow_good" />
                <bpmn:sequenceFlow id="flow_evil" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="javascript">%s</bpmn:conditionExpression></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="flow_good" sourceRef="gateway_x" targetRef="endEvent_end" />"""
                        .formatted(JS),
                "gateway_x");
        around(
                "condition from a resource",
                "flow_evil",
                """
                <bpmn:exclusiveGateway id="gateway_x" default="flow_good" />
                <bpmn:sequenceFlow id="flow_evil" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="groovy" camunda:resource="deployment://x.groovy" /></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="flow_good" sourceRef="gateway_x" targetRef="endEvent_end" />""",
                "gateway_x");
        for (String kind : List.of(
                "class=\"" + CLASS + "\"",
                "expression=\"${hostile.notify(execution)}\"",
                "delegateExpression=\"#{hostile}\"")) {
            around(
                    "execution listener " + kind,
                    "task_x",
                    extended("task", "", "<camunda:executionListener event=\"start\" " + kind + " />"));
            around(
                    "task listener " + kind,
                    "userTask_x",
                    extended("userTask", "", "<camunda:taskListener event=\"create\" " + kind + " />"));
        }
        around(
                "execution listener script",
                "task_x",
                extended(
                        "task",
                        "",
                        "<camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"javascript\">" + JS
                                + "</camunda:script></camunda:executionListener>"));
        around(
                "task listener script",
                "userTask_x",
                extended(
                        "userTask",
                        "",
                        "<camunda:taskListener event=\"create\"><camunda:script scriptFormat=\"javascript\">" + JS
                                + "</camunda:script></camunda:taskListener>"));
        around(
                "variable mapping class",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\" camunda:variableMappingClass=\"" + CLASS
                        + "\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\" /></bpmn:extensionElements></bpmn:callActivity>");
        around(
                "variable mapping expression",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\" camunda:variableMappingDelegateExpression=\"#{hostile}\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\" /></bpmn:extensionElements></bpmn:callActivity>");
        around(
                "process of another customer",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\" camunda:calledElementTenantId=\"other\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\" /></bpmn:extensionElements></bpmn:callActivity>");
        around(
                "form field default",
                "userTask_x",
                extended(
                        "userTask",
                        "",
                        "<camunda:formData><camunda:formField id=\"a\" type=\"string\" defaultValue=\"${''.getClass()}\" /></camunda:formData>"));
        around(
                "form field validator",
                "userTask_x",
                extended(
                        "userTask",
                        "",
                        "<camunda:formData><camunda:formField id=\"a\" type=\"string\"><camunda:validation><camunda:constraint name=\"validator\" config=\""
                                + CLASS + "\" /></camunda:validation></camunda:formField></camunda:formData>"));
        for (String key : List.of(
                "embedded:app:forms/x.html",
                "http://evil.example/x.html",
                "embedded:deployment:../x.html",
                "embedded:deployment:x.html",
                "app:x.html",
                "javascript:alert(1)")) {
            around(
                    "form key " + key,
                    "userTask_x",
                    "<bpmn:userTask id=\"userTask_x\" camunda:formKey=\"" + key + "\" />");
        }
        around(
                "task form handler",
                "userTask_x",
                "<bpmn:userTask id=\"userTask_x\" camunda:formHandlerClass=\"" + CLASS + "\" />");
        around(
                "potential owner",
                "userTask_x",
                "<bpmn:userTask id=\"userTask_x\"><bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>${''.getClass()}</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner></bpmn:userTask>");
        around(
                "collection",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{harmless}\"><bpmn:multiInstanceLoopCharacteristics camunda:collection=\"${execution.processEngineServices.runtimeService.createProcessInstanceQuery().list()}\" /></bpmn:serviceTask>");
    }

    private void xmlTricks() {
        String id = next();
        String good = Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"));
        add(
                "external entity",
                id,
                good.replace(
                                "<bpmn:definitions",
                                "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<bpmn:definitions")
                        .replace("id=\"task_x\" />", "id=\"task_x\" name=\"&#38;x;\" />"),
                "");
        id = next();
        var laughs = new StringBuilder("<!DOCTYPE d [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 12; i++) {
            laughs.append("<!ENTITY l")
                    .append(i)
                    .append(" \"")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        add(
                "billion laughs",
                id,
                Models.process(
                                id,
                                straight(
                                        "<bpmn:task id=\"task_x\"><bpmn:documentation>&l11;</bpmn:documentation></bpmn:task>",
                                        "task_x"))
                        .replace("<bpmn:definitions", laughs + "]>\n<bpmn:definitions"),
                "");
        id = next();
        add(
                "parameter entity",
                id,
                good.replace(
                        "<bpmn:definitions",
                        "<!DOCTYPE d [<!ENTITY % x SYSTEM \"http://127.0.0.1:1/x.dtd\"> %x;]>\n<bpmn:definitions"),
                "");
        id = next();
        add(
                "schema from elsewhere",
                id,
                Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"))
                        .replace(
                                "id=\"definitions\"",
                                "id=\"definitions\" xsi:schemaLocation=\"http://www.omg.org/spec/BPMN/20100524/MODEL http://127.0.0.1:1/evil.xsd\""),
                "definitions");
        whole(
                "wsdl import",
                "definitions",
                "<bpmn:import importType=\"http://schemas.xmlsoap.org/wsdl/\" location=\"http://127.0.0.1:1/x.wsdl\" namespace=\"x\" />");
        id = next();
        add(
                "xinclude",
                id,
                Models.process(
                        id,
                        straight(
                                "<bpmn:task id=\"task_x\"><bpmn:extensionElements><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\" /></bpmn:extensionElements></bpmn:task>",
                                "task_x")),
                "task_x");
        around(
                "script task in a foreign namespace",
                "scriptTask_x",
                "<x:scriptTask xmlns:x=\"urn:x\" id=\"scriptTask_x\" scriptFormat=\"groovy\"><x:script>" + GROOVY
                        + "</x:script></x:scriptTask>");
        around(
                "service task in a drawing namespace",
                "serviceTask_x",
                "<x:serviceTask xmlns:x=\"http://www.omg.org/spec/DD/20100524/DI\" id=\"serviceTask_x\" />");
        around(
                "class of the older namespace",
                "serviceTask_x",
                "<bpmn:serviceTask xmlns:a=\"http://activiti.org/bpmn\" id=\"serviceTask_x\" a:class=\"" + CLASS
                        + "\" />");
        around(
                "listener of the older namespace",
                "task_x",
                extended(
                        "task",
                        "xmlns:a=\"http://activiti.org/bpmn\"",
                        "<a:executionListener event=\"start\" class=\"" + CLASS + "\" />"));
        around(
                "class under another prefix",
                "serviceTask_x",
                "<bpmn:serviceTask xmlns:q=\"http://camunda.org/schema/1.0/bpmn\" id=\"serviceTask_x\" q:class=\""
                        + CLASS + "\" />");
        around(
                "expression in a CDATA section",
                "flow_evil",
                """
                <bpmn:exclusiveGateway id="gateway_x" default="flow_good" />
                <bpmn:sequenceFlow id="flow_evil" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"><![CDATA[${''.getClass()}]]></bpmn:conditionExpression></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="flow_good" sourceRef="gateway_x" targetRef="endEvent_end" />""",
                "gateway_x");
        around(
                "expression in character references",
                "userTask_x",
                "<bpmn:userTask id=\"userTask_x\" camunda:assignee=\"&#36;&#123;''.getClass()}\" />");
        around(
                "expression split by a comment",
                "task_x",
                extended(
                        "task",
                        "",
                        "<camunda:inputOutput><camunda:inputParameter name=\"a\">$<!-- -->{''.getClass()}</camunda:inputParameter></camunda:inputOutput>"));
        id = next();
        add(
                "elements without end",
                id,
                Models.process(id, "<bpmn:subProcess>".repeat(500) + "</bpmn:subProcess>".repeat(500)),
                "");
        id = next();
        add("no XML at all", id, "\u0000\u0001 not xml ${''.getClass()}", "");
        id = next();
        add("empty file", id, "", "");
        id = next();
        add(
                "another language altogether",
                id,
                "<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>",
                "");
        id = next();
        add(
                "larger than allowed",
                id,
                Models.process(
                        id, straight("<bpmn:task id=\"task_x\" name=\"" + "x".repeat(1_000_001) + "\" />", "task_x")),
                "");
        id = next();
        add("JSON as a process", id, "{\"class\": \"" + CLASS + "\"}", "");
    }

    private void shapes() {
        String id = next();
        add(
                "two processes",
                id,
                Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"))
                        .replace(
                                "</bpmn:definitions>",
                                "<bpmn:process id=\"second\" isExecutable=\"true\" camunda:historyTimeToLive=\"P1D\" /></bpmn:definitions>"),
                "definitions");
        id = next();
        add(
                "another's name",
                id,
                Models.process("inbound-call", straight("<bpmn:task id=\"task_x\" />", "task_x")),
                "inbound-call");
        id = next();
        add(
                "kept for ever",
                id,
                Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"))
                        .replace(" camunda:historyTimeToLive=\"P30D\"", ""),
                id);
        around(
                "gateway without a way out",
                "gateway_x",
                """
                <bpmn:exclusiveGateway id="gateway_x" />
                <bpmn:sequenceFlow id="flow_a" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${a == '1'}</bpmn:conditionExpression></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="flow_b" sourceRef="gateway_x" targetRef="endEvent_end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${a == '2'}</bpmn:conditionExpression></bpmn:sequenceFlow>""",
                "gateway_x");
        around(
                "endless timer",
                "timer_x",
                "<bpmn:boundaryEvent id=\"event_x\" attachedToRef=\"userTask_x\" cancelActivity=\"false\"><bpmn:timerEventDefinition id=\"timer_x\"><bpmn:timeCycle xsi:type=\"bpmn:tFormalExpression\">R/PT0S</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:userTask id=\"userTask_x\" />",
                "userTask_x");
        around(
                "a million instances",
                "serviceTask_x",
                "<bpmn:serviceTask id=\"serviceTask_x\" camunda:delegateExpression=\"#{harmless}\"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type=\"bpmn:tFormalExpression\">1000000</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>");
        around("waiting for nothing", "receiveTask_x", "<bpmn:receiveTask id=\"receiveTask_x\" />");
        around(
                "unknown waiting step",
                "receiveTask_x",
                extended(
                        "receiveTask",
                        "",
                        "<camunda:properties><camunda:property name=\"step\" value=\"dataSource\" /></camunda:properties>"));
        around(
                "call without its key",
                "callActivity_x",
                "<bpmn:callActivity id=\"callActivity_x\" calledElement=\"x\" />");
    }

    private void decisions() {
        String mark = xml("${''.getClass().forName('" + CLASS + "').newInstance()}");
        decision(
                "JUEL input",
                "input_x",
                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\" expressionLanguage=\"juel\"><text>"
                        + mark + "</text></inputExpression></input>",
                "<text>-</text>",
                "<text>\"x\"</text>",
                "inputExpression_x");
        decision(
                "JUEL output",
                "",
                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>a</text></inputExpression></input>",
                "<text>-</text>",
                "@expressionLanguage=\"juel\"@<text>" + mark + "</text>",
                "outputEntry_x");
        decision(
                "JUEL without braces",
                "",
                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\" expressionLanguage=\"juel\"><text>''.getClass().getName()</text></inputExpression></input>",
                "<text>-</text>",
                "<text>\"x\"</text>",
                "inputExpression_x");
        for (String language : List.of("javascript", "groovy", "python", "ruby", "graal.js", "ecmascript")) {
            decision(
                    "input in " + language,
                    "",
                    "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\" expressionLanguage=\""
                            + language + "\"><text>" + JS + "</text></inputExpression></input>",
                    "<text>-</text>",
                    "<text>\"x\"</text>",
                    "inputExpression_x");
        }
        decision(
                "condition in groovy",
                "",
                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>a</text></inputExpression></input>",
                "@expressionLanguage=\"groovy\"@<text>" + GROOVY + "</text>",
                "<text>\"x\"</text>",
                "inputEntry_x");
        for (String feel : List.of(
                "{ f: function(c) external { java: { class: \"java.lang.System\", method signature: \"setProperty(java.lang.String, java.lang.String)\" } }, r: f(\""
                        + HostileDelegate.MARK + "\", \"feel\") }.r",
                "(function(x) x)(1)",
                "count(for i in 1..1000000000 return i)",
                "some i in 1..1000000000 satisfies i < 0",
                "matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+$\")",
                "replace(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+$\", \"b\")")) {
            decision(
                    "FEEL " + feel,
                    "",
                    "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>"
                            + xml(feel) + "</text></inputExpression></input>",
                    "<text>-</text>",
                    "<text>\"x\"</text>",
                    "inputExpression_x");
        }
        String id = next();
        files.add(new Hostile(
                "decision: language for the whole file",
                id + ".dmn",
                dmn(
                                id,
                                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>"
                                        + JS + "</text></inputExpression></input>",
                                "<text>-</text>",
                                "<text>\"x\"</text>")
                        .replace("<definitions", "<definitions expressionLanguage=\"javascript\""),
                "definitions_x"));
        id = next();
        files.add(new Hostile(
                "decision: JUEL for the whole file",
                id + ".dmn",
                dmn(
                                id,
                                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>''.getClass().getName()</text></inputExpression></input>",
                                "<text>-</text>",
                                "<text>\"x\"</text>")
                        .replace("<definitions", "<definitions expressionLanguage=\"juel\""),
                "inputExpression_x"));
        id = next();
        files.add(new Hostile(
                "decision: external entity",
                id + ".dmn",
                dmn(id, "", "", "")
                        .replace(
                                "<definitions", "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><definitions"),
                ""));
        id = next();
        files.add(new Hostile(
                "decision: import",
                id + ".dmn",
                dmn(
                                id,
                                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>a</text></inputExpression></input>",
                                "<text>-</text>",
                                "<text>\"x\"</text>")
                        .replace(
                                "<decision ",
                                "<import namespace=\"x\" locationURI=\"http://127.0.0.1:1/x.dmn\" importType=\"x\" /><decision "),
                "definitions_x"));
        id = next();
        files.add(new Hostile(
                "decision: business knowledge model",
                id + ".dmn",
                dmn(
                                id,
                                "<input id=\"input_x\"><inputExpression id=\"inputExpression_x\" typeRef=\"string\"><text>a</text></inputExpression></input>",
                                "<text>-</text>",
                                "<text>\"x\"</text>")
                        .replace(
                                "<decision ",
                                "<businessKnowledgeModel id=\"bkm_x\" name=\"x\"><encapsulatedLogic kind=\"Java\"><literalExpression><text>x</text></literalExpression></encapsulatedLogic></businessKnowledgeModel><decision "),
                "bkm_x"));
    }

    private void forms() {
        form("no JSON", "{ type: default, components: [", "");
        form("a list", "[]", "");
        form("another kind", "{\"type\": \"iframe\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": []}", "");
        form("without version", "{\"type\": \"default\", \"id\": \"@\", \"components\": []}", "");
        form(
                "another's id",
                "{\"type\": \"default\", \"id\": \"accept-call\", \"schemaVersion\": 16, \"components\": []}",
                "");
        form(
                "html part",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": [{\"id\": \"part\", \"type\": \"html\", \"content\": \"<img src=x onerror=alert(1)>\"}]}",
                "part");
        form(
                "iframe part",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": [{\"id\": \"part\", \"type\": \"iframe\", \"url\": \"javascript:alert(1)\"}]}",
                "part");
        form(
                "script in a text",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": [{\"id\": \"part\", \"type\": \"text\", \"text\": \"<script>alert(1)</script>\"}]}",
                "part");
        form(
                "handler in a text",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": [{\"id\": \"part\", \"type\": \"text\", \"text\": \"<img src='x' onerror = alert(1)>\"}]}",
                "part");
        form(
                "address with a script",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": [{\"id\": \"part\", \"type\": \"image\", \"source\": \"java\\nscript:alert(1)\"}]}",
                "part");
        form(
                "nested deeply",
                "{\"type\": \"default\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": ["
                        + "{\"id\": \"part\", \"type\": \"group\", \"components\": [".repeat(60) + "]}".repeat(60)
                        + "]}",
                "part");
        form("deeper than the parser", "[".repeat(100_000), "");
        form(
                "twice the same key",
                "{\"type\": \"default\", \"type\": \"x\", \"id\": \"@\", \"schemaVersion\": 16, \"components\": []}",
                "");
    }

    private void files() {
        String page = "<html><script>alert(1)</script></html>";
        for (String name : List.of(
                "x.html",
                "x.js",
                "x.groovy",
                "x.class",
                "x.jar",
                "x.cmmn",
                "x.cmmn10.xml",
                "x.bpmn20.xml",
                "x.dmn11.xml",
                "x.png",
                "x.svg",
                "x.sh",
                "../x.bpmn",
                "/etc/x.bpmn",
                "X.BPMN",
                "x y.bpmn",
                "x\u0000.bpmn",
                "META-INF/processes.xml",
                "x",
                ".bpmn")) {
            files.add(new Hostile("file " + name.replace('\u0000', '?'), name, page, ""));
        }
    }

    private String next() {
        return "hostile-" + ++number;
    }

    private void add(String name, String id, String content, String element) {
        files.add(new Hostile("process: " + name, id + ".bpmn", content, element));
    }

    private void around(String name, String element, String elements) {
        around(name, element, elements, element);
    }

    private void around(String name, String element, String elements, String first) {
        String id = next();
        add(name, id, Models.process(id, straight(elements, first)), element);
    }

    private void whole(String name, String element, String beside) {
        String id = next();
        add(
                name,
                id,
                Models.process(id, straight("<bpmn:task id=\"task_x\" />", "task_x"))
                        .replace("<bpmn:process", beside + "\n<bpmn:process"),
                element);
    }

    private void form(String name, String content, String element) {
        String id = next();
        files.add(new Hostile("form: " + name, id + ".form", content.replace("@", id), element));
    }

    private void decision(
            String name, String ignored, String input, String inputEntry, String outputEntry, String element) {
        String id = next();
        files.add(new Hostile("decision: " + name, id + ".dmn", dmn(id, input, inputEntry, outputEntry), element));
    }

    /** Entries may start with attributes between two at signs. */
    private static String dmn(String id, String input, String inputEntry, String outputEntry) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_x" name="x" namespace="http://camunda.org/schema/1.0/dmn">
                  <decision id="%s" name="x">
                    <decisionTable id="decisionTable_x">
                      %s
                      <output id="output_x" name="result" typeRef="string" />
                      <rule id="rule_x">
                        <inputEntry id="inputEntry_x"%s</inputEntry>
                        <outputEntry id="outputEntry_x"%s</outputEntry>
                      </rule>
                    </decisionTable>
                  </decision>
                </definitions>
                """
                .formatted(id, input, entry(inputEntry), entry(outputEntry));
    }

    private static String entry(String entry) {
        return entry.startsWith("@")
                ? " " + entry.substring(1, entry.indexOf('@', 1)) + ">" + entry.substring(entry.indexOf('@', 1) + 1)
                : ">" + entry;
    }

    private static String extended(String kind, String attributes, String extensions) {
        return "<bpmn:" + kind + " id=\"" + kind + "_x\" " + attributes + "><bpmn:extensionElements>" + extensions
                + "</bpmn:extensionElements></bpmn:" + kind + ">";
    }

    private static String straight(String elements, String first) {
        String end = elements.contains("sourceRef=\"" + first + "\"")
                ? ""
                : "\n<bpmn:sequenceFlow id=\"flow_out\" sourceRef=\"" + first + "\" targetRef=\"endEvent_end\" />";
        return """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_in" sourceRef="startEvent_begin" targetRef="%s" />
                %s%s
                <bpmn:endEvent id="endEvent_end" />"""
                .formatted(first, elements, end);
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
