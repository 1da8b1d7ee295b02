package io.cordboard.routing;

import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.QueueId;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who waits where, and since when. */
@Repository
public class QueueEntries {

    private static final String WAITING =
            """
             FROM queue_entry e JOIN call c ON c.id = e.call_id
             WHERE c.customer_id = :customer AND c.state IN ('waiting', 'awaiting_call_back') AND c.ended_at IS NULL AND e.left_at IS NULL
               AND (CAST(:queue AS uuid) IS NULL OR e.queue_id = :queue)
            """;

    /** Of the stay {@code e} in the queue {@code q}. Who was called back may wait as long as somebody who just came. */
    private static final String TIME_LEFT =
            """
            coalesce(e.call_back_returned_at + q.maximum_wait, least(e.wait_until, e.entered_at + q.maximum_wait)) - :now""";

    private final JdbcClient jdbc;
    private final Clock clock;

    QueueEntries(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Puts a call into a queue, unless the queue does not take it. The wait counts from the first queue on, until somebody
     * talked with the caller; a caller who comes back because the agent's phone was not answered keeps the place, and so
     * does one who hung up and calls again at once.
     */
    public Entered enter(CallId call, CustomerId customer, Wish wish) {
        return jdbc.sql(
                        """
                        WITH wanted AS (
                            SELECT q.*, last.agent_id AS last_agent,
                                   CASE WHEN :onlyLast AND last.agent_id IS NULL THEN 'known_agent_away'
                                        WHEN EXISTS (SELECT FROM queue_entry b WHERE b.call_id = :call AND b.queue_id = q.id
                                                        AND b.exit = 'accepted') THEN NULL
                                        WHEN (SELECT count(*) FROM (SELECT FROM queue_entry e
                                               WHERE e.queue_id = q.id AND e.left_at IS NULL LIMIT q.maximum_size) inside)
                                             >= q.maximum_size THEN 'full'
                                        ELSE refusal(q, last.agent_id, q.refuse_when || CAST(:skipIf AS text[]), :now)
                                   END AS refused
                              FROM queue q
                              LEFT JOIN LATERAL (
                                   SELECT b.agent_id FROM call c JOIN call b ON b.from_number = c.from_number
                                      AND b.customer_id = c.customer_id AND b.id <> c.id
                                    WHERE :onlyLast AND c.id = :call AND b.connected_at > CAST(:now AS timestamptz) - CAST(:within AS interval)
                                      AND b.agent_id IN (SELECT a.id FROM agent a WHERE a.deleted_at IS NULL)
                                    ORDER BY b.started_at DESC LIMIT 1) last ON true
                             WHERE q.customer_id = :customer AND q.name = :queue AND q.deleted_at IS NULL
                               -- One that is being deleted is gone, or waits to be deleted until this call is in it.
                               FOR KEY SHARE OF q),
                        before AS (
                            SELECT e.queue_id, e.entered_at, e.waiting_since, e.priority, e.exit, e.call_back, e.call_back_since
                              FROM queue_entry e
                              JOIN call c ON c.id = e.call_id
                             WHERE e.call_id = :call AND c.connected_at IS NULL
                             ORDER BY e.id DESC LIMIT 1),
                        dropped AS (
                            SELECT e.waiting_since FROM wanted w, call c
                              JOIN call p ON p.from_number = c.from_number AND p.customer_id = c.customer_id AND p.id <> c.id
                               AND p.started_at > CAST(:now AS timestamptz) - interval '1 day'
                              JOIN queue_entry e ON e.call_id = p.id
                             WHERE c.id = :call AND c.from_number ~ '^[+][1-9][0-9]{6,14}$'
                               AND e.queue_id = w.id
                               AND (e.exit = 'abandoned' AND e.left_at > CAST(:now AS timestamptz) - w.resume_within
                                    OR e.left_at IS NULL AND e.call_back IS NOT NULL AND e.call_back_returned_at IS NULL)
                             ORDER BY e.left_at DESC NULLS FIRST LIMIT 1)
                        INSERT INTO queue_entry (id, call_id, queue_id, priority, entered_at, waiting_since, rank_at, wait_until,
                                                 only_agent_id, facts, left_at, exit, call_back, call_back_since)
                        SELECT :id, :call, w.id, p.priority,
                               CASE WHEN b.exit = 'accepted' AND b.queue_id = w.id THEN b.entered_at ELSE :now END,
                               p.waiting_since, p.waiting_since - p.priority * w.priority_worth,
                               CAST(:now AS timestamptz) + CAST(:waitFor AS interval), w.last_agent, CAST(:facts AS jsonb),
                               CASE WHEN w.refused IS NOT NULL THEN CAST(:now AS timestamptz) END, w.refused,
                               CASE WHEN p.returns THEN b.call_back END, CASE WHEN p.returns THEN b.call_back_since END
                          FROM wanted w LEFT JOIN before b ON true
                         CROSS JOIN LATERAL (SELECT CASE WHEN b.exit = 'accepted' AND b.queue_id = w.id THEN b.priority
                                                         ELSE :priority END AS priority,
                                                    b.exit = 'accepted' AND b.queue_id = w.id AS returns,
                                                    coalesce(b.waiting_since, (SELECT d.waiting_since FROM dropped d), :now)
                                                        AS waiting_since) p
                        RETURNING coalesce(exit, 'entered') AS entry,
                                  (SELECT agents_to_ask(w.id, w.max_reserved, w.last_agent) FROM wanted w) AS asking,
                                  extract(epoch FROM least(wait_until, entered_at + (SELECT maximum_wait FROM wanted)) - :now)
                                      AS time_left""")
                .param("id", Ids.next())
                .param("call", call.value())
                .param("customer", customer.value())
                .param("queue", wish.queue())
                .param("priority", wish.priority())
                .param("onlyLast", wish.lastAgentWithin() != null)
                .param("within", interval(wish.lastAgentWithin()))
                .param(
                        "skipIf",
                        wish.skipIf() == null ? "{}" : "{" + wish.skipIf().column() + "}")
                .param("waitFor", interval(wish.waitFor()))
                .param("facts", wish.facts())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Entered(
                        Entry.of(row.getString("entry")), row.getInt("asking"), seconds(row.getDouble("time_left"))))
                .optional()
                .orElse(Entered.NOWHERE);
    }

