package io.cordboard.conversation.process;

import static io.cordboard.testing.Together.inTurns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** S1-33, S1-41 · wrapping up by each mode and setting of a queue. {@code forced_timeout}: see HandleCallApiTests. */
class WrapUpScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGER_THAN_THE_TIMEOUT = Duration.ofMillis(400);
    private static final int ROUNDS = 9;
    private static final List<String> MODES =
            List.of("mandatory", "mandatory_timeout", "forced_timeout", "optional", "agent_requested");

    @Autowired
    private TaskService tasks;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private MeterRegistry meters;

    @AfterEach
    void asEver() {
        jdbc.sql(
                        """
                        UPDATE queue SET wrap_up_mode = DEFAULT, wrap_up_limit = DEFAULT, dispositions = DEFAULT,
                                         post_work_status = DEFAULT""")
                .update();
    }

    /** S1-41 · set wrapping → completed for one task: what the agent does not do, a supervisor may. */
    @Test
    void mandatoryHoldsTheAgentHoweverLongItTakes() {
        setMode("mandatory", "200 milliseconds", "1 hour");
        String call = charlesEndsATalk();

        staysBusy();
        JsonNode released =
                sam.post("/v1/agents/" + charles.id() + "/release", null).ok();

        assertThat(released.get("released").asText()).isEqualTo("wrap_up");
        assertThat(charles.status()).isEqualTo("available");
        assertThat(endOf(UUID.fromString(call))).isEqualTo("endedByAgent");
        assertThat(told(call)).doesNotContain("reservation.wrap_up_overdue");
    }

    @Test
    void mandatoryWithTimeoutTellsOnceThatTheAgentIsLateAndStillHoldsThem() {
        setMode("mandatory_timeout", "200 milliseconds", "1 hour");
        String call = charlesEndsATalk();
        assertThat(wrapUpOf(call).has("overdue_at")).isFalse();

        await().atMost(PATIENCE).until(() -> wrapUpOf(call).hasNonNull("overdue_at"));
        staysBusy();

        assertThat(wrapUpOf(call).get("mode").asText()).isEqualTo("mandatory_timeout");
        assertThat(told(call)).containsOnlyOnce("reservation.wrap_up_overdue");
        charles.wrapsUp(call, "resolved");
        charles.becomes("available");
    }

    /** The agent is with the next caller while the task of the first still waits. */
    @Test
    void optionalLeavesTheAgentFreeAndTheTaskOpen() {
        setMode("optional", "1 hour", "1 hour");
        String first = charlesEndsATalk();
        assertThat(charles.status()).isEqualTo("available");
        assertThat(told(first)).containsOnlyOnce("reservation.completed");
        Caller next = someoneDials(NUMBER, "press 1");
        String second = charles.takesTheNextCall();
        next.talks();

        charles.wrapsUp(first, "callBack");

        JsonNode file = charles.http().get("/v1/calls/" + first).ok();
        assertThat(file.get("state").asText()).isEqualTo("ended");
        assertThat(file.get("disposition").asText()).isEqualTo("callBack");
        assertThat(file.get("notes").findValuesAsText("text")).containsExactly("All done.");
        assertThat(charles.status()).isEqualTo("busy");
        next.talks();
        charles.ends(second);
    }

    @Test
    void anOptionalTaskThatNobodyWantsIsClosedByItself() {
        setMode("optional", "200 milliseconds", "1 hour");
        String call = charlesEndsATalk();

        assertThat(endOf(UUID.fromString(call))).isEqualTo("endedByAgent");
        assertThat(charles.http()
                        .post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "other"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whoDoesNotAskForWrapUpHasNone() {
        setMode("agent_requested", "1 hour", "1 hour");
        String call = charlesEndsATalk();

        assertThat(charles.status()).isEqualTo("available");
        assertThat(endOf(UUID.fromString(call))).isEqualTo("endedByAgent");
        assertThat(told(call)).containsOnlyOnce("reservation.completed");
    }

    @Test
    void whoAsksForWrapUpDuringTheTalkHasIt() {
        setMode("agent_requested", "1 hour", "1 hour");
        Caller caller = charlesTalks();
        UUID call = callOf(caller);
        asks(edith, call).refusal(404);
        asks(charles, call).ok();
        asks(charles, call).ok();
        assertThat(wrapUpOf(call.toString()).get("requested").asBoolean()).isTrue();

        caller.hangsUp();

        await().atMost(PATIENCE).until(() -> column(call, "state").equals("wrapping"));
        staysBusy();
        assertThat(asks(charles, call).refusal(409).get("detail").asText()).contains("wrapped up");
        charles.wrapsUp(call.toString(), "resolved");
        charles.becomes("available");
    }

    /** The form's check box. */
    @Test
    void whoAsksForWrapUpInTasklistHasItAndTheNextTalkDoesNot() {
        setMode("agent_requested", "1 hour", "1 hour");
        UUID call = callOf(charlesTalks());

        tasks.complete(taskOf(call).getId(), Map.of("wrapUpRequested", true));

        assertThat(taskOf(call).getName()).isEqualTo("Wrap up");
        assertThat(charles.status()).isEqualTo("busy");
        charles.wrapsUp(call.toString(), "resolved");
        charlesEndsATalk();
        assertThat(charles.status()).isEqualTo("available");
    }

    @Test
    void whereWrapUpIsNotTheAgentsChoiceAskingForItIsRefused() {
        setMode("mandatory", "1 hour", "1 hour");
        UUID call = callOf(charlesTalks());

        JsonNode problem = asks(charles, call).refusal(409);

        assertThat(problem.get("detail").asText()).contains("mandatory");
        assertThat(problem.get("remedy").asText()).contains("agent_requested");
        charles.ends(call.toString());
    }

    @Test
    void aQueueKnowsItsOwnDispositionsAndNoOthers() {
        jdbc.sql("UPDATE queue SET dispositions = '{sold,notInterested}'").update();
        String call = charlesEndsATalk();
        assertThat(wrapUpOf(call).get("dispositions"))
                .extracting(JsonNode::asText)
                .containsExactly("sold", "notInterested");
        Task task = taskOf(UUID.fromString(call));
        assertThat(tasks.getVariable(task.getId(), "dispositions")).isEqualTo("sold,notInterested");

        JsonNode problem = charles.http()
                .post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "resolved"))
                .refusal(422);
        assertThat(problem.get("remedy").asText()).contains("sold, notInterested");
        assertThatThrownBy(() -> tasks.complete(task.getId(), Map.of("disposition", "resolved")))
                .isInstanceOf(BadUserRequestException.class)
                .hasMessageContaining("sold, notInterested");
        assertThat(charles.status()).isEqualTo("busy");

        charles.http()
                .post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "sold"))
                .ok();
        assertThat(column(UUID.fromString(call), "disposition")).isEqualTo("sold");
    }

    /** A summary may be there before the agent writes anything; what they complete counts. */
    @Test
    void notesThatAreThereAlreadyAreKeptUnlessTheAgentWritesOthers() {
        String call = charlesEndsATalk();
        Task task = taskOf(UUID.fromString(call));
        runtime.setVariable(task.getProcessInstanceId(), "notes", "Caller wants the manual.");

        charles.http()
                .post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "resolved"))
                .ok();

        assertThat(charles.http().get("/v1/calls/" + call).ok().get("notes").findValuesAsText("text"))
                .containsExactly("Caller wants the manual.");
    }

    /** S1-33 · what an agent is after the call is up to the queue, save for somebody who went home meanwhile. */
    @Test
    void aQueueMaySayWhatItsAgentsAreAfterACall() {
        assertThat(afterACall("offline", "available")).isEqualTo("offline postWork");
        assertThat(afterACall("away", "available")).isEqualTo("away postWork");
        assertThat(afterACall("available", "away")).isEqualTo("available postWork");
        assertThat(afterACall("available", "offline")).isEqualTo("offline null");
    }

    private String afterACall(String postWork, String chosenMeanwhile) {
        jdbc.sql("UPDATE queue SET post_work_status = :status")
                .param("status", postWork)
                .update();
        UUID call = callOf(charlesTalks());
        charles.is(chosenMeanwhile);
        charles.ends(call.toString());
        charles.wrapsUp(call.toString(), "resolved");
        JsonNode agent = charles.http().get("/v1/agents/" + charles.id()).ok();
        return agent.get("status").asText() + " " + agent.path("status_reason").asText("null");
    }

    /**
     * S1-41 · whatever the mode, whatever becomes of the timers, and though nobody ever writes up: no agent wraps up for
     * longer than the limit and two seconds.
     */
    @Test
    void noAgentStaysInWrapUpPastTheHardLimit() throws Exception {
        Random random = new Random(20261128);
        Map<UUID, AgentAtWork> agents = Map.of(
                UUID.fromString(charles.id()), charles,
                UUID.fromString(edith.id()), edith,
                UUID.fromString(dave.id()), dave);
        agents.values().forEach(agent -> agent.is("available"));
        AtomicInteger broken = new AtomicInteger();
        jdbc.sql(
                        "UPDATE queue SET wrap_up_timeout = interval '400 milliseconds', wrap_up_limit = interval '800 milliseconds'")
                .update();
        inTurns(ROUNDS, agents.size(), round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            UUID call = callOf(caller);
            AgentAtWork agent = agents.get(await().atMost(PATIENCE)
                    .until(
                            () -> jdbc.sql("SELECT agent_id FROM reservation WHERE call_id = :c AND state = 'pending'")
                                    .param("c", call)
                                    .query(UUID.class)
                                    .optional()
                                    .orElse(null),
                            Objects::nonNull));
            agent.accepts(agent.pending().get(0)).ok();
            caller.talks();
            jdbc.sql("UPDATE queue SET wrap_up_mode = :mode")
                    .param("mode", MODES.get(round % MODES.size()))
                    .update();
            if (random.nextBoolean()) {
                agent.http().put("/v1/calls/" + call + "/wrap-up-request", null);
            }
            caller.hangsUp();
            if (random.nextBoolean()) {
                broken.addAndGet(breakTimers(call));
            }
            Instant begun = Instant.now();
            await().atMost(PATIENCE).until(() -> agent.status().equals("available"));
            assertThat(Duration.between(begun, Instant.now()))
                    .as("round %d", round)
                    .isLessThan(Duration.ofMillis(800 + 2_000));
        });
        System.out.printf("%d wrap-ups nobody finished, %d timers broken%n", ROUNDS, broken.get());
        assertThat(meters.get("cordboard.wrapups.stuck").gauge().value()).isZero();
    }

    private int breakTimers(UUID call) {
        await().atMost(PATIENCE).until(() -> List.of("wrapping", "ended").contains(column(call, "state")));
        return jdbc.sql(
                        """
                        DELETE FROM act_ru_job WHERE process_instance_id_ IN (
                            SELECT proc_inst_id_ FROM act_ru_execution WHERE business_key_ = :call)""")
                .param("call", call.toString())
                .update();
    }

    private void setMode(String mode, String timeout, String limit) {
        jdbc.sql(
                        """
                        UPDATE queue SET wrap_up_mode = :mode, wrap_up_timeout = CAST(:timeout AS interval),
                                         wrap_up_limit = CAST(:limit AS interval)""")
                .param("mode", mode)
                .param("timeout", timeout)
                .param("limit", limit)
                .update();
    }

    private Caller charlesTalks() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.takesTheNextCall();
        return caller.talks();
    }

    private String charlesEndsATalk() {
        String call = callOf(charlesTalks()).toString();
        charles.ends(call);
        return call;
    }

    private static void staysBusy() {
        await().during(LONGER_THAN_THE_TIMEOUT).atMost(PATIENCE).until(() -> charles.status()
                .equals("busy"));
    }

    private static Answer asks(AgentAtWork agent, UUID call) {
        return agent.http().put("/v1/calls/" + call + "/wrap-up-request", null);
    }

    private Task taskOf(UUID call) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(call.toString())
                .taskAssignee("charles")
                .singleResult();
    }

    private static JsonNode wrapUpOf(String call) {
        return sam.get("/v1/calls/" + call).ok().get("wrap_up");
    }

    private List<String> told(String call) {
        return jdbc.sql("SELECT type FROM event_log WHERE call_id = CAST(:call AS uuid) ORDER BY id")
                .param("call", call)
                .query(String.class)
                .list();
    }
}
