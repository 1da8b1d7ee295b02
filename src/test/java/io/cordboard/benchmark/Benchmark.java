package io.cordboard.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.Ids;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.EventKey;
import io.cordboard.telephony.Inbox;
import io.cordboard.telephony.LegRef;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.WholeCalls;
import io.cordboard.testing.WholeCalls.Cost;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * Prints how fast Cordboard is on this machine, beside the numbers it is held to: {@code mvn -Pbenchmark verify}. Times are
 * printed and not judged; that no call is lost and no agent stays held is.
 */
@Tag("benchmark")
@Import(Benchmark.Stopwatch.class)
class Benchmark extends ScenarioTest {

    private static final int AGENTS = 500;
    private static final int REGISTERED = 7_500;
    private static final int QUEUES = 5_000;
    private static final int WORKING_AGENTS = 24;
    private static final int CALLS_AT_ONCE = 16;
    private static final int CALLS = 400;
    private static final int PACED_SECONDS = 20;
    private static final int WAITING = Integer.getInteger("cordboard.benchmark.waiting", 10_000);
    private static final int BECOME_FREE = 60;
    private static final String TABLE = "| %-44s | %-46s | %-34s |%n";

    @Autowired
    private DataSource database;

    @Autowired
    private Inbox inbox;

    @Autowired
    private MeterRegistry meters;

    private int told;

    private final StringBuilder table = new StringBuilder();

    @Test
    void howFast() throws Exception {
        line("what", "measured here", "bar");
        line("---", "---", "---");
        Map<String, Http> working = agents();
        othersAtHome();
        directory(working.values().iterator().next());
        try (WholeCalls calls =
                new WholeCalls(database, working, () -> someoneDials(NUMBER, "press 1"), CALLS_AT_ONCE)) {
            choose(working, "available");
            calls.run(CALLS_AT_ONCE * 6);
            paced(calls);
            fullLoad(calls);
            choose(working, "offline");
        }
        floor();
        if (WAITING > 0) {
            backlog();
        }
        System.out.println(table);
        Files.writeString(Path.of("target", "benchmark.md"), table);
    }

