package io.cordboard.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.CordboardApplication;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands explain themselves, and need no Cordboard for it. */
class OpsHelpTests {

    /** {@code java -jar cordboard.jar ops …} is a process of its own, in which no Cordboard starts. */
    @Test
    void theExecutableHelpsWithoutStartingTheApplication() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CordboardApplication.class.getName(),
                        "ops",
                        "--help")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(output).contains("Usage: ops", "conferences").doesNotContain("Spring", "ready after", "@timestamp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "queues",
                "queues cancel-calls",
                "calls",
                "calls show",
                "calls end",
                "calls cancel",
                "calls complete-wrap-up",
                "reservations",
                "agents",
                "agents release",
                "conferences",
                "conferences end",
                "activities",
                "token"
            })
    void everyCommandHelpsWithAnExample(String command) {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(
                new BufferedReader(Reader.nullReader()),
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                null);

        int code = Ops.run(
                Map.of(),
                terminal,
                Stream.of((command + " --help").strip().split(" ")).toArray(String[]::new));

        assertThat(code).isZero();
        assertThat(out.toString()).contains("Usage: ops", "Example", "java -jar cordboard.jar ops " + command);
    }
}
