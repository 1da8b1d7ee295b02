package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordboard.flow.check.ModelRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartDeploymentTests {

    private static final JavaDelegate NOTHING = execution -> {};

    @TempDir
    Path processes;

    @TempDir
    Path forms;

    private TestEngine test;

    @BeforeEach
    void start() {
        test = new TestEngine(Map.of("nothing", NOTHING));
    }

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void aSecondStartWithTheSameFilesChangesNothing() throws IOException {
        Files.writeString(processes.resolve("greeting.bpmn"), waitingIn("userTask_first"));
        Files.writeString(forms.resolve("hello.form"), form());
        Files.writeString(forms.resolve("page.html"), "<form></form>");
        Files.writeString(processes.resolve("notes.txt"), "not a model");

        deploy();
        deploy();

        var repository = test.engine.getRepositoryService();
        assertThat(repository.createDeploymentQuery().count()).isEqualTo(1);
        assertThat(repository.getDeploymentResourceNames(
                        repository.createDeploymentQuery().singleResult().getId()))
                .containsExactlyInAnyOrder("greeting.bpmn", "hello.form", "page.html");
    }

    @Test
    void aChangedModelBecomesANewVersionAndRunningCallsFinishOnTheirs() throws IOException {
        Files.writeString(processes.resolve("greeting.bpmn"), waitingIn("userTask_first"));
        deploy();
        var runtime = test.engine.getRuntimeService();
        var running = runtime.startProcessInstanceByKey("greeting", "old call");

        Files.writeString(processes.resolve("greeting.bpmn"), waitingIn("userTask_second"));
        deploy();
        var fresh = runtime.startProcessInstanceByKey("greeting", "new call");

        assertThat(runtime.getActiveActivityIds(running.getId())).isEqualTo(List.of("userTask_first"));
        assertThat(runtime.getActiveActivityIds(fresh.getId())).isEqualTo(List.of("userTask_second"));
        var tasks = test.engine.getTaskService();
        tasks.complete(tasks.createTaskQuery()
                .processInstanceId(running.getId())
                .singleResult()
                .getId());
        assertThat(runtime.createProcessInstanceQuery().list()).extracting("id").containsExactly(fresh.getId());
    }

    @Test
    void aBrokenModelStopsTheStartWithOneClearMessage() throws IOException {
        Files.writeString(
                processes.resolve("greeting.bpmn"), waitingIn("userTask_first").replace("P30D", ""));

        assertThatThrownBy(this::deploy).isInstanceOf(ModelRefused.class);

        var told = new BrokenModelAnalyzer()
                .analyze(new IllegalStateException(
                        "start", org.assertj.core.api.Assertions.catchThrowable(this::deploy)));
        assertThat(told.getDescription())
                .contains("greeting.bpmn", "greeting, line", "Set 'History time to live'")
                .doesNotContain("Exception");
        assertThat(told.getAction()).contains("docs/models.md");
    }

    private void deploy() {
        new StartDeployment(test.engine.getRepositoryService(), processes.toString(), forms.toString())
                .afterSingletonsInstantiated();
    }

    private static String waitingIn(String task) {
        return Models.process(
                "greeting",
                """
                <bpmn:startEvent id="startEvent_begin" />
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begin" targetRef="%1$s" />
                <bpmn:userTask id="%1$s" name="Wait" />
                <bpmn:sequenceFlow id="flow_2" sourceRef="%1$s" targetRef="endEvent_end" />
                <bpmn:endEvent id="endEvent_end" />"""
                        .formatted(task));
    }

    private static String form() {
        return "{\"type\": \"default\", \"id\": \"hello\", \"schemaVersion\": 16, \"components\": []}";
    }
}
