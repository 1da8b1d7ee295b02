package io.cordboard.conversation.web;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/calls/{id}/end}, {@code /notes} and {@code /wrap-up}. */
class HandleCallApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int RACES = 25;

    private Caller caller;

    /** S1-24, S1-27, S1-33 · everybody is disconnected; busy until the wrap-up, and then what the agent was before. */
    @Test
    void endingDisconnectsEverybodyAndWrappingUpFreesTheAgent() {
        String call = charlesTalks();
        assertThat(charles.status()).isEqualTo("busy");

        JsonNode ended = end(charles, call).ok();
        assertThat(ended.get("state").asText()).isEqualTo("wrapping");
        assertThat(ended.get("outcome").asText()).isEqualTo("endedByAgent");
        caller.isIn("ended");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(linesAtTheCarrier(call))
                .as("the lines of caller and agent")
                .hasSize(2)
                .containsOnly("ended"));
        assertThat(charles.status()).isEqualTo("busy");

        JsonNode done = wrapUp(charles, call).ok();
        assertThat(done.get("state").asText()).isEqualTo("ended");
        assertThat(charles.status()).isEqualTo("available");
    }

    /** S1-28 · nobody is stuck in wrap-up: when its time is up it is closed, and the agent free. */
    @Test
    void theWrapUpEndsByItself() {
        setQueues("10 seconds", "5 minutes", "1 second");
        String call = charlesTalks();
        end(charles, call).ok();

        charles.becomes("available");
        assertThat(endOf(UUID.fromString(call))).isEqualTo("endedByAgent");
        assertThat(wrapUp(charles, call).refusal(409).get("detail").asText()).contains("it is over");
    }

    /** S1-24 · a status chosen during the call counts after it. */
    @Test
    void aStatusChosenDuringTheCallCountsAfterIt() {
        String call = charlesTalks();
        charles.is("away");
        assertThat(charles.status()).isEqualTo("busy");
        end(charles, call).ok();
        wrapUp(charles, call).ok();
        assertThat(charles.status()).isEqualTo("away");
    }

    @Test
    void notesAreKeptDuringAndAfterTheCall() {
        String call = charlesTalks();
        note(charles, call, "Wants the manual.").ok();
        charles.http()
                .post("/v1/calls/" + call + "/end", Map.of("notes", "Sent the manual."))
                .ok();
        charles.http()
                .post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "resolved", "notes", "All fine."))
                .ok();
        note(charles, call, "Called again, was happy.").ok();

        JsonNode file = charles.http().get("/v1/calls/" + call).ok();
        assertThat(file.get("notes").findValuesAsText("text"))
                .containsExactly("Wants the manual.", "Sent the manual.", "All fine.", "Called again, was happy.");
        assertThat(file.get("notes").findValuesAsText("agent")).containsOnly("Charles");
        assertThat(file.get("disposition").asText()).isEqualTo("resolved");
    }

    @Test
    void whatDoesNotFitTheMomentIsToldSo() {
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        String call = offer.get("call_id").asText();
        end(charles, call).refusal(404);
        charles.accepts(offer).ok();
        caller.talks();

        assertThat(wrapUp(charles, call).refusal(409).get("detail").asText()).contains("agent and caller are talking");
        end(charles, call).ok();
        assertThat(end(charles, call).refusal(409).get("detail").asText()).contains("it is being wrapped up");
        wrapUp(charles, call).ok();
        assertThat(end(charles, call).refusal(409).get("detail").asText()).contains("it is over");
    }

    @Test
    void theCallOfAColleagueIsNotMineButASupervisorMayHelp() {
        String call = charlesTalks();
        end(edith, call).refusal(404);
        wrapUp(edith, call).refusal(404);
        note(edith, call, "I was here").refusal(404);
        assertThat(end(charles, UUID.randomUUID().toString())
                        .refusal(404)
                        .get("remedy")
                        .asText())
                .contains("GET /v1/calls");

        sam.post("/v1/calls/" + call + "/end", null).ok();
        sam.post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "other"))
                .ok();
        charles.becomes("available");
    }

    @Test
    void whatCannotBeKeptIsRefusedWithTheField() {
        String call = charlesTalks();
        String tooLong = "x".repeat(4001);
        assertThat(field(note(charles, call, tooLong))).isEqualTo("text");
        assertThat(field(note(charles, call, "  "))).isEqualTo("text");
        assertThat(field(charles.http().post("/v1/calls/" + call + "/end", Map.of("notes", tooLong))))
                .isEqualTo("notes");
        assertThat(field(charles.http().post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "not one word"))))
                .isEqualTo("disposition");
        assertThat(field(charles.http().post("/v1/calls/" + call + "/wrap-up", Map.of())))
                .isEqualTo("disposition");
        note(charles, call, "x".repeat(4000)).ok();
        note(charles, call, "Grüße 👋 漢字").ok();

        assertThat(charles.http().get("/v1/calls/" + call).ok().get("notes").findValuesAsText("text"))
                .containsExactly("x".repeat(4000), "Grüße 👋 漢字");
    }

    /** Two windows, or an agent and a caller who hang up at once: exactly one ends the talk, and one the wrap-up. */
    @Test
    void ofTwoWhoEndACallAtOnceOneWins() {
        for (int i = 0; i < RACES; i++) {
            String call = charlesTalks();
            boolean callerToo = i % 2 == 1;
            List<Answer> ends = together(() -> end(charles, call), callerToo ? hangUp() : () -> end(charles, call));
            if (callerToo) {
                Answer agents = ends.get(0);
                if (!agents.isOk()) {
                    assertThat(agents.refusal(409).get("detail").asText()).contains("wrapped up");
                }
                await().atMost(PATIENCE)
                        .until(() -> column(UUID.fromString(call), "state").equals("wrapping"));
                assertThat(column(UUID.fromString(call), "end_reason").equals("endedByAgent"))
                        .isEqualTo(agents.isOk());
            } else {
                oneWins(ends, "wrapped up");
            }
            oneWins(together(() -> wrapUp(charles, call), () -> wrapUp(charles, call)), "it is over");

            assertThat(charles.status()).isEqualTo("available");
            endOf(UUID.fromString(call));
            assertThat(reservationsCompleted(call)).isEqualTo(1);
        }
    }

    private static void oneWins(List<Answer> answers, String why) {
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        Answer loser = answers.get(answers.get(0).isOk() ? 1 : 0);
        assertThat(loser.refusal(409).get("detail").asText()).contains(why);
    }

    private Supplier<Answer> hangUp() {
        return () -> {
            caller.hangsUp();
            return null;
        };
    }

    private String charlesTalks() {
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        return call;
    }

    private static Answer end(AgentAtWork agent, String call) {
        return agent.http().post("/v1/calls/" + call + "/end", null);
    }

    private static Answer wrapUp(AgentAtWork agent, String call) {
        return agent.http().post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "resolved"));
    }

    private static Answer note(AgentAtWork agent, String call, String text) {
        return agent.http().post("/v1/calls/" + call + "/notes", Map.of("text", text));
    }

    private static String field(Answer answer) {
        return answer.refusal(400).get("fields").get(0).get("field").asText();
    }

    private List<String> linesAtTheCarrier(String call) {
        return jdbc
                .sql("SELECT provider_leg_id FROM call_leg WHERE call_id = CAST(:call AS uuid)")
                .param("call", call)
                .query(String.class)
                .list()
                .stream()
                .map(sid -> admin().get("/simulator/api/calls/" + sid)
                        .ok()
                        .get("where")
                        .asText())
                .toList();
    }

    private int reservationsCompleted(String call) {
        return jdbc.sql("SELECT count(*) FROM event_log WHERE call_id = CAST(:call AS uuid)"
                        + " AND type = 'reservation.completed'")
                .param("call", call)
                .query(Integer.class)
                .single();
    }
}
