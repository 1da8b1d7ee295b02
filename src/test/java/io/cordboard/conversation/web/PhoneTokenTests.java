package io.cordboard.conversation.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.testing.ScenarioTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S1-48, S1-41 · the token with which an agent's browser becomes a phone. */
class PhoneTokenTests extends ScenarioTest {

    private static final String NAME = "edith_in_the_browser";

    @AfterEach
    void noBrowser() {
        jdbc.sql("DELETE FROM agent_address WHERE value = :name")
                .param("name", NAME)
                .update();
    }

    @Test
    void anAgentGetsATokenThatLetsTheirBrowserBeRungForAnHour() throws Exception {
        hasABrowser();
        JsonNode pass = edith.http()
                .post("/v1/agents/" + edith.id() + "/phone-token", null)
                .ok();
        assertThat(pass.get("identity").asText()).isEqualTo(NAME);
        assertThat(pass.get("server").asText()).isEqualTo("/simulator/carrier");

        String[] parts = pass.get("token").asText().split("\\.", -1);
        JsonNode header = decoded(parts[0]);
        JsonNode claims = decoded(parts[1]);
        assertThat(header.get("cty").asText()).isEqualTo("twilio-fpa;v=1");
        assertThat(claims.get("iss").asText()).startsWith("SK");
        assertThat(claims.get("sub").asText()).startsWith("AC");
        assertThat(claims.at("/grants/identity").asText()).isEqualTo(NAME);
        assertThat(claims.at("/grants/voice/incoming/allow").asBoolean()).isTrue();
        assertThat(claims.at("/grants/voice").has("outgoing")).isFalse();
        Instant expires = Instant.ofEpochSecond(claims.get("exp").asLong());
        assertThat(expires)
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(58)),
                        Instant.now().plus(Duration.ofHours(1)));
    }

    @Test
    void onlyForThemselvesAndOnlyWithAClientAddress() {
        hasABrowser();
        assertThat(charles.http()
                        .post("/v1/agents/" + edith.id() + "/phone-token", null)
                        .refusal(403)
                        .get("detail")
                        .asText())
                .contains("Edith");
        sam.post("/v1/agents/" + edith.id() + "/phone-token", null).refusal(403);
        assertThat(charles.http()
                        .post("/v1/agents/" + charles.id() + "/phone-token", null)
                        .refusal(409)
                        .get("remedy")
                        .asText())
                .contains("client", "/addresses");
    }

    private void hasABrowser() {
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'client', :name FROM agent WHERE id = CAST(:id AS uuid)""")
                .param("name", NAME)
                .param("id", edith.id())
                .update();
    }

    private static JsonNode decoded(String part) throws Exception {
        return new ObjectMapper().readTree(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }
}
