package io.cordboard.routing;

import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who waits where, and since when. */
@Repository
public class QueueEntries {

    private final JdbcClient jdbc;
    private final Clock clock;

    QueueEntries(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Puts a call into a queue. A caller who comes back because the agent's phone was not answered keeps the place.
     *
     * @return false when the customer has no queue of that name
     */
    public boolean enter(CallId call, CustomerId customer, String queue, int priority) {
        return jdbc.sql(
                                """
                                INSERT INTO queue_entry (id, call_id, queue_id, priority, entered_at)
                                SELECT :id, :call, q.id, :priority,
                                       coalesce((SELECT max(e.entered_at) FROM queue_entry e
                                                  WHERE e.call_id = :call AND e.queue_id = q.id AND e.exit = 'accepted'), :now)
                                  FROM queue q WHERE q.customer_id = :customer AND q.name = :queue""")
                        .param("id", Ids.next())
                        .param("call", call.value())
                        .param("priority", priority)
                        .param("now", OffsetDateTime.now(clock))
                        .param("customer", customer.value())
                        .param("queue", queue)
                        .update()
                == 1;
    }

    /** From now on the matcher may find the call; it continues this execution. */
    public void await(CallId call, String execution) {
        jdbc.sql("UPDATE queue_entry SET execution_id = :execution WHERE call_id = :call AND left_at IS NULL")
                .param("execution", execution)
                .param("call", call.value())
                .update();
    }

    /** How long the call may still wait; not positive when its time is up. */
    public Duration timeLeft(CallId call) {
        return jdbc.sql(
                        """
                        SELECT extract(epoch FROM e.entered_at + q.maximum_wait - :now)
                          FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                         WHERE e.call_id = :call AND e.left_at IS NULL""")
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .query(Double.class)
                .optional()
                .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
                .orElse(Duration.ZERO);
    }

    public void leave(CallId call, String exit) {
        jdbc.sql("UPDATE queue_entry SET left_at = :now, exit = :exit, execution_id = NULL"
                        + " WHERE call_id = :call AND left_at IS NULL")
                .param("exit", exit)
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .update();
    }

    /** The queue a call was in last. */
    public Optional<String> lastQueue(CallId call) {
        return jdbc.sql(
                        """
                        SELECT q.name FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                         WHERE e.call_id = :call ORDER BY e.entered_at DESC LIMIT 1""")
                .param("call", call.value())
                .query(String.class)
                .optional();
    }
}
