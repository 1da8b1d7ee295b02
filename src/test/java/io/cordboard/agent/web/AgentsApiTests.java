package io.cordboard.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /v1/agents}. */
class AgentsApiTests extends ScenarioTest {

    /** S1-12 · a worker has a name, skills and an address to be rung at. S1-29 · and is offline at first. */
    @Test
    void anAgentHasSkillsAndAPhone() {
        JsonNode agent = charles.http().get("/v1/agents/" + dave.id()).ok();

        assertThat(agent.get("username").asText()).isEqualTo("dave");
        assertThat(agent.get("name").asText()).isEqualTo("Dave");
        assertThat(agent.get("status").asText()).isEqualTo("offline");
        assertThat(agent.get("tag_ids")).extracting(JsonNode::asText).containsExactly("sales", "support");
        assertThat(agent.get("addresses")).singleElement().satisfies(address -> {
            assertThat(address.get("type").asText()).isEqualTo("tel");
            assertThat(address.get("target").asText()).isEqualTo("+15550102003");
        });
    }

    /** S1-05, S1-24, S3-12 · agents set their availability themselves, and everybody sees it. */
    @ParameterizedTest
    @ValueSource(strings = {"available", "away", "offline"})
    void anAgentChoosesAStatusThatEverybodySees(String status) {
        charles.is("available");
        JsonNode now = charles.http()
                .put("/v1/agents/" + charles.id() + "/status", Map.of("status", status))
                .ok();

        assertThat(now.get("status").asText()).isEqualTo(status);
        assertThat(now.get("chosen_status").asText()).isEqualTo(status);
        assertThat(now.has("status_reason")).isFalse();
        assertThat(edith.http().get("/v1/agents/" + charles.id()).ok().get("status"))
                .isEqualTo(now.get("status"));
    }

    @Test
    void agentsAreFoundByStatusAndSkill() {
        edith.is("available");
        dave.is("available");

        assertThat(names("?status=available")).containsExactly("dave", "edith");
        assertThat(names("?status=available&tag=sales")).containsExactly("dave");
        assertThat(names("?status=busy")).isEmpty();
        assertThat(names("?tag=cooking")).isEmpty();
    }

    @Test
    void theListIsReadPieceByPiece() {
        JsonNode first = charles.http().get("/v1/agents?limit=1").ok();
        assertThat(first.get("items")).hasSize(1);

        JsonNode second = charles.http()
                .get("/v1/agents?limit=200&cursor=" + first.get("next").asText())
                .ok();
        assertThat(second.has("next")).isFalse();
        assertThat(names("?limit=200"))
                .contains("charles", "dave", "edith")
                .hasSize(1 + second.get("items").size())
                .isSorted();
    }

    @Test
    void theStatusOfAColleagueIsNotMineToChange() {
        Http.Answer answer = charles.http().put("/v1/agents/" + edith.id() + "/status", Map.of("status", "available"));

        JsonNode problem = answer.refusal(403);
        assertThat(problem.get("detail").asText()).contains("Edith");
        assertThat(problem.get("remedy").asText()).contains("/v1/agents/" + charles.id() + "/status");
        assertThat(edith.status()).isEqualTo("offline");
    }

    @Test
    void aSupervisorMayChangeIt() {
        sam.put("/v1/agents/" + edith.id() + "/status", Map.of("status", "away"))
                .ok();
        assertThat(edith.status()).isEqualTo("away");
    }

    @Test
    void anUnknownStatusIsRefusedWithTheKnownOnes() {
        JsonNode unknown = status("asleep").refusal(422);
        assertThat(unknown.get("remedy").asText()).contains("available, away, offline");
        assertThat(status("busy").refusal(422).get("detail").asText()).contains("follows from a call");
        assertThat(charles.http()
                        .get("/v1/agents?status=asleep")
                        .refusal(422)
                        .get("remedy")
                        .asText())
                .contains("ringing");
        assertThat(charles.status()).isEqualTo("offline");
    }

    @Test
    void anUnknownAgentIsNotFound() {
        UUID nobody = UUID.randomUUID();
        assertThat(charles.http()
                        .get("/v1/agents/" + nobody)
                        .refusal(404)
                        .get("detail")
                        .asText())
                .contains(nobody.toString());
        charles.http()
                .put("/v1/agents/" + nobody + "/status", Map.of("status", "away"))
                .refusal(404);
    }

    /** Why somebody is away is theirs to say, out of a list of the customer, until they choose again. */
    @Test
    void whoIsAwaySaysWhy() {
        edith.is("away");
        JsonNode lunch = away("lunch").ok();
        assertThat(lunch.get("status").asText()).isEqualTo("away");
        assertThat(lunch.get("reason").asText()).isEqualTo("Lunch");
        assertThat(lunch.has("status_reason")).isFalse();
        assertThat(edith.http()
                        .get("/v1/agents/" + charles.id())
                        .ok()
                        .get("reason")
                        .asText())
                .isEqualTo("Lunch");
        assertThat(names("?reason=Lunch")).containsExactly("charles");
        assertThat(names("?reason=Lunch&status=offline")).isEmpty();

        assertThat(away("Meeting").ok().get("reason").asText()).isEqualTo("Meeting");
        assertThat(away("Meeting").ok().get("reason").asText()).isEqualTo("Meeting");
        assertThat(status("away").ok().has("reason")).isFalse();
        assertThat(status("available").ok().has("reason")).isFalse();

        assertThat(toldOf(charles.id()))
                .endsWith("offline > away (Lunch)", "away > away (Meeting)", "away > away", "away > available");
    }

    @Test
    void aReasonFitsTheStatusAndIsOneOfTheCustomers() {
        assertThat(away("Gardening").refusal(422).get("remedy").asText()).contains("Break, Lunch, Meeting, Training");
        assertThat(charles.http()
                        .put("/v1/agents/" + charles.id() + "/status", Map.of("status", "available", "reason", "Lunch"))
                        .refusal(422)
                        .get("detail")
                        .asText())
                .contains("to be available");
        assertThat(charles.status()).isEqualTo("offline");
    }

    /** What is chosen in a call shows, with its reason, when the call is over; until then nobody is told. */
    @Test
    void aReasonChosenInACallShowsAfterIt() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        away("Training").ok();
        int told = toldOf(charles.id()).size();
        charles.ends(call);
        charles.wrapsUp(call, "other");
        charles.becomes("away");

        assertThat(charles.http()
                        .get("/v1/agents/" + charles.id())
                        .ok()
                        .get("reason")
                        .asText())
                .isEqualTo("Training");
        assertThat(toldOf(charles.id())).hasSize(told + 1).endsWith("busy > away (Training)");
    }

    private List<String> toldOf(String agent) {
        return jdbc.sql(
                        """
                        SELECT (data ->> 'previous_status') || ' > ' || (data ->> 'status')
                               || coalesce(' (' || (data ->> 'reason') || ')', '')
                          FROM event_log WHERE agent_id = CAST(:agent AS uuid) AND type = 'agent.status_updated' ORDER BY id""")
                .param("agent", agent)
                .query(String.class)
                .list();
    }

    private Http.Answer away(String reason) {
        return charles.http().put("/v1/agents/" + charles.id() + "/status", Map.of("status", "away", "reason", reason));
    }

    private Http.Answer status(String status) {
        return charles.http().put("/v1/agents/" + charles.id() + "/status", Map.of("status", status));
    }

    private List<String> names(String query) {
        return charles.http().get("/v1/agents" + query).ok().get("items").findValuesAsText("username");
    }
}
