package io.cordboard.routing;

import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The queues of a customer, with what is going on in them. */
@Repository
public class Queues {

    private final JdbcClient jdbc;
    private final Clock clock;

    Queues(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** By name, those after one name. */
    public List<Queue> list(CustomerId customer, String after, int limit) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return jdbc.sql(
                        """
                        SELECT q.id, q.name, q.created_at, q.maximum_size, waiting.size, waiting.longest, past.average,
                               agents.eligible, agents.available
                          FROM queue q
                         CROSS JOIN LATERAL (
                               SELECT count(*) AS size,
                                      coalesce(extract(epoch FROM :now - min(e.entered_at)), 0) AS longest
                                 FROM queue_entry e WHERE e.queue_id = q.id AND e.left_at IS NULL) waiting
                         CROSS JOIN LATERAL (
                               SELECT coalesce(avg(extract(epoch FROM e.left_at - e.entered_at)), 0) AS average
                                 FROM queue_entry e
                                WHERE e.queue_id = q.id AND e.entered_at > :twoHoursAgo AND e.left_at > :hourAgo) past
                         CROSS JOIN LATERAL (
                               SELECT count(*) AS eligible,
                                      count(*) FILTER (WHERE is_free(a, :now)) AS available
                                 FROM queue_agent s JOIN agent a ON a.id = s.agent_id
                                WHERE s.queue_id = q.id
                                  AND may_serve(a.id, q.required_tags, q.match_any_tag, q.expression_path)) agents
                         WHERE q.customer_id = :customer AND q.deleted_at IS NULL AND q.name > :after
                         ORDER BY q.name LIMIT :limit""")
                .param("customer", customer.value())
                .param("after", after)
                .param("limit", limit)
                .param("now", now)
                .param("hourAgo", now.minusHours(1))
                .param("twoHoursAgo", now.minusHours(2))
                .query((row, n) -> new Queue(
                        new QueueId(row.getObject("id", UUID.class)),
                        row.getString("name"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getInt("size"),
                        row.getInt("maximum_size"),
                        Duration.ofSeconds(Math.round(row.getDouble("average"))),
                        Duration.ofSeconds((long) row.getDouble("longest")),
                        row.getInt("eligible"),
                        row.getInt("available")))
                .list();
    }

    /** Whether the customer has such a queue. */
    public boolean has(CustomerId customer, QueueId queue) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM queue WHERE id = :queue AND customer_id = :customer)")
                .param("queue", queue.value())
                .param("customer", customer.value())
                .query(Boolean.class)
                .single();
    }

    /**
     * One queue now.
     *
     * @param size how many callers are in it, those who are being offered to an agent included
     * @param averageWait of those who left it in the last hour, with an agent or without
     * @param longestWait of those who are in it
     * @param eligible agents with its skills and a phone, those of its rings not counted; where its expression asks for
     *     something of the call, all who would do for some call
     * @param available those of them who could take a call now
     */
    public record Queue(
            QueueId id,
            String name,
            Instant createdAt,
            int size,
            int maxSize,
            Duration averageWait,
            Duration longestWait,
            int eligible,
            int available) {}
}
