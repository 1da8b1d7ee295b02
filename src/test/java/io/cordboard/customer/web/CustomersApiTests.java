package io.cordboard.customer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Customers, the way back in, API tokens and the audit log. */
@ExtendWith(OutputCaptureExtension.class)
class CustomersApiTests extends ScenarioTest {

    /** S3-13 · a customer begins with an administrator, who comes in by the console and hires the others. */
    @Test
    void aCustomerBeginsWithItsGuestAgent(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        assertThat(tenant.guest().get("/v1/agents?role=guest").ok().get("items"))
                .hasSize(1);
        assertThat(tenant.guest().get("/v1/agents").ok().get("items")).isEmpty();
        assertThat(admin().get("/v1/customers/" + tenant.id()).ok().get("name").asText())
                .isEqualTo(tenant.name());
        assertThat(admin().get("/v1/customers?limit=200").ok().get("items"))
                .extracting(customer -> customer.get("name").asText())
                .contains("Cordboard", "Demo", tenant.name());
        admin().post("/v1/customers", Map.of("name", tenant.name())).refusal(409);
        admin().post("/v1/customers", Map.of("name", " ")).refusal(400);
    }

    @Test
    void aRecoveryTokenIsGoodForOneLogin(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        Http nobody = new Http(base(), null);
        String used = Tenant.lastRecoveryToken(console);
        nobody.post("/v1/login/recovery", Map.of("token", used)).refusal(401);

        admin().post("/v1/customers/" + tenant.id() + "/recovery", null).ok();
        String first = Tenant.lastRecoveryToken(console);
        admin().post("/v1/customers/" + tenant.id() + "/recovery", null).ok();
        String second = Tenant.lastRecoveryToken(console);

        assertThat(first).isNotEqualTo(second);
        nobody.post("/v1/login/recovery", Map.of("token", first)).refusal(401);
        assertThat(nobody.post("/v1/login/recovery", Map.of("token", second))
                        .ok()
                        .get("id")
                        .asText())
                .isEqualTo(tenant.guestId());
        assertThat(jdbc.sql("SELECT count(*) FROM recovery_token WHERE encode(hash, 'escape') LIKE 'cbr%'")
                        .query(Integer.class)
                        .single())
                .as("tokens kept as they are")
                .isZero();
    }

    @Test
    void anApiTokenActsAsFarAsItsScopesGo(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        Http self = tenant.as(agent);
        JsonNode made = self.post("/v1/tokens", Map.of("name", "Wallboard", "scopes", List.of("calls:read")))
                .ok();
        Http program = Http.withToken(base(), made.get("token").asText());

        program.get("/v1/calls").ok();
        assertThat(program.get("/v1/agents").refusal(403).get("detail").asText())
                .contains("agents:read");
        assertThat(program.put("/v1/agents/" + agent.get("id").asText() + "/status", Map.of("status", "away"))
                        .refusal(403)
                        .get("detail")
                        .asText())
                .contains("agents:write");
        assertThat(self.get("/v1/tokens").ok().get("items")).singleElement().satisfies(token -> {
            assertThat(token.get("name").asText()).isEqualTo("Wallboard");
            assertThat(token.has("token")).as("shows the secret again").isFalse();
        });
        assertThat(tenant.guest().get("/v1/tokens").ok().get("items")).hasSize(1);

        Http writer = Http.withToken(
                base(),
                self.post("/v1/tokens", Map.of("name", "Status", "scopes", List.of("agents:write", "calls:read")))
                        .ok()
                        .get("token")
                        .asText());
        writer.put("/v1/agents/" + agent.get("id").asText() + "/status", Map.of("status", "away"))
                .ok();
        writer.get("/v1/agents").ok();
        writer.get("/v1/audit").refusal(403);
        self.post("/v1/tokens", Map.of("name", "Wrong", "scopes", List.of("everything")))
                .refusal(422);
        self.post("/v1/tokens", Map.of("name", "None", "scopes", List.of())).refusal(400);
        self.post("/v1/tokens", Map.of("name", "Forever", "scopes", List.of("all"), "expires_in_days", 4000))
                .refusal(400);
    }

