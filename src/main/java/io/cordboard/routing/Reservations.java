package io.cordboard.routing;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.ReservationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Offers of calls to agents. Each change of state is one statement that moves the reservation, the agent and the queue
 * entry together and only from the state it expects, so that every race has exactly one winner.
 */
@Repository
public class Reservations {

    /** How long past its deadline the flow's timer may still come by itself before the agent counts as stuck. */
    public static final Duration GRACE = Duration.ofMillis(500);

    private static final String WRAPPING =
            """
             FROM reservation r JOIN call c ON c.id = r.call_id
             WHERE r.state = 'wrapping' AND c.state = 'wrapping' AND c.customer_id = :customer
            """;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final EventLog log;
    private final ApplicationEventPublisher events;

    Reservations(JdbcClient jdbc, Clock clock, EventLog log, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.log = log;
        this.events = events;
    }

    /**
     * Holds the call for the agent whom its queue asks first of those who are free and may take it. An agent who may take
     * somebody before in the order of all who wait is left to them.
     */
    public Optional<Offer> offerToBestAgent(CallId call) {
        return offer(call, null);
    }

    /** Holds the call for this agent; empty when one of the two is no longer free for it. */
    public Optional<Offer> offerTo(CallId call, AgentId agent) {
        return offer(call, agent);
    }

