package io.cordboard.routing.assignment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.shared.ReservationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What a customer's server is told of a reservation, and where. */
@Repository
class AskedReservations {

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    AskedReservations(JdbcClient jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** Empty when the reservation is not pending any more, or its queue asks nobody any more. */
    Optional<Asked> find(ReservationId id) {
        return jdbc.sql(
                        """
                        SELECT r.id, r.call_id, r.queue_id, r.agent_id, r.offered_at, r.expires_at,
                               q.name AS queue, q.assignment_callback_url AS url, q.assignment_callback_fallback_url AS fallback,
                               s.secret, CASE WHEN s.old_secret_until > :now THEN s.old_secret END AS old_secret,
                               a.username, a.name AS agent, agent_facts(a.id) AS attributes,
                               c.from_number, c.to_number, c.awaits_call_back, e.facts, e.priority,
                               floor(extract(epoch FROM CAST(:now AS timestamptz) - e.waiting_since)) AS waited
                          FROM reservation r
                          JOIN queue q ON q.id = r.queue_id
                          JOIN queue_callback_secret s ON s.queue_id = q.id
                          JOIN agent a ON a.id = r.agent_id
                          JOIN call c ON c.id = r.call_id
                          JOIN queue_entry e ON e.call_id = r.call_id AND e.left_at IS NULL
                         WHERE r.id = :id AND r.state = 'pending' AND q.assignment_callback_url IS NOT NULL""")
                .param("id", id.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> asked(row))
                .optional();
    }

    private Asked asked(ResultSet row) throws SQLException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reservation_id", row.getString("id"));
        body.put("call_id", row.getString("call_id"));
        body.put("queue_id", row.getString("queue_id"));
        body.put("queue", row.getString("queue"));
        body.put("agent_id", row.getString("agent_id"));
        body.put("agent", row.getString("agent"));
        body.put("agent_username", row.getString("username"));
        body.put("agent_attributes", object(row.getString("attributes")));
        body.put("caller", row.getString("from_number"));
        body.put("called", row.getString("to_number"));
        body.put("variables", object(row.getString("facts")));
        body.put("priority", row.getInt("priority"));
        body.put("waited_seconds", row.getLong("waited"));
        body.put("call_back", row.getBoolean("awaits_call_back"));
        body.put("offered_at", instant(row, "offered_at").toString());
        body.put("expires_at", instant(row, "expires_at").toString());
        try {
            return new Asked(
                    row.getString("url"),
                    row.getString("fallback"),
                    Stream.of(
                                    Optional.ofNullable(row.getString("secret")),
                                    Optional.ofNullable(row.getString("old_secret")))
                            .flatMap(Optional::stream)
                            .toList(),
                    json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts, numbers and what was JSON are always JSON.", e);
        }
    }

    private Object object(@Nullable String text) {
        try {
            return text == null ? Map.of() : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL keeps JSON only.", e);
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * @param secrets that sign
     * @param body JSON
     */
    record Asked(String url, @Nullable String fallback, List<String> secrets, String body) {}
}
