package io.cordboard.routing;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.ReservationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
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

    /** How long a call is not offered again to an agent who let it pass, while others may take it. */
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(15);

    /** How long past its deadline the flow's timer may still come by itself before the agent counts as stuck. */
    public static final Duration GRACE = Duration.ofMillis(500);

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
     * Holds the call for the agent who has been free for the longest time and has the skills of its queue. An agent for
     * whom somebody with these skills has been waiting longer is left to them.
     */
    public Optional<Offer> offerToBestAgent(CallId call) {
        return offer(call, null);
    }

    /** Holds the call for this agent; empty when one of the two is no longer free for it. */
    public Optional<Offer> offerTo(CallId call, AgentId agent) {
        return offer(call, agent);
    }

    private Optional<Offer> offer(CallId call, @Nullable AgentId agent) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        ReservationId id = ReservationId.next();
        Optional<Offer> offer = jdbc.sql(
                        """
                        WITH entry AS (
                            SELECT e.id, e.call_id, e.queue_id, e.priority, e.entered_at, e.execution_id,
                                   q.customer_id, q.required_tags, q.match_any_tag, q.reservation_timeout
                              FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                             WHERE e.call_id = :call AND e.left_at IS NULL
                               AND (CAST(:agent AS uuid) IS NULL OR e.execution_id IS NOT NULL)),
                        free AS (
                            SELECT a.id
                              FROM agent a, entry
                             WHERE a.customer_id = entry.customer_id AND a.chosen = 'available' AND a.engaged IS NULL
                               AND (a.present_until IS NULL OR a.present_until > :now)
                               AND (CAST(:agent AS uuid) IS NULL OR a.id = :agent)
                               AND can_serve(a.id, entry.required_tags, entry.match_any_tag)
                               AND NOT EXISTS (
                                   SELECT FROM reservation r
                                    WHERE r.call_id = entry.call_id AND r.agent_id = a.id AND r.ended_at > :refusedSince)
                               AND (CAST(:agent AS uuid) IS NOT NULL OR NOT EXISTS (
                                   SELECT FROM queue_entry w JOIN queue wq ON wq.id = w.queue_id
                                    WHERE w.execution_id IS NOT NULL AND wq.customer_id = a.customer_id
                                      AND (w.priority > entry.priority
                                           OR w.priority = entry.priority AND w.entered_at < entry.entered_at)
                                      AND can_serve(a.id, wq.required_tags, wq.match_any_tag)))
                             ORDER BY a.idle_since
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
                            UPDATE queue_entry e SET attempts = attempts + 1, execution_id = NULL
                              FROM rung, entry WHERE e.id = entry.id)
                        INSERT INTO reservation (id, call_id, queue_id, agent_id, state, offered_at, expires_at)
                        SELECT :id, entry.call_id, entry.queue_id, rung.id, 'pending', :now,
                               CAST(:now AS timestamptz) + entry.reservation_timeout
                          FROM rung, entry
                        RETURNING agent_id,
                                  (SELECT username FROM rung) AS username,
                                  (SELECT execution_id FROM entry) AS execution_id,
                                  extract(epoch FROM (SELECT reservation_timeout FROM entry)) AS timeout,
                                  extract(epoch FROM (:now - (SELECT entered_at FROM entry))) AS waited""")
                .param("call", call.value())
                .param("agent", agent == null ? null : agent.value())
                .param("refusedSince", now.minus(PAUSE_AFTER_REFUSAL))
                .param("grace", GRACE.toMillis())
                .param("now", now)
                .param("id", id.value())
                .query((row, n) -> offer(id, row))
                .optional();
        offer.ifPresent(
                made -> log.add("reservation.created", call, made.agent(), Map.of("reservation", id.toString())));
        return offer;
    }

    private static Offer offer(ReservationId id, ResultSet row) throws SQLException {
        return new Offer(
                id,
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getString("username"),
                seconds(row, "timeout"),
                seconds(row, "waited"),
                row.getString("execution_id"));
    }

    private static Duration seconds(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(Math.round(row.getDouble(column) * 1000));
    }

    /** The agent takes the offer, and is busy from now on. Empty when the offer is no longer theirs to take. */
    public Optional<Taken> accept(CallId call) {
        Optional<Taken> taken = jdbc.sql(
                        """
                        WITH taken AS (
                            UPDATE reservation SET state = 'accepted', answered_at = :now
                             WHERE call_id = :call AND state = 'pending'
                            RETURNING id, agent_id),
                        busy AS (
                            UPDATE agent a SET engaged = 'busy', engaged_until = NULL, status_since = :now
                              FROM taken WHERE a.id = taken.agent_id),
                        gone AS (
                            UPDATE queue_entry e SET left_at = :now, exit = 'accepted', execution_id = NULL
                              FROM taken WHERE e.call_id = :call AND e.left_at IS NULL)
                        SELECT id, agent_id FROM taken""")
                .param("call", call.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Taken(
                        new ReservationId(row.getObject("id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class))))
                .optional();
        taken.ifPresent(it -> log.add(
                "reservation.accepted",
                call,
                it.agent(),
                Map.of("reservation", it.reservation().toString())));
        return taken;
    }

    /** The agent does not want it; they stay as they were. */
    public void reject(CallId call, String reason) {
        close(call, "pending", ReservationState.REJECTED, reason, null);
    }

    /** The agent did not answer; what becomes of them is a setting of the queue. */
    public void expire(CallId call) {
        close(call, "pending", ReservationState.TIMEOUT, null, "missedOffer");
    }

    /** The agent's phone was not answered although they accepted. */
    public void unanswered(CallId call, String reason) {
        close(call, "accepted", ReservationState.TIMEOUT, reason, "phoneNotAnswered");
    }

    private void close(
            CallId call, String from, ReservationState to, @Nullable String reason, @Nullable String missedBecause) {
        jdbc.sql(
                        """
                        WITH closed AS (
                            UPDATE reservation SET state = :to, answered_at = coalesce(answered_at, :now), ended_at = :now,
                                                   reason = :reason
                             WHERE call_id = :call AND state = :from
                            RETURNING id, agent_id, queue_id)
                        UPDATE agent a
                           SET engaged = NULL, engaged_until = NULL, status_since = :now,
                               idle_since = CASE WHEN CAST(:missed AS text) IS NULL THEN idle_since ELSE :now END,
                               chosen = CASE WHEN CAST(:missed AS text) IS NULL OR q.after_missed_offer = 'available'
                                             THEN chosen ELSE q.after_missed_offer END,
                               chosen_because = CASE WHEN CAST(:missed AS text) IS NULL OR q.after_missed_offer = 'available'
                                                     THEN chosen_because ELSE :missed END,
                               reason = CASE WHEN CAST(:missed AS text) IS NULL OR q.after_missed_offer IN ('available', chosen)
                                             THEN a.reason END
                          FROM closed JOIN queue q ON q.id = closed.queue_id
                         WHERE a.id = closed.agent_id
                        RETURNING a.id, closed.id AS reservation""")
                .param("to", to.column())
                .param("from", from)
                .param("reason", reason)
                .param("missed", missedBecause)
                .param("call", call.value())
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
     * The talk is over, the agent writes up.
     *
     * @return how long the agent may, as the queue has it; zero when nobody had taken the call
     */
    public Duration wrapUp(CallId call) {
        return jdbc.sql(
                        """
                        WITH wrapping AS (
                            UPDATE reservation r SET state = 'wrapping' FROM queue q
                             WHERE r.call_id = :call AND r.state = 'accepted' AND q.id = r.queue_id
                            RETURNING r.agent_id, q.wrap_up_timeout)
                        UPDATE agent a
                           SET engaged = 'wrapping',
                               engaged_until = CAST(:now AS timestamptz) + w.wrap_up_timeout + :grace * interval '1 millisecond'
                          FROM wrapping w WHERE a.id = w.agent_id
                        RETURNING extract(epoch FROM w.wrap_up_timeout) AS wrap_up""")
                .param("call", call.value())
                .param("grace", GRACE.toMillis())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> seconds(row, "wrap_up"))
                .optional()
                .orElse(Duration.ZERO);
    }

    /** Wrap-up is over: the agent is what they chose to be. */
    public void complete(CallId call) {
        finish(call, "completed", "wrapping");
    }

    /** The call is over: nothing of it is held any longer, whatever state it was in. */
    public void releaseAll(CallId call) {
        finish(call, "canceled", "pending", "accepted", "wrapping");
        jdbc.sql("UPDATE queue_entry SET left_at = :now, exit = 'abandoned', execution_id = NULL"
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
                            UPDATE reservation
                               SET state = CASE WHEN state = 'wrapping' THEN 'completed' ELSE :becomes END, ended_at = :now
                             WHERE call_id = :call AND state = ANY (:from)
                            RETURNING id, agent_id, state)
                        UPDATE agent a
                           SET engaged = NULL, engaged_until = NULL, status_since = :now,
                               idle_since = CASE WHEN done.state = 'completed' THEN :now ELSE idle_since END
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
