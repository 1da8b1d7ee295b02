package io.cordboard.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.CordboardApplication;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code java -jar cordboard.jar ops …} is a process of its own, in which no Cordboard starts. */
class OpsProcessTests {

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
}
