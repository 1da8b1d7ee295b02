package io.cordboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.platform.CordboardProcess;
import io.cordboard.platform.StoppableDatabase;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.CarrierServer;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An installation as in production: two nodes behind a proxy, one PostgreSQL, a carrier elsewhere. First a node is killed,
 * then the one that is left loses its database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTests {

    private static final String NUMBER = "+15550100001";
    private static final String NIGHT_LINE = "+15550100002";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How soon a node's work is taken over. */
    private static final Duration TAKEOVER = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Map<String, CordboardProcess> nodes = new HashMap<>();
    private final List<Caller> callers = new ArrayList<>();
    private final List<AgentAtWork> agents = new ArrayList<>();
    private StoppableDatabase database;
    private JdbcClient jdbc;
    private CarrierServer carrier;
    private Proxy proxy;
    private String first;
    private String second;

    @BeforeAll
    void start() {
        database = closing(new StoppableDatabase(folder.resolve("database")));
        jdbc = JdbcClient.create(database.dataSource());
        proxy = closing(new Proxy());
        carrier = closing(new CarrierServer());
        first = node("first");
        second = node("second");
        nodes.values().forEach(CordboardProcess::started);
        proxy.to(first, second);
        carrier.number(NUMBER, proxy.base());
        carrier.number(NIGHT_LINE, proxy.base());
        Stream.of("charles", "edith", "dave", "agent4", "agent5", "agent6", "agent7", "agent8")
                .peek(this::hire)
                .map(name -> new AgentAtWork(proxy.base(), name))
                .forEach(agents::add);
    }

    @AfterAll
    void leaveNothingRunning() throws Exception {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
    }

    /** 0 lost, 0 doubled, taken over within ten seconds. */
    @Test
    @Order(1)
    void aNodeThatIsKilledUnderLoadLosesNothingAndDoublesNothing() throws Exception {
        speed("instant");
        queues("60 seconds", "30 seconds");
        Caller talking = talksWith(agents.get(0));
        Caller talkingToo = talksWith(agents.get(1));
        String wrapping = call(talksWith(agents.get(2)));
        agents.get(2).ends(wrapping);
        List<Caller> queued =
                Stream.generate(() -> dials(NUMBER, "press 1")).limit(6).toList();
        queued.forEach(caller -> caller.isIn("queued"));
        speed("1");
        dials(NIGHT_LINE, "say Please call me back.");
        dials(NUMBER, "press 1").isAsked();
        dials(NUMBER, "press 1").isAsked();

        // From here on it is the second node that works.
        proxy.to(second);
        behaves(agents.get(3), "manual");
        agents.get(3).is("available");
        agents.get(3).takesTheNextCall();
        JsonNode offer = offered(agents.get(4));
        JsonNode offerToo = offered(agents.get(5));
        queues("4 seconds", "30 seconds");
        JsonNode lapsing = offered(agents.get(6));
        JsonNode lapsingToo = offered(agents.get(7));
        List<Long> dials;
        long killed;
        String dead = idOf(second);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            // Whoever lets these offers lapse gets no further than to the lock of the call.
            try (var statement = connection.prepareStatement(
                    "SELECT 1 FROM call WHERE id IN (SELECT call_id FROM reservation WHERE id IN (?, ?)) FOR UPDATE")) {
                statement.setObject(1, UUID.fromString(lapsing.get("id").asText()));
                statement.setObject(2, UUID.fromString(lapsingToo.get("id").asText()));
                statement.execute();
            }
            await("the second node holds jobs")
                    .atMost(PATIENCE)
                    .until(() -> count("SELECT count(*) FROM act_ru_job WHERE lock_owner_ = '" + dead + "'") > 0);
            faults(Map.of("on", "rest:calls.create", "fault", "latency", "milliseconds", 3000, "next", 2));
            agents.get(4).accepts(offer).ok();
            agents.get(5).accepts(offerToo).ok();
            dials = await("the second node dials").atMost(PATIENCE).until(this::dialsUnderWay, it -> it.size() == 2);

            nodes.get(second).kill();
            killed = System.nanoTime();
            proxy.to(second, first);
            connection.rollback();
        }

        await("the jobs of the dead node")
                .atMost(TAKEOVER)
                .until(() -> count("SELECT count(*) FROM act_ru_job WHERE lock_owner_ = '" + dead + "'") == 0
                        && count("SELECT count(*) FROM reservation WHERE state = 'timeout' AND id IN ('"
                                        + lapsing.get("id").asText() + "', '"
                                        + lapsingToo.get("id").asText() + "')")
                                == 2);
        report("jobs", killed);
        List<Long> left = dials;
        await("the commands of the dead node")
                .atMost(TAKEOVER.minusNanos(System.nanoTime() - killed))
                .until(() -> dialsUnderWay().stream().noneMatch(left::contains));
        report("commands", killed);
        // What the dead node held may have been done sooner: a dial it had sent answered, a lapse found by the watch.
        await("the first node strikes it off")
                .atMost(TAKEOVER.minusNanos(System.nanoTime() - killed))
                .until(() -> nodes.get(first).output().contains("Node " + dead + " has not been seen"));

        assertThat(talking.state().get("where").asText()).isEqualTo("conference");
        assertThat(talkingToo.state().get("where").asText()).isEqualTo("conference");
        answers(agents.get(3));
        talking.hangsUp();
        everybodyIsServed();
        report("the last call", killed);

        assertThat(count("SELECT count(*) FROM call"))
                .as("calls, of which none is lost")
                .isEqualTo(callers.size());
        assertThat(jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE kind = 'caller'")
                        .query(String.class)
                        .list())
                .as("callers, of whom none has two calls")
                .containsExactlyInAnyOrderElementsOf(
                        callers.stream().map(Caller::sid).toList());
        assertThat(entries("rest-request")
                        .filter(entry -> entry.at("/detail/kind").asText().equals("calls.create"))
                        .filter(entry -> entry.at("/detail/status").asInt() == 201)
                        .map(entry -> entry.at("/detail/parameters/Url").asText()))
                .as("legs that were dialled, each with its own address")
                .isNotEmpty()
                .doesNotHaveDuplicates();
        assertThat(entries("conference")
                        .filter(entry -> entry.at("/detail/event").asText().equals("conference-start"))
                        .map(entry -> entry.at("/detail/name").asText()))
                .as("calls whose two sides met, each once")
                .isNotEmpty()
                .doesNotHaveDuplicates();
        assertThat(count("SELECT count(*) FROM inbox WHERE state <> 'done'"))
                .as("events without effect")
                .isZero();
        assertThat(count("SELECT count(*) FROM outbox")).as("commands left").isZero();
        assertThat(count("SELECT count(*) FROM act_ru_incident"))
                .as("incidents")
                .isZero();
    }

    /** Nobody hears silence, nothing that was acknowledged is lost, and no restart is needed. */
    @Test
    @Order(2)
    void aNodeWithoutItsDatabaseHoldsTheLinesAndGoesOnWhenItIsBack() throws Exception {
        proxy.to(first);
        speed("instant");
        queues("60 seconds", "60 seconds");
        agents.forEach(agent -> agent.is("offline"));
        AgentAtWork agent = agents.get(0);
        Caller talking = talksWith(agent);
        String call = call(talking);
        Caller waiting = dials(NUMBER, "press 1").isIn("queued");
        speed("1");
        Path spool = nodes.get(first).data().resolve("spool/events.jsonl");

        database.stop();
        Http anybody = new Http(first, null);
        Http.Answer health = anybody.get("/api/health");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.json().get("reason").asText()).isEqualTo("The database does not answer.");
        Caller newcomer = dials(NUMBER, "press 1").hears("Einen Moment bitte.");
        talking.hangsUp().isIn("ended");
        await("the hang-up is kept in the file")
                .atMost(PATIENCE)
                .until(() -> Files.exists(spool)
                        && Files.readString(spool).contains("legEnded")
                        && Files.readString(spool).contains(talking.sid()));
        waiting.isIn("queued");

        database.start();
        await("it is healthy again")
                .atMost(PATIENCE)
                .until(() -> anybody.get("/api/health").status() == 200);
        agent.wrapsUp(call, "other");
        newcomer.hears("Press 1 for support");
        assertThat(Files.exists(spool)).as("the file is read to its end").isFalse();
        speed("instant");
        everybodyIsServed();
        assertThat(count("SELECT count(*) FROM call")).isEqualTo(callers.size());
        assertThat(nodes.get(first).isAlive()).isTrue();
        assertThat(nodes.get(first).output().split("is ready after", -1)).hasSize(2);
    }

    /** S1-20, S1-21 · the account in the log; SIGTERM, as SIGINT in StartAndStopTests, is an orderly end. */
    @Test
    @Order(3)
    void aNodeThatIsStoppedLeavesNothingToBeTakenOver() throws Exception {
        assertThat(nodes.get(first).terminate(Duration.ofSeconds(30))).isTrue();
        assertThat(count("SELECT count(*) FROM node")).isZero();
        assertThat(count("SELECT count(*) FROM act_ru_job WHERE lock_owner_ IS NOT NULL"))
                .isZero();
        assertThat(nodes.get(first).output())
                .contains("Twilio is on with account AC")
                .doesNotContain("could not be stopped", "still being carried out");
    }

    private String node(String name) {
        int port = CordboardProcess.freePort();
        Map<String, String> environment = new HashMap<>(carrier.environment());
        environment.putAll(Map.of(
                "SERVER_PORT", String.valueOf(port),
                "SPRING_DATASOURCE_URL", database.url(),
                "SPRING_DATASOURCE_USERNAME", database.user(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "CORDBOARD_PUBLIC_URL", proxy.base(),
                "CORDBOARD_DEMO", "true",
                "CORDBOARD_DEMO_PASSWORD", Login.PASSWORD,
                "CORDBOARD_ADMIN_PASSWORD", Login.PASSWORD,
                "CORDBOARD_TWILIO_LANGUAGE", "de-DE"));
        String base = "http://localhost:" + port;
        nodes.put(base, closing(CordboardProcess.start(folder.resolve(name), environment)));
        return base;
    }

    private <T extends AutoCloseable> T closing(T resource) {
        resources.add(resource);
        return resource;
    }

    /** The node's id, as it wrote it down. */
    private String idOf(String node) {
        return nodes.get(node).output().replaceFirst("(?s)^.*This is node ([0-9a-f-]{36}).*$", "$1");
    }

    /** Another agent with the skills and the password of Charles, unless they are there already. */
    private void hire(String name) {
        jdbc.sql(
                        """
                        WITH hired AS (
                            INSERT INTO agent (id, customer_id, username, name, password_hash, role, status_since, idle_since, created_at)
                            SELECT gen_random_uuid(), customer_id, :name, :name, password_hash, role, now(), now(), now()
                              FROM agent WHERE username = 'charles'
                            ON CONFLICT DO NOTHING
                            RETURNING id, customer_id),
                        skilled AS (INSERT INTO agent_tag (agent_id, tag) SELECT id, 'support' FROM hired)
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'tel', :phone FROM hired""")
                .param("name", name)
                .param("phone", "+1555010300" + name.replaceAll("\\D", ""))
                .update();
    }

    private Caller dials(String number, String... script) {
        Caller caller = Caller.dials(carrier.http(), "+1555014" + (2000 + callers.size()), number, script);
        callers.add(caller);
        return caller;
    }

    private Caller talksWith(AgentAtWork agent) {
        agent.is("available");
        Caller caller = dials(NUMBER, "press 1");
        agent.takesTheNextCall();
        return caller.talks();
    }

    private static JsonNode offered(AgentAtWork agent) {
        agent.is("available");
        return agent.isOfferedACall();
    }

    private String call(Caller caller) {
        return jdbc.sql("SELECT call_id FROM call_leg WHERE provider_leg_id = :sid")
                .param("sid", caller.sid())
                .query(UUID.class)
                .single()
                .toString();
    }

    private String phoneOf(AgentAtWork agent) {
        return jdbc.sql("SELECT value FROM agent_address WHERE agent_id = CAST(:agent AS uuid) AND kind = 'tel'")
                .param("agent", agent.id())
                .query(String.class)
                .single();
    }

    private void behaves(AgentAtWork agent, String behaviour) {
        carrier.http()
                .put("/simulator/api/phones/" + phoneOf(agent), Map.of("behaviour", behaviour))
                .ok();
    }

    /** Picks up the phone that rings. */
    private void answers(AgentAtWork agent) {
        String phone = phoneOf(agent);
        JsonNode ringing = StreamSupport.stream(
                        carrier.http()
                                .get("/simulator/api/calls")
                                .ok()
                                .get("calls")
                                .spliterator(),
                        false)
                .filter(call -> call.get("to").asText().equals(phone)
                        && call.get("status").asText().equals("ringing"))
                .findFirst()
                .orElseThrow();
        carrier.http()
                .post("/simulator/api/calls/" + ringing.get("sid").asText() + "/answer", null)
                .ok();
        behaves(agent, "answer");
    }

    private void speed(String speed) {
        carrier.http().put("/simulator/api/speed", Map.of("speed", speed)).ok();
    }

    private void faults(Map<?, ?>... rules) {
        carrier.http()
                .put("/simulator/api/faults", Map.of("seed", 1, "rules", List.of(rules)))
                .ok();
    }

    private Stream<JsonNode> entries(String what) {
        return StreamSupport.stream(
                        carrier.http()
                                .get("/simulator/api/log")
                                .ok()
                                .get("entries")
                                .spliterator(),
                        false)
                .filter(entry -> entry.get("what").asText().equals(what));
    }

    private void queues(String reservationTimeout, String wrapUpTimeout) {
        jdbc.sql("UPDATE queue SET reservation_timeout = CAST(:r AS interval), wrap_up_timeout = CAST(:w AS interval),"
                        + " maximum_wait = '5 minutes'")
                .param("r", reservationTimeout)
                .param("w", wrapUpTimeout)
                .update();
    }

    /** Dials that a node has begun and nobody has finished, by their number in the outbox and the node. */
    private List<Long> dialsUnderWay() {
        return jdbc.sql(
                        """
                        SELECT seq # hashtext(node) FROM outbox
                         WHERE state = 'pending' AND command ->> 'command' = 'dial'""")
                .query(Long.class)
                .list();
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }

    private static void report(String what, long since) {
        System.out.printf("kill -9: %s after %d ms%n", what, (System.nanoTime() - since) / 1_000_000);
    }

    /** Agents take what they are offered, talk, and write up, until no caller is left and nobody is held. */
    private void everybodyIsServed() {
        queues("60 seconds", "60 seconds");
        speed("instant");
        await("everybody is served").atMost(Duration.ofSeconds(60)).until(new Callable<>() {
            @Override
            public Boolean call() {
                agents.forEach(TwoNodesTests.this::works);
                return count("SELECT count(*) FROM call WHERE state NOT IN ('ended', 'follow_up')") == 0
                        && count("SELECT count(*) FROM agent WHERE engaged IS NOT NULL") == 0
                        && count("SELECT count(*) FROM outbox WHERE state = 'pending'") == 0;
            }
        });
    }

    private void works(AgentAtWork agent) {
        record Work(String reservation, String call, String state, String callState) {}
        var work = jdbc.sql(
                        """
                        SELECT r.id, r.call_id, r.state, c.state AS call_state
                          FROM reservation r JOIN call c ON c.id = r.call_id
                         WHERE r.agent_id = CAST(:agent AS uuid) AND r.state IN ('pending', 'accepted', 'wrapping')""")
                .param("agent", agent.id())
                .query((row, n) -> new Work(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                .optional();
        if (work.isEmpty()) {
            if (agent.status().equals("away") || agent.status().equals("offline")) {
                agent.is("available");
            }
            return;
        }
        Work todo = work.get();
        switch (todo.state()) {
            case "pending" -> agent.http().post("/v1/reservations/" + todo.reservation() + "/accept", null);
            case "wrapping" ->
                agent.http().post("/v1/calls/" + todo.call() + "/wrap-up", Map.of("disposition", "resolved"));
            default -> {
                if (todo.callState().equals("talking")) {
                    agent.http().post("/v1/calls/" + todo.call() + "/end", Map.of());
                }
            }
        }
    }
}
