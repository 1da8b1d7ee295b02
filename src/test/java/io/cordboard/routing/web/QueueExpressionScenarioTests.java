package io.cordboard.routing.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Calls in a queue that says in an expression which agents it wants. */
@ExtendWith(OutputCaptureExtension.class)
class QueueExpressionScenarioTests extends ScenarioTest {

    private Http guest;
    private JsonNode support;

    @BeforeEach
    void theGuestAgentOfTheDemo(CapturedOutput console) {
        String demo = jdbc.sql("SELECT id::text FROM customer WHERE name = 'Demo'")
                .query(String.class)
                .single();
        admin().post("/v1/customers/" + demo + "/recovery", null).ok();
        String token = new Http(base(), null)
                .post("/v1/login/recovery", Map.of("token", Tenant.lastRecoveryToken(console)))
                .ok()
                .get("token")
                .asText();
        guest = Http.withToken(base(), token);
        for (JsonNode queue : guest.get("/v1/queues").ok().get("items")) {
            if (queue.get("name").asText().equals("support")) {
                support = guest.get("/v1/queues/" + queue.get("id").asText()).ok();
            }
        }
    }

    @AfterEach
    void asItWas() {
        guest.put("/v1/queues/" + support.get("id").asText(), support).ok();
        describe(charles, Map.of("levels", Map.of()));
        describe(edith, Map.of("levels", Map.of()));
    }

    /** S1-08, S1-09 · of two with the tag only the one for whom the expression is true is asked, however long it takes. */
    @Test
    void onlyAgentsWhoSatisfyTheExpressionAreAsked() {
        describe(charles, Map.of("levels", Map.of("support", 3), "languages", List.of("en")));
        describe(edith, Map.of("levels", Map.of("support", 4), "languages", List.of("en")));
        expression("skills HAS \"support\" AND languages HAS 'en' AND levels.support > 3");
        charles.is("available");
        edith.is("available");

        UUID call = callOf(someoneDials(NUMBER, "press 1"));
        JsonNode offer = edith.isOfferedACall();
        assertThat(offer.get("call_id").asText()).isEqualTo(call.toString());
        edith.rejects(offer, "no").ok();
        assertThat(charles.pending()).isEmpty();

        describe(charles, Map.of("levels", Map.of("support", 9), "languages", List.of("en")));
        assertThat(charles.isOfferedACall().get("call_id").asText())
                .as("another level counts for those who wait")
                .isEqualTo(call.toString());
    }

    /** S1-09 · who is asked depends on what is known of the call. */
    @Test
    void anExpressionMayAskForTheCallersNumber() {
        describe(charles, Map.of("contact", "nobody"));
        charles.is("available");
        edith.is("available");
        Caller other = someoneDials(NUMBER, "press 1");
        UUID call = callOf(other);
        charles.isOfferedACall();
        String number = jdbc.sql("SELECT from_number FROM call WHERE id = :id")
                .param("id", call)
                .query(String.class)
                .single();
        other.hangsUp();
        charles.becomes("available");

        expression("call.from == regular");
        describe(edith, Map.of("regular", number));
        Caller again = Caller.dials(admin(), number, NUMBER, "press 1");
        assertThat(edith.isOfferedACall().get("call_id").asText())
                .isEqualTo(callOf(again).toString());
        again.hangsUp();
        edith.becomes("available");

        Caller stranger = someoneDials(NUMBER, "press 1").isIn("queued");
        assertThat(charles.pending()).isEmpty();
        assertThat(edith.pending()).isEmpty();
        stranger.hangsUp();
    }

    private void expression(String expression) {
        assertThat(guest.put(
                                "/v1/queues/" + support.get("id").asText(),
                                Map.of("name", "support", "expression", expression, "reservation_timeout_seconds", 60))
                        .ok()
                        .get("warnings"))
                .isNotNull();
    }

    private void describe(AgentAtWork agent, Map<String, ?> attributes) {
        String name = guest.get("/v1/agents/" + agent.id()).ok().get("name").asText();
        guest.put("/v1/agents/" + agent.id(), Map.of("name", name, "attributes", attributes))
                .ok();
    }
}
