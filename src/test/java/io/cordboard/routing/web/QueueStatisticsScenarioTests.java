package io.cordboard.routing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** {@code GET /v1/queues/{id}/statistics}: with real calls, and with a history whose figures can be counted by hand. */
@ExtendWith(OutputCaptureExtension.class)
class QueueStatisticsScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String MORNING = "2026-01-05T09:00:00Z";

    private final List<UUID> calls = new ArrayList<>();
    private final List<UUID> queues = new ArrayList<>();

    @AfterEach
    void theHistoryIsForgotten() {
        for (String table : List.of("reservation", "queue_entry")) {
            jdbc.sql("DELETE FROM " + table + " WHERE call_id = ANY (:calls)")
                    .param("calls", calls.toArray(UUID[]::new))
                    .update();
        }
        jdbc.sql("DELETE FROM call WHERE id = ANY (:calls)")
                .param("calls", calls.toArray(UUID[]::new))
                .update();
        jdbc.sql("DELETE FROM queue WHERE id = ANY (:queues)")
                .param("queues", queues.toArray(UUID[]::new))
                .update();
    }

    @Test
    void realCallsAreCountedByWhatBecameOfThem() {
        Instant from = Instant.now();
        Caller impatient = someoneDials(NUMBER, "press 1").isIn("queued");
        now("support", "waiting", 1);
        assertThat(now("support").get("longest_wait_time").asDouble()).isPositive();
        assertThat(now("support").get("activities").get("offline").asInt()).isEqualTo(3);
        impatient.hangsUp();
        now("support", "waiting", 0);

        charles.is("available");
        assertThat(now("support").get("agents_eligible").asInt()).isEqualTo(3);
        assertThat(now("support").get("agents_available").asInt()).isEqualTo(1);
        assertThat(now("support").get("estimated_wait_time").asDouble()).isZero();
        Caller helped = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        now("support", "offered", 1);
        assertThat(now("support").get("activities").get("ringing").asInt()).isEqualTo(1);
        charles.rejects(offer, "busy").ok();
        edith.is("available");
        String call = edith.takesTheNextCall();
        helped.talks();
        now("support", "talking", 1);
        edith.ends(call);
        now("support", "wrapping", 1);
        edith.wrapsUp(call, "solved");
        edith.is("offline");

        setQueues("1 second", "5 minutes", "60 seconds");
        Caller unlucky = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        charles.becomes("away");
        unlucky.hangsUp();
        now("support", "total", 0);

        JsonNode history = sam.get("/v1/queues/" + id("support") + "/statistics/intervals?interval=PT15M&from=" + from)
                .ok();
        JsonNode total = history.get("total");
        assertThat(total.get("entered").asInt()).isEqualTo(3);
        assertThat(total.get("left").toString()).isEqualTo("{\"abandoned\":2,\"accepted\":1}");
        assertThat(total.get("offers").get("created").asInt()).isEqualTo(3);
        assertThat(total.get("offers").get("accepted").asInt()).isEqualTo(1);
        assertThat(total.get("offers").get("rejected").asInt()).isEqualTo(1);
        assertThat(total.get("offers").get("timed_out").asInt()).isEqualTo(1);
        assertThat(total.get("average_handle_time").asDouble())
                .isGreaterThan(total.get("average_wrap_up_time").asDouble());
        assertThat(total.get("average_wrap_up_time").asDouble()).isPositive();
        assertThat(total.get("service_level").get("of_answered").asDouble()).isEqualTo(100);
        assertThat(history.get("intervals")).hasSize(1);
    }

    @Test
    void theArithmeticIsThatOfTheFormulas() {
        UUID queue = queue("history");
        for (int waited : List.of(0, 5, 10, 15, 25, 40)) {
            stay(queue, 0, waited, "accepted");
        }
        phoneNotAnsweredFirst(queue, 3, 30);
        stay(queue, 0, 4, "abandoned");
        stay(queue, 0, 22, "abandoned");
        UUID moving = stay(queue, 0, 60, "timeout");
        entry(moving, UUID.fromString(id("support")), 60, 61, "abandoned");
        stay(queue, 1, 0, "full");
        stay(queue, 2, null, null);
        stay(queue, 1800, 7, "accepted");

        JsonNode history = history(queue, "from=" + MORNING + "&to=2026-01-05T10:30:00Z&thresholds=10,30");

        JsonNode first = history.get("intervals").get(0);
        assertThat(first.get("from").asText()).isEqualTo(MORNING);
        assertThat(first.get("to").asText()).isEqualTo("2026-01-05T09:30:00Z");
        assertThat(first.get("entered").asInt()).isEqualTo(12);
        assertThat(first.get("refused").asInt()).isEqualTo(1);
        assertThat(first.get("waiting").asInt()).isEqualTo(1);
        assertThat(first.get("moved").asInt()).isEqualTo(1);
        assertThat(first.get("left").toString()).isEqualTo("{\"abandoned\":2,\"accepted\":7,\"full\":1,\"timeout\":1}");
        assertThat(first.get("wait_until_accepted").toString())
                .isEqualTo("{\"min\":0.0,\"average\":17.857,\"max\":40.0}");
        assertThat(first.get("wait_until_abandoned").toString())
                .isEqualTo("{\"min\":4.0,\"average\":13.0,\"max\":22.0}");
        assertThat(first.get("within").toString())
                .isEqualTo(
                        "[{\"seconds\":10,\"answered\":3,\"abandoned\":1},{\"seconds\":30,\"answered\":6,\"abandoned\":2}]");
        assertThat(history.get("service_level_formulas")
                        .get("without_early_abandons")
                        .asText())
                .isEqualTo("answered in T / (offered - abandoned in T)");
        assertThat(first.get("service_level").toString())
                .isEqualTo(
                        "{\"of_offered\":40.0,\"without_early_abandons\":44.444,\"with_early_abandons\":50.0,\"of_answered\":57.143}");
        assertThat(first.get("service_level_reached").asBoolean()).isFalse();

        JsonNode second = history.get("intervals").get(1);
        assertThat(second.get("entered").asInt()).isEqualTo(1);
        assertThat(second.get("service_level").get("of_offered").asDouble()).isEqualTo(100);
        assertThat(second.get("service_level_reached").asBoolean()).isTrue();
        JsonNode third = history.get("intervals").get(2);
        assertThat(third.get("entered").asInt()).isZero();
        assertThat(third.get("service_level").has("of_offered")).isFalse();

        JsonNode total = history.get("total");
        assertThat(total.get("entered").asInt()).isEqualTo(13);
        assertThat(total.get("service_level").get("of_offered").asDouble()).isEqualTo(45.455);
    }

    @Test
    void aQueueHasAServiceLevelOfItsOwn() {
        UUID queue = queue("promising");
        jdbc.sql("UPDATE queue SET service_level_within = '30 seconds', service_level_percent = 66 WHERE id = :queue")
                .param("queue", queue)
                .update();
        for (int waited : List.of(10, 30, 31)) {
            stay(queue, 0, waited, "accepted");
        }

        JsonNode history = history(queue, "from=" + MORNING + "&to=2026-01-06T09:00:00Z&interval=P1D");

        assertThat(history.get("service_level_within").asDouble()).isEqualTo(30);
        assertThat(history.get("service_level_target").asInt()).isEqualTo(66);
        assertThat(history.get("total").get("service_level").get("of_offered").asDouble())
                .isEqualTo(66.667);
        assertThat(history.get("total").get("service_level_reached").asBoolean())
                .isTrue();
    }

    /** Three were answered in thirty seconds of waiting; the fourth came alone: 30 / (3 + 1) is what would have been said. */
    @Test
    void estimatesAreHeldAgainstWhatCame() {
        UUID queue = queue("estimated");
        stay(queue, 0, 10, "accepted");
        stay(queue, 10, 10, "accepted");
        stay(queue, 20, 10, "accepted");
        stay(queue, 40, 15, "accepted");

        JsonNode estimated = history(queue, "from=" + MORNING + "&to=2026-01-05T10:00:00Z")
                .get("total")
                .get("estimated_wait");

        assertThat(estimated.toString()).isEqualTo("{\"count\":1,\"mean_absolute_error\":7.5,\"bias\":-7.5}");
    }

    @Test
    void whatCannotBeAskedIsExplained() {
        String path = "/v1/queues/" + id("support") + "/statistics/intervals?";
        for (String query : List.of(
                "interval=PT5M",
                "from=yesterday",
                "thresholds=10,x",
                "thresholds=-1",
                "thresholds=1,2,3,4,5,6,7,8,9,10,11",
                "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
                "from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z&interval=P1D",
                "from=2026-01-01T00:00:00Z&to=2026-01-30T00:00:00Z&interval=PT15M")) {
            JsonNode problem = sam.get(path + query).refusal(400);
            assertThat(problem.get("detail").asText()).as(query).isNotBlank();
            assertThat(problem.get("remedy").asText()).as(query).isNotBlank();
        }
        sam.get("/v1/queues/" + UUID.randomUUID() + "/statistics").refusal(404);
        charles.http().get(path).refusal(403);
    }

    @Test
    void anotherCustomersQueueIsNone(CapturedOutput console) {
        Http stranger = Tenant.open(base(), admin(), console).guest();

        stranger.get("/v1/queues/" + id("support") + "/statistics").refusal(404);
        stranger.get("/v1/queues/" + id("support") + "/statistics/intervals").refusal(404);
    }

    private JsonNode history(UUID queue, String query) {
        return sam.get("/v1/queues/" + queue + "/statistics/intervals?" + query).ok();
    }

    private JsonNode now(String queue) {
        return charles.http().get("/v1/queues/" + id(queue) + "/statistics").ok();
    }

    private void now(String queue, String callers, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        now(queue).get("callers").get(callers).asInt())
                .as(callers)
                .isEqualTo(count));
    }

    private String id(String queue) {
        return queueId(queue).toString();
    }

    private UUID queue(String name) {
        UUID queue = UUID.randomUUID();
        jdbc.sql("INSERT INTO queue (id, customer_id, name, required_tags, created_at)"
                        + " SELECT :id, customer_id, :name, '{nobody}', now() FROM phone_number WHERE number = :number")
                .param("id", queue)
                .param("name", name)
                .param("number", NUMBER)
                .update();
        queues.add(queue);
        return queue;
    }

    private UUID stay(UUID queue, int cameAfter, @Nullable Integer waited, @Nullable String exit) {
        UUID call = UUID.randomUUID();
        calls.add(call);
        jdbc.sql(
                        """
                        INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at, ended_at)
                        SELECT :id, customer_id, 'acme', 'inbound', '+15550199001', number, 'ended', :at, :at
                          FROM phone_number WHERE number = :number""")
                .param("id", call)
                .param("number", NUMBER)
                .param("at", at(cameAfter))
                .update();
        entry(call, queue, cameAfter, waited == null ? null : cameAfter + waited, exit);
        return call;
    }

    private void entry(UUID call, UUID queue, int entered, @Nullable Integer left, @Nullable String exit) {
        jdbc.sql(
                        """
                        INSERT INTO queue_entry (id, call_id, queue_id, entered_at, waiting_since, rank_at, left_at, exit)
                        VALUES (gen_random_uuid(), :call, :queue, :entered, :entered, :entered, :left, :exit)""")
                .param("call", call)
                .param("queue", queue)
                .param("entered", at(entered))
                .param("left", left == null ? null : at(left))
                .param("exit", exit)
                .update();
    }

    /** An agent accepted after the first time and did not pick up, another one after the second. */
    private void phoneNotAnsweredFirst(UUID queue, int first, int second) {
        UUID call = stay(queue, 0, first, "accepted");
        entry(call, queue, 0, second, "accepted");
    }

    private static OffsetDateTime at(int seconds) {
        return OffsetDateTime.parse(MORNING).plusSeconds(seconds);
    }
}
