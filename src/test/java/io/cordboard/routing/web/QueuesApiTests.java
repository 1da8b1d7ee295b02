package io.cordboard.routing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@code GET /v1/queues}. */
class QueuesApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** S1-19 · what is told of a queue. S1-43 · there are two, each with its agents. */
    @Test
    void aQueueTellsWhoWaitsAndHowLong() {
        dave.is("available");
        charles.is("available");
        JsonNode before = queue("support");
        assertThat(before.get("id").asText()).isNotBlank();
        assertThat(before.get("friendly_name").asText()).isEqualTo("support");
        assertThat(Instant.parse(before.get("created_at").asText())).isBefore(Instant.now());
        assertThat(before.get("max_size").asInt()).isEqualTo(100);
        assertThat(before.get("current_size").asInt()).isZero();
        assertThat(before.get("longest_wait_time").asInt()).isZero();
        assertThat(before.get("average_wait_time").asInt()).isNotNegative();
        assertThat(before.get("agents_eligible").asInt()).isEqualTo(3);
        assertThat(before.get("agents_available").asInt()).isEqualTo(2);
        assertThat(queue("sales").get("agents_eligible").asInt()).isEqualTo(1);
        assertThat(queue("sales").get("agents_available").asInt()).isEqualTo(1);
    }

    /** S1-18 · a caller is in the queue until they hang up. */
    @Test
    void aCallerIsInTheQueueUntilTheyHangUp() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        size("support", 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        queue("support").get("longest_wait_time").asInt())
                .isPositive());
        caller.hangsUp();
        size("support", 0);
    }

    /** S1-10, S1-45 · the caller's choice decides about the queue. */
    @Test
    void theCallersChoiceDecidesAboutTheQueue() {
        Caller caller = someoneDials(NUMBER, "press 2").isIn("queued");
        size("sales", 1);
        assertThat(queue("support").get("current_size").asInt()).isZero();
        caller.hangsUp();
        size("sales", 0);
    }

    /** S1-19 · who waits, in which place, since when, and who is asked. */
    @Test
    void supervisorsSeeWhoWaitsInWhichPlace() {
        Caller first = someoneDials(NUMBER, "press 2").isIn("queued");
        size("sales", 1);
        Caller second = someoneDials(NUMBER, "press 2").isIn("queued");
        size("sales", 2);
        String path = "/v1/queues/" + queueId("sales") + "/calls";

        JsonNode items = sam.get(path).ok().get("items");
        assertThat(items.findValuesAsText("place")).containsExactly("1", "2");
        assertThat(items.findValuesAsText("call_id"))
                .containsExactly(callOf(first).toString(), callOf(second).toString());
        JsonNode next = items.get(0);
        assertThat(next.get("from").asText()).startsWith("+");
        assertThat(next.get("priority").asInt()).isZero();
        assertThat(next.get("waiting_since").asText())
                .isEqualTo(next.get("entered_at").asText());
        assertThat(next.get("asked")).isEmpty();

        JsonNode piece = sam.get(path + "?limit=1").ok();
        JsonNode rest = sam.get(path + "?cursor=" + piece.get("next").asText()).ok();
        assertThat(piece.get("items")).hasSize(1);
        assertThat(rest.get("items").findValuesAsText("place")).containsExactly("2");
        assertThat(sam.get("/v1/queues/" + UUID.randomUUID() + "/calls").status())
                .isEqualTo(404);

        dave.is("available");
        JsonNode offer = dave.isOfferedACall();
        assertThat(sam.get(path).ok().get("items").get(0).get("asked")).hasToString("[\"Dave\"]");
        dave.rejects(offer, "busy").ok();
        first.hangsUp();
        second.hangsUp();
        size("sales", 0);
    }

    /** The average is that of those who left in the last hour. */
    @Test
    void theAverageCountsThoseWhoLeft() {
        Caller caller = someoneDials(NUMBER, "press 2").isIn("queued");
        UUID call = callOf(caller);
        jdbc.sql("UPDATE queue_entry SET entered_at = entered_at - interval '40 minutes' WHERE call_id = :call")
                .param("call", call)
                .update();
        long average = queue("sales").get("average_wait_time").asLong();
        caller.hangsUp();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        queue("sales").get("average_wait_time").asLong())
                .isGreaterThan(average));
    }

    private void size(String queue, int size) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(queue(queue).get("current_size").asInt()).isEqualTo(size));
    }

    private JsonNode queue(String name) {
        for (JsonNode queue : charles.http().get("/v1/queues").ok().get("items")) {
            if (queue.get("name").asText().equals(name)) {
                return queue;
            }
        }
        throw new AssertionError("No queue " + name);
    }
}
