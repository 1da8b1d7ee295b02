package io.cordboard.routing;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.ReservationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reservations as people look at them: who is asked to take which caller. Reads only; {@link Reservations} changes them. */
@Repository
public class Offers {

    private static final String SELECT =
            """
            SELECT r.id, r.state, r.offered_at, r.expires_at, r.answered_at, r.ended_at, r.reason,
                   CASE WHEN r.answered_by IS NOT NULL THEN r.answered_by
                        WHEN r.state IN ('accepted', 'rejected', 'wrapping', 'completed') THEN 'agent' END AS answered_by,
                   r.call_id, c.from_number, c.to_number, c.awaits_call_back, q.name AS queue,
                   r.agent_id, a.username, a.name AS agent, taker.name AS taker,
                   extract(epoch FROM coalesce(r.answered_at, r.ended_at, :now) -
                       coalesce((SELECT max(e.waiting_since) FROM queue_entry e
                                  WHERE e.call_id = r.call_id AND e.queue_id = r.queue_id), r.offered_at)) AS waited
              FROM reservation r
              JOIN call c ON c.id = r.call_id
              JOIN queue q ON q.id = r.queue_id
              JOIN agent a ON a.id = r.agent_id
              LEFT JOIN reservation taken ON taken.call_id = r.call_id AND taken.state IN ('accepted', 'wrapping')
              LEFT JOIN agent taker ON taker.id = taken.agent_id
            """;

    private final JdbcClient jdbc;
    private final Clock clock;

    Offers(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The call an agent is or was asked to take; empty when this agent never had such a reservation. */
    public Optional<CallId> callOf(ReservationId id, AgentId agent) {
        return jdbc.sql("SELECT call_id FROM reservation WHERE id = :id AND agent_id = :agent")
                .param("id", id.value())
                .param("agent", agent.value())
                .query(UUID.class)
                .optional()
                .map(CallId::new);
    }

    public Optional<Shown> find(ReservationId id) {
        return jdbc.sql(SELECT + " WHERE r.id = :id")
                .param("id", id.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> shown(row))
                .optional();
    }

    /** Whether a reservation belongs to a customer. */
    public boolean isOf(ReservationId id, CustomerId customer) {
        return jdbc.sql(
                        """
                        SELECT 1 FROM reservation r JOIN agent a ON a.id = r.agent_id
                         WHERE r.id = :id AND a.customer_id = :customer""")
                .param("id", id.value())
                .param("customer", customer.value())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /**
     * Newest first.
     *
     * @param agent only those of this agent; null for all of the customer
     * @param state only those in this state; null for any
     * @param before only those older than this one; null for the newest
     */
    public List<Shown> list(
            CustomerId customer,
            @Nullable AgentId agent,
            @Nullable ReservationState state,
            @Nullable ReservationId before,
            int limit) {
        return jdbc.sql(SELECT
                        + """
                                 WHERE a.customer_id = :customer
                                   AND (CAST(:agent AS uuid) IS NULL OR r.agent_id = :agent)
                                   AND (CAST(:before AS uuid) IS NULL OR r.id < :before)"""
                        + (state == null ? "" : " AND r.state = '" + state.column() + "'")
                        + " ORDER BY r.id DESC LIMIT :limit")
                .param("customer", customer.value())
                .param("agent", agent == null ? null : agent.value())
                .param("before", before == null ? null : before.value())
                .param("limit", limit)
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> shown(row))
                .list();
    }

    private static Shown shown(ResultSet row) throws SQLException {
        return new Shown(
                new ReservationId(row.getObject("id", UUID.class)),
                ReservationState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                new CallId(row.getObject("call_id", UUID.class)),
                row.getString("from_number"),
                row.getString("to_number"),
                row.getString("queue"),
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getString("username"),
                row.getString("agent"),
                Duration.ofSeconds((long) row.getDouble("waited")),
                row.getBoolean("awaits_call_back"),
                instant(row, "offered_at").orElseThrow(),
                instant(row, "expires_at").orElseThrow(),
                instant(row, "answered_at").orElse(null),
                instant(row, "ended_at").orElse(null),
                row.getString("reason"),
                Optional.ofNullable(row.getString("answered_by"))
                        .map(by -> AnsweredBy.valueOf(by.toUpperCase(Locale.ROOT)))
                        .orElse(null),
                row.getString("taker"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /**
     * One reservation with what an agent wants to know before answering.
     *
     * @param from the caller's number
     * @param to the number called
     * @param agent name of the agent who is asked
     * @param waited how long the caller waited, until the answer or until now
     * @param callBack whether the caller is not on the line but is called back
     * @param answeredBy who decided; null while nobody has, and when it lapsed or was withdrawn
     * @param takenBy name of the agent who works on the call now; null when nobody does
     */
    public record Shown(
            ReservationId id,
            ReservationState state,
            CallId call,
            String from,
            String to,
            String queue,
            AgentId agentId,
            String username,
            String agent,
            Duration waited,
            boolean callBack,
            Instant offeredAt,
            Instant expiresAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt,
            @Nullable String reason,
            @Nullable AnsweredBy answeredBy,
            @Nullable String takenBy) {

        /** Whether an instruction sent the caller to another queue. */
        public boolean redirected() {
            return state == ReservationState.CANCELED && answeredBy != null && answeredAt == null;
        }

        /** The same reservation right after it was answered. */
        public Shown answered(ReservationState now, AnsweredBy by, @Nullable String because) {
            return new Shown(
                    id, now, call, from, to, queue, agentId, username, agent, waited, callBack, offeredAt, expiresAt,
                    null, null, because, by, takenBy);
        }
    }
}
