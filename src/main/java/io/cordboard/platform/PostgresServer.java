package io.cordboard.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of our own, with its data in a folder: started with us, stopped with us.
 *
 * <p>The folder holds {@code postgres/} (the data), {@code postgres.log}, {@code postgres.password} and
 * {@code postgres.lock}. The lock is held by our process for as long as it lives, so that a server which was left
 * behind by a killed Cordboard is told apart from one that is in use: the first is stopped and started again (it
 * recovers by itself), the second is left alone. The server listens on this machine's loopback address only and asks
 * for a password, because other people may have accounts on the same machine.
 */
final class PostgresServer implements AutoCloseable {

    static final String USER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);

    /** For two cores and a few hundred megabytes; nothing here weakens what a commit promises. */
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("max_connections", "100"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("wal_buffers", "8MB"),
            Map.entry("checkpoint_timeout", "15min"),
            Map.entry("max_wal_size", "1GB"),
            // Whole pages, written after a checkpoint, are mostly air.
            Map.entry("wal_compression", "on"),
            Map.entry("jit", "off"),
            Map.entry("random_page_cost", "1.1"),
            // Inbox and outbox turn over quickly: look at them often.
            Map.entry("autovacuum_naptime", "20s"),
            Map.entry("shared_preload_libraries", "pg_stat_statements"),
            Map.entry("track_io_timing", "off"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("timezone", "UTC")));

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LARGEST_LOG = 10_000_000;
    private static final int NOBODY = 65534;

    private final PostgresBinaries binaries;
    private final Path data;
    private final Path logFile;
    private final String password;
    private final FileChannel lock;
    private final List<String> asUser;
    private final int port;

    private PostgresServer(Path folder, int port) throws IOException {
        this.port = port;
        data = folder.resolve("postgres");
        logFile = folder.resolve("postgres.log");
        lock = locked(folder.resolve("postgres.lock"));
        try {
            binaries = PostgresBinaries.unpacked(folder);
            refuseOtherVersion();
            asUser = unprivileged(Files.exists(data) ? data : folder);
            password = password(folder.resolve("postgres.password"));
            if (!Files.exists(data)) {
                create(folder);
            }
            stopLeftBehind();
            launch();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * @param folder is made when it does not exist; what it holds from earlier is kept
     * @throws StartRefused when another Cordboard works in the folder, or the data are not for this server
     */
    static PostgresServer start(Path folder) {
        try {
            return start(folder, freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same at a port of one's choice, for whoever must find it there again. */
    static PostgresServer start(Path folder, int port) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            return new PostgresServer(Files.createDirectories(absolute), port);
        } catch (FileSystemException e) {
            throw new StartRefused(
                    "Cordboard cannot keep its data in " + absolute + ": " + reason(e) + ".",
                    "Let CORDBOARD_DATA_DIR name a folder that this user may write to.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String password() {
        return password;
    }

    /** Waits until everything is written and the server is gone. */
    @Override
    public void close() throws IOException {
        if (!lock.isOpen()) {
            return;
        }
        try {
            stop();
        } finally {
            lock.close();
        }
    }

    private void stop() {
        if (stopped("fast", 15)) {
            return;
        }
        log.warn("The embedded PostgreSQL server did not stop in time and is ended; it recovers at its next start");
        if (!stopped("immediate", 5)) {
            log.error("The embedded PostgreSQL server in {} could not be stopped", data);
        }
    }

    private boolean stopped(String mode, int seconds) {
        return !run(asUser(List.of(
                        binaries.program("pg_ctl"),
                        "stop",
                        "--pgdata=" + data,
                        "--mode=" + mode,
                        "--wait",
                        "--timeout=" + seconds)))
                .failed();
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        @Nullable FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new StartRefused(
                    "The data folder " + file.getParent() + " is in use by another Cordboard that is running.",
                    "Stop the other one, or give this one a folder of its own in CORDBOARD_DATA_DIR. To run several"
                            + " nodes on the same data, give all of them one PostgreSQL server in"
                            + " SPRING_DATASOURCE_URL.");
        }
        return channel;
    }

    private void refuseOtherVersion() throws IOException {
        Path file = data.resolve("PG_VERSION");
        if (!Files.exists(file)) {
            if (Files.exists(data)) {
                throw new StartRefused(
                        "The folder " + data + " exists, but holds no PostgreSQL data.",
                        "Move it away, or let CORDBOARD_DATA_DIR name another folder.");
            }
            return;
        }
        String found = Files.readString(file).strip();
        String ours = run(List.of(binaries.program("postgres"), "--version"))
                .output()
                .replaceFirst("(?s)^\\D*(\\d+).*$", "$1");
        if (!found.equals(ours)) {
            throw new StartRefused(
                    "The folder " + data + " holds data of PostgreSQL " + found
                            + ", but this Cordboard brings PostgreSQL " + ours + ".",
                    "Start the version that wrote it and take the data over with pg_dump, or let CORDBOARD_DATA_DIR"
                            + " name another folder.");
        }
    }

    private void create(Path folder) throws IOException {
        Path unfinished = folder.resolve("postgres.unfinished");
        FileSystemUtils.deleteRecursively(unfinished);
        Files.createDirectory(unfinished);
        if (asUser.contains("--reuid=" + NOBODY)) {
            Files.setAttribute(unfinished, "unix:uid", NOBODY);
        }
        Outcome made = run(asUser(List.of(
                binaries.program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + folder.resolve("postgres.password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8")));
        if (made.failed()) {
            throw new StartRefused(
                    "The embedded PostgreSQL server could not be set up: "
                            + made.output().strip(),
                    ROOT_REMEDY);
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static final String ROOT_REMEDY =
            "If nothing here helps: run Cordboard as a normal user instead of root, or name a PostgreSQL server in"
                    + " SPRING_DATASOURCE_URL.";

    /** Stops the server that a killed Cordboard left behind; we hold the folder's lock, so nobody works with it. */
    private void stopLeftBehind() throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        boolean postgres = ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(false);
        if (postgres) {
            log.info("Taking over the data of a Cordboard that was killed");
            stop();
        }
        // Its number may belong to some other program by now, and the server would not start because of that.
        Files.deleteIfExists(file);
    }

    private void launch() throws IOException {
        if (Files.exists(logFile) && Files.size(logFile) > LARGEST_LOG) {
            Files.move(logFile, logFile.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        long logged = Files.exists(logFile) ? Files.size(logFile) : 0;
        StringBuilder options = new StringBuilder("-c port=" + port);
        SETTINGS.forEach(
                (name, value) -> options.append(" -c ").append(name).append('=').append(value));
        Outcome started = run(asUser(List.of(
                binaries.program("pg_ctl"),
                "start",
                "--pgdata=" + data,
                "--log=" + logFile,
                "--options=" + options,
                "--wait",
                "--timeout=" + PATIENCE.toSeconds())));
        if (started.failed()) {
            throw new StartRefused(
                    "The embedded PostgreSQL server did not start: " + lastWords(logged) + ".",
                    "Read " + logFile + ". " + ROOT_REMEDY);
        }
    }

    private String lastWords(long logged) throws IOException {
        if (!Files.exists(logFile)) {
            return "it said nothing";
        }
        byte[] all = Files.readAllBytes(logFile);
        String since = new String(all, (int) logged, all.length - (int) logged, StandardCharsets.UTF_8);
        return since.lines()
                .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                .reduce((first, last) -> last)
                .orElse(since.strip());
    }

    /**
     * PostgreSQL refuses to run as root. Root therefore starts it as whoever owns the data, without any other right
     * than to reach its files; where root itself is the owner, in a user namespace in which it is nobody.
     */
    private static List<String> unprivileged(Path owned) throws IOException {
        if (!System.getProperty("user.name").equals("root")
                || !System.getProperty("os.name").startsWith("Linux")) {
            return List.of();
        }
        int owner = (Integer) Files.getAttribute(owned, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner == 0 && !run(List.of("unshare", "--user", "true")).failed()) {
            return List.of("unshare", "--user");
        }
        int uid = owner == 0 ? NOBODY : owner;
        return List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--inh-caps=-all,+dac_override",
                "--ambient-caps=-all,+dac_override");
    }

    private List<String> asUser(List<String> command) {
        return Stream.concat(asUser.stream(), command.stream()).toList();
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            if (System.getProperty("os.name").startsWith("Windows")) {
                Files.createFile(file);
            } else {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String reason(FileSystemException e) {
        return e.getReason() != null ? e.getReason() : e.getClass().getSimpleName() + " " + e.getFile();
    }

    /** The output goes through a file: a pipe would stay open for as long as the server lives that inherits it. */
    private static Outcome run(List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("cordboard", ".out");
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.plusSeconds(10).toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(1, "no answer from " + command.get(0));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            return new Outcome(1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(1, "interrupted");
        } finally {
            if (output != null) {
                try {
                    Files.deleteIfExists(output);
                } catch (IOException e) {
                    log.debug("A temporary file stays", e);
                }
            }
        }
    }

    private static java.io.File nothing() {
        return new java.io.File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private record Outcome(int status, String output) {

        boolean failed() {
            return status != 0;
        }
    }
}
