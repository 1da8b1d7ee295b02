package io.cordboard.routing.web;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/agents/{id}/release}: whatever holds an agent, a supervisor frees them at once, and no caller is lost. */
class ReleaseScenarioTests extends ScenarioTest {

    private static final String CHARLES_PHONE = "+15550102001";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int RACES = 24;
    private static final int AT_ONCE = 3;

    @AfterEach
    void phonesAreAnswered() {
        AgentPhone.behaves(admin(), CHARLES_PHONE, "answer", 600);
    }

    @Test
    void anOfferGoesToTheNextAgentAndTheCallerKeepsThePlace() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        OffsetDateTime entered = entered(callOf(caller));
        edith.is("available");

        JsonNode released = release(charles, null).ok();

        assertThat(released.get("released").asText()).isEqualTo("offer");
        assertThat(released.get("call_id")).isEqualTo(offer.get("call_id"));
        assertThat(charles.status()).isEqualTo("available");
        assertThat(charles.accepts(offer).refusal(409).get("detail").asText()).contains("rejected already");
        assertThat(edith.isOfferedACall().get("call_id")).isEqualTo(offer.get("call_id"));
        assertThat(entered(callOf(caller))).isEqualTo(entered);
        assertThat(audited(charles)).isEqualTo("sam 200");
        assertThat(told(charles)).containsExactly("sam offer");
        edith.accepts(edith.pending().get(0)).ok();
        caller.talks();
    }

    /** Charles accepted, and nobody picks up his phone. */
    @Test
    void phonesThatRingStopAndTheCallerKeepsThePlace() {
        AgentPhone.behaves(admin(), CHARLES_PHONE, "manual", 0);
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        JsonNode offer = charles.isOfferedACall();
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        charles.accepts(offer).ok();
        UUID call = callOf(caller);
        OffsetDateTime entered = entered(call);
        AgentPhone phone = phoneOfAgent(call).rings();
        edith.is("available");

        assertThat(release(charles, null).ok().get("released").asText()).isEqualTo("phones");

        assertThat(phone.isIn("ended").wasPickedUp()).isFalse();
        assertThat(charles.status()).isEqualTo("away");
        assertThat(edith.takesTheNextCall()).isEqualTo(call.toString());
        assertThat(entered(call)).isEqualTo(entered);
        caller.talks();
    }

    @Test
    void wrapUpIsOver() {
        Caller caller = charlesTalks();
        String call = callOf(caller).toString();
        charles.ends(call);

        assertThat(release(charles, Map.of()).ok().get("released").asText()).isEqualTo("wrap_up");

        assertThat(charles.status()).isEqualTo("available");
        assertThat(endOf(UUID.fromString(call))).isEqualTo("endedByAgent");
        assertThat(release(charles, null).refusal(409).get("detail").asText()).contains("Charles is free already");
    }

    @Test
    void aTalkEndsOnlyWhenThatIsWanted() {
        Caller caller = charlesTalks();
        UUID call = callOf(caller);

        JsonNode problem = release(charles, Map.of("end_call", false)).refusal(409);
        assertThat(problem.get("detail").asText()).contains(call.toString());
        assertThat(problem.get("remedy").asText()).contains("\"end_call\": true");
        assertThat(caller.talks().state().get("talkingWith")).hasSize(1);

        JsonNode released = release(charles, Map.of("end_call", true)).ok();
        assertThat(released.get("released").asText()).isEqualTo("call");
        assertThat(charles.status()).isEqualTo("available");
        caller.isIn("ended");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
    }

    @Test
    void aStatusThatNothingHoldsIsMended() {
        charles.is("away");
        jdbc.sql(
                        "UPDATE agent SET engaged = 'wrapping', engaged_until = now() + interval '1 hour' WHERE username = 'charles'")
                .update();

        JsonNode released = release(charles, null).ok();

        assertThat(released.get("released").asText()).isEqualTo("nothing");
        assertThat(released.has("call_id")).isFalse();
        assertThat(charles.status()).isEqualTo("away");
    }

    /**
     * Two supervisors release, the agent accepts, and in every third round the offer lapses at that moment: somebody is
     * the first, everybody is told what became of it, and the caller is with an agent or in the queue.
     */
    @Test
    void releasesMeetAnAcceptAndTheTimer() throws Exception {
        setQueues("1 second", "5 minutes", "60 seconds");
        Map<UUID, AgentAtWork> agents = Map.of(
                UUID.fromString(charles.id()), charles,
                UUID.fromString(edith.id()), edith,
                UUID.fromString(dave.id()), dave);
        agents.values().forEach(agent -> agent.is("available"));
        Random random = new Random(20261125);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger releasedOnce = new AtomicInteger();
        inTurns(RACES, AT_ONCE, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            UUID call = callOf(caller);
            Offer offer = offerOf(call);
            AgentAtWork agent = agents.get(offer.agent);
            Instant moment = round % 3 == 0 ? offer.expiresAt.plusMillis(random.nextInt(15)) : Instant.now();

            List<Answer> answers = together(
                    () -> at(moment, () -> release(agent, null)),
                    () -> at(moment, () -> release(agent, null)),
                    () -> at(moment.minusMillis(random.nextInt(10)), () -> agent.http()
                            .post("/v1/reservations/" + offer.id + "/accept", null)));

            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 409));
            accepted.addAndGet(answers.get(2).isOk() ? 1 : 0);
            releasedOnce.addAndGet(answers.get(0).isOk() != answers.get(1).isOk() ? 1 : 0);
            if (!answers.get(0).isOk() && !answers.get(1).isOk()) {
                assertThat(stateOf(offer.id)).as("an offer nobody released").isNotEqualTo("pending");
            }
            nobodyHasTwoStates();
            nobodyIsLost(call);
            caller.hangsUp();
            await().atMost(PATIENCE).until(() -> !column(call, "ended_at").equals("null"));
            agents.values().forEach(one -> wrapUp(one, call));
            endOf(call);
            agents.values().stream().filter(one -> one.status().equals("away")).forEach(one -> one.is("available"));
        });
        System.out.printf(
                "%d of %d offers were accepted in the race, %d released exactly once%n",
                accepted.get(), RACES, releasedOnce.get());
        assertThat(accepted.get()).as("accepts that were first").isBetween(1, RACES - 1);
        assertThat(releasedOnce.get()).isPositive();
        await("everybody is free").atMost(PATIENCE).until(() -> agents.values().stream()
                .noneMatch(agent -> List.of("busy", "ringing").contains(agent.status())));
    }

    /** In one look of the database: what an agent does is what their open reservation says. */
    private void nobodyHasTwoStates() {
        assertThat(jdbc.sql(
                                """
                                SELECT a.username || ' ' || coalesce(a.engaged, 'free') || ' but ' || coalesce(r.state, 'nothing')
                                  FROM agent a
                                  LEFT JOIN reservation r ON r.agent_id = a.id AND r.state IN ('pending', 'accepted', 'wrapping')
                                 WHERE a.engaged IS DISTINCT FROM
                                       CASE r.state WHEN 'pending' THEN 'ringing' WHEN 'accepted' THEN 'busy'
                                                    WHEN 'wrapping' THEN 'wrapping' END""")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private void nobodyIsLost(UUID call) {
        assertThat(jdbc.sql(
                                """
                                SELECT EXISTS (SELECT FROM act_ru_execution x WHERE x.id_ = c.process_instance_id)
                                       AND (EXISTS (SELECT FROM queue_entry e WHERE e.call_id = c.id AND e.left_at IS NULL)
                                            OR EXISTS (SELECT FROM reservation r WHERE r.call_id = c.id
                                                          AND r.state IN ('pending', 'accepted', 'wrapping')))
                                  FROM call c WHERE c.id = :call AND c.ended_at IS NULL""")
                        .param("call", call)
                        .query(Boolean.class)
                        .single())
                .as("the caller waits or is with an agent")
                .isTrue();
    }

    private void wrapUp(AgentAtWork agent, UUID call) {
        if (column(call, "agent_id").equals(agent.id()) && column(call, "state").equals("wrapping")) {
            agent.wrapsUp(call.toString(), "other");
        }
    }

    private static Answer at(Instant moment, Supplier<Answer> what) {
        long left;
        while ((left = Duration.between(Instant.now(), moment).toNanos()) > 0) {
            LockSupport.parkNanos(left);
        }
        return what.get();
    }

    private Caller charlesTalks() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.takesTheNextCall();
        return caller.talks();
    }

    private Answer release(AgentAtWork agent, Object body) {
        return sam.post("/v1/agents/" + agent.id() + "/release", body);
    }

    /** Since when the caller has the place in the queue. */
    private OffsetDateTime entered(UUID call) {
        return jdbc.sql("SELECT entered_at FROM queue_entry WHERE call_id = :call ORDER BY id DESC LIMIT 1")
                .param("call", call)
                .query(OffsetDateTime.class)
                .single();
    }

    private String audited(AgentAtWork agent) {
        return jdbc.sql(
                        "SELECT username || ' ' || status FROM audit_log WHERE action = :action ORDER BY id DESC LIMIT 1")
                .param("action", "POST /v1/agents/" + agent.id() + "/release")
                .query(String.class)
                .single();
    }

    private List<String> told(AgentAtWork agent) {
        return jdbc.sql(
                        """
                        SELECT (data ->> 'by') || ' ' || (data ->> 'released') FROM event_log
                         WHERE type = 'agent.released' AND agent_id = CAST(:agent AS uuid) ORDER BY id DESC LIMIT 1""")
                .param("agent", agent.id())
                .query(String.class)
                .list();
    }

    private Offer offerOf(UUID call) {
        return await("an offer")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> jdbc.sql(
                                        "SELECT id, agent_id, expires_at FROM reservation WHERE call_id = :call AND state = 'pending'")
                                .param("call", call)
                                .query((row, n) -> new Offer(
                                        row.getObject("id", UUID.class),
                                        row.getObject("agent_id", UUID.class),
                                        row.getObject("expires_at", OffsetDateTime.class)
                                                .toInstant()))
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private String stateOf(UUID reservation) {
        return jdbc.sql("SELECT state FROM reservation WHERE id = :id")
                .param("id", reservation)
                .query(String.class)
                .single();
    }

    private record Offer(UUID id, UUID agent, Instant expiresAt) {}
}
