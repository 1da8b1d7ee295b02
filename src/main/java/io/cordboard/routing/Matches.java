package io.cordboard.routing;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which waiting callers and free agents fit together. */
@Repository
public class Matches {

    /** How many of a queue's first callers are looked at, so that one whom nobody free may take does not hold up the rest. */
    private static final int HEADS = 5;

    private final JdbcClient jdbc;
    private final Clock clock;

    Matches(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Callers and agents that fit at this moment, in the order of all who wait, and for each the agents in the order of the
     * queue. Nothing is locked, so each pair may be gone already. Begins at the free agents: as long as callers wait these
     * are few, and each is compared with the queues that could want them, however many others there are.
     */
    public List<Pair> pairs() {
        return jdbc.sql(
                        """
                        SELECT call, agent, call_back
                          FROM (SELECT DISTINCT ON (agent) call, agent, call_back, rank_at, choice
                                  FROM (SELECT w.call_id AS call, a.id AS agent, w.rank_at, w.call_back,
                                               row_number() OVER (PARTITION BY w.call_id
                                                   ORDER BY agent_order(a.id, a.idle_since, q) NULLS FIRST, a.idle_since) AS choice
                                          FROM agent a
                                          JOIN queue_agent s ON s.agent_id = a.id
                                          JOIN queue q ON q.id = s.queue_id
                                         CROSS JOIN LATERAL (
                                               SELECT e.call_id, e.entered_at, e.rank_at, e.facts, e.only_agent_id,
                                                      CASE WHEN e.call_back_returned_at IS NULL THEN e.call_back END AS call_back
                                                 FROM queue_entry e
                                                WHERE e.queue_id = q.id AND e.left_at IS NULL AND e.execution_id IS NOT NULL
                                                ORDER BY e.rank_at LIMIT :heads) w
                                         WHERE is_free(a, :now)
                                           AND (w.only_agent_id IS NULL OR w.only_agent_id = a.id)
                                           AND can_take(a.id, q, :now - w.entered_at, w.facts)
                                           AND NOT EXISTS (
                                               SELECT FROM reservation r
                                                WHERE r.call_id = w.call_id AND r.agent_id = a.id
                                                  AND r.not_again_before > :now)) fitting
                                 ORDER BY agent, rank_at, choice) best
                         ORDER BY rank_at, choice""")
                .param("heads", HEADS)
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Pair(
                        new CallId(row.getObject("call", UUID.class)),
                        new AgentId(row.getObject("agent", UUID.class)),
                        row.getString("call_back")))
                .list();
    }

    /**
     * A caller and an agent who may take them.
     *
     * @param callBack {@code agent_first} or {@code customer_first} when the caller is to be called back; null for one who is
     *     on the line
     */
    public record Pair(CallId call, AgentId agent, @Nullable String callBack) {}
}