    private static @Nullable String interval(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() + " milliseconds";
    }

    /**
     * From now on the matcher may find the call; it continues this execution, after those that wait already.
     *
     * @param hold what the caller hears beside music, JSON; null for nothing
     * @param withCallBack what they hear where the queue offers to call them back
     */
    public Heard await(CallId call, String execution, @Nullable String hold, @Nullable String withCallBack) {
        return jdbc.sql(
                        """
                        UPDATE queue_entry e
                           SET execution_id = coalesce(e.execution_id, :execution),
                               more_executions = CASE WHEN e.execution_id IS NULL THEN e.more_executions
                                                      ELSE array_append(e.more_executions, :execution) END,
                               hold = before.now_heard
                          FROM (SELECT b.id, b.hold, CAST(CASE WHEN q.call_back = 'off' THEN :hold ELSE :withCallBack END AS jsonb)
                                       AS now_heard
                                  FROM queue_entry b JOIN queue q ON q.id = b.queue_id
                                 WHERE b.call_id = :call AND b.left_at IS NULL) before
                         WHERE e.id = before.id
                        RETURNING before.hold IS DISTINCT FROM before.now_heard AS changed, CAST(before.now_heard AS text) AS hold""")
                .param("execution", execution)
                .param("hold", hold)
                .param("withCallBack", withCallBack)
                .param("call", call.value())
                .query((row, n) -> new Heard(row.getString("hold"), row.getBoolean("changed")))
                .optional()
                .orElse(Heard.NOTHING);
    }

    /** Like {@link #await} for a caller who is not on the line. */
    public void await(CallId call, String execution) {
        await(call, execution, null, null);
    }

    /** What the caller hears while waiting, JSON. */
    public Optional<String> hold(CallId call) {
        return jdbc.sql(
                        "SELECT CAST(hold AS text) FROM queue_entry WHERE call_id = :call AND left_at IS NULL AND hold IS NOT NULL")
                .param("call", call.value())
                .query(String.class)
                .optional();
    }

