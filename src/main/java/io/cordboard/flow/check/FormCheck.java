package io.cordboard.flow.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Camunda forms: JSON of the known kind, with parts that only show and ask. */
final class FormCheck {

    private static final Set<String> COMPONENTS = Set.of(
            "default",
            "text",
            "textfield",
            "textarea",
            "number",
            "checkbox",
            "checklist",
            "radio",
            "select",
            "taglist",
            "datetime",
            "button",
            "group",
            "columns",
            "dynamiclist",
            "table",
            "separator",
            "spacer",
            "image");

    private static final int DEEPEST = 40;

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    List<Fault> faults(String file, byte[] content) {
        JsonNode form;
        try {
            form = json.readTree(content);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            return List.of(new Fault(
                    file,
                    "",
                    at == null ? 0 : at.getLineNr(),
                    at == null ? 0 : at.getColumnNr(),
                    "It is no JSON: " + e.getOriginalMessage() + ".",
                    "Save the form in Camunda Modeler again."));
        } catch (IOException e) {
            return List.of(Fault.ofFile(file, "It cannot be read.", "Save the form in Camunda Modeler again."));
        }
        var faults = new ArrayList<Fault>();
        if (!form.isObject()
                || !form.path("components").isArray()
                || !form.path("type").asText().equals("default")) {
            faults.add(Fault.ofFile(
                    file, "It is not a Camunda form.", "Create it in Camunda Modeler as 'Form (Camunda 7)'."));
            return faults;
        }
        if (!form.path("id").asText().equals(file.replaceFirst("\\.form$", ""))) {
            faults.add(Fault.ofFile(
                    file,
                    "The form's id is '" + form.path("id").asText() + "'.",
                    "Give form and file the same name in kebab-case."));
        }
        if (!form.path("schemaVersion").isIntegralNumber()) {
            faults.add(Fault.ofFile(file, "It says no schemaVersion.", "Save the form in Camunda Modeler again."));
        }
        walk(file, form, "", 0, faults);
        return faults;
    }

    private void walk(String file, JsonNode node, String component, int depth, List<Fault> faults) {
        if (depth > DEEPEST) {
            faults.add(fault(file, component, "It is nested too deeply.", "Use fewer groups."));
            return;
        }
        if (node.isTextual()) {
            String harm = harm(node.asText());
            if (harm != null) {
                faults.add(fault(file, component, "A text contains " + harm + ".", "Use plain text."));
            }
            return;
        }
        String id = node.path("id").asText(component);
        node.path("components").forEach(part -> {
            String type = part.path("type").asText();
            if (!COMPONENTS.contains(type)) {
                faults.add(fault(
                        file,
                        part.path("id").asText(id),
                        "A form cannot have a part of the kind '" + type + "'.",
                        "Use text, fields, choices, groups, tables, images or buttons."));
            }
        });
        node.forEach(child -> walk(file, child, id, depth + 1, faults));
    }

    private static @Nullable String harm(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Cntrl}]", "");
        for (String sign :
                List.of("javascript:", "vbscript:", "data:text/html", "<script", "<iframe", "<object", "<embed")) {
            if (plain.contains(sign)) {
                return "'" + sign + "'";
            }
        }
        return plain.matches("(?s).*<[^>]*[/\"'a-z]on[a-z]{3,}=.*") ? "an event handler" : null;
    }

    private static Fault fault(String file, String component, String what, String remedy) {
        return new Fault(file, component, 0, 0, what, remedy);
    }
}
