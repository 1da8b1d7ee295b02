package io.cordboard.customer.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sessions that were logged out. Known on this node at once, on the others within five seconds. */
@Component
class EndedSessions {

    private static final Duration FRESH = Duration.ofSeconds(4);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Map<String, Instant> until = new ConcurrentHashMap<>();
    private volatile Instant readAt = Instant.MIN;

    EndedSessions(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param end when the session would have run out anyway */
    void add(String id, Instant end) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("DELETE FROM ended_session WHERE until < :now")
                .param("now", now)
                .update();
        jdbc.sql("INSERT INTO ended_session (id, until) VALUES (:id, :until) ON CONFLICT DO NOTHING")
                .param("id", id)
                .param("until", end.atOffset(ZoneOffset.UTC))
                .update();
        until.put(id, end);
    }

    boolean contains(String id) {
        if (isStale()) {
            synchronized (this) {
                if (isStale()) {
                    read();
                }
            }
        }
        return until.containsKey(id);
    }

    private void read() {
        var now = clock.instant();
        jdbc.sql("SELECT id, until FROM ended_session")
                .query((row, number) -> until.put(
                        row.getString("id"),
                        row.getObject("until", OffsetDateTime.class).toInstant()))
                .list();
        until.values().removeIf(end -> end.isBefore(now));
        readAt = now;
    }

    private boolean isStale() {
        return readAt.equals(Instant.MIN) || clock.instant().isAfter(readAt.plus(FRESH));
    }
}
