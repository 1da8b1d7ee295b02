package io.cordboard.call;

import io.cordboard.call.Legs.Leg;
import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.ListenerId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.ListenMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The supervisors who listen to calls. One of them is there once for a call, with one leg to each phone that rings. The
 * call knows nothing of them: its state, its flow and its end are the same with and without.
 */
@Repository
public class Listeners {

    /** Of these events no agent learns. */
    private static final String JOINED = "call.listener_joined";

    private static final String LEFT = "call.listener_left";

    private static final String SELECT =
            """
            SELECT l.*, a.name FROM call_listener l JOIN agent a ON a.id = l.agent_id JOIN call c ON c.id = l.call_id
             WHERE l.call_id = :call AND c.customer_id = :customer
            """;

    private final JdbcClient jdbc;
    private final EventLog log;
    private final Clock clock;

    Listeners(JdbcClient jdbc, EventLog log, Clock clock) {
        this.jdbc = jdbc;
        this.log = log;
        this.clock = clock;
    }

    /** @return empty when they listen to this call already */
    public Optional<ListenerId> begin(CallId call, AgentId supervisor, ListenMode mode) {
        ListenerId id = ListenerId.next();
        boolean first = jdbc.sql(
                                """
                                INSERT INTO call_listener (id, call_id, agent_id, mode, started_at)
                                VALUES (:id, :call, :supervisor, :mode, :at)
                                ON CONFLICT (call_id, agent_id) WHERE ended_at IS NULL DO NOTHING""")
                        .param("id", id.value())
                        .param("call", call.value())
                        .param("supervisor", supervisor.value())
                        .param("mode", mode.column())
                        .param("at", now())
                        .update()
                == 1;
        return first ? Optional.of(id) : Optional.empty();
    }

    /**
     * They picked up and are there from now on.
     *
     * @return how they want to take part; empty when they no longer want to
     */
    public Optional<ListenMode> joined(CallId call, AgentId supervisor) {
        Optional<ListenMode> mode = jdbc.sql(
                        """
                        UPDATE call_listener SET joined_at = :at
                         WHERE call_id = :call AND agent_id = :supervisor AND ended_at IS NULL
                        RETURNING mode""")
                .param("at", now())
                .param("call", call.value())
                .param("supervisor", supervisor.value())
                .query(String.class)
                .optional()
                .map(ListenMode::ofColumn);
        mode.ifPresent(how -> log.add(JOINED, call, supervisor, Map.of("mode", how.column())));
        return mode;
    }

    public void change(ListenerId id, ListenMode mode) {
        jdbc.sql("UPDATE call_listener SET mode = :mode WHERE id = :id AND ended_at IS NULL")
                .param("mode", mode.column())
                .param("id", id.value())
                .update();
    }

    /** A phone of theirs is out of it. With the last one they are. */
    public void lineOver(CallId call, AgentId supervisor, LegEnd how) {
        jdbc.sql(
                        """
                        UPDATE call_listener l
                           SET ended_at = :at, outcome = CASE WHEN joined_at IS NULL THEN :how ELSE 'completed' END
                         WHERE call_id = :call AND agent_id = :supervisor AND ended_at IS NULL
                           AND NOT EXISTS (SELECT FROM call_leg leg
                                            WHERE leg.call_id = l.call_id AND leg.kind = 'listener'
                                              AND leg.agent_id = l.agent_id AND leg.state <> 'ended')
                        RETURNING outcome""")
                .param("at", now())
                .param("call", call.value())
                .param("supervisor", supervisor.value())
                .param("how", how.name().toLowerCase(Locale.ROOT))
                .query(String.class)
                .optional()
                .ifPresent(outcome -> log.add(LEFT, call, supervisor, Map.of("outcome", outcome)));
    }

    /** Legs of a call were closed by us; whoever listened on one of them is out of it. */
    public void gone(CallId call, List<Leg> closed) {
        closed.stream().filter(Leg::listens).map(Leg::agent).distinct().forEach(supervisor -> {
            if (supervisor != null) {
                lineOver(call, supervisor, LegEnd.CANCELED);
            }
        });
    }

    /** Whether there is such a call of the customer, which may be listened to by its supervisors. */
    public boolean isCallOf(CallId call, CustomerId customer) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM call WHERE id = :call AND customer_id = :customer)")
                .param("call", call.value())
                .param("customer", customer.value())
                .query(Boolean.class)
                .single();
    }

    /** Everybody who listens now, in the order they came. */
    public List<Listener> of(CallId call, CustomerId customer) {
        return jdbc.sql(SELECT + " AND l.ended_at IS NULL ORDER BY l.started_at, l.id")
                .param("call", call.value())
                .param("customer", customer.value())
                .query((row, n) -> listener(row))
                .list();
    }

    /** Also one who is gone. */
    public Optional<Listener> find(CallId call, CustomerId customer, ListenerId id) {
        return jdbc.sql(SELECT + " AND l.id = :id")
                .param("call", call.value())
                .param("customer", customer.value())
                .param("id", id.value())
                .query((row, n) -> listener(row))
                .optional();
    }

    private static Listener listener(ResultSet row) throws SQLException {
        return new Listener(
                new ListenerId(row.getObject("id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getString("name"),
                ListenMode.ofColumn(row.getString("mode")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                at(row, "joined_at"),
                at(row, "ended_at"),
                row.getString("outcome"));
    }

    private static @Nullable Instant at(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock);
    }

    /**
     * Somebody who listens, or did.
     *
     * @param name how people call them
     * @param joinedAt when they picked up; null while their phones ring, or when they never did
     * @param outcome how it ended: {@code completed}, or why they never heard anything; null while it has not
     */
    public record Listener(
            ListenerId id,
            AgentId agent,
            String name,
            ListenMode mode,
            Instant startedAt,
            @Nullable Instant joinedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome) {

        public boolean over() {
            return endedAt != null;
        }
    }
}
