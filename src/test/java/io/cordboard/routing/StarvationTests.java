package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.events.EventLog;
import io.cordboard.platform.TestDatabase;
import io.cordboard.routing.Matches.Pair;
import io.cordboard.routing.QueueEntries.Wish;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.testing.VirtualTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * field.md 6 · nobody starves: two queues with more callers than agents for them, priorities at random, and no end of
 * callers with the highest. Whoever is taken out of turn came within what the highest priority is worth.
 */
class StarvationTests {

    private static final int CALLERS = 500;
    private static final int AGENTS = 3;
    private static final int HIGHEST = 5;
    private static final Duration WORTH = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Random random = new Random(6);
    private final Map<CallId, Instant> waiting = new HashMap<>();
    private final List<Duration> overtaken = new ArrayList<>();
    private final List<AgentId> agents = new ArrayList<>();
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private QueueEntries entries;
    private Reservations reservations;
    private Matches matches;
    private CustomerId customer;
    private int arrived;
    private int served;

    @EnableTransactionManagement
    static class Wiring {}

    @Test
    void nobodyIsOvertakenByWhoCameMuchLater() {
        try (HikariDataSource database = TestDatabase.empty();
                var beans = new AnnotationConfigApplicationContext()) {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            beans.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database));
            beans.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
            beans.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
            beans.registerBean(Clock.class, time::clock);
            beans.registerBean(ObjectMapper.class);
            beans.register(Wiring.class, EventLog.class, QueueEntries.class, Reservations.class, Matches.class);
            beans.refresh();
            jdbc = beans.getBean(JdbcClient.class);
            transaction = new TransactionTemplate(beans.getBean(JdbcTransactionManager.class));
            entries = beans.getBean(QueueEntries.class);
            reservations = beans.getBean(Reservations.class);
            matches = beans.getBean(Matches.class);
            open();

            callerComes();
            time.run();
        }
        assertThat(served).isEqualTo(CALLERS);
        assertThat(waiting).isEmpty();
        Duration bound = WORTH.multipliedBy(HIGHEST);
        assertThat(overtaken)
                .as("by how much later those came who were taken before")
                .allMatch(by -> by.compareTo(bound) < 0);
        assertThat(overtaken).as("priority does count").hasSizeGreaterThan(CALLERS / 10);
    }

    private void open() {
        customer = CustomerId.next();
        jdbc.sql("INSERT INTO customer (id, name, created_at) VALUES (:id, 'Crowded', :now)")
                .param("id", customer.value())
                .param("now", time.time())
                .update();
        for (String queue : List.of("one", "other")) {
            jdbc.sql(
                            """
                            INSERT INTO queue (id, customer_id, name, maximum_wait, maximum_size, priority_worth, resume_within, created_at)
                            VALUES (:id, :customer, :name, '7 days', 50000, '1 minute', '0', :now)""")
                    .param("id", UUID.randomUUID())
                    .param("customer", customer.value())
                    .param("name", queue)
                    .param("now", time.time())
                    .update();
        }
        for (int i = 0; i < AGENTS; i++) {
            AgentId agent = AgentId.next();
            agents.add(agent);
            jdbc.sql(
                            """
                            WITH hired AS (
                                INSERT INTO agent (id, customer_id, username, name, role, chosen, status_since, idle_since, created_at)
                                VALUES (:id, :customer, :name, :name, 'agent', 'available', :now, :now, :now) RETURNING id)
                            INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                            SELECT :id, id, :customer, 'client', :name FROM hired""")
                    .param("id", agent.value())
                    .param("customer", customer.value())
                    .param("name", "agent" + i)
                    .param("now", time.time())
                    .update();
        }
    }

    /** More than the agents can take for the first half, in which half of all have the highest priority. */
    private void callerComes() {
        CallId call = CallId.next();
        int priority = random.nextBoolean() ? HIGHEST : random.nextInt(HIGHEST + 1);
        transaction.executeWithoutResult(status -> {
            jdbc.sql(
                            """
                            INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at)
                            VALUES (:id, :customer, 'acme', 'inbound', '+15550199001', '+15550100001', 'waiting', :now)""")
                    .param("id", call.value())
                    .param("customer", customer.value())
                    .param("now", time.time())
                    .update();
            entries.enter(
                    call, customer, new Wish(random.nextBoolean() ? "one" : "other", priority, null, null, null, "{}"));
            entries.await(call, "execution");
        });
        waiting.put(call, time.now());
        match();
        if (++arrived < CALLERS) {
            time.after(Duration.ofSeconds(5 + random.nextInt(15)), this::callerComes);
        }
    }

    private void match() {
        boolean found = true;
        while (found) {
            found = false;
            for (Pair pair : matches.pairs()) {
                found |= Boolean.TRUE.equals(transaction.execute(status -> reservations
                                        .offerTo(pair.call(), pair.agent())
                                        .isPresent()
                                && reservations.accept(pair.call(), null).isPresent()))
                        && taken(pair.call());
            }
        }
    }

    private boolean taken(CallId call) {
        Instant came = waiting.remove(call);
        waiting.values().stream()
                .map(earlier -> Duration.between(earlier, came))
                .filter(later -> later.compareTo(Duration.ZERO) > 0)
                .forEach(overtaken::add);
        served++;
        time.after(Duration.ofSeconds(20 + random.nextInt(40)), () -> {
            transaction.executeWithoutResult(status -> {
                reservations.wrapUp(call);
                reservations.complete(call);
            });
            match();
        });
        return true;
    }
}
