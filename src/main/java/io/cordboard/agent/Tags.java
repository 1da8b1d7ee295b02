package io.cordboard.agent;

import io.cordboard.shared.CustomerId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tags of a customer: skills, languages, whatever its queues ask for and its agents have. */
@Repository
public class Tags {

    private static final String OF_QUEUES_THAT_ASK =
            """
            FROM queue q
             WHERE q.customer_id = t.customer_id AND q.deleted_at IS NULL
               AND (t.name = ANY (q.required_tags)
                    OR EXISTS (SELECT FROM queue_ring g WHERE g.queue_id = q.id AND t.name = ANY (g.required_tags)))""";

    private final JdbcClient jdbc;
    private final Clock clock;

    Tags(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** By name, those after one name. */
    public List<Tag> list(CustomerId customer, String after, int limit) {
        return jdbc.sql(
                        """
                        SELECT t.name, t.description,
                               (SELECT count(*) FROM agent_tag x JOIN agent a ON a.id = x.agent_id
                                 WHERE x.tag = t.name AND a.customer_id = t.customer_id) AS agents,
                               (SELECT count(*) %s) AS queues
                          FROM tag t
                         WHERE t.customer_id = :customer AND t.name > :after
                         ORDER BY t.name LIMIT :limit"""
                                .formatted(OF_QUEUES_THAT_ASK))
                .param("customer", customer.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> new Tag(
                        row.getString("name"),
                        row.getString("description"),
                        row.getInt("agents"),
                        row.getInt("queues")))
                .list();
    }

    /** @return false when there is one of this name */
    public boolean add(CustomerId customer, String name, String description) {
        return jdbc.sql(
                                """
                                INSERT INTO tag (customer_id, name, description, created_at)
                                VALUES (:customer, :name, :description, :now) ON CONFLICT DO NOTHING""")
                        .param("customer", customer.value())
                        .param("name", name)
                        .param("description", description)
                        .param("now", OffsetDateTime.now(clock))
                        .update()
                == 1;
    }

    /** Takes a tag away unless an agent has it or a queue asks for it. */
    public Removal remove(CustomerId customer, String name) {
        int rows = jdbc.sql(
                        """
                        DELETE FROM tag t
                         WHERE t.customer_id = :customer AND t.name = :name
                           AND NOT EXISTS (SELECT FROM agent_tag x JOIN agent a ON a.id = x.agent_id
                                            WHERE x.tag = t.name AND a.customer_id = t.customer_id)
                           AND NOT EXISTS (SELECT %s)"""
                                .formatted(OF_QUEUES_THAT_ASK))
                .param("customer", customer.value())
                .param("name", name)
                .update();
        if (rows == 1) {
            return Removal.DONE;
        }
        return jdbc.sql("SELECT EXISTS (SELECT FROM tag WHERE customer_id = :customer AND name = :name)")
                        .param("customer", customer.value())
                        .param("name", name)
                        .query(Boolean.class)
                        .single()
                ? Removal.IN_USE
                : Removal.UNKNOWN;
    }

    /** What came of taking a tag away. */
    public enum Removal {
        DONE,
        IN_USE,
        UNKNOWN
    }

    /**
     * @param agents how many have it
     * @param queues how many ask for it
     */
    public record Tag(String name, String description, int agents, int queues) {}
}
