package io.cordboard.agent;

import io.cordboard.agent.Agents.Agent;
import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.customer.Role;
import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Who works for a customer: hired, changed and dismissed by its administrators. */
@Service
public class Staff {

    private final Accounts accounts;
    private final Agents agents;
    private final EventLog log;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final List<AttributeCheck> checks;

    Staff(
            Accounts accounts,
            Agents agents,
            EventLog log,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            Clock clock,
            List<AttributeCheck> checks) {
        this.accounts = accounts;
        this.agents = agents;
        this.log = log;
        this.events = events;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.clock = clock;
        this.checks = checks;
    }

    /** What came of it. */
    public sealed interface Outcome {

        /** The agent as they are now. */
        record Done(Agent agent) implements Outcome {}

        /** Dismissed. */
        record Gone() implements Outcome {}

        record NoSuchAgent() implements Outcome {}

        record UsernameTaken(String username) implements Outcome {}

        /** @param holder the user name of who has it */
        record AddressTaken(Address address, String holder) implements Outcome {}

        record UnknownTags(Collection<String> tags) implements Outcome {}

        /** @param why a sentence each */
        record UnfitAttributes(List<String> why) implements Outcome {}

        /** Somebody else was faster; the revision is what the agent has now. */
        record ChangedMeanwhile(int revision) implements Outcome {}

        /** A call occupies the agent. */
        record InACall() implements Outcome {}

        /** The guest agent stays as it is. */
        record NotWithAGuest() implements Outcome {}
    }

    /**
     * @param password null for somebody who cannot log in yet
     * @param attributes null for none; their skills are tags too
     */
    public record NewAgent(
            String username,
            @Nullable String password,
            String name,
            Role role,
            Collection<String> tags,
            Collection<Address> addresses,
            @Nullable Attributes attributes) {}

    /**
     * Hires somebody, offline at first.
     *
     * @throws IllegalArgumentException when the user name or the password is not acceptable; the message says why
     */
    public Outcome hire(CustomerId customer, NewAgent wanted) {
        return decide(() -> {
            Account account = accounts.create(
                            customer, wanted.username(), wanted.name(), wanted.role(), wanted.password())
                    .orElseThrow(() -> new Refused(new Outcome.UsernameTaken(wanted.username())));
            setTags(customer, account.id(), wanted.tags());
            setAddresses(customer, account.id(), wanted.addresses());
            if (wanted.attributes() != null) {
                setAttributes(customer, account.id(), wanted.attributes());
            }
            log.add("agent.created", null, account.id(), Map.of());
            return account.id();
        });
    }

    /**
     * Another name, and other attributes.
     *
     * @param attributes null to leave them as they are
     */
    public Outcome describe(
            CustomerId customer, AgentId id, String name, @Nullable Attributes attributes, @Nullable Integer revision) {
        return change(customer, id, revision, role -> {
            jdbc.sql("UPDATE agent SET name = :name WHERE id = :id")
                    .param("name", name)
                    .param("id", id.value())
                    .update();
            if (attributes != null) {
                setAttributes(customer, id, attributes);
            }
        });
    }

    /** Replaces the tags; one that stays keeps its level. */
    public Outcome retag(CustomerId customer, AgentId id, Collection<String> tags, @Nullable Integer revision) {
        return change(customer, id, revision, role -> setTags(customer, id, tags));
    }

    /** Replaces the addresses. */
    public Outcome readdress(
            CustomerId customer, AgentId id, Collection<Address> addresses, @Nullable Integer revision) {
        return change(customer, id, revision, role -> setAddresses(customer, id, addresses));
    }

    /** Logins with the role before end within seconds. */
    public Outcome promote(CustomerId customer, AgentId id, Role to, @Nullable Integer revision) {
        return change(customer, id, revision, role -> {
            if (role == Role.GUEST) {
                throw new Refused(new Outcome.NotWithAGuest());
            }
            jdbc.sql("UPDATE agent SET role = :role WHERE id = :id")
                    .param("role", to.column())
                    .param("id", id.value())
                    .update();
        });
    }

