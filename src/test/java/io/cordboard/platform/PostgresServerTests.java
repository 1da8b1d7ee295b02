package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database, on real server processes. */
class PostgresServerTests {

    @TempDir
    Path folder;

    @Test
    void promisesDurabilityCountsStatementsAndKeepsStrangersOut() throws Exception {
        try (PostgresServer server = PostgresServer.start(folder)) {
            assertThat(ask(server, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(server, "SHOW full_page_writes")).isEqualTo("on");

            ask(server, "CREATE EXTENSION pg_stat_statements; SELECT 1");
            assertThat(ask(server, "SELECT count(*) > 0 FROM pg_stat_statements"))
                    .isEqualTo("t");

            assertThat(ask(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), PostgresServer.USER, "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void keepsItsDataWhenItIsStartedAgain() throws Exception {
        try (PostgresServer server = PostgresServer.start(folder)) {
            ask(server, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('a call') RETURNING what");
        }
        try (PostgresServer server = PostgresServer.start(folder)) {
            assertThat(ask(server, "SELECT what FROM kept")).isEqualTo("a call");
        }
    }

    @Test
    void takesOverFromACordboardThatWasKilled() throws Exception {
        Process killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnotherCordboard.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(killed.getInputStream()))) {
            assertThat(output.lines().filter("committed"::equals).findFirst()).isPresent();
            assertThatThrownBy(() -> PostgresServer.start(folder))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("in use by another Cordboard");
            killed.destroyForcibly().waitFor();
        }
        assertThat(serverProcess().isAlive())
                .as("the server outlives the killed JVM")
                .isTrue();

        long before = System.nanoTime();
        try (PostgresServer server = PostgresServer.start(folder)) {
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(ask(server, "SELECT what FROM kept")).isEqualTo("a call");
        }
    }

    @Test
    void ignoresAServerNumberThatBelongsToAnotherProgramByNow() throws Exception {
        PostgresServer.start(folder).close();
        Files.writeString(
                folder.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n");
        try (PostgresServer server = PostgresServer.start(folder)) {
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void isGoneWhenItIsClosedAndClosingTwiceDoesNoHarm() throws Exception {
        PostgresServer server = PostgresServer.start(folder);
        server.close();
        server.close();
        assertThatThrownBy(() -> ask(server, "SELECT 1")).hasMessageContaining("refused");
        assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void refusesDataOfAnotherPostgres() throws Exception {
        Files.createDirectories(folder.resolve("postgres"));
        Files.writeString(folder.resolve("postgres/PG_VERSION"), "15\n");
        assertThatThrownBy(() -> PostgresServer.start(folder))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("holds data of PostgreSQL 15, but this Cordboard brings PostgreSQL 17");
    }

    @Test
    void refusesAFolderThatHoldsSomethingElse() throws Exception {
        Files.createDirectories(folder.resolve("postgres"));
        assertThatThrownBy(() -> PostgresServer.start(folder))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("holds no PostgreSQL data");
    }

    @Test
    void refusesAFolderThatCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> PostgresServer.start(file.resolve("data")))
                .isInstanceOfSatisfying(StartRefused.class, refused -> assertThat(refused.remedy())
                        .contains("CORDBOARD_DATA_DIR"))
                .hasMessageContaining("Cordboard cannot keep its data in " + file.resolve("data"));
    }

    @Test
    void aRefusedStartLeavesTheFolderFree() throws Exception {
        Files.createDirectories(folder.resolve("postgres"));
        assertThatThrownBy(() -> PostgresServer.start(folder)).isInstanceOf(StartRefused.class);
        Files.delete(folder.resolve("postgres"));
        PostgresServer.start(folder).close();
    }

    private ProcessHandle serverProcess() throws IOException {
        String pid =
                Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), PostgresServer.USER, server.password());
                var statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** Lives until it is killed. */
    static final class AnotherCordboard {

        public static void main(String[] args) throws Exception {
            PostgresServer server = PostgresServer.start(Path.of(args[0]));
            ask(server, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('a call') RETURNING what");
            System.out.println("committed");
            Thread.currentThread().join();
        }
    }
}
