package io.cordboard.routing;

import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is particular to the wrap-up of one reservation. {@link Reservations} begins and ends it. */
@Repository
public class WrapUps {

    private final JdbcClient jdbc;
    private final EventLog log;
    private final Clock clock;

    WrapUps(JdbcClient jdbc, EventLog log, Clock clock) {
        this.jdbc = jdbc;
        this.log = log;
        this.clock = clock;
    }

    /**
     * The agent who has the call wants time to write up after it.
     *
     * @return how their queue wraps up, which says whether it makes a difference; empty when nobody has the call
     */
    public Optional<WrapUpMode> request(CallId call) {
        return jdbc.sql(
                        """
                        UPDATE reservation r SET wrap_up_requested = true FROM queue q
                         WHERE r.call_id = :call AND r.state = 'accepted' AND q.id = r.queue_id
                        RETURNING q.wrap_up_mode""")
                .param("call", call.value())
                .query(String.class)
                .optional()
                .map(WrapUpMode::ofColumn);
    }

    /** The agent takes longer than the queue has it; told once, as {@code reservation.wrap_up_overdue}. */
    public void overdue(CallId call) {
        jdbc.sql(
                        """
                        UPDATE reservation SET wrap_up_overdue_at = :now
                         WHERE call_id = :call AND state = 'wrapping' AND wrap_up_overdue_at IS NULL
                        RETURNING id, agent_id""")
                .param("now", OffsetDateTime.now(clock))
                .param("call", call.value())
                .query((row, n) -> {
                    log.add(
                            "reservation.wrap_up_overdue",
                            call,
                            new AgentId(row.getObject("agent_id", UUID.class)),
                            Map.of("reservation", row.getString("id")));
                    return 1;
                })
                .optional();
    }
}