    /**
     * Logins with the password before end within seconds.
     *
     * @throws IllegalArgumentException when the password is not acceptable; the message says why
     */
    public Outcome setPassword(CustomerId customer, AgentId id, String password) {
        return change(customer, id, null, role -> {
            if (!accounts.setPassword(id, password)) {
                throw new Refused(new Outcome.NotWithAGuest());
            }
        });
    }

    /** Logins end within seconds; what the agent did stays known under their name. */
    public Outcome dismiss(CustomerId customer, AgentId id, @Nullable Integer revision) {
        return change(customer, id, revision, role -> {
            if (role == Role.GUEST) {
                throw new Refused(new Outcome.NotWithAGuest());
            }
            int rows = jdbc.sql(
                            """
                            UPDATE agent SET deleted_at = :now, status_since = :now, chosen = 'offline', chosen_because = NULL, reason = NULL,
                                             password_hash = NULL
                             WHERE id = :id AND engaged IS NULL""")
                    .param("now", OffsetDateTime.now(clock))
                    .param("id", id.value())
                    .update();
            if (rows == 0) {
                throw new Refused(new Outcome.InACall());
            }
            for (String what : List.of("agent_address", "agent_tag", "agent_attribute", "api_token")) {
                jdbc.sql("DELETE FROM " + what + " WHERE agent_id = :id")
                        .param("id", id.value())
                        .update();
            }
            log.add("agent.deleted", null, id, Map.of());
        });
    }

    private Outcome change(CustomerId customer, AgentId id, @Nullable Integer revision, Consumer<Role> how) {
        return decide(() -> {
            Role role = jdbc.sql(
                            """
                            UPDATE agent SET revision = revision + 1
                             WHERE id = :id AND customer_id = :customer AND deleted_at IS NULL
                               AND (CAST(:revision AS integer) IS NULL OR revision = :revision)
                            RETURNING role""")
                    .param("id", id.value())
                    .param("customer", customer.value())
                    .param("revision", revision)
                    .query((row, n) -> Role.of(row.getString("role")))
                    .optional()
                    .orElseThrow(() -> new Refused(agents.find(id)
                            .filter(agent -> agent.customer().equals(customer))
                            .<Outcome>map(agent -> new Outcome.ChangedMeanwhile(agent.revision()))
                            .orElseGet(Outcome.NoSuchAgent::new)));
            how.accept(role);
            log.add("agent.updated", null, id, Map.of());
            return id;
        });
    }

    private Outcome decide(Supplier<AgentId> work) {
        AgentId id;
        try {
            id = transaction.execute(status -> work.get());
        } catch (Refused refused) {
            return refused.outcome;
        }
        accounts.forget();
        Optional<Agent> now = agents.find(id);
        if (now.filter(agent -> agent.status() == AgentStatus.AVAILABLE).isPresent()) {
            // Other skills or another phone: somebody may have been waiting for just this.
            transaction.executeWithoutResult(status -> events.publishEvent(new AgentBecameFree()));
        }
        return now.<Outcome>map(Outcome.Done::new).orElseGet(Outcome.Gone::new);
    }

