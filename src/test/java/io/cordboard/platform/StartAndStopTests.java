package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Cordboard starts and stops, and how it refuses to: with one sentence and a remedy. */
class StartAndStopTests {

    @TempDir
    Path folder;

    /**
     * S1-20, S1-21 · the log tells account, customer and port. A credential that is missing switches its provider off with
     * one line, and nothing else.
     */
    @Test
    void startsWithNothingButAFolderAndStopsCleanlyOnCtrlC() throws Exception {
        int port = CordboardProcess.freePort();
        try (CordboardProcess cordboard = CordboardProcess.start(
                        folder,
                        Map.of("SERVER_PORT", String.valueOf(port), "TWILIO_ACCOUNT_SID", "AC" + "7c".repeat(16)))
                .started()) {
            assertThat(cordboard.output())
                    .contains(
                            "No SPRING_DATASOURCE_URL",
                            "Open http://localhost:" + port + "/",
                            "Twilio is switched off: TWILIO_AUTH_TOKEN is not set")
                    .containsPattern("Customers: Cordboard \\([0-9a-f-]{36}, the operator\\)");
            assertThat(cordboard.output().lines().filter(line -> line.contains("is ready after")))
                    .singleElement()
                    .asString()
                    .startsWith("{\"@timestamp\"");

            HttpResponse<String> health = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/health"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains(
                            "\"status\":\"healthy\"",
                            "\"database\":\"up\"",
                            "\"engine\":\"up\"",
                            "\"twilio\":\"not configured\"");

            assertThat(cordboard.interrupt(Duration.ofSeconds(15))).isTrue();
            assertThat(cordboard.exitValue()).as("128 + SIGINT").isEqualTo(130);
            assertThat(cordboard.data().resolve("postgres/postmaster.pid"))
                    .as("the embedded server is gone")
                    .doesNotExist();
            assertThat(cordboard.output()).doesNotContain("\"ERROR\"", "stack_trace");
        }
    }

    @Test
    void aDatabaseThatIsDownEndsTheStartWithOneSentence() throws Exception {
        assertThat(refused(Map.of(
                        "SPRING_DATASOURCE_URL",
                                "jdbc:postgresql://localhost:" + CordboardProcess.freePort() + "/cordboard",
                        "SPRING_DATASOURCE_USERNAME", "cordboard",
                        "SPRING_DATASOURCE_PASSWORD", "secret",
                        "CORDBOARD_DATABASE_PATIENCE", "1s")))
                .contains("did not answer for 1 seconds", "SPRING_DATASOURCE_URL");
    }

    @Test
    void aDatabaseWhosePasswordIsMissingIsNamedTogetherWithTheVariable() throws Exception {
        try (var database = TestDatabase.empty()) {
            assertThat(refused(Map.of(
                            "SPRING_DATASOURCE_URL",
                            database.getJdbcUrl(),
                            "SPRING_DATASOURCE_USERNAME",
                            database.getUsername())))
                    .contains("refused us", "SPRING_DATASOURCE_PASSWORD");
        }
    }

    @Test
    void aPortInUseIsNamedTogetherWithTheVariableThatChangesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThat(refused(Map.of("SERVER_PORT", String.valueOf(taken.getLocalPort()))))
                    .contains("Port " + taken.getLocalPort() + " is in use", "SERVER_PORT");
        }
    }

    @Test
    void theSimulatedCarrierDoesNotStartBesideARealAccount() throws Exception {
        assertThat(refused(Map.of("CORDBOARD_SIMULATOR", "true", "TWILIO_ACCOUNT_SID", "AC" + "7c".repeat(16))))
                .contains("does not mix", "CORDBOARD_SIMULATOR=false");
    }

    private String refused(Map<String, String> environment) throws Exception {
        try (CordboardProcess cordboard = CordboardProcess.start(folder, environment)) {
            assertThat(cordboard.exitValue()).isEqualTo(1);
            assertThat(cordboard.output()).doesNotContain("\tat ", "stack_trace");
            return cordboard.output();
        }
    }
}