    /** What is asked of the queue for a call that is in it; empty for one that is in none. */
    public Optional<Entered> stay(CallId call) {
        return jdbc.sql(
                        "SELECT agents_to_ask(q.id, q.max_reserved, e.only_agent_id) AS asking, extract(epoch FROM "
                                + TIME_LEFT
                                + """
                        ) AS time_left
                          FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                         WHERE e.call_id = :call AND e.left_at IS NULL""")
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) ->
                        new Entered(Entry.ENTERED, row.getInt("asking"), seconds(row.getDouble("time_left"))))
                .optional();
    }

    /** How long the call may still wait; not positive when its time is up. */
    public Duration timeLeft(CallId call) {
        return stay(call).map(Entered::timeLeft).orElse(Duration.ZERO);
    }

    /** The pause between one agent and the next that is asked beside; zero in queues that ask all at once. */
    public Duration askInterval(CallId call) {
        return jdbc.sql(
                        """
                        SELECT CASE WHEN q.strategy = 'progressive' THEN extract(epoch FROM q.ask_interval) ELSE 0 END
                          FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                         WHERE e.call_id = :call AND e.left_at IS NULL""")
                .param("call", call.value())
                .query(Double.class)
                .optional()
                .map(QueueEntries::seconds)
                .orElse(Duration.ZERO);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Those who wait for an agent in queues whose agents are gone, where the queue does not want that. */
    public List<LeftAlone> unattended() {
        return jdbc.sql(
                        """
                        SELECT e.call_id, r.reason
                          FROM queue q
                         CROSS JOIN LATERAL (SELECT refusal(q, NULL, q.leave_when, :now) AS reason) r
                          JOIN queue_entry e ON e.queue_id = q.id AND e.left_at IS NULL AND e.execution_id IS NOT NULL
                         WHERE q.leave_when <> '{}' AND r.reason IS NOT NULL
                           AND (e.call_back IS NULL OR e.call_back_returned_at IS NOT NULL)""")
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) ->
                        new LeftAlone(new CallId(row.getObject("call_id", UUID.class)), row.getString("reason")))
                .list();
    }

    /** Puts a call behind those who came so much later. */
    public void putBack(CallId call, Duration by) {
        jdbc.sql(
                        "UPDATE queue_entry SET rank_at = rank_at + CAST(:by AS interval) WHERE call_id = :call AND left_at IS NULL")
                .param("by", interval(by))
                .param("call", call.value())
                .update();
    }

    /** What waits for an agent in the flow of a call; nobody is looked for any longer. */
    public Optional<String> stopWaiting(CallId call) {
        return jdbc.sql(
                        """
                        UPDATE queue_entry e SET execution_id = NULL, more_executions = NULL
                          FROM (SELECT id, execution_id FROM queue_entry
                                 WHERE call_id = :call AND left_at IS NULL AND execution_id IS NOT NULL FOR UPDATE) before
                         WHERE e.id = before.id
                        RETURNING before.execution_id""")
                .param("call", call.value())
                .query(String.class)
                .optional();
    }

    public void leave(CallId call, String exit) {
        jdbc.sql("UPDATE queue_entry SET left_at = :now, exit = :exit, execution_id = NULL, more_executions = NULL"
                        + " WHERE call_id = :call AND left_at IS NULL")
                .param("exit", exit)
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .update();
    }

    /**
     * How many queues a call was in, or was not let into, without an agent; where it was redirected, since the last time:
     * the caller is where they would be had they chosen that queue.
     */
    public int tried(CallId call) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM queue_entry e
                         WHERE call_id = :call AND exit <> 'accepted'
                           AND NOT EXISTS (SELECT FROM queue_entry later WHERE later.call_id = :call
                                              AND later.exit = 'redirected' AND later.id >= e.id)""")
                .param("call", call.value())
                .query(Integer.class)
                .single();
    }

    /**
     * Who waits in a customer's queues, offered to an agent or not; those who came first are first.
     *
     * @param queue null for all
     */
    public List<CallId> waiting(CustomerId customer, @Nullable QueueId queue, int limit) {
        return jdbc.sql("SELECT e.call_id" + WAITING + " ORDER BY e.entered_at, e.id LIMIT :limit")
                .param("customer", customer.value())
                .param("queue", queue == null ? null : queue.value())
                .param("limit", limit)
                .query((row, n) -> new CallId(row.getObject("call_id", UUID.class)))
                .list();
    }

    /**
     * How many wait in a customer's queues.
     *
     * @param queue null for all
     */
    public int countWaiting(CustomerId customer, @Nullable QueueId queue) {
        return jdbc.sql("SELECT count(*)" + WAITING)
                .param("customer", customer.value())
                .param("queue", queue == null ? null : queue.value())
                .query(Integer.class)
                .single();
    }

    /** What stands between a call and another queue of its customer. */
    public WayTo wayTo(CallId call, String queue) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM queue q JOIN call c ON c.customer_id = q.customer_id
                                        WHERE c.id = :call AND q.name = :queue AND q.deleted_at IS NULL) AS known,
                               EXISTS (SELECT FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                                        WHERE e.call_id = :call AND e.left_at IS NULL AND q.name = :queue) AS there,
                               (SELECT count(*) FROM queue_entry WHERE call_id = :call AND exit = 'redirected') AS redirects""")
                .param("call", call.value())
                .param("queue", queue)
                .query((row, n) -> new WayTo(row.getBoolean("known"), row.getBoolean("there"), row.getInt("redirects")))
                .single();
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

    /**
     * What the flow wants of a stay in a queue.
     *
     * @param queue the queue's name
     * @param priority a higher number is served before those who came somewhat earlier; what a point is worth, the queue
     *     says
     * @param waitFor how long the caller waits at most; null for as long as the queue has it
     * @param skipIf when the caller is not to wait here, beside what the queue says itself; null for never
     * @param lastAgentWithin only the agent is asked with whom the caller talked last, within this time; null for any agent
     * @param facts what expressions of the queue may ask of the call, a JSON object
     */
    public record Wish(
            String queue,
            int priority,
            @Nullable Duration waitFor,
            @Nullable Unattended skipIf,
            @Nullable Duration lastAgentWithin,
            String facts) {}

    /**
     * What a caller hears beside music.
     *
     * @param hold JSON; null for nothing
     * @param changed whether they heard something else until now
     */
    public record Heard(@Nullable String hold, boolean changed) {
        static final Heard NOTHING = new Heard(null, false);
    }

    /**
     * @param known whether there is such a queue
     * @param there whether the caller waits in it already
     * @param redirects how often the call was redirected before
     */
    public record WayTo(boolean known, boolean there, int redirects) {}

    /** @param why {@code no_agents} or {@code unavailable} */
    public record LeftAlone(CallId call, String why) {}

    /** Why a queue cannot serve at the moment. */
    public enum Unattended {
        /** Nobody who could take calls of the queue is on shift. */
        NO_AGENTS,
        /** All who could are away. */
        UNAVAILABLE,
        /** All who could have a call. */
        ALL_BUSY;

        /** @throws IllegalArgumentException when there is no such reason */
        public static Unattended of(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }

        /** As models and the database have it. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A stay in a queue, or why there is none.
     *
     * @param asking how many agents the queue asks at the same time; no more than are on shift, at least one
     * @param timeLeft how long the caller may wait
     */
    public record Entered(Entry entry, int asking, Duration timeLeft) {
        public static final Entered NOWHERE = new Entered(Entry.UNKNOWN, 1, Duration.ZERO);
    }

    /** Whether a queue took a caller. */
    public enum Entry {
        ENTERED,
        /** The customer has no such queue. */
        UNKNOWN,
        /** As many wait as the queue takes. */
        FULL,
        NO_AGENTS,
        UNAVAILABLE,
        ALL_BUSY,
        /** The caller wanted the agent of last time, who cannot come, or there was none. */
        KNOWN_AGENT_AWAY;

        /** As models and the database have it. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Entry of(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }
}
