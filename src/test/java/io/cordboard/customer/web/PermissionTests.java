package io.cordboard.customer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Who may call what: every endpoint of the description by every role, and every endpoint with what belongs to another
 * customer.
 */
@ExtendWith(OutputCaptureExtension.class)
class PermissionTests extends ScenarioTest {

    /**
     * Agent, Supervisor, aNalyst, aDmin, Guest agent, Operator's admin; as in the table of docs/security.md. The operator's
     * analyst may what others may, and what is marked with M for models.
     */
    private static final Map<String, String> WHO_MAY = new TreeMap<>(Map.ofEntries(
            Map.entry("GET /v1/session", "ASNDGO"),
            Map.entry("DELETE /v1/session", "ASNDGO"),
            Map.entry("GET /v1/tokens", "ASNDGO"),
            Map.entry("POST /v1/tokens", "ASNDGO"),
            Map.entry("DELETE /v1/tokens/{id}", "ASNDGO"),
            Map.entry("GET /v1/agents", "ASNDGO"),
            Map.entry("POST /v1/agents", "DGO"),
            Map.entry("GET /v1/agents/{id}", "ASNDGO"),
            Map.entry("PUT /v1/agents/{id}", "DGO"),
            Map.entry("DELETE /v1/agents/{id}", "DGO"),
            Map.entry("PUT /v1/agents/{id}/status", "ASDGO"),
            Map.entry("POST /v1/agents/{id}/release", "SDGO"),
            Map.entry("PUT /v1/agents/{id}/presence", "ASDGO"),
            Map.entry("DELETE /v1/agents/{id}/presence", "ASDGO"),
            Map.entry("POST /v1/agents/{id}/phone-token", "ASDGO"),
            Map.entry("PUT /v1/agents/{id}/tag_ids", "DGO"),
            Map.entry("PUT /v1/agents/{id}/addresses", "DGO"),
            Map.entry("PUT /v1/agents/{id}/permission", "DGO"),
            Map.entry("PUT /v1/agents/{id}/password", "ASNDGO"),
            Map.entry("GET /v1/activities", "ASNDGO"),
            Map.entry("GET /v1/not-available-reasons", "ASNDGO"),
            Map.entry("POST /v1/not-available-reasons", "DGO"),
            Map.entry("PUT /v1/not-available-reasons/{id}", "DGO"),
            Map.entry("DELETE /v1/not-available-reasons/{id}", "DGO"),
            Map.entry("GET /v1/tags", "ASNDGO"),
            Map.entry("POST /v1/tags", "SDGO"),
            Map.entry("DELETE /v1/tags/{id}", "SDGO"),
            Map.entry("GET /v1/queues", "ASNDGO"),
            Map.entry("GET /v1/queues/{id}/statistics", "ASNDGO"),
            Map.entry("GET /v1/queues/{id}/statistics/intervals", "SDGO"),
            Map.entry("GET /v1/queues/{id}/calls", "SDGO"),
            Map.entry("POST /v1/queues/{id}/calls/cancel", "DGO"),
            Map.entry("POST /v1/queues", "DGO"),
            Map.entry("GET /v1/queues/{id}", "ASNDGO"),
            Map.entry("PUT /v1/queues/{id}", "DGO"),
            Map.entry("DELETE /v1/queues/{id}", "DGO"),
            Map.entry("POST /v1/queues/{id}/rotate-secret", "DGO"),
            Map.entry("GET /v1/reservations", "ASNDGO"),
            Map.entry("GET /v1/reservations/{id}", "ASNDGO"),
            Map.entry("POST /v1/reservations/{id}/accept", "ASDGO"),
            Map.entry("POST /v1/reservations/{id}/reject", "ASDGO"),
            Map.entry("POST /v1/reservations/{id}/instructions", "SDGO"),
            Map.entry("GET /v1/calls", "ASNDGO"),
            Map.entry("GET /v1/calls/{id}", "ASNDGO"),
            Map.entry("GET /v1/calls/{id}/diagrams", "ASNDGO"),
            Map.entry("POST /v1/calls/{id}/end", "ASDGO"),
            Map.entry("POST /v1/calls/{id}/hold", "ASDGO"),
            Map.entry("POST /v1/calls/{id}/unhold", "ASDGO"),
            Map.entry("POST /v1/calls/{id}/notes", "ASDGO"),
            Map.entry("PUT /v1/calls/{id}/wrap-up-request", "ASDGO"),
            Map.entry("POST /v1/calls/{id}/wrap-up", "ASDGO"),
            Map.entry("POST /v1/calls/{id}/wrap-up/complete", "SDGO"),
            Map.entry("POST /v1/calls/wrap-ups/complete", "SDGO"),
            Map.entry("POST /v1/calls/{id}/cancel", "SDGO"),
            Map.entry("POST /v1/calls/cancel", "DGO"),
            Map.entry("GET /v1/conferences", "SDGO"),
            Map.entry("POST /v1/conferences/{id}/end", "SDGO"),
            Map.entry("GET /v1/calls/{id}/listeners", "SDGO"),
            Map.entry("POST /v1/calls/{id}/listeners", "SDGO"),
            Map.entry("GET /v1/calls/{id}/listeners/{listener}", "SDGO"),
            Map.entry("PUT /v1/calls/{id}/listeners/{listener}", "SDGO"),
            Map.entry("DELETE /v1/calls/{id}/listeners/{listener}", "SDGO"),
            Map.entry("GET /v1/voicemails", "ASDGO"),
            Map.entry("GET /v1/voicemails/{id}", "ASDGO"),
            Map.entry("GET /v1/voicemails/{id}/recording", "ASDGO"),
            Map.entry("POST /v1/voicemails/{id}/call-back", "ASDGO"),
            Map.entry("POST /v1/voicemails/{id}/complete", "ASDGO"),
            Map.entry("GET /v1/events", "ASNDGO"),
            Map.entry("GET /v1/operations/dead-letters", "O"),
            Map.entry("POST /v1/operations/dead-letters/{id}/retry", "O"),
            Map.entry("POST /v1/operations/dead-letters/{id}/dismiss", "O"),
            Map.entry("GET /v1/webhooks", "DGO"),
            Map.entry("POST /v1/webhooks", "DGO"),
            Map.entry("GET /v1/webhooks/{id}", "DGO"),
            Map.entry("PUT /v1/webhooks/{id}", "DGO"),
            Map.entry("DELETE /v1/webhooks/{id}", "DGO"),
            Map.entry("POST /v1/webhooks/{id}/rotate-secret", "DGO"),
            Map.entry("POST /v1/webhooks/{id}/test", "DGO"),
            Map.entry("GET /v1/webhooks/{id}/deliveries", "DGO"),
            Map.entry("POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver", "DGO"),
            Map.entry("GET /v1/models", "MO"),
            Map.entry("GET /v1/models/drafts", "MO"),
            Map.entry("POST /v1/models/drafts/{id}/publish", "MO"),
            Map.entry("DELETE /v1/models/drafts/{id}", "MO"),
            Map.entry("GET /v1/audit", "DGO"),
            Map.entry("GET /v1/customers", "O"),
            Map.entry("POST /v1/customers", "O"),
            Map.entry("GET /v1/customers/{id}", "O"),
            Map.entry("POST /v1/customers/{id}/recovery", "O")));

