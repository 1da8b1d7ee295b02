package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.agent.AgentStatus;
import io.cordboard.agent.Agents;
import io.cordboard.events.EventLog;
import io.cordboard.platform.TestDatabase;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** What becomes of agents when choices, offers and calls meet: against a model in memory, and against each other. */
class StatusMachineTests {

    private static final int STEPS = 10_000;
    private static final int RACES = Integer.getInteger("cordboard.races", 200);
    private static final int AGENTS = 4;
    private static final List<@Nullable String> REASONS = Arrays.asList(null, "Lunch", "Meeting");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T08:00:00Z"));
    private HikariDataSource database;
    private AnnotationConfigApplicationContext beans;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private Agents agents;
    private Reservations reservations;
    private final List<AgentId> people = new ArrayList<>();
    private UUID customer;
    private UUID queue;

    @EnableTransactionManagement
    static class Wiring {}

    @BeforeEach
    void aQueueAndItsAgents() {
        database = TestDatabase.empty();
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        beans = new AnnotationConfigApplicationContext();
        beans.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database));
        beans.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
        beans.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
        beans.registerBean(Clock.class, () -> ((InstantSource) now::get).withZone(ZoneOffset.UTC));
        beans.registerBean(ObjectMapper.class);
        beans.register(Wiring.class, EventLog.class, Agents.class, Reservations.class);
        beans.refresh();
        jdbc = beans.getBean(JdbcClient.class);
        transaction = new TransactionTemplate(beans.getBean(JdbcTransactionManager.class));
        agents = beans.getBean(Agents.class);
        reservations = beans.getBean(Reservations.class);
        customer = UUID.randomUUID();
        queue = UUID.randomUUID();
        jdbc.sql("INSERT INTO customer (id, name, created_at) VALUES (:id, 'Random', :now)")
                .param("id", customer)
                .param("now", time())
                .update();
        jdbc.sql("INSERT INTO queue (id, customer_id, name, created_at) VALUES (:id, :customer, 'all', :now)")
                .param("id", queue)
                .param("customer", customer)
                .param("now", time())
                .update();
    }

    @AfterEach
    void end() {
        beans.close();
        database.close();
    }

    private OffsetDateTime time() {
        return now.get().atOffset(ZoneOffset.UTC);
    }

    private AgentId hire(String name) {
        AgentId id = AgentId.next();
        jdbc.sql(
                        """
                        WITH hired AS (
                            INSERT INTO agent (id, customer_id, username, name, role, status_since, idle_since, created_at)
                            VALUES (:id, :customer, :name, :name, 'agent', :now, :now, :now) RETURNING id)
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT :id, id, :customer, 'client', :name FROM hired""")
                .param("id", id.value())
                .param("customer", customer)
                .param("name", name)
                .param("now", time())
                .update();
        people.add(id);
        return id;
    }

    private CallId dial() {
        CallId id = CallId.next();
        jdbc.sql(
                        """
                        INSERT INTO call (id, provider, direction, from_number, to_number, state, started_at)
                        VALUES (:id, 'acme', 'inbound', '+15550199001', '+15550100001', 'queued', :now)""")
                .param("id", id.value())
                .param("now", time())
                .update();
        enter(id);
        return id;
    }

    private void enter(CallId call) {
        jdbc.sql(
                        """
                        INSERT INTO queue_entry (id, call_id, queue_id, entered_at, waiting_since, rank_at, execution_id)
                        VALUES (gen_random_uuid(), :call, :queue, :now, :now, :now, 'x')""")
                .param("call", call.value())
                .param("queue", queue)
                .param("now", time())
                .update();
    }

    /** Back to waiting in the same place, as the flow has it after an offer that came to nothing. */
    private void awaitAgain(CallId call) {
        jdbc.sql("UPDATE queue_entry SET execution_id = 'x' WHERE call_id = :call AND left_at IS NULL")
                .param("call", call.value())
                .update();
    }

    /** What an agent should be. */
    private static final class Expected {
        private String chosen = "offline";
        private String because;
        private String reason;
        private String engaged;
        private CallId call;

        String shown() {
            return engaged == null ? chosen : engaged.equals("ringing") ? "ringing" : "busy";
        }
    }

    /**
     * S3-01, S3-02, S3-03 · 10,000 random steps: the five statuses follow from what was chosen and what happened, the
     * choice comes back after each call, only an available agent is asked, and what comes too late changes nothing.
     */
    @Test
    void everyStatusFollowsFromWhatWasChosenAndWhatHappened() {
        Random random = new Random(20261125);
        Map<AgentId, Expected> model = new HashMap<>();
        for (int i = 0; i < AGENTS; i++) {
            model.put(hire("agent" + i), new Expected());
        }
        List<CallId> waiting = new ArrayList<>();
        List<CallId> over = new ArrayList<>(List.of(CallId.next()));
        Map<String, Integer> happened = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            now.updateAndGet(instant -> instant.plusMillis(random.nextInt(8_000)));
            String what = step(random, model, waiting, over);
            happened.merge(what, 1, Integer::sum);
            check(step + " " + what, model);
        }
        assertThat(happened.keySet())
                .contains(
                        "offered",
                        "accepted",
                        "rejected",
                        "missed",
                        "phone missed",
                        "wraps up",
                        "wrapped up",
                        "released",
                        "too late");
        assertThat(jdbc.sql(
                                """
                                SELECT count(*) FROM (
                                    SELECT data ->> 'previous_status' AS before,
                                           lag(data ->> 'status') OVER (PARTITION BY agent_id ORDER BY id) AS last
                                      FROM event_log WHERE type = 'agent.status_updated') e
                                 WHERE last IS NOT NULL AND last <> before""")
                        .query(Integer.class)
                        .single())
                .as("changes of status that no event told")
                .isZero();
        System.out.println("10,000 steps: " + happened);
    }

    private String step(Random random, Map<AgentId, Expected> model, List<CallId> waiting, List<CallId> over) {
        AgentId agent = people.get(random.nextInt(AGENTS));
        Expected expected = model.get(agent);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                AgentStatus wanted = List.of(
                                AgentStatus.AVAILABLE, AgentStatus.AVAILABLE, AgentStatus.AWAY, AgentStatus.OFFLINE)
                        .get(random.nextInt(4));
                String reason = wanted == AgentStatus.AVAILABLE ? null : REASONS.get(random.nextInt(REASONS.size()));
                agents.choose(agent, wanted, reason);
                expected.chosen = wanted.column();
                expected.because = null;
                expected.reason = reason;
                return "chosen";
            }
            case 2 -> {
                if (waiting.size() < 3) {
                    waiting.add(dial());
                }
                return "dialled";
            }
            case 3, 4 -> {
                return waiting.isEmpty()
                        ? "nobody waits"
                        : offer(model, waiting, waiting.get(random.nextInt(waiting.size())));
            }
            default -> {
                return expected.call == null
                        ? tooLate(over.get(random.nextInt(over.size())), random)
                        : goOn(random, expected, waiting, over);
            }
        }
    }

    private String offer(Map<AgentId, Expected> model, List<CallId> waiting, CallId call) {
        Optional<Offer> offer = transaction.execute(status -> reservations.offerToBestAgent(call));
        if (offer.isEmpty()) {
            return "no offer";
        }
        Expected asked = model.get(offer.get().agent());
        assertThat(asked.shown()).as("status of who is asked").isEqualTo("available");
        asked.engaged = "ringing";
        asked.call = call;
        waiting.remove(call);
        return "offered";
    }

    private String goOn(Random random, Expected agent, List<CallId> waiting, List<CallId> over) {
        CallId call = agent.call;
        if (random.nextInt(12) == 0) {
            transaction.executeWithoutResult(status -> reservations.releaseAll(call));
            over.add(call);
            return free(agent, null, "released");
        }
        if (agent.engaged.equals("ringing")) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    transaction.executeWithoutResult(status -> reservations.reject(call, null, "busy", true));
                    awaitAgain(call);
                    waiting.add(call);
                    return free(agent, null, "rejected");
                }
                case 1 -> {
                    transaction.executeWithoutResult(status -> reservations.expire(call, null));
                    awaitAgain(call);
                    waiting.add(call);
                    return free(agent, "missedOffer", "missed");
                }
                default -> {
                    boolean taken = transaction
                            .execute(status -> reservations.accept(call, null))
                            .isPresent();
                    assertThat(taken).as("an offer in time is taken").isTrue();
                    agent.engaged = "busy";
                    return "accepted";
                }
            }
        }
        if (agent.engaged.equals("busy")) {
            if (random.nextInt(5) == 0) {
                transaction.executeWithoutResult(status -> reservations.unanswered(call, "busy"));
                enter(call);
                waiting.add(call);
                return free(agent, "phoneNotAnswered", "phone missed");
            }
            transaction.executeWithoutResult(status -> reservations.wrapUp(call));
            agent.engaged = "wrapping";
            return "wraps up";
        }
        transaction.executeWithoutResult(status -> reservations.complete(call));
        over.add(call);
        return free(agent, null, "wrapped up");
    }

    /**
     * S3-03 · the choice shows again; after a missed offer the queue's setting, away, takes its place. Who had chosen it
     * already is away for the same reason.
     */
    private static String free(Expected agent, String missedBecause, String what) {
        agent.engaged = null;
        agent.call = null;
        if (missedBecause != null) {
            agent.reason = agent.chosen.equals("away") ? agent.reason : null;
            agent.chosen = "away";
            agent.because = missedBecause;
        }
        return what;
    }

    private String tooLate(CallId call, Random random) {
        transaction.executeWithoutResult(status -> {
            switch (random.nextInt(6)) {
                case 0 -> assertThat(reservations.accept(call, null)).isEmpty();
                case 1 -> reservations.reject(call, null, "late", true);
                case 2 -> reservations.expire(call, null);
                case 3 -> reservations.unanswered(call, "late");
                case 4 -> reservations.wrapUp(call);
                default -> reservations.complete(call);
            }
        });
        return "too late";
    }

    private void check(String step, Map<AgentId, Expected> model) {
        jdbc.sql(
                        """
                        SELECT a.id, a.chosen, a.chosen_because, a.reason, a.engaged, a.engaged_until IS NOT NULL AS limited,
                               shown_status(a.chosen, a.engaged) AS shown,
                               (SELECT string_agg(r.state || ' ' || r.call_id, ',') FROM reservation r
                                 WHERE r.agent_id = a.id AND r.state IN ('pending', 'accepted', 'wrapping')) AS held
                          FROM agent a WHERE a.role = 'agent'""")
                .query(row -> {
                    Expected expected = model.get(new AgentId(row.getObject("id", UUID.class)));
                    String held = expected.engaged == null
                            ? null
                            : Map.of("ringing", "pending", "busy", "accepted", "wrapping", "wrapping")
                                            .get(expected.engaged)
                                    + " " + expected.call;
                    boolean same = Objects.equals(row.getString("chosen"), expected.chosen)
                            && Objects.equals(row.getString("chosen_because"), expected.because)
                            && Objects.equals(row.getString("reason"), expected.reason)
                            && Objects.equals(row.getString("engaged"), expected.engaged)
                            && Objects.equals(row.getString("shown"), expected.shown())
                            && Objects.equals(row.getString("held"), held)
                            && row.getBoolean("limited")
                                    == (expected.engaged != null && !expected.engaged.equals("busy"));
                    if (!same) {
                        throw new AssertionError("After step " + step + ": "
                                + row.getString("chosen") + " " + row.getString("chosen_because") + " "
                                + row.getString("engaged") + " " + row.getString("held") + " instead of "
                                + expected.chosen + " " + expected.because + " " + expected.engaged + " " + held);
                    }
                });
    }

    /** S3-14 · 2 to 20 agents for one call: one is asked, the others stay as they are. */
    @Test
    void manyAgentsForOneCall() throws Exception {
        for (int i = 0; i < 20; i++) {
            agents.choose(hire("racer" + i), AgentStatus.AVAILABLE, null);
        }
        Random contenders = new Random(3);
        race(all -> {
            CallId call = dial();
            return all.subList(0, 2 + contenders.nextInt(19)).stream()
                    .map(agent -> attempt(call, agent))
                    .toList();
        });
    }

    /** One agent for 2 to 20 calls: they are asked for one. */
    @Test
    void manyCallsForOneAgent() throws Exception {
        agents.choose(hire("wanted"), AgentStatus.AVAILABLE, null);
        Random random = new Random(7);
        race(all -> {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            int calls = 2 + random.nextInt(19);
            for (int i = 0; i < calls; i++) {
                attempts.add(attempt(dial(), all.get(0)));
            }
            return attempts;
        });
    }

    /** As the matcher does it: nothing, while somebody else is at the call. */
    private Callable<Boolean> attempt(CallId call, AgentId agent) {
        return () -> transaction.execute(status -> jdbc.sql("SELECT 1 FROM call WHERE id = :id FOR UPDATE SKIP LOCKED")
                        .param("id", call.value())
                        .query(Integer.class)
                        .optional()
                        .isPresent()
                && reservations.offerTo(call, agent).isPresent());
    }

    private interface Race {
        List<Callable<Boolean>> attempts(List<AgentId> all);
    }

    private void race(Race race) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        Random random = new Random(1);
        try {
            for (int round = 0; round < RACES; round++) {
                List<AgentId> shuffled = new ArrayList<>(people);
                Collections.shuffle(shuffled, random);
                List<Callable<Boolean>> attempts = race.attempts(shuffled);
                CyclicBarrier start = new CyclicBarrier(attempts.size());
                List<Future<Boolean>> running = new ArrayList<>();
                for (Callable<Boolean> attempt : attempts) {
                    running.add(threads.submit(() -> {
                        start.await();
                        return attempt.call();
                    }));
                }
                int won = 0;
                for (Future<Boolean> one : running) {
                    won += one.get() ? 1 : 0;
                }
                assertThat(won).as("offers in round " + round).isEqualTo(1);
                assertThat(jdbc.sql("SELECT count(*) FROM agent WHERE engaged = 'ringing'")
                                .query(Integer.class)
                                .single())
                        .isEqualTo(1);
                jdbc.sql("SELECT call_id FROM queue_entry WHERE left_at IS NULL")
                        .query(UUID.class)
                        .list()
                        .forEach(call ->
                                transaction.executeWithoutResult(status -> reservations.releaseAll(new CallId(call))));
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf("%d races, one winner each%n", RACES);
    }
}
