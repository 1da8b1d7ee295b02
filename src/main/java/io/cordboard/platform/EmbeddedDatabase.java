package io.cordboard.platform;

import java.io.IOException;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;

/** A PostgreSQL server of our own while no other is configured; it stops after the connection pool has closed. */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

    private final PostgresServer server;

    EmbeddedDatabase(PostgresServer server) {
        this.server = server;
    }

    @Override
    public String getJdbcUrl() {
        return server.jdbcUrl();
    }

    @Override
    public String getUsername() {
        return PostgresServer.USER;
    }

    @Override
    public String getPassword() {
        return server.password();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