    private static final List<String> OPEN = List.of("POST /v1/login", "POST /v1/login/recovery", "POST /v1/session");

    /** What an endpoint needs to get as far as asking whose thing it is. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry(
                    "PUT /v1/webhooks/{id}",
                    "{\"url\":\"https://example.com/stolen\",\"event_types\":[],\"enabled\":true}"),
            Map.entry("PUT /v1/agents/{id}", "{\"name\":\"Stolen\"}"),
            Map.entry("PUT /v1/queues/{id}", "{\"name\":\"Stolen\"}"),
            Map.entry("PUT /v1/not-available-reasons/{id}", "{\"name\":\"Stolen\"}"),
            Map.entry("PUT /v1/agents/{id}/status", "{\"status\":\"available\"}"),
            Map.entry("PUT /v1/agents/{id}/tag_ids", "{\"tag_ids\":[]}"),
            Map.entry("PUT /v1/agents/{id}/addresses", "{\"addresses\":[]}"),
            Map.entry("PUT /v1/agents/{id}/permission", "{\"role\":\"admin\"}"),
            Map.entry("PUT /v1/agents/{id}/password", "{\"password\":\"stolen-password\"}"),
            Map.entry("POST /v1/reservations/{id}/reject", "{\"reason\":\"not yours\"}"),
            Map.entry("POST /v1/reservations/{id}/instructions", "{\"instruction\":\"accept\"}"),
            Map.entry("POST /v1/calls/{id}/notes", "{\"text\":\"I was here\"}"),
            Map.entry("POST /v1/calls/{id}/wrap-up", "{\"disposition\":\"other\"}"),
            Map.entry("POST /v1/voicemails/{id}/complete", "{\"outcome\":\"done\"}"),
            Map.entry("PUT /v1/calls/{id}/listeners/{listener}", "{\"mode\":\"barge\"}"));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** S3-16, S3-17 · permissions are per API and per action. */
    @Test
    void everyEndpointForEveryRole(CapturedOutput console) {
        Map<Character, Http> people = new LinkedHashMap<>();
        Tenant tenant = Tenant.open(base(), admin(), console);
        people.put('A', tenant.as(tenant.hires("agent", List.of(), List.of())));
        people.put('S', tenant.as(tenant.hires("supervisor", List.of(), List.of())));
        people.put('N', tenant.as(tenant.hires("analyst", List.of(), List.of())));
        people.put('D', tenant.as(tenant.hires("admin", List.of(), List.of())));
        people.put('G', tenant.guest());
        people.put('O', admin());
        people.put('M', new Http(base(), "ada"));
        Http nobody = new Http(base(), null);
        List<String> operations = operations();
        operations.removeAll(OPEN);

        assertThat(operations)
                .as("endpoints with a rule in this test; a new one needs one here and in ApiRules")
                .containsExactlyInAnyOrderElementsOf(WHO_MAY.keySet());
        int[] checks = {0};
        assertSoftly(softly -> {
            for (String operation : operations) {
                String path =
                        operation.replaceAll("\\{[a-z]+}", UUID.randomUUID().toString());
                people.forEach((role, http) -> {
                    int status = send(http, path, "{}").statusCode();
                    String who = operation + " by " + role + ": " + status;
                    checks[0]++;
                    String allowed = WHO_MAY.get(operation).replace("N", "NM");
                    if (allowed.indexOf(role) >= 0) {
                        softly.assertThat(status).as(who).isNotIn(401, 403).isLessThan(500);
                    } else {
                        softly.assertThat(status).as(who).isEqualTo(403);
                    }
                });
                checks[0]++;
                softly.assertThat(send(nobody, path, "{}").statusCode())
                        .as(operation + " by nobody")
                        .isEqualTo(401);
            }
        });
        System.out.printf("%d checks of permissions%n", checks[0]);
    }