    /** The offer of a call of which one agent is asked; empty when nobody is. */
    public Optional<Offer> open(CallId call) {
        return jdbc.sql(
                        """
                        SELECT r.id, r.agent_id, a.username, false AS several_asked, q.auto_accept, NULL AS execution_id,
                               CAST(NULL AS uuid) AS callback,
                               extract(epoch FROM r.expires_at - r.offered_at) AS timeout,
                               extract(epoch FROM (:now - e.waiting_since)) AS waited
                          FROM reservation r
                          JOIN agent a ON a.id = r.agent_id
                          JOIN queue_entry e ON e.call_id = r.call_id AND e.left_at IS NULL
                          JOIN queue q ON q.id = e.queue_id
                         WHERE r.call_id = :call AND r.state = 'pending'""")
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> offer(new ReservationId(row.getObject("id", UUID.class)), row))
                .optional();
    }

    private Optional<Offer> offer(CallId call, @Nullable AgentId agent) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        ReservationId id = ReservationId.next();
        Optional<Offer> offer = jdbc.sql(
                        """
                        WITH entry AS (
                            SELECT e.id, e.call_id, e.queue_id, e.rank_at, e.entered_at, e.waiting_since, e.execution_id,
                                   e.only_agent_id, e.facts, q.customer_id, q.reservation_timeout, q AS wanting
                              FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                             WHERE e.call_id = :call AND e.left_at IS NULL
                               AND (CAST(:agent AS uuid) IS NULL OR e.execution_id IS NOT NULL)),
                        free AS (
                            SELECT a.id
                              FROM agent a, entry
                             WHERE a.customer_id = entry.customer_id AND is_free(a, :now)
                               AND (CAST(:agent AS uuid) IS NULL OR a.id = :agent)
                               AND (entry.only_agent_id IS NULL OR a.id = entry.only_agent_id)
                               AND can_take(a.id, entry.wanting, :now - entry.entered_at, entry.facts)
                               AND NOT EXISTS (
                                   SELECT FROM reservation r
                                    WHERE r.call_id = entry.call_id AND r.agent_id = a.id AND r.not_again_before > :now)
                               AND (CAST(:agent AS uuid) IS NOT NULL OR NOT EXISTS (
                                   SELECT FROM queue_agent s
                                     JOIN queue_entry w ON w.queue_id = s.queue_id AND w.left_at IS NULL AND w.execution_id IS NOT NULL
                                     JOIN queue wq ON wq.id = w.queue_id
                                    WHERE s.agent_id = a.id AND w.rank_at < entry.rank_at AND w.call_id <> entry.call_id
                                      AND (w.only_agent_id IS NULL OR w.only_agent_id = a.id)
                                      AND can_take(a.id, wq, :now - w.entered_at, w.facts)))
                             ORDER BY agent_order(a.id, a.idle_since, entry.wanting) NULLS FIRST, a.idle_since
                             LIMIT 1
                               FOR UPDATE OF a SKIP LOCKED),
                        rung AS (
                            UPDATE agent a
                               SET engaged = 'ringing', status_since = :now,
                                   engaged_until = CAST(:now AS timestamptz) + entry.reservation_timeout + :grace * interval '1 millisecond'
                              FROM free, entry
                             WHERE a.id = free.id
                            RETURNING a.id, a.username),
                        held AS (
                            UPDATE queue_entry e
                               SET attempts = attempts + 1,
                                   execution_id = CASE WHEN CAST(:agent AS uuid) IS NULL THEN e.execution_id
                                                       ELSE e.more_executions[1] END,
                                   more_executions = CASE WHEN CAST(:agent AS uuid) IS NULL THEN e.more_executions
                                                          ELSE nullif(e.more_executions[2:], '{}') END
                              FROM rung, entry WHERE e.id = entry.id),
                        unasked AS (
                            UPDATE call c SET awaiting_token = NULL, awaiting_execution = NULL
                              FROM rung WHERE c.id = :call AND c.awaiting_token IS NOT NULL)
                        INSERT INTO reservation (id, call_id, queue_id, agent_id, state, offered_at, expires_at, answered_by)
                        SELECT :id, entry.call_id, entry.queue_id, rung.id, 'pending', :now,
                               CAST(:now AS timestamptz) + entry.reservation_timeout,
                               CASE WHEN (wanting).auto_accept THEN 'queue' END
                          FROM rung, entry
                        RETURNING agent_id,
                                  (SELECT username FROM rung) AS username,
                                  (SELECT (wanting).max_reserved > 1 FROM entry) AS several_asked,
                                  (SELECT (wanting).auto_accept FROM entry) AS auto_accept,
                                  (SELECT execution_id FROM entry) AS execution_id,
                                  (SELECT CASE WHEN (wanting).assignment_callback_url IS NOT NULL AND NOT (wanting).auto_accept
                                               THEN customer_id END FROM entry) AS callback,
                                  extract(epoch FROM (SELECT reservation_timeout FROM entry)) AS timeout,
                                  extract(epoch FROM (:now - (SELECT waiting_since FROM entry))) AS waited""")
                .param("call", call.value())
                .param("agent", agent == null ? null : agent.value())
                .param("grace", GRACE.toMillis())
                .param("now", now)
                .param("id", id.value())
                .query((row, n) -> offer(id, row))
                .optional();
        offer.ifPresent(made -> {
            log.add("reservation.created", call, made.agent(), Map.of("reservation", id.toString()));
            CustomerId callback = made.callback();
            if (callback != null) {
                events.publishEvent(new InstructionWanted(id, call, callback));
            }
        });
        return offer;
    }

    private static Offer offer(ReservationId id, ResultSet row) throws SQLException {
        return new Offer(
                id,
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getString("username"),
                seconds(row, "timeout"),
                seconds(row, "waited"),
                row.getBoolean("several_asked"),
                row.getBoolean("auto_accept"),
                row.getString("execution_id"),
                Optional.ofNullable(row.getObject("callback", UUID.class))
                        .map(CustomerId::new)
                        .orElse(null));
    }

    private static Duration seconds(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(Math.round(row.getDouble(column) * 1000));
    }

    /**
     * The agent takes the offer, and is busy from now on; whoever was asked as well is free again. Empty when the offer is no
     * longer theirs to take.
     *
     * @param agent who takes it; null when only one is asked
     */
    public Optional<Taken> accept(CallId call, @Nullable AgentId agent) {
        List<Taken> moved = jdbc.sql(
                        """
                        WITH taken AS (
                            UPDATE reservation SET state = 'accepted', answered_at = :now
                             WHERE call_id = :call AND state = 'pending'
                               AND (CAST(:agent AS uuid) IS NULL OR agent_id = :agent)
                            RETURNING id, agent_id),
                        lost AS (
                            UPDATE reservation r SET state = 'rescinded', ended_at = :now
                              FROM taken WHERE r.call_id = :call AND r.state = 'pending' AND r.id <> taken.id
                            RETURNING r.id, r.agent_id),
                        moved AS (
                            SELECT id, agent_id, true AS taken FROM taken UNION ALL SELECT id, agent_id, false FROM lost),
                        engaged AS (
                            UPDATE agent a
                               SET engaged = CASE WHEN m.taken THEN 'busy' END, engaged_until = NULL, status_since = :now,
                                   misses = CASE WHEN m.taken THEN 0 ELSE misses END
                              FROM moved m WHERE a.id = m.agent_id),
                        gone AS (
                            UPDATE queue_entry e
                               SET left_at = :now, exit = 'accepted', execution_id = NULL, more_executions = NULL
                              FROM taken WHERE e.call_id = :call AND e.left_at IS NULL)
                        SELECT id, agent_id FROM moved ORDER BY taken DESC""")
                .param("call", call.value())
                .param("agent", agent == null ? null : agent.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Taken(
                        new ReservationId(row.getObject("id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class))))
                .list();
        for (Taken it : moved) {
            log.add(
                    it == moved.get(0) ? "reservation.accepted" : "reservation.rescinded",
                    call,
                    it.agent(),
                    Map.of("reservation", it.reservation().toString()));
        }
        if (moved.size() > 1) {
            events.publishEvent(new AgentBecameFree());
        }
        return moved.stream().findFirst();
    }

    /**
     * The agent does not want it; they stay as they were.
     *
     * @param agent who says so; null when only one is asked
     * @param again whether the same call may be offered to them again, after the queue's pause
     */
    public void reject(CallId call, @Nullable AgentId agent, String reason, boolean again) {
        close(call, agent, "pending", ReservationState.REJECTED, reason, again, null);
    }

    /**
     * The agent did not answer; what becomes of them is a setting of the queue.
     *
     * @param agent who was asked; null when only one is
     */
    public void expire(CallId call, @Nullable AgentId agent) {
        close(call, agent, "pending", ReservationState.TIMEOUT, null, true, "missedOffer");
    }

    /** The agent's phone was not answered although they accepted. */
    public void unanswered(CallId call, String reason) {
        close(call, null, "accepted", ReservationState.TIMEOUT, reason, true, "phoneNotAnswered");
    }

    /** Nobody is asked any longer; those who were have done nothing wrong. */
    public void withdraw(CallId call) {
        finish(call, "canceled", "pending");
    }

    /** The caller could not be reached; who had taken the call is free, and is not to blame. */
    public void release(CallId call) {
        finish(call, "canceled", "accepted");
    }

    private void close(
            CallId call,
            @Nullable AgentId agent,
            String from,
            ReservationState to,
            @Nullable String reason,
            boolean again,
            @Nullable String missedBecause) {
        jdbc.sql(
                        """
                        WITH closed AS (
                            UPDATE reservation r
                               SET state = :to, answered_at = coalesce(answered_at, :now), ended_at = :now, reason = :reason,
                                   not_again_before = CASE WHEN NOT :again THEN 'infinity'
                                                           WHEN CAST(:missed AS text) IS NULL THEN CAST(:now AS timestamptz) + q.reject_pause
                                                           ELSE CAST(:now AS timestamptz) + q.miss_pause END
                              FROM queue q
                             WHERE r.call_id = :call AND r.state = :from AND q.id = r.queue_id
                               AND (CAST(:agent AS uuid) IS NULL OR r.agent_id = :agent)
                            RETURNING r.id, r.agent_id, q.after_missed_offer,
                                      CASE WHEN CAST(:missed AS text) IS NULL THEN q.reject_rest ELSE q.miss_rest END AS rest,
                                      CASE WHEN CAST(:missed AS text) IS NULL THEN 0 ELSE q.misses_allowed END AS misses_allowed)
                        UPDATE agent a
                           SET engaged = NULL, engaged_until = NULL, status_since = :now,
                               rests_until = CASE WHEN c.rest > '0' THEN CAST(:now AS timestamptz) + c.rest END,
                               idle_since = CASE WHEN c.misses_allowed = 0 THEN idle_since ELSE :now END,
                               misses = CASE WHEN c.misses_allowed = 0 THEN misses
                                             WHEN misses + 1 < c.misses_allowed THEN misses + 1 ELSE 0 END,
                               chosen = CASE WHEN enough THEN c.after_missed_offer ELSE chosen END,
                               chosen_because = CASE WHEN enough THEN :missed ELSE chosen_because END,
                               reason = CASE WHEN enough AND c.after_missed_offer <> chosen THEN NULL ELSE a.reason END
                          FROM closed c JOIN LATERAL (
                               SELECT c.misses_allowed > 0 AND c.after_missed_offer <> 'available'
                                      AND b.misses + 1 >= c.misses_allowed AS enough
                                 FROM agent b WHERE b.id = c.agent_id) o ON true
                         WHERE a.id = c.agent_id
                        RETURNING a.id, c.id AS reservation""")
                .param("to", to.column())
                .param("from", from)
                .param("reason", reason)
                .param("again", again)
                .param("missed", missedBecause)
                .param("call", call.value())
                .param("agent", agent == null ? null : agent.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> {
                    log.add(
                            "reservation." + to.column(),
                            call,
                            new AgentId(row.getObject("id", UUID.class)),
                            Map.of("reservation", row.getString("reservation")));
                    return 1;
                })
                .optional()
                .ifPresent(any -> events.publishEvent(new AgentBecameFree()));
    }

    /**
     * The talk is over, the agent writes up, by the queue's rules of this moment.
     *
     * @return those rules
     */
    public WrapUp wrapUp(CallId call) {
        return jdbc.sql(
                        """
                        WITH wrapping AS (
                            UPDATE reservation r SET state = 'wrapping', wrapping_since = :now FROM queue q
                             WHERE r.call_id = :call AND r.state = 'accepted' AND q.id = r.queue_id
                            RETURNING r.agent_id, r.wrap_up_requested, q.wrap_up_mode, q.wrap_up_timeout, q.wrap_up_limit,
                                      q.dispositions,
                                      CASE WHEN q.wrap_up_mode IN ('mandatory', 'mandatory_timeout') THEN q.wrap_up_limit
                                           ELSE q.wrap_up_timeout END AS longest)
                        UPDATE agent a
                           SET engaged = 'wrapping',
                               engaged_until = CAST(:now AS timestamptz) + w.longest + :grace * interval '1 millisecond'
                          FROM wrapping w WHERE a.id = w.agent_id
                        RETURNING w.wrap_up_mode, w.wrap_up_requested, w.dispositions,
                                  extract(epoch FROM w.wrap_up_timeout) AS timeout, extract(epoch FROM w.wrap_up_limit) AS most""")
                .param("call", call.value())
                .param("grace", GRACE.toMillis())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new WrapUp(
                        WrapUpMode.ofColumn(row.getString("wrap_up_mode")),
                        row.getBoolean("wrap_up_requested"),
                        seconds(row, "timeout"),
                        seconds(row, "most"),
                        List.of((String[]) row.getArray("dispositions").getArray())))
                .optional()
                .orElse(WrapUp.NONE);
    }

    /**
     * Wrap-up is over: the agent is what they chose to be, or what the queue makes of them. Who chose to be offline during
     * the call stays so.
     */
    public void complete(CallId call) {
        finish(call, "completed", "wrapping");
    }

    /** The calls of a customer that are being wrapped up; the oldest are first. */
    public List<CallId> wrapping(CustomerId customer, int limit) {
        return jdbc.sql("SELECT r.call_id" + WRAPPING + " ORDER BY r.id LIMIT :limit")
                .param("customer", customer.value())
                .param("limit", limit)
                .query((row, n) -> new CallId(row.getObject("call_id", UUID.class)))
                .list();
    }

    /** Whether a call's agent is still held by its wrap-up. */
    public boolean isWrapping(CallId call) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM reservation WHERE call_id = :call AND state = 'wrapping')")
                .param("call", call.value())
                .query(Boolean.class)
                .single();
    }

    /** How many calls of a customer are being wrapped up. */
    public int countWrapping(CustomerId customer) {
        return jdbc.sql("SELECT count(*)" + WRAPPING)
                .param("customer", customer.value())
                .query(Integer.class)
                .single();
    }

    /** The call is over: nothing of it is held any longer, whatever state it was in. */
    public void releaseAll(CallId call) {
        finish(call, "canceled", "pending", "accepted", "wrapping");
        jdbc.sql(
                        "UPDATE queue_entry SET left_at = :now, exit = 'abandoned', execution_id = NULL, more_executions = NULL"
                                + " WHERE call_id = :call AND left_at IS NULL")
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .update();
    }

    private void finish(CallId call, String pendingBecomes, String... from) {
        jdbc
                .sql(
                        """
                        WITH done AS (
                            UPDATE reservation r
                               SET state = CASE WHEN r.state = 'wrapping' THEN 'completed' ELSE :becomes END, ended_at = :now
                              FROM queue q
                             WHERE r.call_id = :call AND r.state = ANY (:from) AND q.id = r.queue_id
                            RETURNING r.id, r.agent_id, r.state,
                                      CASE WHEN r.state = 'completed'
                                           THEN nullif(coalesce(r.post_work_status, q.post_work_status), 'previous') END AS post_work)
                        UPDATE agent a
                           SET engaged = NULL, engaged_until = NULL, status_since = :now,
                               idle_since = CASE WHEN done.state = 'completed' THEN :now ELSE idle_since END,
                               chosen = CASE WHEN chosen = 'offline' THEN chosen ELSE coalesce(post_work, chosen) END,
                               chosen_because = CASE WHEN chosen IN ('offline', coalesce(post_work, chosen))
                                                     THEN chosen_because ELSE 'postWork' END,
                               reason = CASE WHEN chosen IN ('offline', coalesce(post_work, chosen)) THEN a.reason END
                          FROM done WHERE a.id = done.agent_id
                        RETURNING a.id, done.id AS reservation, done.state""")
                .param("becomes", pendingBecomes)
                .param("from", from)
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> {
                    log.add(
                            "reservation." + row.getString("state"),
                            call,
                            new AgentId(row.getObject("id", UUID.class)),
                            Map.of("reservation", row.getString("reservation")));
                    return 1;
                })
                .list()
                .stream()
                .findAny()
                .ifPresent(any -> events.publishEvent(new AgentBecameFree()));
    }

    /**
     * Who decided in the agent's place.
     *
     * @param postWorkStatus the agent's status after this call; null for what the queue says
     */
    public void note(ReservationId id, AnsweredBy by, @Nullable String postWorkStatus) {
        jdbc.sql("UPDATE reservation SET answered_by = :by, post_work_status = :postWork WHERE id = :id")
                .param("by", by.column())
                .param("postWork", postWorkStatus)
                .param("id", id.value())
                .update();
    }

    /** Who is asked to take a call, or what became of a reservation. */
    public Optional<Known> find(ReservationId id) {
        return jdbc.sql(
                        """
                        SELECT r.call_id, r.agent_id, r.state, t.name AS taker
                          FROM reservation r
                          LEFT JOIN reservation w ON w.call_id = r.call_id AND w.state IN ('accepted', 'wrapping')
                          LEFT JOIN agent t ON t.id = w.agent_id
                         WHERE r.id = :id""")
                .param("id", id.value())
                .query((row, n) -> new Known(
                        id,
                        new CallId(row.getObject("call_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        ReservationState.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                        row.getString("taker")))
                .optional();
    }

    /** A call and the agent who took it. */
    public record Taken(ReservationId reservation, AgentId agent) {}

    /** @param takenBy who works on the call now, null when nobody does */
    public record Known(
            ReservationId id, CallId call, AgentId agent, ReservationState state, @Nullable String takenBy) {}
}