    private void setTags(CustomerId customer, AgentId id, Collection<String> wanted) {
        Set<String> tags = new LinkedHashSet<>(wanted);
        Set<String> unknown = new LinkedHashSet<>(tags);
        jdbc.sql("SELECT name FROM tag WHERE customer_id = :customer AND name = ANY (:names) FOR SHARE")
                .param("customer", customer.value())
                .param("names", tags.toArray(String[]::new))
                .query(String.class)
                .list()
                .forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new Refused(new Outcome.UnknownTags(unknown));
        }
        jdbc.sql("DELETE FROM agent_tag WHERE agent_id = :id AND tag <> ALL (CAST(:tags AS text[]))")
                .param("id", id.value())
                .param("tags", tags.toArray(String[]::new))
                .update();
        jdbc.sql(
                        "INSERT INTO agent_tag (agent_id, tag) SELECT :id, unnest(CAST(:tags AS text[])) ON CONFLICT DO NOTHING")
                .param("id", id.value())
                .param("tags", tags.toArray(String[]::new))
                .update();
        check(customer, id);
    }

    private void setAttributes(CustomerId customer, AgentId id, Attributes wanted) {
        int rows = jdbc.sql(
                        """
                        INSERT INTO agent_attribute (agent_id, attributes)
                        SELECT :id, own FROM (SELECT CAST(:own AS jsonb) AS own) given WHERE length(own::text) <= :longest
                        ON CONFLICT (agent_id) DO UPDATE SET attributes = excluded.attributes""")
                .param("id", id.value())
                .param("own", wanted.own().toString())
                .param("longest", Attributes.LONGEST)
                .update();
        if (rows == 0) {
            throw new Refused(new Outcome.UnfitAttributes(
                    List.of("The attributes have more than " + Attributes.LONGEST + " characters.")));
        }
        if (wanted.skills() != null) {
            setTags(customer, id, wanted.skills());
        }
        if (wanted.levels() != null) {
            setLevels(id, wanted.levels());
        }
        check(customer, id);
    }

    private void setLevels(AgentId id, Map<String, Integer> levels) {
        Set<String> others = new LinkedHashSet<>(levels.keySet());
        jdbc.sql("SELECT tag FROM agent_tag WHERE agent_id = :id")
                .param("id", id.value())
                .query(String.class)
                .list()
                .forEach(others::remove);
        if (!others.isEmpty()) {
            throw new Refused(new Outcome.UnfitAttributes(
                    List.of("levels has " + String.join(", ", others) + ", which is no tag of the agent.")));
        }
        jdbc.sql(
                        """
                        UPDATE agent_tag t SET level = coalesce(l.level, 1)
                          FROM agent_tag old
                          LEFT JOIN unnest(CAST(:tags AS text[]), CAST(:levels AS integer[])) AS l (tag, level) ON l.tag = old.tag
                         WHERE old.agent_id = :id AND t.agent_id = old.agent_id AND t.tag = old.tag""")
                .param("id", id.value())
                .param("tags", levels.keySet().toArray(String[]::new))
                .param("levels", levels.values().toArray(Integer[]::new))
                .update();
    }

    private void check(CustomerId customer, AgentId id) {
        List<String> objections = checks.stream()
                .flatMap(check -> check.objections(customer, id).stream())
                .toList();
        if (!objections.isEmpty()) {
            throw new Refused(new Outcome.UnfitAttributes(objections));
        }
    }

    private void setAddresses(CustomerId customer, AgentId id, Collection<Address> wanted) {
        jdbc.sql("DELETE FROM agent_address WHERE agent_id = :id")
                .param("id", id.value())
                .update();
        for (Address address : new LinkedHashSet<>(wanted)) {
            int rows = jdbc.sql(
                            """
                            INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                            VALUES (:id, :agent, :customer, :kind, :value)
                            ON CONFLICT (customer_id, kind, value) DO NOTHING""")
                    .param("id", Ids.next())
                    .param("agent", id.value())
                    .param("customer", customer.value())
                    .param("kind", address.kind())
                    .param("value", address.value())
                    .update();
            if (rows == 0) {
                throw new Refused(new Outcome.AddressTaken(address, holder(customer, address)));
            }
        }
    }

    private String holder(CustomerId customer, Address address) {
        return jdbc.sql(
                        """
                        SELECT a.username FROM agent_address d JOIN agent a ON a.id = d.agent_id
                         WHERE d.customer_id = :customer AND d.kind = :kind AND d.value = :value""")
                .param("customer", customer.value())
                .param("kind", address.kind())
                .param("value", address.value())
                .query(String.class)
                .optional()
                .orElse("somebody who has just given it up");
    }

    /** Undoes the transaction; never leaves this class. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        Refused(Outcome outcome) {
            super(outcome.toString(), null, false, false);
            this.outcome = outcome;
        }
    }
}
