package io.cordboard.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;

/**
 * The pages in a real browser. The stories are in {@code src/main/frontend/e2e/scenarios.mjs}; here the application is
 * started and the browser is sent. A machine without browser or pages leaves them out, except in CI.
 */
class PagesBrowserTests extends ScenarioTest {

    private static final Path FRONTEND = Path.of("src", "main", "frontend").toAbsolutePath();
    private static final Path PICTURES = Path.of("target", "pictures").toAbsolutePath();
    /** The phone of Charles in the demo. */
    private static final String DESK = "+15550102001";

    private static final boolean CI = "true".equals(System.getenv("CI"));

    /**
     * S1-06 · the story of the newcomer: a working call flow within minutes, from the models that come along. S1-30 · going
     * online, accepting or rejecting an offer and ending the call are there when they are wanted.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "start",
                "login",
                "newcomer",
                "test-phone",
                "tasklist",
                "voicemail",
                "queues",
                "webhooks",
                "models"
            })
    void aStoryGoesWell(String scenario) throws Exception {
        needs(hasBrowser(), "Chromium (Debian's package \"chromium\")");
        needs(new ClassPathResource("static/index.html").exists(), "the built pages (-Dfrontend.skip=false)");
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        // Tasklist may take longer to open than an agent has to answer.
        setQueues("2 minutes", "10 minutes", "2 minutes");
        plays("e2e/run.mjs", base(), scenario, PICTURES.toString());
    }

    /** S1-48 · the browser is the agent's phone; the demo's phone on their desk rings too, and is left to ring. */
    @Test
    void anAgentTakesACallInTheBrowser() throws Exception {
        needs(hasBrowser(), "Chromium (Debian's package \"chromium\")");
        needs(new ClassPathResource("static/index.html").exists(), "the built pages (-Dfrontend.skip=false)");
        setQueues("2 minutes", "10 minutes", "2 minutes");
        AgentPhone.behaves(admin(), DESK, "manual", 0);
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'client', 'charles_browser' FROM agent
                         WHERE id = CAST(:id AS uuid)""")
                .param("id", charles.id())
                .update();
        try {
            plays("e2e/run.mjs", base(), "softphone", PICTURES.toString());
        } finally {
            jdbc.sql("DELETE FROM agent_address WHERE value = 'charles_browser'")
                    .update();
            AgentPhone.behaves(admin(), DESK, "answer", 600);
        }
    }

    @Test
    void everyPageAnswersWithTheSameDocument() throws Exception {
        needs(new ClassPathResource("static/index.html").exists(), "the built pages (-Dfrontend.skip=false)");
        var client = java.net.http.HttpClient.newHttpClient();
        var bodies = new java.util.HashSet<String>();
        var token = Login.token(base(), "sam");
        for (var path : new String[] {
            "/",
            "/login",
            "/phone",
            "/test-phone",
            "/calls",
            "/calls/7",
            "/models",
            "/operations",
            "/queues",
            "/queues/7",
            "/voicemails",
            "/webhooks",
            "/webhooks/7"
        }) {
            var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(base() + path))
                    .header("Accept", "text/html")
                    .header("Authorization", "Bearer " + token)
                    .build();
            var answer = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            bodies.add(answer.body());
        }
        assertThat(bodies).hasSize(1).first().asString().contains("<div id=\"app\">");
    }

    private static void plays(String... arguments) throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                        Stream.concat(Stream.of("node"), Stream.of(arguments)).toList())
                .directory(FRONTEND.toFile())
                .redirectErrorStream(true);
        command.environment().put("CORDBOARD_DEMO_PASSWORD", Login.PASSWORD);
        var output = Files.createTempFile("pages", ".log");
        var process = command.redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("finished in time")
                    .isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(output, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static boolean hasBrowser() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                        .anyMatch(path -> Files.isExecutable(Path.of(path)))
                || System.getenv("CHROMIUM") != null;
    }

    private static void needs(boolean present, String what) {
        if (CI) {
            assertThat(present).as("CI has " + what).isTrue();
        }
        assumeTrue(present, () -> "This machine lacks " + what);
    }
}