    @Test
    void aRevokedOrExpiredTokenIsRefusedWithinSeconds(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        Http self = tenant.as(tenant.hires("agent", List.of(), List.of()));
        JsonNode revoked = self.post("/v1/tokens", Map.of("name", "A", "scopes", List.of("all")))
                .ok();
        JsonNode expired = self.post("/v1/tokens", Map.of("name", "B", "scopes", List.of("all")))
                .ok();
        Http one = Http.withToken(base(), revoked.get("token").asText());
        Http other = Http.withToken(base(), expired.get("token").asText());
        one.get("/v1/queues").ok();
        other.get("/v1/queues").ok();

        assertThat(self.delete("/v1/tokens/" + revoked.get("id").asText()).status())
                .isEqualTo(204);
        jdbc.sql("UPDATE api_token SET expires_at = now() WHERE id = CAST(:id AS uuid)")
                .param("id", expired.get("id").asText())
                .update();

        one.get("/v1/queues").refusal(401);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> other.get("/v1/queues").status() == 401);
        self.delete("/v1/tokens/" + revoked.get("id").asText()).refusal(404);
        Http.withToken(base(), "cbt_nothing").get("/v1/queues").refusal(401);
    }

    @Test
    void anAccountHasTwentyTokensAtMost(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        Http self = tenant.as(tenant.hires("agent", List.of(), List.of()));
        for (int i = 0; i < 20; i++) {
            self.post("/v1/tokens", Map.of("name", "Token " + i, "scopes", List.of("read")))
                    .ok();
        }
        self.post("/v1/tokens", Map.of("name", "One more", "scopes", List.of("read")))
                .refusal(409);
    }

    /** Every change by somebody with power is written down, refused ones too; so is a look into a call. */
    @Test
    void whatPeopleWithPowerDoIsWrittenDown(CapturedOutput console) {
        Tenant tenant = Tenant.open(base(), admin(), console);
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        JsonNode watcher = tenant.hires("supervisor", List.of(), List.of());
        Http supervisor = tenant.as(watcher);
        assertThat(supervisor
                        .put("/v1/agents/" + watcher.get("id").asText() + "/presence", null)
                        .status())
                .isEqualTo(204);
        supervisor
                .put("/v1/agents/" + agent.get("id").asText() + "/status", Map.of("status", "away"))
                .ok();
        supervisor.delete("/v1/agents/" + agent.get("id").asText()).refusal(403);
        supervisor.get("/v1/calls/00000000-0000-0000-0000-000000000000").refusal(404);
        supervisor.get("/v1/calls").ok();
        supervisor.get("/engine-rest/history/process-instance");
        supervisor.get("/engine-rest/history/process-instance");
        tenant.as(agent)
                .put("/v1/agents/" + agent.get("id").asText() + "/status", Map.of("status", "offline"))
                .ok();

        JsonNode entries = tenant.guest().get("/v1/audit").ok().get("items");

        assertThat(entries)
                .extracting(entry -> entry.get("role").asText() + " "
                        + entry.get("action").asText().replace(agent.get("id").asText(), "X") + " "
                        + entry.get("status").asInt())
                .containsExactly(
                        "supervisor GET /engine-rest/history/process-instance 403",
                        "supervisor GET /v1/calls/00000000-0000-0000-0000-000000000000 404",
                        "supervisor DELETE /v1/agents/X 403",
                        "supervisor PUT /v1/agents/X/status 200",
                        "guest POST /v1/agents 201",
                        "guest POST /v1/agents 201");
        assertThat(tenant.guest().get("/v1/audit?limit=2").ok().get("next").asText())
                .isEqualTo(entries.get(1).get("id").asText());
    }

    /** Cockpit asks for the same again and again. */
    @Test
    void aLookByWayOfTheEngineIsWrittenDownOnce() {
        String look = "/engine-rest/history/process-instance/" + UUID.randomUUID();
        admin().get(look);
        admin().get(look);

        assertThat(admin().get("/v1/audit").ok().get("items").findValuesAsText("action"))
                .containsOnlyOnce("GET " + look);
    }
}
