package io.cordboard.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.agent.AttributeCheck;
import io.cordboard.routing.expression.AttributeUse;
import io.cordboard.routing.expression.Expression;
import io.cordboard.routing.expression.ExpressionFault;
import io.cordboard.routing.expression.ValueType;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whether the attributes of agents are of the types that the expressions of queues compare them as. One that is not would
 * silently make its comparison false; it is told instead, to whoever saves the queue or the agent.
 */
@Component
class AttributeTypes implements AttributeCheck {

    private final JdbcClient jdbc;
    private final ObjectMapper json;

    AttributeTypes(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * @param wrong what has the wrong type, a sentence each
     * @param unknown what no agent has at all
     */
    record Report(List<String> wrong, List<String> unknown) {}

    /** Holds an expression against all agents of a customer. */
    Report report(CustomerId customer, Expression expression) {
        List<AttributeUse> uses = List.copyOf(expression.uses());
        List<String> wrong = new ArrayList<>();
        Set<Integer> known = new HashSet<>();
        for (Found found : found(customer, null, uses)) {
            known.add(found.use);
            AttributeUse use = uses.get(found.use);
            if (!wanted(use, found.type)) {
                wrong.add(use.name() + " has to be " + words(use.wanted()) + " here; it is " + word(type(found.type))
                        + " for " + found.agents() + ".");
            }
        }
        List<String> unknown = new ArrayList<>();
        for (int use = 0; use < uses.size(); use++) {
            if (!known.contains(use)) {
                unknown.add(uses.get(use).name());
            }
        }
        return new Report(wrong, unknown.stream().distinct().toList());
    }

    @Override
    public List<String> objections(CustomerId customer, AgentId agent) {
        Map<AttributeUse, String> uses = new LinkedHashMap<>();
        jdbc.sql(
                        """
                        SELECT q.name, e.expression FROM queue q
                         CROSS JOIN LATERAL (SELECT q.expression UNION ALL
                                             SELECT g.expression FROM queue_ring g WHERE g.queue_id = q.id) e
                         WHERE q.customer_id = :customer AND q.deleted_at IS NULL AND e.expression IS NOT NULL
                         ORDER BY q.name""")
                .param("customer", customer.value())
                .query((row, n) -> Map.entry(row.getString("name"), kept(row.getString("expression"))))
                .list()
                .forEach(queue -> queue.getValue().uses().forEach(use -> uses.putIfAbsent(use, queue.getKey())));
        List<AttributeUse> asked = List.copyOf(uses.keySet());
        return found(customer, agent, asked).stream()
                .filter(found -> !wanted(asked.get(found.use), found.type))
                .map(found -> asked.get(found.use).name() + " is " + word(type(found.type)) + ", but the queue "
                        + uses.get(asked.get(found.use)) + " compares it as "
                        + words(asked.get(found.use).wanted()) + ".")
                .toList();
    }

    private List<Found> found(CustomerId customer, @Nullable AgentId agent, List<AttributeUse> uses) {
        if (uses.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(
                        """
                        WITH facts AS MATERIALIZED (
                            SELECT a.username, agent_facts(a.id) AS facts FROM agent a
                             WHERE a.customer_id = :customer AND a.deleted_at IS NULL
                               AND (CAST(:agent AS uuid) IS NULL OR a.id = :agent)),
                        found AS (
                            SELECT u.n, f.username,
                                   jsonb_typeof(f.facts #> ARRAY(SELECT jsonb_array_elements_text(u.path))) AS type
                              FROM facts f CROSS JOIN jsonb_array_elements(CAST(:paths AS jsonb)) WITH ORDINALITY AS u (path, n))
                        SELECT n - 1 AS use, type, count(*) AS agents,
                               (array_agg(username ORDER BY username))[1\\:5] AS some
                          FROM found WHERE type <> 'null' GROUP BY n, type ORDER BY n, type""")
                .param("customer", customer.value())
                .param("agent", agent == null ? null : agent.value())
                .param("paths", paths(uses))
                .query((row, n) -> new Found(
                        row.getInt("use"), row.getString("type"), row.getInt("agents"), Arrays.asList((String[])
                                row.getArray("some").getArray())))
                .list();
    }

    private String paths(Collection<AttributeUse> uses) {
        try {
            return json.writeValueAsString(uses.stream().map(AttributeUse::path).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Expression kept(String text) {
        try {
            return Expression.parse(text);
        } catch (ExpressionFault e) {
            throw new IllegalStateException("An expression was kept that is none", e);
        }
    }

    private static boolean wanted(AttributeUse use, String type) {
        return use.wanted().contains(type(type));
    }

    private static ValueType type(String json) {
        return Arrays.stream(ValueType.values())
                .filter(type -> type.json().equals(json))
                .findFirst()
                .orElseThrow();
    }

    private static String words(Collection<ValueType> types) {
        return types.stream().map(AttributeTypes::word).collect(Collectors.joining(" or "));
    }

    private static String word(ValueType type) {
        return (type == ValueType.OBJECT ? "an " : "a ") + type.name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param use which of those asked for
     * @param type in the words of JSON
     * @param count how many agents have it as such
     */
    private record Found(int use, String type, int count, List<String> some) {

        String agents() {
            String named = String.join(", ", some);
            return count > some.size() ? named + " and " + (count - some.size()) + " more" : named;
        }
    }
}
