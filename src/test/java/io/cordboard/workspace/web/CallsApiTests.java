package io.cordboard.workspace.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@code GET /v1/calls} and what is told of one call. */
class CallsApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** S1-34 · a task is pending, reserved, assigned, wrapping and completed. S1-38 · its conference is in progress, then completed. */
    @Test
    void aCallTellsHowFarItIs() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        String call = callOf(caller).toString();
        becomes(call, "waiting", "pending");

        charles.is("available");
        JsonNode offer = charles.isOfferedACall();
        becomes(call, "waiting", "reserved");

        charles.accepts(offer).ok();
        caller.talks();
        becomes(call, "talking", "assigned");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(seen(call).at("/conference/state").asText()).isEqualTo("in-progress"));

        charles.ends(call);
        becomes(call, "wrapping", "wrapping");
        charles.wrapsUp(call, "resolved");
        becomes(call, "ended", "completed");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(seen(call).at("/conference/state").asText()).isEqualTo("completed"));
        assertThat(seen(call).get("outcome").asText()).isEqualTo("endedByAgent");
        assertThat(seen(call).get("disposition").asText()).isEqualTo("resolved");
    }

    /**
     * S1-35, S1-36, S1-40 · a call keeps everybody who was asked, with name and result; who comes back is asked anew. S1-37 ·
     * and it tells the caller's number, the conference, and the carrier's ids of both lines.
     */
    @Test
    void aCallTellsEverythingThatHappened() {
        setQueues("700 milliseconds", "5 minutes", "60 seconds");
        dave.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = callOf(caller).toString();
        dave.becomes("away");
        setQueues("10 seconds", "5 minutes", "60 seconds");
        jdbc.sql("UPDATE reservation SET ended_at = ended_at - interval '1 minute' WHERE call_id = CAST(:call AS uuid)")
                .param("call", call)
                .update();
        dave.is("available");
        dave.takesTheNextCall();
        caller.talks();
        caller.hangsUp();
        dave.wrapsUp(call, "callBack");

        JsonNode file = seenByDave(call);
        assertThat(file.get("from").asText())
                .isEqualTo(caller.state().get("from").asText());
        assertThat(file.get("to").asText()).isEqualTo(NUMBER);
        assertThat(file.get("queue").asText()).isEqualTo("support");
        assertThat(file.get("agent").asText()).isEqualTo("Dave");
        assertThat(file.get("task_status").asText()).isEqualTo("completed");
        assertThat(file.at("/conference/id").asText()).startsWith("CF");

        assertThat(file.get("reservations").findValuesAsText("status")).containsExactly("timeout", "completed");
        assertThat(file.get("reservations").findValuesAsText("agent")).containsExactly("Dave", "Dave");
        assertThat(file.get("reservations").findValuesAsText("id")).doesNotHaveDuplicates();

        assertThat(file.get("legs").findValuesAsText("kind")).containsExactly("caller", "agent");
        assertThat(file.get("legs").findValuesAsText("provider_id"))
                .hasSize(2)
                .startsWith(caller.sid())
                .allMatch(sid -> sid.startsWith("CA"));
        assertThat(file.get("legs").findValuesAsText("address")).contains("+15550102003");
        assertThat(file.get("legs").findValuesAsText("state")).containsOnly("ended");

        assertThat(file.get("steps").findValuesAsText("element"))
                .containsSubsequence(
                        "startEvent_callReceived",
                        "receiveTask_askForDepartment",
                        "userTask_acceptCall",
                        "userTask_acceptCall",
                        "receiveTask_ringAgent",
                        "userTask_handleCall",
                        "userTask_wrapUp");
        assertThat(file.get("steps")).allSatisfy(step -> assertThat(
                        Instant.parse(step.get("started_at").asText()))
                .isBeforeOrEqualTo(Instant.parse(step.get("ended_at").asText())));

        assertThat(file.get("events").findValuesAsText("kind"))
                .contains("reservation.created", "reservation.timeout", "reservation.accepted", "call.connected")
                .contains("call.ended");
        assertThat(file.get("events").findValuesAsText("at")).isSorted();
        assertThat(file.get("notes").findValuesAsText("text")).containsExactly("All done.");
    }

    @Test
    void theDiagramsShowWhereACallIs() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        String call = callOf(caller).toString();
        JsonNode diagrams = sam.get("/v1/calls/" + call + "/diagrams").ok();

        assertThat(diagrams.findValuesAsText("process")).contains("inbound-call", "queue-reservation");
        JsonNode queue = null;
        for (JsonNode diagram : diagrams) {
            queue = diagram.get("process").asText().equals("queue-reservation") ? diagram : queue;
        }
        assertThat(queue.get("active")).extracting(JsonNode::asText).containsExactly("receiveTask_awaitAgent");
        assertThat(queue.get("bpmn_xml").asText()).contains("receiveTask_awaitAgent");
        assertThat(queue.get("visited").findValuesAsText("element")).contains("serviceTask_enterQueue");
        caller.hangsUp();
    }

    @Test
    void theListIsReadPieceByPieceNewestFirst() {
        String newest = "";
        for (int i = 0; i < 3; i++) {
            UUID call = callOf(someoneDials(NUMBER).hangsUp());
            endOf(call);
            newest = call.toString();
        }

        JsonNode first = sam.get("/v1/calls?open=false&limit=1").ok();
        assertThat(first.get("items").findValuesAsText("id")).containsExactly(newest);
        assertThat(first.get("next").asText()).isEqualTo(newest);
        JsonNode second =
                sam.get("/v1/calls?open=false&limit=2&cursor=" + newest).ok();
        assertThat(second.get("items").findValuesAsText("id")).hasSize(2).doesNotContain(newest);
        assertThat(second.get("items").findValuesAsText("started_at")).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void aCallIsFoundByTheIdOfItsCarrier() {
        Caller caller = someoneDials(NUMBER).isIn("gathering");
        UUID call = callOf(caller);
        assertThat(ids("/v1/calls?carrier_call=" + caller.sid())).containsExactly(call.toString());
        assertThat(ids("/v1/calls?open=true")).contains(call.toString());
        caller.hangsUp();
        endOf(call);
        assertThat(ids("/v1/calls?open=true")).doesNotContain(call.toString());
        assertThat(ids("/v1/calls?carrier_call=CA00")).isEmpty();
    }

    @Test
    void agentsSeeOnlyTheCallsTheyHadAPartIn() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.isOfferedACall().get("call_id").asText();

        assertThat(charles.http().get("/v1/calls?open=true").ok().findValuesAsText("id"))
                .contains(call);
        assertThat(edith.http().get("/v1/calls").ok().findValuesAsText("id")).doesNotContain(call);
        assertThat(edith.http()
                        .get("/v1/calls/" + call)
                        .refusal(404)
                        .get("remedy")
                        .asText())
                .contains("GET /v1/calls");
        edith.http().get("/v1/calls/" + call + "/diagrams").refusal(404);
        sam.get("/v1/calls/" + call).ok();
        caller.hangsUp();
    }

    @Test
    void anUnknownCallIsNotFoundAndAWrongCursorSaidToBeOne() {
        UUID nothing = UUID.randomUUID();
        assertThat(charles.http()
                        .get("/v1/calls/" + nothing)
                        .refusal(404)
                        .get("detail")
                        .asText())
                .contains(nothing.toString());
        assertThat(charles.http()
                        .get("/v1/calls?cursor=nonsense")
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("cursor");
        assertThat(charles.http()
                        .get("/v1/calls?cursor=" + nothing)
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("cursor");
    }

    private void becomes(String call, String state, String taskStatus) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode now = seen(call);
            assertThat(now.get("state").asText()).isEqualTo(state);
            assertThat(now.get("task_status").asText()).isEqualTo(taskStatus);
        });
    }

    private JsonNode seen(String call) {
        return sam.get("/v1/calls/" + call).ok();
    }

    private JsonNode seenByDave(String call) {
        return await().atMost(PATIENCE)
                .until(
                        () -> dave.http().get("/v1/calls/" + call).ok(),
                        file -> file.get("state").asText().equals("ended")
                                && file.get("legs").findValuesAsText("state").stream()
                                        .allMatch("ended"::equals)
                                && !file.at("/conference/id").isMissingNode());
    }

    private List<String> ids(String path) {
        return sam.get(path).ok().get("items").findValuesAsText("id");
    }
}
