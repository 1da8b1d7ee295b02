package io.cordboard.events.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.customer.Accounts;
import io.cordboard.customer.Role;
import io.cordboard.events.webhook.Subscriber;
import io.cordboard.shared.CustomerId;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** {@code /v1/webhooks}. */
class WebhooksApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    private Accounts accounts;

    private Http boss;
    private Subscriber subscriber;

    @BeforeEach
    void anAdministratorOfTheDemoCustomer() {
        accounts.create(demo(), "boss", "Boss", Role.ADMIN, Login.PASSWORD);
        boss = new Http(base(), "boss");
        subscriber = new Subscriber();
    }

    @AfterEach
    void nobodySubscribes() {
        jdbc.sql("DELETE FROM webhook_subscription").update();
        subscriber.close();
    }

    @Test
    @DisplayName(
            "S3-15, S3-19 · every change of an agent's status is told to who subscribed, and is on the live feed's log")
    void statusesAreTold() {
        JsonNode webhook = create(List.of("agent_status_updated"));

        charles.is("available");
        charles.is("away");

        var messages = subscriber.gets(2).stream()
                .filter(message -> message.json().at("/data/id").asText().equals(charles.id()))
                .toList();
        assertThat(messages).hasSizeGreaterThanOrEqualTo(2).allSatisfy(message -> {
            assertThat(message.type()).isEqualTo("agent_status_updated");
            assertThat(message.json().get("data").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("id", "name", "status", "previous_status", "tm_update");
            assertThat(message.json().at("/data/name").asText()).isEqualTo("Charles");
            assertThat(message.isSignedWith(webhook.get("secret").asText())).isTrue();
        });
        assertThat(messages)
                .extracting(message -> message.json().at("/data/status").asText())
                .contains("available", "away");
    }

    @Test
    void aWholeCallIsTold() {
        create(null);
        charles.is("available");
        var caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        caller.hangsUp();

        subscriber.gets("reservation_created");
        var end = subscriber.gets("call_ended");
        assertThat(end.json().at("/data/call_id").asText())
                .isEqualTo(callOf(caller).toString());
        assertThat(end.json().at("/data/reason").asText()).isNotBlank();
    }

    @Test
    void theSecretIsToldOnce() {
        JsonNode made = create(List.of("call.ended", "call_ended", "agent.status_updated"));
        assertThat(made.get("secret").asText()).startsWith("whsec_").hasSizeGreaterThan(40);
        assertThat(made.get("url").asText()).isEqualTo(subscriber.url());
        assertThat(made.get("enabled").asBoolean()).isTrue();
        assertThat(made.get("event_types"))
                .extracting(JsonNode::asText)
                .containsExactly("call_ended", "agent_status_updated");

        JsonNode read = boss.get(path(made)).ok();
        assertThat(read.has("secret")).isFalse();
        assertThat(boss.get("/v1/webhooks").ok().toString()).doesNotContain("whsec_");

        JsonNode rotated = boss.post(path(made) + "/rotate-secret", null).ok();
        assertThat(rotated.get("secret").asText())
                .startsWith("whsec_")
                .isNotEqualTo(made.get("secret").asText());
        assertThat(rotated.get("old_secret_until").asText()).isNotBlank();
        assertThat(boss.get(path(made)).ok().has("secret")).isFalse();
    }

    @Test
    void theListIsReadPieceByPiece() {
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(n -> create(null).get("id").asText())
                .toList();
        JsonNode first = boss.get("/v1/webhooks?limit=2").ok();
        assertThat(first.get("items")).hasSize(2);
        JsonNode second = boss.get(
                        "/v1/webhooks?limit=2&cursor=" + first.get("next").asText())
                .ok();
        assertThat(second.has("next")).isFalse();
        assertThat(StreamSupport.stream(second.get("items").spliterator(), false)
                        .map(item -> item.get("id").asText()))
                .hasSize(1)
                .isSubsetOf(ids);
        boss.get("/v1/webhooks?cursor=nonsense").refusal(400);
        boss.get("/v1/webhooks?limit=0").refusal(400);
    }

    @Test
    void aWebhookIsChangedDisabledAndDeleted() {
        JsonNode made = create(List.of("call_ended"));
        JsonNode changed = boss.put(
                        path(made),
                        Map.of("url", "https://example.com/events", "event_types", List.of(), "enabled", false))
                .ok();
        assertThat(changed.get("url").asText()).isEqualTo("https://example.com/events");
        assertThat(changed.get("event_types")).isEmpty();
        assertThat(changed.get("enabled").asBoolean()).isFalse();
        JsonNode refusal = boss.post(path(made) + "/test", null).refusal(409);
        assertThat(refusal.get("remedy").asText()).contains("PUT /v1/webhooks/");

        assertThat(boss.send("DELETE", path(made), "application/json", null).status())
                .isEqualTo(204);
        boss.send("DELETE", path(made), "application/json", null).refusal(404);
        boss.get(path(made)).refusal(404);
    }

    @Test
    void whatWasSentIsListedAndCanBeSentAgain() {
        JsonNode made = create(List.of("webhook_disabled"));
        for (int i = 0; i < 3; i++) {
            JsonNode about = boss.post(path(made) + "/test", null).ok();
            assertThat(about.get("event_type").asText()).isEqualTo("webhook_test");
            assertThat(about.get("state").asText()).isEqualTo("pending");
        }
        subscriber.gets(3);
        await().atMost(PATIENCE).until(() -> deliveries(made, "").stream()
                .allMatch(delivery -> delivery.get("state").asText().equals("delivered")));
        JsonNode last = deliveries(made, "?limit=1").get(0);
        assertThat(last.get("attempts").asInt()).isEqualTo(1);
        assertThat(last.get("status").asInt()).isEqualTo(204);
        assertThat(last.has("error")).isFalse();
        assertThat(last.get("duration_ms").isInt()).isTrue();
        assertThat(last.at("/payload/event_type").asText()).isEqualTo("webhook_test");
        assertThat(last.at("/payload/id").asText()).isEqualTo(last.get("id").asText());
        assertThat(deliveries(made, "?limit=5&cursor=" + last.get("id").asText()))
                .hasSize(2)
                .doesNotContain(last);

        String delivery = path(made) + "/deliveries/" + last.get("id").asText();
        boss.post(delivery + "/redeliver", null).ok();
        subscriber.gets(4);
        assertThat(subscriber.received().get(3).id()).isEqualTo(last.get("id").asText());
        boss.post(path(made) + "/deliveries/" + UUID.randomUUID() + "/redeliver", null)
                .refusal(404);
    }

    @Test
    void thereIsALimit() {
        for (int i = 0; i < 20; i++) {
            create(null);
        }
        JsonNode problem =
                boss.post("/v1/webhooks", Map.of("url", subscriber.url())).refusal(409);
        assertThat(problem.get("detail").asText()).contains("20");
    }

    /** More of them, and what becomes of them at a delivery, are in DestinationsTests. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::ffff:127.0.0.1]/",
                "https://user:password@example.com/",
                "https://example.com:22/",
                "https://2130706433/",
                "no url"
            })
    void anAddressNothingMayBeSentToIsRefused(String url) {
        JsonNode made = create(null);
        boss.post("/v1/webhooks", Map.of("url", url)).refusal(422);
        boss.put(path(made), Map.of("url", url, "enabled", true)).refusal(422);
        assertThat(boss.get("/v1/webhooks").ok().get("items")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Agent Status", "*", "", "call", "call_ended; drop table"})
    void whatIsNoEventTypeIsRefused(String type) {
        JsonNode problem = boss.post("/v1/webhooks", Map.of("url", subscriber.url(), "event_types", List.of(type)))
                .refusal(422);
        assertThat(problem.get("remedy").asText()).contains("agent_status_updated");
    }

    @Test
    void fieldsThatAreMissingAreNamed() {
        assertThat(boss.post("/v1/webhooks", Map.of())
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("url");
        assertThat(boss.put(path(create(null)), Map.of("url", subscriber.url()))
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("enabled");
    }

    @Test
    @DisplayName("S3-16 · webhooks are for administrators")
    void othersMayNot() {
        JsonNode made = create(null);
        for (Http who : List.of(charles.http(), sam, new Http(base(), "ada"))) {
            who.get("/v1/webhooks").refusal(403);
            who.post("/v1/webhooks", Map.of("url", subscriber.url())).refusal(403);
            who.get(path(made)).refusal(403);
            who.put(path(made), Map.of("url", subscriber.url(), "enabled", false))
                    .refusal(403);
            who.send("DELETE", path(made), "application/json", null).refusal(403);
            who.post(path(made) + "/rotate-secret", null).refusal(403);
            who.post(path(made) + "/test", null).refusal(403);
            who.get(path(made) + "/deliveries").refusal(403);
            who.post(path(made) + "/deliveries/" + UUID.randomUUID() + "/redeliver", null)
                    .refusal(403);
        }
        assertThat(new Http(base(), null).get("/v1/webhooks").status()).isEqualTo(401);
    }

    @Test
    @DisplayName("S3-18 · the webhooks of another customer are not there")
    void strangersSeeNothing() {
        JsonNode made = create(null);
        boss.post(path(made) + "/test", null).ok();
        String delivery = deliveries(made, "").get(0).get("id").asText();
        Http stranger = admin();

        assertThat(stranger.get("/v1/webhooks").ok().get("items")).isEmpty();
        stranger.get(path(made)).refusal(404);
        stranger.put(path(made), Map.of("url", subscriber.url(), "enabled", false))
                .refusal(404);
        stranger.send("DELETE", path(made), "application/json", null).refusal(404);
        stranger.post(path(made) + "/rotate-secret", null).refusal(404);
        stranger.post(path(made) + "/test", null).refusal(404);
        stranger.get(path(made) + "/deliveries").refusal(404);
        stranger.post(path(made) + "/deliveries/" + delivery + "/redeliver", null)
                .refusal(404);

        JsonNode own =
                stranger.post("/v1/webhooks", Map.of("url", subscriber.url())).ok();
        stranger.post(path(own) + "/deliveries/" + delivery + "/redeliver", null)
                .refusal(404);
        assertThat(boss.get(path(made)).ok().get("enabled").asBoolean()).isTrue();
    }

    @Test
    void theMetersCount() {
        boss.post(path(create(null)) + "/test", null).ok();
        subscriber.gets("webhook_test");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        admin().get("/actuator/prometheus").text())
                .contains("cordboard_webhooks_deliveries_seconds_count{", "outcome=\"delivered\"")
                .contains("cordboard_webhooks_waiting"));
    }

    @Test
    void whileNobodySubscribesACallCostsNothing() {
        jdbc.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").update();
        await("nobody listens")
                .atMost(PATIENCE)
                .until(() ->
                        jdbc.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cordboard webhooks'")
                                        .query(Integer.class)
                                        .single()
                                == 0);
        jdbc.sql("SELECT pg_stat_statements_reset()::text").query(String.class).single();

        var caller = someoneDials(NUMBER, "press 1").isIn("queued").hangsUp();
        endOf(callOf(caller));

        assertThat(jdbc.sql("SELECT query FROM pg_stat_statements WHERE query ~ 'FROM webhook_|INTO webhook_'"
                                + " AND query !~ 'pg_stat'")
                        .query(String.class)
                        .list())
                .as("statements about webhooks")
                .allMatch(query -> query.startsWith("SELECT EXISTS"));
    }

    private JsonNode create(List<String> types) {
        return boss.post(
                        "/v1/webhooks",
                        types == null
                                ? Map.of("url", subscriber.url())
                                : Map.of("url", subscriber.url(), "event_types", types))
                .ok();
    }

    private List<JsonNode> deliveries(JsonNode webhook, String query) {
        return StreamSupport.stream(
                        boss.get(path(webhook) + "/deliveries" + query)
                                .ok()
                                .get("items")
                                .spliterator(),
                        false)
                .toList();
    }

    private static String path(JsonNode webhook) {
        return "/v1/webhooks/" + webhook.get("id").asText();
    }

    private CustomerId demo() {
        return new CustomerId(jdbc.sql("SELECT id FROM customer WHERE name = 'Demo'")
                .query(UUID.class)
                .single());
    }
}
