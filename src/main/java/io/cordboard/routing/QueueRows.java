package io.cordboard.routing;

import io.cordboard.routing.QueueBook.Kept;
import io.cordboard.routing.QueueSettings.Ring;
import io.cordboard.routing.QueueSettings.Tier;
import io.cordboard.routing.expression.Expression;
import io.cordboard.routing.expression.ExpressionFault;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of queues and their settings. */
@Repository
class QueueRows {

    private static final String NAMES =
            "name, required_tags, match_any_tag, expression, expression_path, " + SettingColumns.names();
    private static final String VALUES =
            ":name, :requiredTags, :matchAny, :expression, CAST(:path AS jsonpath), " + SettingColumns.values();

    private final JdbcClient jdbc;
    private final Clock clock;

    QueueRows(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Changes of queues come one after the other, and none while the agents of a queue are noted: before any row is locked,
     * so that nobody waits for each other.
     */
    void takeTurns() {
        jdbc.sql("SELECT true FROM pg_advisory_xact_lock(hashtext('queue_agent'))")
                .query(Boolean.class)
                .single();
    }

    Optional<Kept> find(CustomerId customer, QueueId id) {
        return jdbc.sql(
                        "SELECT q.id, q.created_at, q.revision, q.name, q.required_tags, q.match_any_tag, q.expression, "
                                + SettingColumns.selected()
                                + " FROM queue q WHERE q.id = :id AND q.customer_id = :customer AND q.deleted_at IS NULL")
                .param("id", id.value())
                .param("customer", customer.value())
                .query((row, n) -> kept(row))
                .optional();
    }

    /** @throws org.springframework.dao.DuplicateKeyException when another one has the name */
    void insert(CustomerId customer, QueueId id, QueueSettings settings) {
        jdbc.sql("INSERT INTO queue (id, customer_id, created_at, " + NAMES + ") VALUES (:id, :customer, :now, "
                        + VALUES + ")")
                .param("id", id.value())
                .param("customer", customer.value())
                .param("now", OffsetDateTime.now(clock))
                .params(parameters(settings))
                .update();
        setRings(id, settings);
        setTiers(id, settings);
    }

    /**
     * @return false when there is none of this revision
     * @throws org.springframework.dao.DuplicateKeyException when another one has the name
     */
    boolean replace(CustomerId customer, QueueId id, QueueSettings settings, @Nullable Integer revision) {
        int rows = jdbc.sql(
                        "UPDATE queue SET revision = revision + 1, (" + NAMES + ") = ROW (" + VALUES + ")"
                                + """
                         WHERE id = :id AND customer_id = :customer AND deleted_at IS NULL
                           AND (CAST(:revision AS integer) IS NULL OR revision = :revision)""")
                .param("id", id.value())
                .param("customer", customer.value())
                .param("revision", revision)
                .params(parameters(settings))
                .update();
        if (rows == 0) {
            return false;
        }
        setRings(id, settings);
        setTiers(id, settings);
        return true;
    }

    /** Nobody enters it before the transaction ends. */
    boolean lock(CustomerId customer, QueueId id, @Nullable Integer revision) {
        return jdbc.sql(
                        """
                        SELECT true FROM queue
                         WHERE id = :id AND customer_id = :customer AND deleted_at IS NULL
                           AND (CAST(:revision AS integer) IS NULL OR revision = :revision)
                           FOR UPDATE""")
                .param("id", id.value())
                .param("customer", customer.value())
                .param("revision", revision)
                .query(Boolean.class)
                .optional()
                .isPresent();
    }

    Use use(QueueId id) {
        return jdbc.sql(
                        """
                        SELECT (SELECT count(*) FROM queue_entry WHERE queue_id = :id AND left_at IS NULL) AS callers,
                               (SELECT count(*) FROM reservation
                                 WHERE queue_id = :id AND state IN ('pending', 'accepted', 'wrapping')) AS talks,
                               (SELECT count(*) FROM voicemail
                                 WHERE queue_id = :id AND state IN ('recording', 'new')) AS messages""")
                .param("id", id.value())
                .query((row, n) -> new Use(row.getInt("callers"), row.getInt("talks"), row.getInt("messages")))
                .single();
    }

    /** What calls did in it stays readable, its name is free. */
    void delete(QueueId id) {
        jdbc.sql("UPDATE queue SET deleted_at = :now, revision = revision + 1 WHERE id = :id")
                .param("id", id.value())
                .param("now", OffsetDateTime.now(clock))
                .update();
        jdbc.sql("DELETE FROM queue_agent WHERE queue_id = :id")
                .param("id", id.value())
                .update();
    }

    private static Map<String, @Nullable Object> parameters(QueueSettings settings) {
        Map<String, @Nullable Object> parameters = new HashMap<>(SettingColumns.parameters(settings));
        parameters.put("name", settings.name());
        parameters.put("requiredTags", tags(settings.requiredTags()));
        parameters.put("matchAny", "any".equals(settings.match()));
        parameters.put("expression", settings.expression());
        parameters.put("path", path(settings.expression()));
        return parameters;
    }

    private void setRings(QueueId id, QueueSettings settings) {
        jdbc.sql("DELETE FROM queue_ring WHERE queue_id = :id")
                .param("id", id.value())
                .update();
        for (Ring ring : or(settings.rings())) {
            jdbc.sql(
                            """
                            INSERT INTO queue_ring (queue_id, after, required_tags, match_any_tag, expression, expression_path)
                            VALUES (:id, make_interval(secs => CAST(:after AS double precision)), :tags, :matchAny, :expression,
                                    CAST(:path AS jsonpath))""")
                    .param("id", id.value())
                    .param("after", ring.afterSeconds())
                    .param("tags", tags(ring.requiredTags()))
                    .param("matchAny", "any".equals(ring.match()))
                    .param("expression", ring.expression())
                    .param("path", path(ring.expression()))
                    .update();
        }
    }

    private void setTiers(QueueId id, QueueSettings settings) {
        jdbc.sql("DELETE FROM queue_tier WHERE queue_id = :id")
                .param("id", id.value())
                .update();
        List<Tier> tiers = or(settings.tiers());
        jdbc.sql(
                        """
                        INSERT INTO queue_tier (queue_id, agent_id, tier)
                        SELECT :id, agent, tier FROM unnest(CAST(:agents AS uuid[]), CAST(:tiers AS integer[])) AS t (agent, tier)""")
                .param("id", id.value())
                .param("agents", tiers.stream().map(Tier::agentId).toArray(UUID[]::new))
                .param("tiers", tiers.stream().map(Tier::tier).toArray(Integer[]::new))
                .update();
    }

    private Kept kept(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        Map<String, @Nullable Object> others = new HashMap<>();
        others.put("name", row.getString("name"));
        others.put(
                "requiredTags", List.of((String[]) row.getArray("required_tags").getArray()));
        others.put("match", match(row));
        others.put("expression", row.getString("expression"));
        others.put("rings", rings(id));
        others.put("tiers", tiers(id));
        return new Kept(
                new QueueId(id),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("revision"),
                SettingColumns.read(row, others));
    }

    private List<Ring> rings(UUID queue) {
        return jdbc.sql(
                        """
                        SELECT extract(epoch FROM after) AS after, required_tags, match_any_tag, expression
                          FROM queue_ring g WHERE g.queue_id = :queue ORDER BY g.after""")
                .param("queue", queue)
                .query((row, n) -> new Ring(
                        SettingColumns.seconds(row.getBigDecimal("after")),
                        List.of((String[]) row.getArray("required_tags").getArray()),
                        match(row),
                        row.getString("expression")))
                .list();
    }

    private List<Tier> tiers(UUID queue) {
        return jdbc.sql(
                        """
                        SELECT t.agent_id, t.tier FROM queue_tier t JOIN agent a ON a.id = t.agent_id AND a.deleted_at IS NULL
                         WHERE t.queue_id = :queue ORDER BY t.tier, a.username""")
                .param("queue", queue)
                .query((row, n) -> new Tier(row.getObject("agent_id", UUID.class), row.getInt("tier")))
                .list();
    }

    private static String match(ResultSet row) throws SQLException {
        return row.getBoolean("match_any_tag") ? "any" : "all";
    }

    private static <T> List<T> or(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static String[] tags(@Nullable List<String> tags) {
        return or(tags).stream().distinct().toArray(String[]::new);
    }

    private static @Nullable String path(@Nullable String expression) {
        try {
            return expression == null ? null : Expression.parse(expression).path();
        } catch (ExpressionFault e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What goes on in a queue. */
    record Use(int callers, int talks, int messages) {

        boolean isNone() {
            return callers + talks + messages == 0;
        }
    }
}
