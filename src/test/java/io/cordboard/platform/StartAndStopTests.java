package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.CordboardApplication;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cordboard as an operator starts and stops it: a process of its own, in production mode, set up by environment. */
class StartAndStopTests {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private Process cordboard;

    @AfterEach
    void leaveNothingRunning() throws Exception {
        if (cordboard != null && cordboard.isAlive()) {
            cordboard.destroy();
            if (!cordboard.waitFor(30, TimeUnit.SECONDS)) {
                cordboard.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void startsWithNothingButAFolderAndStopsCleanlyOnSigterm() throws Exception {
        int port = freePort();
        start(Map.of("SERVER_PORT", String.valueOf(port)));
        await().atMost(PATIENCE).until(() -> !cordboard.isAlive() || output().contains("is ready after"));
        assertThat(output()).contains("No SPRING_DATASOURCE_URL", "Open http://localhost:" + port + "/");
        assertThat(output().lines().filter(line -> line.contains("is ready after")))
                .singleElement()
                .asString()
                .startsWith("{\"@timestamp\"");

        HttpResponse<String> health = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"healthy\"", "\"database\":\"up\"", "\"engine\":\"up\"");

        cordboard.destroy();
        assertThat(cordboard.waitFor(15, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("data/postgres/postmaster.pid"))
                .as("the embedded server is gone")
                .doesNotExist();
        assertThat(output()).doesNotContain("\"ERROR\"", "stack_trace");
    }

    @Test
    void aDatabaseThatIsDownEndsTheStartWithOneSentence() throws Exception {
        assertThat(refused(Map.of(
                        "SPRING_DATASOURCE_URL", "jdbc:postgresql://localhost:" + freePort() + "/cordboard",
                        "SPRING_DATASOURCE_USERNAME", "cordboard",
                        "SPRING_DATASOURCE_PASSWORD", "secret",
                        "CORDBOARD_DATABASE_PATIENCE", "1s")))
                .contains("did not answer for 1 seconds", "SPRING_DATASOURCE_URL");
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
        start(environment);
        assertThat(cordboard.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cordboard.exitValue()).isEqualTo(1);
        assertThat(output()).doesNotContain("\tat ", "stack_trace");
        return output();
    }

    private void start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                withoutTests(System.getProperty("java.class.path")),
                CordboardApplication.class.getName());
        builder.environment().keySet().removeIf(name -> name.matches("(CORDBOARD|SPRING|TWILIO|SERVER)_.*"));
        builder.environment()
                .putAll(Map.of(
                        "SERVER_PORT",
                        "0",
                        "CORDBOARD_DATA_DIR",
                        folder.resolve("data").toString()));
        builder.environment().putAll(environment);
        if (System.getenv("CORDBOARD_CI_RUN") != null) {
            builder.environment().put("CORDBOARD_CI_RUN", System.getenv("CORDBOARD_CI_RUN"));
        }
        cordboard = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static String withoutTests(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
