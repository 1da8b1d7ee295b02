package io.cordboard.events.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** {@code GET /v1/events}: the live feed, as a program reads it. */
@ExtendWith(OutputCaptureExtension.class)
class EventsApiTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void anAgentSeesTheWayOfAnOffer() throws Exception {
        charles.is("available");
        try (Feed feed = watch(charles.http(), "", null)) {
            Caller caller = someoneDials(NUMBER, "press 1");
            String call = charles.isOfferedACall().get("call_id").asText();
            JsonNode created = feed.waitsFor("reservation.created", call);
            assertThat(created.get("agent_id").asText()).isEqualTo(charles.id());
            assertThat(created.at("/data/reservation").asText()).isNotBlank();

            caller.hangsUp();
            feed.waitsFor("reservation.canceled", call);
            assertThat(feed.ids()).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void whoComesBackIsToldWhatWasMissed() throws Exception {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.isOfferedACall().get("call_id").asText();
        long before = lastEvent();
        caller.hangsUp();
        endOf(callOf(caller));

        try (Feed feed = watch(charles.http(), "", before)) {
            feed.waitsFor("reservation.canceled", call);
            feed.waitsFor("call.ended", call);
            assertThat(feed.ids()).allMatch(id -> id > before);
        }
        try (Feed fromTheBeginning = watch(charles.http(), "?call=" + call, 0L)) {
            fromTheBeginning.waitsFor("reservation.created", call);
            fromTheBeginning.waitsFor("call.ended", call);
            assertThat(fromTheBeginning.calls()).containsOnly(call);
        }
    }

    @Test
    void theCallsOfColleaguesAreLeftOutButNotTheirStatuses() throws Exception {
        charles.is("available");
        try (Feed ediths = watch(edith.http(), "", null);
                Feed sams = watch(sam, "", null)) {
            Caller caller = someoneDials(NUMBER, "press 1");
            String call = charles.isOfferedACall().get("call_id").asText();
            caller.hangsUp();
            sams.waitsFor("call.ended", call);
            charles.is("away");
            await().atMost(PATIENCE).until(() -> ediths.events.stream()
                    .anyMatch(event -> event.get("type").asText().equals("agent.status_updated")
                            && event.path("agent_id").asText().equals(charles.id())));
            assertThat(ediths.calls()).doesNotContain(call);
        }
    }

    @Test
    void whoIsListenedToDoesNotLearnOfIt() throws Exception {
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'tel', '+15550104009' FROM agent WHERE username = 'sam'""")
                .update();
        charles.is("available");
        try (Feed sams = watch(sam, "", null)) {
            Caller caller = someoneDials(NUMBER, "press 1");
            String call = charles.takesTheNextCall();
            caller.talks();
            sam.post("/v1/calls/" + call + "/listeners", null).ok();
            assertThat(sams.waitsFor("call.listener_joined", call)
                            .at("/data/mode")
                            .asText())
                    .isEqualTo("listen");
            caller.hangsUp();
            sams.waitsFor("call.listener_left", call);
            charles.wrapsUp(call, "other");

            try (Feed charlesFeed = watch(charles.http(), "?call=" + call, 0L)) {
                charlesFeed.waitsFor("call.ended", call);
                assertThat(charlesFeed.types()).contains("call.connected").noneMatch(type -> type.contains("listener"));
            }
        } finally {
            jdbc.sql("DELETE FROM agent_address WHERE value = '+15550104009'").update();
        }
    }

    @Test
    void theFiguresOfQueuesAreToldWhenTheyChangeAndNotMoreThanOnceASecond(CapturedOutput console) throws Exception {
        UUID unskilled = UUID.randomUUID();
        jdbc.sql(
                        "INSERT INTO queue (id, customer_id, name, required_tags, created_at)"
                                + " SELECT :id, customer_id, 'nobody', '{nobody}', now() FROM phone_number WHERE number = :number")
                .param("id", unskilled)
                .param("number", NUMBER)
                .update();
        String support = queueId("support").toString();
        try (Feed sams = watch(sam, "?include=queues", null);
                Feed charlesFeed = watch(charles.http(), "?include=queues", null);
                Feed strangers = watch(Tenant.open(base(), admin(), console).guest(), "?include=queues", null);
                Feed plain = watch(sam, "", null)) {
            assertThat(sams.waitsForQueue(unskilled.toString(), line -> true)
                            .get("agents_eligible")
                            .asInt())
                    .isZero();
            sams.waitsForQueue(support, line -> waiting(line) == 0);

            Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
            JsonNode line = sams.waitsForQueue(support, it -> waiting(it) == 1);
            assertThat(Instant.parse(line.get("longest_wait_since").asText())).isBefore(Instant.now());
            charlesFeed.waitsForQueue(support, it -> waiting(it) == 1);
            charles.is("away");
            sams.waitsForQueue(support, it -> it.at("/activities/away").asInt() == 1);
            int abandoned = line.at("/today/abandoned").asInt();
            caller.hangsUp();
            sams.waitsForQueue(
                    support, it -> waiting(it) == 0 && it.at("/today/abandoned").asInt() == abandoned + 1);
            jdbc.sql("DELETE FROM queue WHERE id = :id").param("id", unskilled).update();

            assertThat(charlesFeed.queues())
                    .as("whose skills they have")
                    .contains(support)
                    .doesNotContain(unskilled.toString());
            assertThat(strangers.queues()).doesNotContain(support, unskilled.toString());
            assertThat(plain.types()).doesNotContain("queue.statistics");
            List<Instant> told = sams.events.stream()
                    .filter(event -> event.get("type").asText().equals("queue.statistics"))
                    .map(event -> Instant.parse(event.get("at").asText()))
                    .toList();
            for (int i = 1; i < told.size(); i++) {
                assertThat(Duration.between(told.get(i - 1), told.get(i))).isGreaterThan(Duration.ofMillis(900));
            }
        } finally {
            jdbc.sql("DELETE FROM queue WHERE id = :id").param("id", unskilled).update();
        }
    }

    private static int waiting(JsonNode line) {
        return line.at("/callers/waiting").asInt();
    }

    @Test
    void nonsenseIsRefused() {
        assertThat(sam.get("/v1/events?include=horoscopes")
                        .refusal(400)
                        .get("remedy")
                        .asText())
                .contains("queues");
        assertThat(charles.http()
                        .get("/v1/events?call=nonsense")
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("call");
    }

    private long lastEvent() {
        return jdbc.sql("SELECT max(id) FROM event_log").query(Long.class).single();
    }

    private Feed watch(Http who, String query, Long lastEventId) throws Exception {
        var request = who.request("/v1/events" + query);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId.toString());
        }
        HttpResponse<Stream<String>> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new Feed(answer.body());
    }

    /** What one client has been told so far. */
    private final class Feed implements AutoCloseable {

        private final List<JsonNode> events = new CopyOnWriteArrayList<>();
        private final Stream<String> lines;

        private Feed(Stream<String> lines) {
            this.lines = lines;
            Thread reader = new Thread(this::read, "feed");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try {
                lines.filter(line -> line.startsWith("data: ")).forEach(line -> events.add(parsed(line.substring(6))));
            } catch (UncheckedIOException closed) {
                return;
            }
        }

        private JsonNode parsed(String data) {
            try {
                return json.readTree(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        JsonNode waitsFor(String type, String call) {
            return await(type)
                    .atMost(PATIENCE)
                    .until(
                            () -> events.stream()
                                    .filter(event -> event.get("type").asText().equals(type)
                                            && event.path("call_id").asText().equals(call))
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();
        }

        /** What was told of a queue last, once it is so. */
        JsonNode waitsForQueue(String queue, Predicate<JsonNode> so) {
            return await(queue)
                    .atMost(PATIENCE)
                    .until(() -> lines(queue).reduce((before, last) -> last).filter(so), java.util.Optional::isPresent)
                    .orElseThrow();
        }

        private Stream<JsonNode> lines(String queue) {
            return events.stream()
                    .flatMap(event -> StreamSupport.stream(event.path("queues").spliterator(), false))
                    .filter(line -> line.get("queue_id").asText().equals(queue));
        }

        List<String> queues() {
            return events.stream()
                    .flatMap(event -> event.findValuesAsText("queue_id").stream())
                    .toList();
        }

        List<Long> ids() {
            return events.stream().map(event -> event.get("id").asLong()).toList();
        }

        List<String> types() {
            return events.stream().map(event -> event.get("type").asText()).toList();
        }

        List<String> calls() {
            return events.stream().map(event -> event.path("call_id").asText()).toList();
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
