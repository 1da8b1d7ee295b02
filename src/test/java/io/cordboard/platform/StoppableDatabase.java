package io.cordboard.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A PostgreSQL server of a test's own, which can be stopped in the middle and comes back at the same address. */
public final class StoppableDatabase implements AutoCloseable {

    private final Path folder;
    private final int port = CordboardProcess.freePort();
    private PostgresServer server;

    public StoppableDatabase(Path folder) {
        this.folder = folder;
        start();
    }

    public void start() {
        server = PostgresServer.start(folder, port);
    }

    /** As with {@code pg_ctl stop -m fast}: connections are cut, what was committed is kept. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return server.jdbcUrl();
    }

    public String user() {
        return PostgresServer.USER;
    }

    public String password() {
        return server.password();
    }

    /** A new connection for every statement. */
    public DataSource dataSource() {
        return new DriverManagerDataSource(url(), user(), password());
    }

    @Override
    public void close() {
        stop();
    }
}
