package io.cordboard.routing;

import io.cordboard.routing.CallBackHours.Opening;
import io.cordboard.shared.CallId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Callers who keep their place in a queue without waiting on the line. A promise is part of the stay in the queue; each
 * attempt to keep it is a line to the caller.
 */
@Repository
public class CallBackPromises {

    /** Until then who was promised a call back has heard the goodbye and hung up, whatever the carrier tells. */
    static final Duration GOODBYE = Duration.ofSeconds(20);

    private static final String CALLED_AGAIN =
            """
            EXISTS (SELECT FROM call mine
                      JOIN call n ON n.from_number = mine.from_number AND n.customer_id = mine.customer_id
                      JOIN queue_entry m ON m.call_id = n.id
                     WHERE mine.id = e.call_id AND n.id <> mine.id AND n.started_at > e.call_back_since
                       AND m.queue_id = e.queue_id AND (m.left_at IS NULL OR m.exit = 'accepted'))
            """;

    private final JdbcClient jdbc;
    private final Clock clock;

    CallBackPromises(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The caller keeps the place and is called back, as the queue has it at this moment. One that is promised already stays
     * as it is.
     *
     * @return whether it is a new promise
     */
    public boolean promise(CallId call) {
        return jdbc.sql(
                                """
                        UPDATE queue_entry e
                           SET call_back = CASE WHEN q.call_back = 'customer_first' THEN 'customer_first' ELSE 'agent_first' END,
                               call_back_since = :now, call_back_returned_at = NULL, hold = NULL
                          FROM queue q
                         WHERE e.call_id = :call AND e.left_at IS NULL AND q.id = e.queue_id
                           AND (e.call_back IS NULL OR e.call_back_returned_at IS NOT NULL)""")
                        .param("call", call.value())
                        .param("now", now())
                        .update()
                == 1;
    }

    /** The caller waits on the line, after a call back or without one; the maximum wait begins anew after one. */
    public void onTheLine(CallId call) {
        jdbc.sql(
                        """
                        UPDATE queue_entry
                           SET hold = NULL, call_back_returned_at = CASE WHEN call_back IS NOT NULL THEN CAST(:now AS timestamptz) END
                         WHERE call_id = :call AND left_at IS NULL""")
                .param("call", call.value())
                .param("now", now())
                .update();
    }

    /** When the caller may be called next. */
    public Plan plan(CallId call) {
        return jdbc.sql(
                        """
                        SELECT e.call_back_since, q.call_back_attempts, q.call_back_hours, q.call_back_time_zone,
                               extract(epoch FROM q.call_back_pause) AS pause, extract(epoch FROM q.call_back_within) AS within,
                               tries.n AS tries, tries.last_ended, tries.on_the_line, """
                                + CALLED_AGAIN
                                + """
                                   AS called_again
                          FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                         CROSS JOIN LATERAL (
                               SELECT count(*) FILTER (WHERE l.started_at >= e.call_back_since) AS n,
                                      max(l.ended_at) FILTER (WHERE l.started_at >= e.call_back_since) AS last_ended,
                                      bool_or(l.state <> 'ended') AS on_the_line
                                 FROM call_leg l
                                WHERE l.call_id = e.call_id AND l.kind IN ('caller', 'former_caller')) tries
                         WHERE e.call_id = :call AND e.left_at IS NULL""")
                .param("call", call.value())
                .query((row, n) -> plan(row))
                .optional()
                .orElse(Plan.OVER);
    }

    private Plan plan(ResultSet row) throws SQLException {
        if (row.getBoolean("called_again")) {
            return new Plan(When.CALLED_AGAIN, Duration.ZERO);
        }
        Instant now = clock.instant();
        Instant since = instant(row, "call_back_since").orElse(now);
        Instant earliest = earliest(row, since);
        if (row.getInt("tries") >= row.getInt("call_back_attempts")) {
            return Plan.OVER;
        }
        CallBackHours hours = CallBackHours.of(
                List.of((String[]) row.getArray("call_back_hours").getArray()), row.getString("call_back_time_zone"));
        // What is promised on a Friday night holds on Monday.
        Instant end = hours.next(since).map(Opening::opens).orElse(since).plus(seconds(row, "within"));
        Optional<Opening> opening = hours.next(earliest.isAfter(now) ? earliest : now)
                .filter(next -> next.opens().isBefore(end));
        if (opening.isEmpty()) {
            return Plan.OVER;
        }
        Opening next = opening.get();
        return next.opens().isAfter(now)
                ? new Plan(When.LATER, Duration.between(now, next.opens()))
                : new Plan(When.NOW, next.lengthUntil(end));
    }

    private static Instant earliest(ResultSet row, Instant since) throws SQLException {
        if (row.getInt("tries") > 0) {
            return instant(row, "last_ended").orElse(since).plus(seconds(row, "pause"));
        }
        return row.getBoolean("on_the_line") ? since.plus(GOODBYE) : since;
    }

    private static Duration seconds(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(Math.round(row.getDouble(column) * 1000));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** Whether somebody who is to be called back has called again, and waits or was served that way. */
    public boolean calledAgain(CallId call) {
        return jdbc.sql("SELECT " + CALLED_AGAIN + " FROM queue_entry e WHERE e.call_id = :call AND e.left_at IS NULL")
                .param("call", call.value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Those whose turn could come but who have called again meanwhile. */
    public List<CallId> calledAgain() {
        return jdbc.sql(
                        """
                        SELECT e.call_id FROM queue_entry e
                         WHERE e.left_at IS NULL AND e.call_back IS NOT NULL AND e.call_back_returned_at IS NULL
                           AND e.execution_id IS NOT NULL AND """
                                + " " + CALLED_AGAIN)
                .query((row, n) -> new CallId(row.getObject("call_id", UUID.class)))
                .list();
    }

    /** Whether there is a free agent for one more caller who is called first: as many are called as could be served. */
    public boolean mayCallOneMore(CallId call) {
        return jdbc.sql(
                        """
                        SELECT (SELECT count(*) FROM queue_agent s JOIN agent a ON a.id = s.agent_id
                                 WHERE s.queue_id = e.queue_id AND is_free(a, :now))
                             > (SELECT count(*) FROM queue_entry o JOIN call c ON c.id = o.call_id
                                 WHERE o.queue_id = e.queue_id AND o.call_back IS NOT NULL AND o.call_back_returned_at IS NULL
                                   AND o.left_at IS NULL AND c.state = 'calling_caller')
                          FROM queue_entry e WHERE e.call_id = :call AND e.left_at IS NULL""")
                .param("call", call.value())
                .param("now", now())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock);
    }

    /**
     * @param when what is to be done
     * @param span for {@link When#NOW} how long the caller may be called from now on, for {@link When#LATER} how long until
     *     then; else nothing
     */
    public record Plan(When when, Duration span) {
        static final Plan OVER = new Plan(When.OVER, Duration.ZERO);
    }

    /** When somebody is called back. */
    public enum When {
        /** As soon as it is their turn. */
        NOW,
        /** Not before some time has passed: it is outside the hours, or a pause after an attempt. */
        LATER,
        /** Not any more: all attempts are made, or the time is over. */
        OVER,
        /** They have called again. */
        CALLED_AGAIN
    }
}
