package io.cordboard.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.testing.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Empty databases for tests that need no Spring context, on one server that lives as long as the tests. */
public final class TestDatabase {

    private static PostgresServer server;
    private static int databases;

    private TestDatabase() {}

    /** The caller closes it. */
    public static synchronized HikariDataSource empty() {
        String name = "test" + ++databases;
        try {
            if (server == null) {
                server = PostgresServer.start(TestFolders.fresh("plain"));
                Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::stop));
            }
            try (var connection =
                            DriverManager.getConnection(server.jdbcUrl(), PostgresServer.USER, server.password());
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        var config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl().replaceFirst("/postgres$", "/" + name));
        config.setUsername(PostgresServer.USER);
        config.setPassword(server.password());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private static void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
