package io.cordboard.events;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;

/**
 * Rings when something was added to the event log, by whichever node. Holds one connection of its own, beside the pool,
 * that waits for PostgreSQL's notifications; nobody polls. After a lost connection it rings once, because something may
 * have been missed.
 */
public final class EventLogBell implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventLogBell.class);

    /** How often a silent connection is asked whether it still lives, in milliseconds. */
    private static final int SILENCE = 30_000;

    private final JdbcConnectionDetails database;
    private final String name;
    private final String channel;
    private final Consumer<String> ring;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;

    /**
     * Begins to listen.
     *
     * @param name of the connection at the server, for example {@code cordboard live feed}
     * @param ring called on a thread of the bell; to be quick
     */
    public EventLogBell(JdbcConnectionDetails database, String name, Runnable ring) {
        this(database, name, "event_log", any -> ring.run());
    }

    /**
     * Begins to listen to something else than the event log.
     *
     * @param name of the connection at the server, for example {@code cordboard live feed}
     * @param channel a name in the database, of our own making
     * @param ring called on a thread of the bell with what was told; with nothing when something may have been missed
     */
    public EventLogBell(JdbcConnectionDetails database, String name, String channel, Consumer<String> ring) {
        this.database = database;
        this.name = name;
        this.channel = channel;
        this.ring = ring;
        Thread thread = new Thread(this::listen, "event-log-bell");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        boolean reported = false;
        while (closed.getCount() > 0) {
            try (Connection own = connect()) {
                connection = own;
                try (Statement statement = own.createStatement()) {
                    statement.execute("LISTEN " + channel);
                }
                reported = false;
                ring.accept("");
                waitForNotifications(own);
            } catch (SQLException lost) {
                if (!reported && closed.getCount() > 0) {
                    log.warn("{} waits for the database: {}", name, lost.getMessage());
                    reported = true;
                }
            }
            pause();
        }
    }

    private void waitForNotifications(Connection own) throws SQLException {
        PGConnection postgres = own.unwrap(PGConnection.class);
        while (closed.getCount() > 0) {
            PGNotification[] told = postgres.getNotifications(SILENCE);
            if (told != null && told.length > 0) {
                for (String what : parameters(told)) {
                    ring.accept(what);
                }
            } else if (!own.isValid(5)) {
                throw new SQLException("its connection was lost");
            }
        }
    }

    /** Each once. */
    private static Set<String> parameters(PGNotification[] told) {
        return Arrays.stream(told).map(PGNotification::getParameter).collect(Collectors.toUnmodifiableSet());
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        String username = database.getUsername();
        String password = database.getPassword();
        if (username != null && !username.isEmpty()) {
            properties.setProperty("user", username);
        }
        if (password != null && !password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", name);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        return DriverManager.getConnection(database.getJdbcUrl(), properties);
    }

    private void pause() {
        try {
            if (closed.await(500, TimeUnit.MILLISECONDS)) {
                log.debug("{} stops.", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Connection own = connection;
        if (own != null) {
            try {
                // The thread waits in a read, which only this ends.
                own.abort(Runnable::run);
            } catch (SQLException gone) {
                log.debug("The connection of {} was closed already.", name, gone);
            }
        }
    }
}
