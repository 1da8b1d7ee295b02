package io.cordboard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The whole way of a call on the running application: real PostgreSQL, the genuine SDK, signed webhooks over HTTP. */
class InboundCallScenarioTests extends ScenarioTest {

    /** S1-01, S1-02, S1-04, S1-15, S1-16, S1-18, S1-25, S1-31, S1-32, S1-37 · the main way, to the end. */
    @Test
    void anAgentAcceptsTalksAndWrapsUp() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").hears("Press 1 for support");
        caller.hears("Welcome to Support. I will put you on hold while I find you an agent.")
                .hears("music");

        JsonNode offer = charles.isOfferedACall();
        assertThat(offer.get("caller").asText())
                .isEqualTo(caller.state().get("from").asText());
        assertThat(charles.status()).isEqualTo("ringing");
        charles.accepts(offer).ok();

        caller.talks();
        UUID call = callOf(caller);
        assertThat(charles.status()).isEqualTo("busy");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(column(call, "conference_state"))
                .isEqualTo("in-progress"));

        charles.ends(call.toString());
        caller.isIn("ended");
        assertThat(charles.status()).isEqualTo("busy");
        charles.wrapsUp(call.toString(), "resolved");

        assertThat(endOf(call)).isEqualTo("endedByAgent");
        assertThat(charles.status()).isEqualTo("available");
        assertThat(column(call, "disposition")).isEqualTo("resolved");
        assertThat(reservations(call)).containsExactly("charles completed");
    }

    /** S1-03 · the next available agent is asked. */
    @Test
    void offersToTheNextAgentWhenTheFirstRejects() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        edith.is("available");
        charles.rejects(offer, "lunch").ok();

        String call = edith.takesTheNextCall();
        caller.talks();
        assertThat(charles.status()).isEqualTo("available");
        assertThat(reservations(UUID.fromString(call))).containsExactly("charles rejected", "edith accepted");
        caller.hangsUp();
        edith.wrapsUp(call, "other");
        edith.becomes("available");
    }

    /** S1-11, S1-26, S1-35, S1-36 · the agent who does not answer becomes away, another one is asked, both stay listed. */
    @Test
    void offersToTheNextAgentWhenTheFirstDoesNotAnswer() {
        setQueues("700 milliseconds", "5 minutes", "60 seconds");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        setQueues("10 seconds", "5 minutes", "60 seconds");
        edith.is("available");

        String call = edith.takesTheNextCall();
        caller.talks();
        assertThat(charles.status()).isEqualTo("away");
        assertThat(reservations(UUID.fromString(call))).containsExactly("charles timeout", "edith accepted");
        caller.hangsUp();
        edith.wrapsUp(call, "other");
    }

    /** S1-46 · nobody within the maximum wait: voicemail, and a follow-up task. */
    @Test
    void takesAMessageWhenNobodyIsThere() {
        setQueues("10 seconds", "1 second", "60 seconds");
        Caller caller = someoneDials(NUMBER, "press 2", "say Please call me back about my order.");
        caller.hears("Please leave a message");
        caller.hears("We will call you back").isIn("ended");

        UUID call = callOf(caller);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(jdbc.sql(
                                "SELECT a.username || ': ' || v.transcription FROM voicemail v JOIN agent a ON a.id = v.agent_id WHERE call_id = :call")
                        .param("call", call)
                        .query(String.class)
                        .optional())
                .contains("dave: Please call me back about my order."));
        assertThat(column(call, "state")).isEqualTo("follow_up");

        String task = dave.http()
                .get("/engine-rest/task?processInstanceBusinessKey=" + call)
                .ok()
                .get(0)
                .get("id")
                .asText();
        Map<String, Object> form = Map.of(
                "outcome", Map.of("value", "calledBack", "type", "String"),
                "notes", Map.of("value", "Sent the order again.", "type", "String"));
        dave.http()
                .post("/engine-rest/task/" + task + "/complete", Map.of("variables", form))
                .ok();
        JsonNode note = dave.http().get("/v1/calls/" + call).ok().get("notes").get(0);
        assertThat(note.get("text").asText()).isEqualTo("Sent the order again.");
        assertThat(note.get("agent").asText()).as("who called back").isEqualTo("Dave");
        assertThat(column(call, "state")).isEqualTo("ended");
    }

    /** S1-47 · outside the opening hours: voicemail at once. */
    @Test
    void takesAMessageAtOnceWhenClosed() {
        charles.is("available");
        someoneDials(NIGHT_LINE, "say Good evening, it is urgent.")
                .hears("Please leave a message")
                .hears("We will call you back")
                .isIn("ended");
        assertThat(charles.pending()).isEmpty();
    }

    /** S1-18 · hanging up takes the caller out of the queue; the offer is withdrawn and the agent free. */
    @Test
    void hangingUpWhileRingingFreesTheAgent() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        caller.hangsUp();

        UUID call = callOf(caller);
        assertThat(endOf(call)).isEqualTo("callerHungUp");
        charles.becomes("available");
        assertThat(charles.pending()).isEmpty();
        assertThat(reservations(call)).containsExactly("charles canceled");
    }

    /** A choice nobody understands is explained twice; then the default queue serves the caller (S1-10). */
    @Test
    void aCallerWhoChoosesNothingIsServedByTheDefaultQueue() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 9", "press 8", "press 7")
                .hears("Valid keypress option is required.")
                .hears("Welcome to Support");
        charles.isOfferedACall();
        caller.hangsUp();
        charles.becomes("available");
    }

    /** S1-17 · a flow answers the numbers bound to it; a number of nobody is refused before it is answered. */
    @Test
    void aNumberOfNobodyIsRejected() {
        admin().put(
                        "/simulator/api/numbers/+15550100099",
                        java.util.Map.of(
                                "voiceUrl", "/webhooks/twilio/voice", "statusCallback", "/webhooks/twilio/status"))
                .ok();
        Caller caller = someoneDials("+15550100099").isIn("ended");
        assertThat(endOf(callOf(caller))).isEqualTo("numberUnassigned");
    }

    private List<String> reservations(UUID call) {
        return jdbc.sql(
                        "SELECT a.username || ' ' || r.state FROM reservation r JOIN agent a ON a.id = r.agent_id WHERE r.call_id = :call ORDER BY r.offered_at")
                .param("call", call)
                .query(String.class)
                .list();
    }
}
