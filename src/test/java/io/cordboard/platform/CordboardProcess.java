package io.cordboard.platform;

import static org.awaitility.Awaitility.await;

import io.cordboard.CordboardApplication;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cordboard as an operator starts it: a process of its own, in production mode, set up by environment. */
public final class CordboardProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Process process;
    private final Path output;
    private final Path data;

    private CordboardProcess(Process process, Path output, Path data) {
        this.process = process;
        this.output = output;
        this.data = data;
    }

    /**
     * @param folder for its data and its output
     * @param environment beside the port, which is a free one unless given, and the data folder
     */
    public static CordboardProcess start(Path folder, Map<String, String> environment) {
        try {
            Path data = Files.createDirectories(folder).resolve("data");
            Path output = folder.resolve("output");
            ProcessBuilder builder = new ProcessBuilder(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    withoutTests(System.getProperty("java.class.path")),
                    CordboardApplication.class.getName());
            Map<String, String> variables = builder.environment();
            String run = System.getenv("CORDBOARD_CI_RUN");
            variables.keySet().removeIf(name -> name.matches("(CORDBOARD|SPRING|TWILIO|SERVER)_.*"));
            variables.put("SERVER_PORT", "0");
            variables.put("CORDBOARD_DATA_DIR", data.toString());
            variables.putAll(environment);
            if (run != null) {
                variables.put("CORDBOARD_CI_RUN", run);
            }
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new CordboardProcess(process, output, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutTests(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is ready, or has ended. */
    public CordboardProcess started() {
        await("Cordboard is ready").atMost(PATIENCE).until(() -> !isAlive() || output().contains("is ready after"));
        if (!isAlive()) {
            throw new AssertionError(output());
        }
        return this;
    }

    /** Waits until it has ended by itself. */
    public int exitValue() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It does not end: " + output());
        }
        return process.exitValue();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written so far, to both streams. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its data folder. */
    public Path data() {
        return data;
    }

    /** SIGINT, as of Ctrl-C. */
    public boolean interrupt(Duration patience) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        return process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
    }

    /** SIGTERM. */
    public boolean terminate(Duration patience) throws InterruptedException {
        process.destroy();
        return process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
    }

    /** SIGKILL: it has no chance to say or do anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        try {
            if (!terminate(Duration.ofSeconds(30))) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
