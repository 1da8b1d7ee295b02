package io.cordboard.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The append-only log of business events. What is added in a transaction is written in one statement when it commits,
 * and told to everybody who listens on the live feed.
 */
@Service
public class EventLog {

    private final JdbcTemplate jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    EventLog(JdbcTemplate jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Adds an event; must be called in a transaction.
     *
     * @param type a fact in the past tense with its subject in front, for example {@code reservation.created}
     * @param data scalars worth knowing; no secrets
     */
    public void add(String type, @Nullable CallId call, @Nullable AgentId agent, Map<String, ?> data) {
        pending().add(new Event(clock.instant(), type, null, call, agent, text(data)));
    }

    /**
     * Adds an event that belongs to no call and no agent; must be called in a transaction.
     *
     * @param type a fact in the past tense with its subject in front, for example {@code webhook.disabled}
     * @param customer whose it is
     * @param data scalars worth knowing; no secrets
     */
    public void add(String type, CustomerId customer, Map<String, ?> data) {
        pending().add(new Event(clock.instant(), type, customer, null, null, text(data)));
    }

    private String text(Map<String, ?> data) {
        try {
            return json.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This event's data is not JSON: " + data.keySet(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private List<Event> pending() {
        Object bound = TransactionSynchronizationManager.getResource(this);
        if (bound != null) {
            return (List<Event>) bound;
        }
        List<Event> events = new ArrayList<>();
        TransactionSynchronizationManager.bindResource(this, events);
        TransactionSynchronizationManager.registerSynchronization(new WriteAll(events));
        return events;
    }

    private void write(List<Event> events) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO event_log (at, customer_id, call_id, agent_id, type, data) VALUES ");
        sql.append("(?, ?, ?, ?, ?, ?::jsonb), ".repeat(events.size()));
        sql.setLength(sql.length() - 2);
        jdbc.update(sql.toString(), statement -> {
            int n = 0;
            for (Event event : events) {
                statement.setObject(++n, event.at().atOffset(ZoneOffset.UTC));
                statement.setObject(
                        ++n, event.customer() == null ? null : event.customer().value(), Types.OTHER);
                statement.setObject(
                        ++n, event.call() == null ? null : event.call().value(), Types.OTHER);
                statement.setObject(
                        ++n, event.agent() == null ? null : event.agent().value(), Types.OTHER);
                statement.setString(++n, event.type());
                statement.setString(++n, event.data());
            }
        });
    }

    private record Event(
            Instant at,
            String type,
            @Nullable CustomerId customer,
            @Nullable CallId call,
            @Nullable AgentId agent,
            String data) {}

    private final class WriteAll implements TransactionSynchronization {

        private final List<Event> events;

        private WriteAll(List<Event> events) {
            this.events = events;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(EventLog.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(EventLog.this, events);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            write(events);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResource(EventLog.this);
        }
    }
}
