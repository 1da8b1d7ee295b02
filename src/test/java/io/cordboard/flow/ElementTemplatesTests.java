package io.cordboard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cordboard.testing.ApplicationTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The committed element templates and the page of the steps say what the code says. */
class ElementTemplatesTests extends ApplicationTest {

    private static final Path TEMPLATES = Path.of(".camunda", "element-templates");
    private static final Path PAGE = Path.of("docs", "steps.md");
    private static final String REMEDY = "run: mvn test -Dtest=ElementTemplatesTests -Dcordboard.write=true";

    @Autowired
    private Steps steps;

    @Test
    void theCommittedFilesAreThoseOfTheSteps() throws IOException {
        var templates = new ElementTemplates(steps.described());
        if (Boolean.getBoolean("cordboard.write")) {
            write(templates);
        }

        assertThat(committed()).as(REMEDY).isEqualTo(templates.files());
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "").as(REMEDY).isEqualTo(templates.page());
    }

    @Test
    void everyDescribedStepCanBeFilledIn() {
        steps.described().forEach((name, step) -> {
            assertThat(step.name()).as(name).isNotBlank();
            assertThat(step.purpose()).as(name).endsWith(".");
            assertThat(step.fields())
                    .extracting(Step.Field::key)
                    .doesNotHaveDuplicates()
                    .doesNotContain("step");
        });
    }

    @Test
    void aTemplateBindsTheStepAndItsFields() throws IOException {
        var ask = new Step.Description(
                "Ask",
                Step.Kind.WAIT,
                "Asks the caller.",
                List.of(
                        Step.Field.text("prompt", "Question", "Press 1.", true, "What the caller hears."),
                        Step.Field.duration("timeout", "Patience", "PT5S", "How long to wait."),
                        Step.Field.choice("voice", "Voice", "a", "Who speaks.", "a", "b")),
                List.of(new Step.Result("digits", "What was pressed")));
        var say = new Step.Description("Say", Step.Kind.TASK, "Says.", List.of(), List.of());

        var templates = new ElementTemplates(Map.of("ask", ask, "sayAgain", say));
        var files = templates.files();

        assertThat(files).containsOnlyKeys("ask.json", "say-again.json");
        var json = new JsonMapper();
        var waiting = json.readTree(files.get("ask.json"));
        assertThat(waiting.at("/elementType/value").asText()).isEqualTo("bpmn:ReceiveTask");
        assertThat(waiting.at("/properties/0/value").asText()).isEqualTo("ask");
        assertThat(waiting.at("/properties/0/binding/name").asText()).isEqualTo("step");
        assertThat(waiting.at("/properties/1/constraints/notEmpty").asBoolean()).isTrue();
        assertThat(waiting.at("/properties/3/choices")).hasSize(2);
        var done = json.readTree(files.get("say-again.json"));
        assertThat(done.at("/properties/0/value").asText()).isEqualTo("#{sayAgain}");
        assertThat(done.at("/properties/0/binding/name").asText()).isEqualTo("camunda:delegateExpression");
        assertThat(templates.page()).contains("## Ask (`ask`)", "| Question (required) |", "`digits`");
    }

    private static void write(ElementTemplates templates) throws IOException {
        Files.createDirectories(TEMPLATES);
        for (String old : committed().keySet()) {
            Files.delete(TEMPLATES.resolve(old));
        }
        for (var file : templates.files().entrySet()) {
            Files.writeString(TEMPLATES.resolve(file.getKey()), file.getValue());
        }
        Files.createDirectories(Path.of("docs"));
        Files.writeString(PAGE, templates.page());
    }

    private static Map<String, String> committed() throws IOException {
        var files = new TreeMap<String, String>();
        if (Files.isDirectory(TEMPLATES)) {
            try (var entries = Files.list(TEMPLATES)) {
                for (Path file : entries.filter(entry -> entry.toString().endsWith(".json"))
                        .toList()) {
                    files.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return files;
    }
}
