package io.cordboard.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What analysts get of the steps: element templates for Camunda Modeler and the page {@code docs/steps.md}. */
public final class ElementTemplates {

    private static final String SCHEMA =
            "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json";

    private final JsonMapper json = new JsonMapper();
    private final Map<String, Step.Description> steps;

    public ElementTemplates(Map<String, Step.Description> steps) {
        this.steps = new TreeMap<>(steps);
    }

    /** File name, such as {@code say.json}, to content. */
    public Map<String, String> files() {
        var files = new TreeMap<String, String>();
        steps.forEach((name, step) -> files.put(kebab(name) + ".json", template(name, step)));
        return files;
    }

    private String template(String name, Step.Description step) {
        boolean waits = step.kind() == Step.Kind.WAIT;
        String element = waits ? "bpmn:ReceiveTask" : "bpmn:ServiceTask";
        var properties = new ArrayList<Map<String, Object>>();
        properties.add(
                waits
                        ? hidden(name, "camunda:property", "step")
                        : hidden("#{" + name + "}", "property", "camunda:delegateExpression"));
        step.fields().forEach(field -> properties.add(property(field)));
        Map<String, Object> template = ordered(
                "$schema", SCHEMA,
                "name", step.name(),
                "id", "io.cordboard.step." + name,
                "description", step.purpose(),
                "appliesTo", List.of("bpmn:Task", element),
                "elementType", Map.of("value", element),
                "properties", properties);
        var printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try {
            return json.writer(printer).writeValueAsString(template) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The element template of " + name + " cannot be written", e);
        }
    }

    private static Map<String, Object> hidden(String value, String bindingType, String bindingName) {
        return ordered("type", "Hidden", "value", value, "binding", ordered("type", bindingType, "name", bindingName));
    }

    private static Map<String, Object> property(Step.Field field) {
        Map<String, Object> property = ordered(
                "label", field.label(),
                "description", field.hint(),
                "type", type(field.type()));
        if (!field.preset().isEmpty()) {
            property.put("value", field.preset());
        }
        property.put("binding", ordered("type", "camunda:property", "name", field.key()));
        switch (field.type()) {
            case YES_NO -> property.put("choices", List.of(choice("Yes", "true"), choice("No", "false")));
            case CHOICE ->
                property.put(
                        "choices",
                        field.choices().stream()
                                .map(value -> choice(value, value))
                                .toList());
            case NUMBER -> property.put("constraints", constraints(field, "-?\\d+", "A whole number or an expression"));
            case DURATION ->
                property.put(
                        "constraints",
                        constraints(field, "PT?[0-9DTHMS.]+", "An ISO 8601 duration such as PT10S, or an expression"));
            case TEXT, LONG_TEXT -> {
                if (field.required()) {
                    property.put("constraints", Map.of("notEmpty", true));
                }
            }
        }
        return property;
    }

    private static Map<String, Object> constraints(Step.Field field, String literal, String message) {
        Map<String, Object> constraints = new LinkedHashMap<>();
        if (field.required()) {
            constraints.put("notEmpty", true);
        }
        constraints.put("pattern", ordered("value", "^(" + literal + "|.*[$#]\\{.+\\}.*)?$", "message", message));
        return constraints;
    }

    private static Map<String, Object> choice(String name, String value) {
        return ordered("name", name, "value", value);
    }

    private static String type(Step.FieldType type) {
        return switch (type) {
            // An extension property cannot be edited in several lines: Modeler refuses such a template.
            case TEXT, LONG_TEXT, NUMBER, DURATION -> "String";
            case YES_NO, CHOICE -> "Dropdown";
        };
    }

    /** The page for analysts, in Markdown. */
    public String page() {
        var page = new StringBuilder(
                """
                # Steps

                What an analyst draws. Each step is an element template in Camunda Modeler; this page is written from the
                same descriptions (`mvn test -Dtest=ElementTemplatesTests -Dcordboard.write=true`).
                """);
        steps.forEach((name, step) -> {
            page.append("\n## ").append(step.name()).append(" (`").append(name).append("`)\n\n");
            page.append(step.purpose()).append('\n').append('\n');
            page.append(
                    step.kind() == Step.Kind.WAIT
                            ? "Drawn as a receive task: the call waits in it.\n"
                            : "Drawn as a service task: it is done at once.\n");
            if (!step.fields().isEmpty()) {
                page.append("\n| Field | Key | Preset | Meaning |\n|---|---|---|---|\n");
                step.fields()
                        .forEach(field -> row(
                                page,
                                field.label() + (field.required() ? " (required)" : ""),
                                "`" + field.key() + "`",
                                field.preset().isEmpty() ? "" : "`" + field.preset() + "`",
                                field.hint() + values(field)));
            }
            if (!step.results().isEmpty()) {
                page.append("\n| Variable it sets | Meaning |\n|---|---|\n");
                step.results().forEach(result -> row(page, "`" + result.variable() + "`", result.meaning()));
            }
        });
        return page.toString();
    }

    private static String values(Step.Field field) {
        return switch (field.type()) {
            case CHOICE -> " One of `" + String.join("`, `", field.choices()) + "`.";
            case YES_NO -> " `true` or `false`.";
            case DURATION -> " ISO 8601, such as `PT10S`.";
            case NUMBER -> " A whole number.";
            case TEXT, LONG_TEXT -> "";
        };
    }

    private static void row(StringBuilder page, String... cells) {
        page.append('|');
        for (String cell : cells) {
            page.append(' ').append(cell.replace("|", "\\|").strip()).append(" |");
        }
        page.append('\n');
    }

    private static String kebab(String name) {
        return Pattern.compile("([a-z0-9])([A-Z])")
                .matcher(name)
                .replaceAll("$1-$2")
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
