package io.cordboard.flow.check;

import io.cordboard.flow.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the files of a deployment and says everything that is wrong with them. Executes nothing, stores nothing. */
public final class ModelCheck {

    private static final Pattern FILE_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*\\.[a-z]+");
    private static final int LARGEST_FILE = 1_000_000;
    private static final int MOST_FILES = 100;

    private final BpmnCheck bpmn;
    private final DmnCheck dmn;
    private final FormCheck form;

    public ModelCheck(Steps steps) {
        var expressions = new ExpressionRules(steps);
        bpmn = new BpmnCheck(steps, expressions);
        dmn = new DmnCheck(expressions);
        form = new FormCheck();
    }

    /**
     * @param files content by name
     * @param ours whether they come from our own folders: only those may hold pages that a browser executes
     */
    public List<Fault> faults(Map<String, byte[]> files, boolean ours) {
        var faults = new ArrayList<Fault>();
        if (files.size() > MOST_FILES) {
            faults.add(Fault.ofFile(
                    "deployment", "It has more than " + MOST_FILES + " files.", "Deploy fewer files at once."));
            return faults;
        }
        Set<String> pages = files.keySet().stream()
                .filter(name -> ours && name.endsWith(".html"))
                .collect(java.util.stream.Collectors.toSet());
        files.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(file -> faults.addAll(faults(file.getKey(), file.getValue(), ours, pages)));
        return faults;
    }

    private List<Fault> faults(String name, byte[] content, boolean ours, Set<String> pages) {
        String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        if (!FILE_NAME.matcher(name).matches()) {
            return List.of(Fault.ofFile(
                    shown,
                    "The file name is not in kebab-case.",
                    "Use lower-case letters, digits and hyphens only, such as 'inbound-call.bpmn', without folders."));
        }
        if (content.length > LARGEST_FILE) {
            return List.of(Fault.ofFile(
                    shown, "The file is larger than 1 MB.", "Split the model into several that call each other."));
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "bpmn" -> bpmn.faults(name, content, pages);
            case "dmn" -> dmn.faults(name, content);
            case "form" -> form.faults(name, content);
            case "html" -> ours ? List.of() : List.of(page(name));
            default ->
                List.of(Fault.ofFile(
                        name, "Files of this kind cannot be deployed.", "Deploy .bpmn, .dmn and .form files only."));
        };
    }

    private static Fault page(String name) {
        return Fault.ofFile(
                name,
                "A page is executed by the browsers of agents, so it cannot be deployed.",
                "Build the form in Camunda Modeler and deploy its .form file.");
    }
}
