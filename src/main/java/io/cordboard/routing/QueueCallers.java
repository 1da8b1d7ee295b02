package io.cordboard.routing;

import io.cordboard.shared.CallId;
import io.cordboard.shared.QueueId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who is in a queue, for people who look after it. Reads only. */
@Repository
public class QueueCallers {

    private final JdbcClient jdbc;

    QueueCallers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * In the order in which they are matched with agents.
     *
     * @param after the last one of the piece before, who may have left meanwhile; null for the first piece
     */
    public List<Waiting> list(QueueId queue, @Nullable UUID after, int limit) {
        return jdbc.sql(
                        """
                        SELECT inside.place, inside.call_id, c.from_number, inside.priority, inside.entered_at,
                               inside.waiting_since, c.awaits_call_back,
                               ARRAY(SELECT a.name FROM reservation r JOIN agent a ON a.id = r.agent_id
                                      WHERE r.call_id = inside.call_id AND r.state = 'pending' ORDER BY a.name) AS asked
                          FROM (SELECT row_number() OVER (ORDER BY e.rank_at, e.id) AS place, e.*
                                  FROM queue_entry e WHERE e.queue_id = :queue AND e.left_at IS NULL) inside
                          JOIN call c ON c.id = inside.call_id
                         WHERE CAST(:after AS uuid) IS NULL
                            OR (inside.rank_at, inside.id) > (SELECT b.rank_at, b.id FROM queue_entry b
                                                               WHERE b.call_id = :after AND b.queue_id = :queue
                                                               ORDER BY b.id DESC LIMIT 1)
                         ORDER BY inside.place LIMIT :limit""")
                .param("queue", queue.value())
                .param("after", after)
                .param("limit", limit)
                .query(QueueCallers::waiting)
                .list();
    }

    private static Waiting waiting(ResultSet row, int n) throws SQLException {
        return new Waiting(
                row.getInt("place"),
                new CallId(row.getObject("call_id", UUID.class)),
                row.getString("from_number"),
                row.getInt("priority"),
                row.getObject("entered_at", OffsetDateTime.class).toInstant(),
                row.getObject("waiting_since", OffsetDateTime.class).toInstant(),
                row.getBoolean("awaits_call_back"),
                List.of((String[]) row.getArray("asked").getArray()));
    }

    /**
     * A caller in a queue.
     *
     * @param place from 1, who is next
     * @param from the number, as the carrier gave it
     * @param enteredAt when they came into this queue
     * @param waitingSince the same, the queues before included
     * @param callBack whether they are not on the line but are called back
     * @param asked names of the agents who are asked to take the call at this moment
     */
    public record Waiting(
            int place,
            CallId call,
            String from,
            int priority,
            Instant enteredAt,
            Instant waitingSince,
            boolean callBack,
            List<String> asked) {}
}
