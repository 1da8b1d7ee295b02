package io.cordboard.platform;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;

/** The PostgreSQL server of the operator's choice. */
record ExternalDatabase(String getJdbcUrl, String getUsername, String getPassword) implements JdbcConnectionDetails {

    private static final Logger log = LoggerFactory.getLogger(ExternalDatabase.class);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(3);
    private static final int OLDEST_VERSION = 14;

    /**
     * Waits for a server that is still starting, as it does when both are started together.
     *
     * @param patience how long to wait for a server that does not answer
     * @throws StartRefused when it does not answer for that long, or answers that it does not want us
     */
    static ExternalDatabase reached(String url, String username, String password, Duration patience) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new StartRefused(
                    "SPRING_DATASOURCE_URL does not name a PostgreSQL database.",
                    "Write it like jdbc:postgresql://host:5432/cordboard. Cordboard works with PostgreSQL only.");
        }
        long giveUpAt = System.nanoTime() + patience.toNanos();
        while (true) {
            @Nullable SQLException problem = refusal(url, username, password);
            if (problem == null) {
                return new ExternalDatabase(url, username, password);
            }
            if (!mayHeal(problem)) {
                throw refused(url, problem);
            }
            long left = giveUpAt - System.nanoTime();
            if (left <= 0) {
                throw new StartRefused(
                        "The database at " + address(url) + " did not answer for " + patience.toSeconds() + " seconds. "
                                + firstLine(problem),
                        "Start it, or mend SPRING_DATASOURCE_URL; then start Cordboard again.");
            }
            log.warn(
                    "Waiting for the database at {} ({} more seconds): {}",
                    address(url),
                    Duration.ofNanos(left).toSeconds(),
                    firstLine(problem));
            pause(Duration.ofNanos(Math.min(left, BETWEEN_TRIES.toNanos())));
        }
    }

    private static @Nullable SQLException refusal(String url, String username, String password) {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "5");
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new StartRefused(
                        "The database at " + address(url) + " is PostgreSQL " + version + ", which is too old.",
                        "Cordboard needs PostgreSQL " + OLDEST_VERSION + " or newer; it is tested with 17.");
            }
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    /**
     * Not reachable (class 08), starting or stopping (class 57), or out of connections (class 53). The driver's 08004
     * means that it has nothing to log in with, for example no password.
     */
    private static boolean mayHeal(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") && !state.equals("08004") || state.startsWith("57") || state.startsWith("53");
    }

    private static StartRefused refused(String url, SQLException e) {
        String remedy =
                switch (String.valueOf(e.getSQLState())) {
                    case "28P01", "28000", "08004" ->
                        "Mend SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD, or let this user in.";
                    case "3D000" -> "Create the database, or mend its name in SPRING_DATASOURCE_URL.";
                    default -> "Mend SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME or SPRING_DATASOURCE_PASSWORD.";
                };
        return new StartRefused("The database at " + address(url) + " refused us. " + firstLine(e), remedy);
    }

    /** Without the parameters, which may hold a password. */
    private static String address(String url) {
        return url.replaceFirst("^jdbc:postgresql:(//)?", "")
                .replaceFirst("\\?.*$", "")
                .replaceFirst("^[^/]*@", "");
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("The start was interrupted.", "Start Cordboard again.");
        }
    }

    @Override
    public String toString() {
        return "ExternalDatabase[" + address(getJdbcUrl) + "]";
    }
}
