package io.cordboard.conversation;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S1-48 · callers on hold hear music, and a held leg never leaks audio, in neither direction. */
class HoldScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SAMS_PHONE = "+15550104003";

    private Caller caller;
    private UUID call;
    private AgentPhone phone;

    @BeforeEach
    void charlesTalks() {
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        call = UUID.fromString(charles.takesTheNextCall());
        caller.talks();
        phone = line("agent");
        await().atMost(PATIENCE).until(() -> column(call, "state").equals("talking"));
    }

    @AfterEach
    void noFaults() {
        faults(List.of());
        jdbc.sql("DELETE FROM agent_address WHERE value = :phone")
                .param("phone", SAMS_PHONE)
                .update();
    }

    @Test
    void aHeldCallerHearsMusicAndNobodyHearsThem() {
        JsonNode asked = charles.http().post(hold(), null).ok();
        assertThat(asked.get("hold").asText()).isIn("holding", "held");
        isHeld();
        caller.hears("music");
        assertThat(caller.heard().get(caller.heard().size() - 1)).contains("music", ".wav");

        assertThat(says(caller.sid(), "what are they saying about me?")).isFalse();
        assertThat(says(phone.sid(), "this one is difficult")).isFalse();
        assertThat(phone.heard()).doesNotContain("what are they saying about me?");
        assertThat(caller.heard()).noneMatch(line -> line.contains("difficult"));

        charles.http().post("/v1/calls/" + call + "/unhold", null).ok();
        talkAgain();
        assertThat(says(caller.sid(), "there you are")).isTrue();
        assertThat(says(phone.sid(), "thank you for holding")).isTrue();
        assertThat(phone.heard()).contains("there you are");
        assertThat(caller.heard()).contains("voice thank you for holding");
        assertThat(events()).containsSubsequence("call.connected", "call.held", "call.resumed");
        assertThat(column(call, "state")).isEqualTo("talking");
    }

    /** Whoever listens in hears what is said in the conference, and who is on hold is not in it. */
    @Test
    void aSupervisorWhoListensDoesNotHearTheHeldCallerEither() {
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'tel', :phone FROM agent
                         WHERE username = 'sam' AND deleted_at IS NULL""")
                .param("phone", SAMS_PHONE)
                .update();
        charles.http().post(hold(), null).ok();
        isHeld();
        int heardBefore = caller.heard().size();
        sam.post("/v1/calls/" + call + "/listeners", Map.of("mode", "barge")).ok();
        await().atMost(PATIENCE).until(() -> lines("listener") == 1);
        AgentPhone listener = line("listener").isIn("conference");
        await().atMost(PATIENCE).until(() -> says(listener.sid(), "Sam here"));

        says(caller.sid(), "my card number is");
        says(phone.sid(), "he is still on hold");

        assertThat(listener.heard()).contains("he is still on hold").doesNotContain("my card number is");
        assertThat(phone.heard()).contains("Sam here").doesNotContain("my card number is");
        assertThat(caller.heard().stream().skip(heardBefore))
                .noneMatch(
                        line -> line.contains("Sam here") || line.contains("still on hold") || line.contains("joined"));

        charles.http().post("/v1/calls/" + call + "/unhold", null).ok();
        talkAgain();
        says(caller.sid(), "hello again");
        assertThat(listener.heard()).contains("hello again");
    }

    @Test
    void aSecondTimeChangesNothingAndOfManyAtOnceTheLastCounts() {
        together(() -> charles.http().post(hold(), null), () -> sam.post(hold(), null))
                .forEach(Answer::ok);
        isHeld();
        charles.http().post(hold(), null).ok();
        assertThat(column(call, "hold_number")).isEqualTo("1");

        for (int i = 0; i < 3; i++) {
            charles.http().post("/v1/calls/" + call + "/unhold", null).ok();
            charles.http().post("/v1/calls/" + call + "/unhold", null).ok();
            charles.http().post(hold(), null).ok();
        }
        isHeld();
        assertThat(column(call, "hold_number")).isEqualTo("7");
        assertThat(says(phone.sid(), "still on hold?")).isFalse();
    }

    @Test
    void eitherSideMayHangUpMeanwhile() {
        charles.http().post(hold(), null).ok();
        isHeld();
        caller.hangsUp();
        phone.isIn("ended");
        await().atMost(PATIENCE).until(() -> column(call, "state").equals("wrapping"));
        assertThat(charles.http().get("/v1/calls/" + call).ok().has("hold")).isFalse();
        assertThat(charles.http().post(hold(), null).refusal(409).get("detail").asText())
                .contains("hung up");
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("callerHungUp");

        charlesTalks();
        charles.http().post(hold(), null).ok();
        isHeld();
        phone.hangsUp();
        caller.isIn("ended");
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("agentHungUp");

        charlesTalks();
        together(() -> charles.http().post(hold(), null), () -> charles.http()
                .post("/v1/calls/" + call + "/end", Map.of()));
        caller.isIn("ended");
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
    }

    /** An agent who believes to be unheard must be. */
    @Test
    void aCallerWhomTheCarrierDoesNotHoldIsNotSaidToBeHeld() {
        faults(List.of(Map.of("on", "rest:participants.update", "fault", "error", "status", 400, "next", 1)));
        charles.http().post(hold(), null).ok();
        await().atMost(PATIENCE).until(() -> events().contains("call.hold_failed"));
        assertThat(sam.get("/v1/calls/" + call).ok().has("hold")).isFalse();
        assertThat(says(phone.sid(), "can you hear me?")).isTrue();

        charles.http().post(hold(), null).ok();
        isHeld();
        assertThat(events()).containsOnlyOnce("call.held");
    }

    @Test
    void onlyWhoHandlesTheCallMayAndOnlyDuringTheTalk() {
        edith.http().post(hold(), null).refusal(404);
        UUID waiting = callOf(someoneDials(NUMBER, "press 1"));
        await().atMost(PATIENCE).until(() -> column(waiting, "state").equals("waiting"));
        assertThat(sam.post("/v1/calls/" + waiting + "/hold", null).refusal(409).toString())
                .contains("waits in a queue", "while the agent of the call talks");
    }

    private String hold() {
        return "/v1/calls/" + call + "/hold";
    }

    private void isHeld() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(charles.http()
                        .get("/v1/calls/" + call)
                        .ok()
                        .at("/hold/state")
                        .asText())
                .isEqualTo("held"));
    }

    private void talkAgain() {
        Http http = charles.http();
        await().atMost(PATIENCE).until(() -> !http.get("/v1/calls/" + call).ok().has("hold"));
    }

    private AgentPhone line(String kind) {
        return new AgentPhone(
                admin(),
                jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = :kind"
                                + " AND provider_leg_id IS NOT NULL ORDER BY started_at DESC LIMIT 1")
                        .param("call", call)
                        .param("kind", kind)
                        .query(String.class)
                        .single());
    }

    private int lines(String kind) {
        return jdbc.sql("SELECT count(*) FROM call_leg WHERE call_id = :call AND kind = :kind AND state = 'live'")
                .param("call", call)
                .param("kind", kind)
                .query(Integer.class)
                .single();
    }

    private List<String> events() {
        return jdbc.sql("SELECT type FROM event_log WHERE call_id = :call ORDER BY id")
                .param("call", call)
                .query(String.class)
                .list();
    }

    /** @return whether anybody heard it */
    private boolean says(String sid, String text) {
        return admin().post("/simulator/api/calls/" + sid + "/speech", Map.of("text", text))
                .ok()
                .get("noticed")
                .asBoolean();
    }

    private void faults(List<?> rules) {
        admin().put("/simulator/api/faults", Map.of("seed", 1, "rules", rules)).ok();
    }
}