    /** Calls that come in by the clock, ten a second. */
    private void paced(WholeCalls calls) throws Exception {
        Stopwatch.TIMES.clear();
        Stopwatch.TWIML.clear();
        ExecutorService callers = Executors.newFixedThreadPool(CALLS_AT_ONCE);
        List<Future<?>> running = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < PACED_SECONDS * 10; i++) {
            LockSupport.parkNanos(start + TimeUnit.MILLISECONDS.toNanos(100L * i) - System.nanoTime());
            running.add(callers.submit(() -> {
                calls.run(1);
                return null;
            }));
        }
        for (Future<?> call : running) {
            call.get();
        }
        callers.shutdown();
        line("webhook to reply, 10 calls/s", times(Stopwatch.TIMES), "p99 100 ms, never over 2 s");
        line("of these, those a caller waits for", times(Stopwatch.TWIML), "p99 100 ms");
    }

    private void fullLoad(WholeCalls calls) throws Exception {
        Stopwatch.TIMES.clear();
        Cost idle = WholeCalls.idle(jdbc);
        long start = System.nanoTime();
        Cost each = calls.cost(jdbc, CALLS, idle);
        double seconds = (System.nanoTime() - start) / 1e9;
        line("full calls, " + CALLS_AT_ONCE + " at once", "%.1f calls/s".formatted(CALLS / seconds), "25 calls/s");
        line("webhook to reply, full load", times(Stopwatch.TIMES), "never over 2 s");
        line("per call", each.toString(), "90 statements, 6 commits, 50 kB");
        await("everybody is free").atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        jdbc.sql("SELECT count(*) FROM agent WHERE engaged IS NOT NULL")
                                .query(Long.class)
                                .single())
                .isZero());
        assertThat(jdbc.sql("SELECT count(*) FROM call WHERE state <> 'ended'")
                        .query(Long.class)
                        .single())
                .as("calls that are not over")
                .isZero();
    }

    /** What plain SQL takes to write as much as a call does: six transactions, as many rows, each with two indexes. */
    private void floor() throws Exception {
        jdbc.sql("CREATE TABLE floor_row (id text PRIMARY KEY, call_id text NOT NULL, body text NOT NULL)")
                .update();
        jdbc.sql("CREATE INDEX floor_row_of_call ON floor_row (call_id)").update();
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Callable<Void>> all = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            all.add(() -> {
                try (Connection connection = database.getConnection()) {
                    connection.setAutoCommit(false);
                    for (int call = 0; call < CALLS / 4; call++) {
                        writeAsMuchAsACall(connection);
                    }
                }
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> done : writers.invokeAll(all)) {
            done.get();
        }
        writers.shutdown();
        double seconds = (System.nanoTime() - start) / 1e9;
        jdbc.sql("DROP TABLE floor_row").update();
        line("the same writes by plain SQL, 4 connections", "%.1f calls/s".formatted(CALLS / seconds), "the floor");
    }

    private static void writeAsMuchAsACall(Connection connection) throws SQLException {
        String call = Ids.next().toString();
        String body = "x".repeat(180);
        for (int move = 0; move < 6; move++) {
            for (int statement = 0; statement < 3; statement++) {
                try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO floor_row VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?), (?, ?, ?)")) {
                    for (int i = 0; i < 4; i++) {
                        insert.setString(3 * i + 1, Ids.next().toString());
                        insert.setString(3 * i + 2, call);
                        insert.setString(3 * i + 3, body);
                    }
                    insert.executeUpdate();
                }
                execute(connection, "SELECT * FROM floor_row WHERE call_id = ?", call);
            }
            execute(
                    connection,
                    "UPDATE floor_row SET body = body || '.' WHERE id IN (SELECT id FROM floor_row WHERE call_id = ? LIMIT 5)",
                    call);
            execute(
                    connection,
                    "DELETE FROM floor_row WHERE id IN (SELECT id FROM floor_row WHERE call_id = ? LIMIT 5)",
                    call);
            execute(connection, "SELECT count(*) FROM floor_row WHERE call_id = ?", call);
            connection.commit();
        }
    }

    private static void execute(Connection connection, String sql, String call) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, call);
            statement.execute();
        }
    }

    /** Ten thousand callers wait, and hundreds of agents come to work. */
    private void backlog() throws Exception {
        setQueues("10 seconds", "2 hours", "60 seconds");
        setQueue("support", "maximum_size = 50000");
        manyQueues();
        long start = System.nanoTime();
        callersWait(WAITING);
        line(
                "callers made to wait, by events of the inbox",
                "%d in %.0f s".formatted(WAITING, (System.nanoTime() - start) / 1e9),
                "10,000");

        List<Duration> offered = new ArrayList<>();
        for (int i = AGENTS - BECOME_FREE; i < AGENTS; i++) {
            UUID agent = jdbc.sql("SELECT id FROM agent WHERE username = :name")
                    .param("name", username(i))
                    .query(UUID.class)
                    .single();
            Http http = new Http(base(), username(i));
            http.put("/v1/agents/" + agent + "/status", Map.of("status", "available"))
                    .ok();
            long free = System.nanoTime();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> jdbc.sql("SELECT count(*) FROM reservation WHERE agent_id = :agent")
                                    .param("agent", agent)
                                    .query(Long.class)
                                    .single()
                            > 0);
            offered.add(Duration.ofNanos(System.nanoTime() - free));
        }
        line("agent free to offer, " + WAITING + " waiting", times(offered), "p99 200 ms");
        offersLapse();
        line("timers late, " + BECOME_FREE + " one after the other", times(lateness()), "p99 500 ms");

        jdbc.sql("UPDATE agent SET chosen = 'available' WHERE username LIKE 'bench%'")
                .update();
        await("all are asked")
                .atMost(Duration.ofMinutes(2))
                .until(() -> jdbc.sql(
                                        "SELECT count(DISTINCT agent_id) FROM reservation r JOIN agent a ON a.id = r.agent_id WHERE a.username LIKE 'bench%'")
                                .query(Long.class)
                                .single()
                        >= AGENTS);
        Timer matching = meters.get("cordboard.matching").timer();
        line(
                "one match, " + WAITING + " waiting, " + AGENTS + " agents, " + QUEUES + " queues",
                percentiles(matching),
                "p99 small beside 200 ms");
        offersLapse();
        line("timers late, " + AGENTS + " that lapse together", times(lateness()), "");
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM (SELECT agent_id FROM reservation WHERE state IN ('pending', 'accepted', 'wrapping') GROUP BY 1 HAVING count(*) > 1) twice")
                        .query(Long.class)
                        .single())
                .as("agents with two offers")
                .isZero();
    }

    private void offersLapse() {
        await("all offers have lapsed")
                .atMost(Duration.ofMinutes(2))
                .until(() -> jdbc.sql("SELECT count(*) FROM reservation WHERE state = 'pending'")
                                .query(Long.class)
                                .single()
                        == 0);
    }

    /** How late the offers were withdrawn that nobody has been told of yet. */
    private List<Duration> lateness() {
        List<Double> late = jdbc.sql(
                        "SELECT extract(epoch FROM ended_at - expires_at) FROM reservation WHERE state = 'timeout' ORDER BY ended_at OFFSET :told")
                .param("told", told)
                .query(Double.class)
                .list();
        told += late.size();
        return late.stream()
                .map(seconds -> Duration.ofNanos((long) (seconds * 1e9)))
                .toList();
    }

    private void callersWait(int number) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String sid = "CA" + UUID.randomUUID().toString().replace("-", "");
            LegRef leg = new LegRef("twilio", sid, null);
            String from = "+1555%07d".formatted(i);
            all.add(() -> {
                inbox.receive(new CarrierEvent.IncomingCall(new EventKey("twilio", "voice:" + sid), leg, from, NUMBER));
                String token = jdbc.sql(
                                "SELECT awaiting_token FROM call c JOIN call_leg l ON l.call_id = c.id WHERE l.provider_leg_id = :sid")
                        .param("sid", sid)
                        .query(String.class)
                        .single();
                inbox.receive(new CarrierEvent.Answered(new EventKey("twilio", "ask:" + sid), leg, token, "1", null));
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(all)) {
            done.get();
        }
        threads.shutdown();
        assertThat(jdbc.sql("SELECT count(*) FROM queue_entry WHERE execution_id IS NOT NULL")
                        .query(Integer.class)
                        .single())
                .isEqualTo(number);
    }

    /** As many agents as a large house has; those who work are logged in. */
    private Map<String, Http> agents() {
        Map<String, Http> working = new HashMap<>();
        for (int i = 0; i < AGENTS; i++) {
            UUID id = AgentId.next().value();
            String username = username(i);
            jdbc.sql(
                            "INSERT INTO agent (id, customer_id, username, name, password_hash, role, status_since, idle_since, created_at)"
                                    + " SELECT :id, customer_id, :username, :username, password_hash, 'agent', now(), now(), now() FROM agent WHERE username = 'charles'")
                    .param("id", id)
                    .param("username", username)
                    .update();
            jdbc.sql("INSERT INTO agent_tag SELECT :id, 'support'")
                    .param("id", id)
                    .update();
            jdbc.sql(
                            "INSERT INTO agent_address SELECT gen_random_uuid(), id, customer_id, 'tel', :tel FROM agent WHERE id = :id")
                    .param("id", id)
                    .param("tel", "+1555016%04d".formatted(i))
                    .update();
            if (i < WORKING_AGENTS) {
                await().atMost(Duration.ofSeconds(20))
                        .ignoreExceptionsInstanceOf(AssertionError.class)
                        .until(() -> {
                            working.put(id.toString(), new Http(base(), username));
                            return true;
                        });
            }
        }
        return working;
    }

    /** Queues of a large house: each wants a skill of its own, which ten agents of the shift have. */
    private void manyQueues() {
        jdbc.sql("ALTER TABLE queue DISABLE TRIGGER queue_noted").update();
        jdbc.sql(
                        """
                        INSERT INTO queue (id, customer_id, name, required_tags, created_at)
                        SELECT gen_random_uuid(), c.customer_id, 'queue' || n, ARRAY['skill' || n], now()
                          FROM generate_series(1, :number) n, (SELECT customer_id FROM agent WHERE username = 'charles') c""")
                .param("number", QUEUES)
                .update();
        jdbc.sql("ALTER TABLE queue ENABLE TRIGGER queue_noted").update();
        jdbc.sql("ALTER TABLE agent_tag DISABLE TRIGGER added_noted").update();
        jdbc.sql(
                        """
                        INSERT INTO agent_tag (agent_id, tag)
                        SELECT a.id, 'skill' || (1 + (a.n * 10 + k) % :number)
                          FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM agent WHERE username LIKE 'bench%') a,
                               generate_series(0, 99, 1) k""")
                .param("number", QUEUES)
                .update();
        jdbc.sql("ALTER TABLE agent_tag ENABLE TRIGGER added_noted").update();
        // As the triggers would have it, which compare every queue with every agent.
        jdbc.sql(
                        """
                        INSERT INTO queue_agent (queue_id, agent_id)
                        SELECT q.id, t.agent_id FROM queue q JOIN agent_tag t ON t.tag = q.required_tags[1]
                         WHERE q.name LIKE 'queue%'""")
                .update();
        jdbc.sql("ANALYZE").update();
    }

    /** Those whose shift it is not. */
    private void othersAtHome() {
        jdbc.sql(
                        """
                        WITH hired AS (
                            INSERT INTO agent (id, customer_id, username, name, role, status_since, idle_since, created_at)
                            SELECT gen_random_uuid(), c.customer_id, 'home' || n, 'Home ' || n, 'agent', now(), now(), now()
                              FROM generate_series(1, :number) n, (SELECT customer_id FROM agent WHERE username = 'charles') c
                            RETURNING id, customer_id, username),
                        skilled AS (INSERT INTO agent_tag (agent_id, tag) SELECT id, 'support' FROM hired)
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'client', username FROM hired""")
                .param("number", REGISTERED - AGENTS)
                .update();
        jdbc.sql("ANALYZE").update();
    }

    private void directory(Http agent) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String query = List.of("?limit=50", "?limit=50&cursor=home3999", "?status=available&tag=support")
                    .get(i % 3);
            long start = System.nanoTime();
            agent.get("/v1/agents" + query).ok();
            if (i >= 60) {
                took.add(Duration.ofNanos(System.nanoTime() - start));
            }
        }
        line("agents listed and filtered, " + REGISTERED + " registered", times(took), "");
    }

    private static String username(int number) {
        return "bench%03d".formatted(number);
    }

    private static void choose(Map<String, Http> agents, String status) {
        agents.forEach((id, http) -> http.put("/v1/agents/" + id + "/status", Map.of("status", status))
                .ok());
    }

    private void line(String what, String measured, String bar) {
        table.append(TABLE.formatted(what, measured, bar));
    }

    private static String times(Iterable<Duration> durations) {
        List<Double> millis = new ArrayList<>();
        durations.forEach(duration -> millis.add(duration.toNanos() / 1e6));
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0
                ? "nothing"
                : "p50 %.0f ms, p99 %.0f ms, max %.0f ms (%d)"
                        .formatted(
                                sorted[sorted.length / 2],
                                sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)],
                                sorted[sorted.length - 1],
                                sorted.length);
    }

    private static String percentiles(Timer timer) {
        var snapshot = timer.takeSnapshot();
        StringBuilder text = new StringBuilder();
        for (ValueAtPercentile value : snapshot.percentileValues()) {
            text.append("p%.0f %.1f ms, ".formatted(value.percentile() * 100, value.value(TimeUnit.MILLISECONDS)));
        }
        return text + "max %.0f ms".formatted(timer.max(TimeUnit.MILLISECONDS));
    }

    /** Measures every webhook of the carrier from its arrival to its reply. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Stopwatch {

        static final ConcurrentLinkedQueue<Duration> TIMES = new ConcurrentLinkedQueue<>();

        /** Those that ask what to do; the others tell what happened. */
        static final ConcurrentLinkedQueue<Duration> TWIML = new ConcurrentLinkedQueue<>();

        @Bean
        FilterRegistrationBean<jakarta.servlet.Filter> webhookStopwatch() {
            var filter = new FilterRegistrationBean<jakarta.servlet.Filter>((request, response, chain) -> {
                long start = System.nanoTime();
                chain.doFilter(request, response);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                TIMES.add(took);
                if (String.valueOf(response.getContentType()).contains("xml")) {
                    TWIML.add(took);
                }
            });
            filter.setUrlPatterns(Arrays.asList("/webhooks/*"));
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return filter;
        }
    }
}
