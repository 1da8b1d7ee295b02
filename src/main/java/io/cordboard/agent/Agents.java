package io.cordboard.agent;

import io.cordboard.customer.Role;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The agents. What an agent chose and what the system does with them are two columns, so that neither overwrites the
 * other: after a call the choice is simply visible again.
 */
@Repository
public class Agents {

    private static final String SELECT =
            """
            SELECT a.id, a.customer_id, a.username, a.name, a.role, a.chosen, a.chosen_because, a.reason, a.status_since, a.revision,
                   shown_status(a.chosen, a.engaged) AS shown, agent_facts(a.id) AS attributes,
                   ARRAY(SELECT tag FROM agent_tag t WHERE t.agent_id = a.id ORDER BY tag) AS tags,
                   ARRAY(SELECT kind || ':' || value FROM agent_address d WHERE d.agent_id = a.id ORDER BY kind, value) AS addresses
              FROM agent a
            """;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    Agents(JdbcClient jdbc, Clock clock, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.events = events;
    }

    public Optional<Agent> find(AgentId id) {
        return jdbc.sql(SELECT + " WHERE a.id = :id AND a.deleted_at IS NULL")
                .param("id", id.value())
                .query((row, n) -> agent(row))
                .optional();
    }

    public Optional<Agent> find(String username) {
        return jdbc.sql(SELECT + " WHERE a.username = :username AND a.deleted_at IS NULL")
                .param("username", username)
                .query((row, n) -> agent(row))
                .optional();
    }

    /** All agents of a customer who take calls, by name. */
    public List<Agent> of(CustomerId customer) {
        return jdbc.sql(
                        SELECT
                                + " WHERE a.customer_id = :customer AND a.role = 'agent' AND a.deleted_at IS NULL ORDER BY a.username")
                .param("customer", customer.value())
                .query((row, n) -> agent(row))
                .list();
    }

    /**
     * Those of a customer, by user name.
     *
     * @param role only those of this role; null for everybody who takes calls
     * @param status only those everybody sees in this status; null for any
     * @param reason only those who chose their status for this reason, written in any case; null for any
     * @param tag only those with this skill; null for any
     * @param after only those whose user name comes after this one
     * @param limit at most so many
     */
    public List<Agent> list(
            CustomerId customer,
            @Nullable Role role,
            @Nullable AgentStatus status,
            @Nullable String reason,
            @Nullable String tag,
            String after,
            int limit) {
        return jdbc.sql(
                        SELECT
                                + """
                                 WHERE a.customer_id = :customer AND a.deleted_at IS NULL AND a.username > :after
                                   AND CASE WHEN CAST(:role AS text) IS NOT NULL THEN a.role = :role
                                            ELSE a.role = 'agent'
                                              OR EXISTS (SELECT FROM agent_address d WHERE d.agent_id = a.id) END
                                   AND (CAST(:status AS text) IS NULL OR :status = shown_status(a.chosen, a.engaged))
                                   AND (CAST(:reason AS text) IS NULL OR lower(a.reason) = lower(:reason))
                                   AND (CAST(:tag AS text) IS NULL
                                        OR EXISTS (SELECT FROM agent_tag t WHERE t.agent_id = a.id AND t.tag = :tag))
                                 ORDER BY a.username LIMIT :limit""")
                .param("customer", customer.value())
                .param("role", role == null ? null : role.column())
                .param("status", status == null ? null : status.column())
                .param("reason", reason)
                .param("tag", tag)
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> agent(row))
                .list();
    }

    /**
     * The agent chooses a status. While a call occupies them the choice takes effect after it. One whose page has been
     * silent chooses it elsewhere, and from now on works without.
     *
     * @param reason one of the customer's {@link NotAvailableReasons}, kept until the next choice; null for none
     * @throws IllegalArgumentException for a status that cannot be chosen, or not for a reason
     */
    @Transactional
    public void choose(AgentId id, AgentStatus status, @Nullable String reason) {
        if (!status.canBeChosen()) {
            throw new IllegalArgumentException("An agent cannot choose the status " + status.column() + ".");
        }
        if (reason != null && status == AgentStatus.AVAILABLE) {
            throw new IllegalArgumentException("Nobody needs a reason to be available.");
        }
        jdbc.sql(
                        """
                        UPDATE agent
                           SET chosen = :chosen, chosen_because = NULL, reason = :reason,
                               present_until = CASE WHEN present_until > :at THEN present_until END,
                               status_since = CASE WHEN engaged IS NULL THEN :at ELSE status_since END,
                               idle_since = CASE WHEN chosen <> 'available' THEN :at ELSE idle_since END
                         WHERE id = :id AND (chosen <> :chosen OR chosen_because IS NOT NULL OR present_until <= :at
                                             OR reason IS DISTINCT FROM :reason)""")
                .param("chosen", status.column())
                .param("reason", reason)
                .param("at", OffsetDateTime.now(clock))
                .param("id", id.value())
                .update();
        if (status == AgentStatus.AVAILABLE) {
            events.publishEvent(new AgentBecameFree());
        }
    }

    private static Agent agent(ResultSet row) throws SQLException {
        return new Agent(
                new AgentId(row.getObject("id", UUID.class)),
                new CustomerId(row.getObject("customer_id", UUID.class)),
                row.getString("username"),
                row.getString("name"),
                Role.of(row.getString("role")),
                AgentStatus.valueOf(row.getString("shown").toUpperCase(Locale.ROOT)),
                AgentStatus.valueOf(row.getString("chosen").toUpperCase(Locale.ROOT)),
                row.getString("chosen_because"),
                row.getString("reason"),
                row.getObject("status_since", OffsetDateTime.class).toInstant(),
                Arrays.asList((String[]) row.getArray("tags").getArray()),
                Arrays.stream((String[]) row.getArray("addresses").getArray())
                        .map(Address::parse)
                        .toList(),
                row.getString("attributes"),
                row.getInt("revision"));
    }

    /**
     * @param status what everybody sees
     * @param chosen what the agent chose, which shows again after a call
     * @param because why the system changed the choice, for example a missed offer; null when the agent chose it
     * @param reason why the agent chose it; null when they did not say
     * @param attributes a JSON object: what expressions of queues see, {@link Attributes skills and levels} included
     * @param revision grows with each change by an administrator
     */
    public record Agent(
            AgentId id,
            CustomerId customer,
            String username,
            String name,
            Role role,
            AgentStatus status,
            AgentStatus chosen,
            @Nullable String because,
            @Nullable String reason,
            Instant statusSince,
            List<String> tags,
            List<Address> addresses,
            String attributes,
            int revision) {}
}
