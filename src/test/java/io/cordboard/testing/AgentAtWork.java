package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;

/** An agent who works through the HTTP API. */
public final class AgentAtWork {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Http http;
    private final String username;
    private final String id;

    public AgentAtWork(String base, String username) {
        this.http = new Http(base, username);
        this.username = username;
        this.id = StreamSupport.stream(items(http.get("/v1/agents").ok()).spliterator(), false)
                .filter(agent -> agent.get("username").asText().equals(username))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asText();
    }

    public Http http() {
        return http;
    }

    public String id() {
        return id;
    }

    public String username() {
        return username;
    }

    public AgentAtWork is(String status) {
        http.put("/v1/agents/" + id + "/status", Map.of("status", status)).ok();
        return this;
    }

    public String status() {
        return http.get("/v1/agents/" + id).ok().get("status").asText();
    }

    public void becomes(String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status()).as(username).isEqualTo(status));
    }

    /** Waits for an offer. */
    public JsonNode isOfferedACall() {
        await(username + " is offered a call").atMost(PATIENCE).until(() -> !pending()
                .isEmpty());
        return pending().get(0);
    }

    public JsonNode pending() {
        return items(http.get("/v1/reservations?status=pending").ok());
    }

    public Http.Answer accepts(JsonNode reservation) {
        return http.post("/v1/reservations/" + reservation.get("id").asText() + "/accept", null);
    }

    public Http.Answer rejects(JsonNode reservation, String reason) {
        return http.post("/v1/reservations/" + reservation.get("id").asText() + "/reject", Map.of("reason", reason));
    }

    /** Accepts the next offer and returns the id of its call. */
    public String takesTheNextCall() {
        JsonNode offer = isOfferedACall();
        accepts(offer).ok();
        return offer.get("call_id").asText();
    }

    public void ends(String call) {
        http.post("/v1/calls/" + call + "/end", Map.of()).ok();
    }

    public void wrapsUp(String call, String disposition) {
        await(username + " can wrap up")
                .atMost(PATIENCE)
                .until(() -> http.post(
                                                "/v1/calls/" + call + "/wrap-up",
                                                Map.of("disposition", disposition, "notes", "All done."))
                                        .status()
                                / 100
                        == 2);
    }

    private static JsonNode items(JsonNode page) {
        return page.has("items") ? page.get("items") : page;
    }
}
