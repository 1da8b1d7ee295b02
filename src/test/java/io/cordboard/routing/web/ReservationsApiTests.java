package io.cordboard.routing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@code /v1/reservations}. */
class ReservationsApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** S1-31 · an offer tells the caller's number, its own id and that of the call. */
    @Test
    void anOfferTellsWhoCalls() {
        edith.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = edith.isOfferedACall();

        assertThat(offer.get("id").asText()).isNotBlank();
        assertThat(offer.get("call_id").asText()).isEqualTo(callOf(caller).toString());
        assertThat(offer.get("caller").asText())
                .isEqualTo(caller.state().get("from").asText());
        assertThat(offer.get("called").asText()).isEqualTo(NUMBER);
        assertThat(offer.get("queue").asText()).isEqualTo("support");
        assertThat(offer.get("agent").asText()).isEqualTo("Edith");
        assertThat(offer.get("agent_id").asText()).isEqualTo(edith.id());
        assertThat(offer.get("status").asText()).isEqualTo("pending");
        assertThat(offer.get("waited_seconds").asInt()).isNotNegative();
        assertThat(Duration.between(
                        Instant.parse(offer.get("offered_at").asText()),
                        Instant.parse(offer.get("expires_at").asText())))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(edith.http()
                        .get("/v1/reservations/" + offer.get("id").asText())
                        .ok()
                        .get("call_id"))
                .isEqualTo(offer.get("call_id"));
        caller.hangsUp();
    }

    /** S1-09, S1-44 · only those with the skill of the queue are asked. */
    @Test
    void onlyAgentsWithTheSkillOfTheQueueAreAsked() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 2").isIn("queued");
        dave.is("available");

        JsonNode offer = dave.isOfferedACall();
        assertThat(offer.get("queue").asText()).isEqualTo("sales");
        assertThat(charles.pending()).isEmpty();
        caller.hangsUp();
    }

    /** S1-08 · a call is held for one agent at a time, however many are free. */
    @Test
    void oneAgentIsAskedAtATime() {
        charles.is("available");
        edith.is("available");
        dave.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        await().atMost(PATIENCE).until(() -> asked() == 1);
        await().during(Duration.ofMillis(1500)).atMost(PATIENCE).until(() -> asked() == 1);
        caller.hangsUp();
    }

    private static int asked() {
        return charles.pending().size()
                + edith.pending().size()
                + dave.pending().size();
    }

    /** S1-05 · one agent may serve several queues. */
    @Test
    void anAgentServesSeveralQueues() {
        for (String choice : new String[] {"press 1", "press 2"}) {
            dave.is("available");
            Caller caller = someoneDials(NUMBER, choice);
            assertThat(dave.isOfferedACall().get("queue").asText())
                    .isEqualTo(choice.equals("press 1") ? "support" : "sales");
            caller.hangsUp();
            dave.becomes("available");
        }
    }

    /** S1-13 · who is offline or away is not asked, whoever is available is. */
    @Test
    void onlyThoseWhoAreAvailableAreAsked() {
        charles.is("offline");
        edith.is("away");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        dave.is("available");
        dave.rejects(dave.isOfferedACall(), "lunch").ok();

        await().during(Duration.ofMillis(1500))
                .atMost(PATIENCE)
                .until(() -> charles.pending().isEmpty() && edith.pending().isEmpty());
        edith.is("available");
        edith.isOfferedACall();
        caller.hangsUp();
    }

    /** S1-25 · accepting: the answer says whose the call is. */
    @Test
    void acceptingMakesTheCallMine() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();

        JsonNode accepted = charles.accepts(offer).ok();
        assertThat(accepted.get("status").asText()).isEqualTo("accepted");
        assertThat(accepted.get("agent").asText()).isEqualTo("Charles");
        caller.talks();
        assertThat(stored(charles, offer).get("status").asText()).isEqualTo("accepted");
        assertThat(stored(charles, offer).has("answered_at")).isTrue();
        assertThat(charles.rejects(offer, "no").refusal(409).get("detail").asText())
                .contains("accepted already", "taken by Charles");
        caller.hangsUp();
        charles.wrapsUp(offer.get("call_id").asText(), "other");
        assertThat(stored(charles, offer).get("status").asText()).isEqualTo("completed");
    }

    /** S1-03, S1-25 · rejecting: the reason is kept, the status stays as it was. */
    @Test
    void rejectingKeepsTheReason() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();

        JsonNode rejected = charles.rejects(offer, "On my way to a meeting").ok();
        assertThat(rejected.get("status").asText()).isEqualTo("rejected");
        assertThat(stored(charles, offer).get("reason").asText()).isEqualTo("On my way to a meeting");
        assertThat(charles.status()).isEqualTo("available");
        assertThat(charles.accepts(offer).refusal(409).get("detail").asText()).contains("rejected already");
        caller.hangsUp();
    }

    @Test
    void rejectingNeedsNoReason() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        charles.http()
                .post("/v1/reservations/" + offer.get("id").asText() + "/reject", null)
                .ok();
        assertThat(stored(charles, offer).get("status").asText()).isEqualTo("rejected");
        caller.hangsUp();
    }

    @Test
    void theReservationOfAColleagueIsNotMine() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();

        assertThat(edith.accepts(offer).refusal(404).get("remedy").asText())
                .contains("/v1/reservations?status=pending");
        edith.rejects(offer, "not mine").refusal(404);
        edith.http().get("/v1/reservations/" + offer.get("id").asText()).refusal(404);
        assertThat(edith.http().get("/v1/reservations").ok().get("items").findValuesAsText("id"))
                .doesNotContain(offer.get("id").asText());
        assertThat(sam.get("/v1/reservations/" + offer.get("id").asText())
                        .ok()
                        .get("agent")
                        .asText())
                .isEqualTo("Charles");
        assertThat(charles.pending()).hasSize(1);
        caller.hangsUp();
    }

    @Test
    void whatDoesNotExistOrDoesNotFitIsRefused() {
        UUID nothing = UUID.randomUUID();
        assertThat(charles.http()
                        .post("/v1/reservations/" + nothing + "/accept", null)
                        .refusal(404)
                        .get("detail")
                        .asText())
                .contains(nothing.toString());
        charles.http().post("/v1/reservations/" + nothing + "/reject", null).refusal(404);
        charles.http()
                .post("/v1/reservations/" + nothing + "/reject", Map.of("reason", "x".repeat(201)))
                .refusal(400);
        assertThat(charles.http()
                        .get("/v1/reservations?status=asleep")
                        .refusal(422)
                        .get("remedy")
                        .asText())
                .contains("pending", "timeout", "completed");
    }

    private static JsonNode stored(AgentAtWork agent, JsonNode offer) {
        return agent.http().get("/v1/reservations/" + offer.get("id").asText()).ok();
    }
}
