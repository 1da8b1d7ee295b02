package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Callers and agents at the running application: everything goes over HTTP and through the simulated carrier. */
public abstract class ScenarioTest extends ApplicationTest {

    /** The number of the demo customer. */
    protected static final String NUMBER = "+15550100001";

    /** The number that is always closed. */
    protected static final String NIGHT_LINE = "+15550100002";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger CALLERS = new AtomicInteger(1000);

    @LocalServerPort
    private int port;

    @Autowired
    protected JdbcClient jdbc;

    private static Http admin;

    /** A supervisor of the demo customer. */
    protected static Http sam;

    protected static AgentAtWork charles;
    protected static AgentAtWork edith;
    protected static AgentAtWork dave;

    @BeforeEach
    void nobodyCallsAndNobodyWorks() {
        if (admin == null) {
            admin = new Http(base(), "admin");
            sam = new Http(base(), "sam");
            charles = new AgentAtWork(base(), "charles");
            edith = new AgentAtWork(base(), "edith");
            dave = new AgentAtWork(base(), "dave");
        }
        admin.put("/simulator/api/speed", Map.of("speed", "instant")).ok();
        setQueues("10 seconds", "5 minutes", "60 seconds");
        jdbc.sql(
                        """
                        UPDATE queue
                           SET strategy = DEFAULT, max_reserved = DEFAULT, ask_interval = DEFAULT, priority_worth = DEFAULT,
                               maximum_size = DEFAULT, refuse_when = DEFAULT, leave_when = DEFAULT, reject_pause = DEFAULT,
                               miss_pause = DEFAULT, reject_rest = DEFAULT, miss_rest = DEFAULT, misses_allowed = DEFAULT,
                               after_missed_offer = DEFAULT, resume_within = DEFAULT, auto_accept = DEFAULT,
                               assignment_callback_url = DEFAULT, assignment_callback_fallback_url = DEFAULT""")
                .update();
        jdbc.sql("UPDATE agent SET misses = 0, rests_until = NULL WHERE misses > 0 OR rests_until IS NOT NULL")
                .update();
        for (JsonNode call : admin.get("/simulator/api/calls").ok().get("calls")) {
            if (!call.get("where").asText().equals("ended")) {
                admin.post("/simulator/api/calls/" + call.get("sid").asText() + "/hangup", null);
            }
        }
        for (AgentAtWork agent : List.of(charles, edith, dave)) {
            finishWrapUpsOf(agent);
        }
        charles.is("offline");
        edith.is("offline");
        dave.is("offline");
        await("everybody is free")
                .atMost(Duration.ofSeconds(30))
                .until(() -> jdbc.sql("SELECT count(*) FROM agent WHERE engaged IS NOT NULL")
                                .query(Integer.class)
                                .single()
                        == 0);
    }

    /** What a test before left to be written up. */
    private void finishWrapUpsOf(AgentAtWork agent) {
        await("the calls of " + agent.username() + " are over").atMost(PATIENCE).until(() -> jdbc
                .sql(
                        "SELECT id FROM call WHERE agent_id = CAST(:agent AS uuid) AND state IN ('connecting', 'talking', 'wrapping')")
                .param("agent", agent.id())
                .query(UUID.class)
                .list()
                .stream()
                .peek(call -> agent.http().post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "other")))
                .toList()
                .isEmpty());
    }

    protected String base() {
        return "http://localhost:" + port;
    }

    protected Http admin() {
        return admin;
    }

    /**
     * Somebody nobody knows dials a number.
     *
     * @param script what they do whenever it is their turn, such as {@code press 1} or {@code say hello}
     */
    protected Caller someoneDials(String number, String... script) {
        return Caller.dials(admin, "+1555014" + CALLERS.incrementAndGet(), number, script);
    }

    /** The call of a caller, as the database knows it. */
    protected UUID callOf(Caller caller) {
        return await().atMost(PATIENCE)
                .until(
                        () -> jdbc.sql("SELECT call_id FROM call_leg WHERE provider_leg_id = :sid")
                                .param("sid", caller.sid())
                                .query(UUID.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The elements of the models that a call has come through, or waits in. */
    protected List<String> steps(UUID call) {
        return StreamSupport.stream(
                        sam.get("/v1/calls/" + call).ok().get("steps").spliterator(), false)
                .map(step -> step.get("element").asText())
                .toList();
    }

    /** The phone of the agent that is or was rung for a call. */
    protected AgentPhone phoneOfAgent(UUID call) {
        return new AgentPhone(
                admin,
                await("the carrier's id of the leg to the agent")
                        .atMost(PATIENCE)
                        .until(
                                () -> jdbc.sql(
                                                "SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = 'agent' AND provider_leg_id IS NOT NULL")
                                        .param("call", call)
                                        .query(String.class)
                                        .optional(),
                                Optional::isPresent)
                        .orElseThrow());
    }

    /** Waits until a call is over and tells why. */
    protected String endOf(UUID call) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(column(call, "state"))
                .as("state of the call")
                .isEqualTo("ended"));
        return column(call, "end_reason");
    }

    protected String column(UUID call, String column) {
        return jdbc.sql("SELECT " + column + "::text FROM call WHERE id = :id")
                .param("id", call)
                .query((row, n) -> String.valueOf(row.getString(1)))
                .single();
    }

    /** Changes settings of a queue until the end of the test: {@code column = value, …}. */
    protected void setQueue(String queue, String settings) {
        jdbc.sql("UPDATE queue SET " + settings + " WHERE id = :queue")
                .param("queue", queueId(queue))
                .update();
    }

    /** The demo customer's queue of this name; other customers may have one as well. */
    protected UUID queueId(String name) {
        return jdbc.sql("SELECT q.id FROM queue q JOIN phone_number p ON p.customer_id = q.customer_id"
                        + " WHERE p.number = :number AND q.name = :name AND q.deleted_at IS NULL")
                .param("number", NUMBER)
                .param("name", name)
                .query(UUID.class)
                .single();
    }

    /** What the demo customer's queues allow, as PostgreSQL intervals. */
    protected void setQueues(String reservationTimeout, String maximumWait, String wrapUpTimeout) {
        jdbc.sql("UPDATE queue SET reservation_timeout = CAST(:r AS interval), maximum_wait = CAST(:m AS interval),"
                        + " wrap_up_timeout = CAST(:w AS interval)")
                .param("r", reservationTimeout)
                .param("m", maximumWait)
                .param("w", wrapUpTimeout)
                .update();
    }
}