    /** S3-18 · what belongs to another customer does not exist, whoever asks and whatever for. */
    @Test
    void nothingOfAnotherCustomerExists(CapturedOutput console) {
        setQueues("5 minutes", "5 minutes", "60 seconds");
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        String call = offer.get("call_id").asText();
        JsonNode token = charles.http()
                .post("/v1/tokens", Map.of("name", "of another customer", "scopes", List.of("all")))
                .ok();
        JsonNode webhook = Tenant.open(base(), admin(), console)
                .guest()
                .post("/v1/webhooks", Map.of("url", "https://example.com/hook"))
                .ok();
        String reason = charles.http()
                .get("/v1/not-available-reasons")
                .ok()
                .at("/items/0/id")
                .asText();
        String queue = charles.http().get("/v1/queues").ok().at("/items/0/id").asText();
        Map<String, String> theirs = Map.of(
                "webhooks", webhook.get("id").asText(),
                "agents", charles.id(),
                "queues", queue,
                "calls", call,
                "reservations", offer.get("id").asText(),
                "tokens", token.get("id").asText(),
                "voicemails", UUID.randomUUID().toString(),
                "not-available-reasons", reason,
                "tags", "support");
        Tenant stranger = Tenant.open(base(), admin(), console);
        List<Http> strangers = List.of(
                stranger.guest(),
                stranger.as(stranger.hires("admin", List.of(), List.of())),
                stranger.as(stranger.hires("supervisor", List.of(), List.of())));
        int[] checks = {0};
        assertSoftly(softly -> {
            for (String operation : operations()) {
                String area = operation.split("/")[2];
                if (OPEN.contains(operation) || area.equals("events") || operation.startsWith("DELETE /v1/session")) {
                    continue;
                }
                for (Http http : strangers) {
                    checks[0]++;
                    if (operation.contains("{id}") && theirs.containsKey(area)) {
                        String path = operation
                                .replace("{id}", theirs.get(area))
                                .replaceAll(
                                        "\\{(delivery|listener)}",
                                        UUID.randomUUID().toString());
                        int status = send(http, path, BODIES.getOrDefault(operation, "{}"))
                                .statusCode();
                        boolean mayAtAll = WHO_MAY.get(operation).contains("S") || http != strangers.get(2);
                        softly.assertThat(status).as(path).isEqualTo(mayAtAll ? 404 : 403);
                    } else if (operation.startsWith("GET ") && !operation.contains("{id}") && !area.equals("audit")) {
                        softly.assertThat(text(send(http, operation, "")))
                                .as(operation)
                                .doesNotContain(charles.id(), call, theirs.get("reservations"), "Charles");
                    }
                }
            }
        });
        assertThat(charles.status()).isEqualTo("ringing");
        assertThat(charles.http().get("/v1/session").ok().get("role").asText()).isEqualTo("agent");
        charles.http().get("/v1/tokens").ok();
        System.out.printf("%d checks of isolation%n", checks[0]);
    }

    private List<String> operations() {
        List<String> operations = new ArrayList<>();
        admin().get("/v3/api-docs").ok().path("paths").fields().forEachRemaining(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    if (path.getKey().startsWith("/v1/")) {
                        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** Does not wait for the end of the answer, which the live feed does not have. */
    private static HttpResponse<InputStream> send(Http who, String operation, String body) {
        String[] parts = operation.split(" ");
        try {
            HttpResponse<InputStream> answer = CLIENT.send(
                    who.request(parts[1])
                            .header("Content-Type", "application/json")
                            .method(
                                    parts[0],
                                    parts[0].equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofInputStream());
            if (parts[1].equals("/v1/events")) {
                answer.body().close();
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
