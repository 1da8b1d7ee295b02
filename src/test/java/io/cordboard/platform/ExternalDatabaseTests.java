package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL server that somebody else runs, and the ways in which it is not what was said. */
class ExternalDatabaseTests {

    @Test
    void isUsedAsItWasNamedAndSaysWhyItRefuses(@TempDir Path folder) throws Exception {
        try (PostgresServer server = PostgresServer.start(folder)) {
            var reached = ExternalDatabase.reached(
                    server.jdbcUrl(), PostgresServer.USER, server.password(), Duration.ofSeconds(5));
            assertThat(reached.getJdbcUrl()).isEqualTo(server.jdbcUrl());

            assertThatThrownBy(() -> ExternalDatabase.reached(
                            server.jdbcUrl(), PostgresServer.USER, "guessed", Duration.ofMinutes(5)))
                    .isInstanceOfSatisfying(StartRefused.class, refused -> assertThat(refused.remedy())
                            .contains("SPRING_DATASOURCE_PASSWORD"))
                    .hasMessageContaining("password authentication failed")
                    .hasMessageNotContaining("guessed");

            assertThatThrownBy(() -> ExternalDatabase.reached(
                            server.jdbcUrl().replaceFirst("/postgres$", "/nowhere"),
                            PostgresServer.USER,
                            server.password(),
                            Duration.ofMinutes(5)))
                    .isInstanceOfSatisfying(StartRefused.class, refused -> assertThat(refused.remedy())
                            .contains("Create the database"))
                    .hasMessageContaining("nowhere");
        }
    }

    @Test
    void isWaitedForAndThenGivenUp() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> ExternalDatabase.reached(
                        "jdbc:postgresql://localhost:" + port + "/cordboard?password=hidden",
                        "cordboard",
                        "secret",
                        Duration.ofSeconds(1)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("localhost:" + port + "/cordboard did not answer for 1 seconds")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void mustBePostgres() {
        assertThatThrownBy(() -> ExternalDatabase.reached("jdbc:mysql://localhost/x", "u", "p", Duration.ZERO))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("does not name a PostgreSQL database");
    }
}
