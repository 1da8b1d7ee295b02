package io.cordboard.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Analyst;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S1-39 · a setting of the flow: the conference survives the caller's hang-up. */
class AgentStaysScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Caller caller;
    private UUID call;
    private AgentPhone phone;

    @BeforeEach
    void charlesTalks() {
        new Analyst(base()).letsAgentsStay();
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        call = UUID.fromString(charles.takesTheNextCall());
        caller.talks();
        phone = new AgentPhone(
                admin(),
                jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = 'agent'")
                        .param("call", call)
                        .query(String.class)
                        .single());
        await().atMost(PATIENCE).until(() -> column(call, "conference_state").equals("in-progress"));
    }

    @AfterEach
    void modelAsItWas() {
        new Analyst(base()).asksForNoKey();
    }

    @Test
    void everythingStaysAsItIsUntilTheAgentEndsTheConference() {
        caller.hangsUp();
        await().atMost(PATIENCE).until(() -> !column(call, "ended_at").equals("null"));

        assertThat(column(call, "state")).isEqualTo("talking");
        assertThat(charles.status()).isEqualTo("busy");
        phone.isIn("conference");
        JsonNode conference = sam.get("/v1/conferences").ok().at("/items/0");
        assertThat(conference.get("call_id").asText()).isEqualTo(call.toString());
        assertThat(conference.get("state").asText()).isEqualTo("in-progress");
        assertThat(conference.get("participants").findValuesAsText("kind")).containsExactly("agent");

        charles.ends(call.toString());

        phone.isIn("ended");
        assertThat(column(call, "state")).isEqualTo("wrapping");
        charles.wrapsUp(call.toString(), "resolved");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
        assertThat(charles.status()).isEqualTo("available");
        await().atMost(PATIENCE)
                .until(() -> sam.get("/v1/conferences").ok().at("/items").isEmpty());
    }

    @Test
    void anAgentWhoEndsTheTalkFirstEndsItForBoth() {
        charles.ends(call.toString());

        caller.isIn("ended");
        phone.isIn("ended");
        assertThat(column(call, "state")).isEqualTo("wrapping");
    }

    @Test
    void anAgentWhoHangsUpFirstEndsItForBoth() {
        phone.hangsUp();

        caller.isIn("ended");
        await().atMost(PATIENCE).until(() -> column(call, "state").equals("wrapping"));
        charles.wrapsUp(call.toString(), "resolved");
        assertThat(endOf(call)).isEqualTo("agentHungUp");
    }
}
