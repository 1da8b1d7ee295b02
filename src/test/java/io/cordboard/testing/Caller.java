package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody with a telephone, by way of the simulated carrier. */
public final class Caller {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Http carrier;
    private final String sid;

    private Caller(Http carrier, String sid) {
        this.carrier = carrier;
        this.sid = sid;
    }

    public static Caller dials(Http carrier, String from, String to, String... script) {
        return new Caller(
                carrier,
                carrier.post("/simulator/api/calls", Map.of("from", from, "to", to, "script", List.of(script)))
                        .ok()
                        .get("sid")
                        .asText());
    }

    /** Somebody who called before. */
    public static Caller whoCalled(Http carrier, String sid) {
        return new Caller(carrier, sid);
    }

    /** The carrier's id of the caller's leg. */
    public String sid() {
        return sid;
    }

    public Caller hangsUp() {
        carrier.post("/simulator/api/calls/" + sid + "/hangup", null).ok();
        return this;
    }

    /** Waits until somebody listens for keys or words. */
    public Caller isAsked() {
        await("the caller " + state()).atMost(PATIENCE).until(() -> state().get("listens")
                .asBoolean());
        return this;
    }

    /** Waits until the caller hears somebody else. */
    public Caller talks() {
        await().pollInSameThread().pollDelay(Duration.ZERO).atMost(PATIENCE).untilAsserted(() -> assertThat(
                        state().get("talkingWith"))
                .as("whom the caller hears")
                .isNotEmpty());
        return this;
    }

    /** Waits until the caller's line is somewhere: speaking, gathering, queued, conference, recording, ended. */
    public Caller isIn(String where) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(state().get("where").asText())
                        .as("the caller: %s", state())
                        .isEqualTo(where));
        return this;
    }

    /** Waits until something containing this text was heard. */
    public Caller hears(String text) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(heard()).as("heard by the caller").anyMatch(line -> line.contains(text)));
        return this;
    }

    public List<String> heard() {
        List<String> lines = new ArrayList<>();
        state().get("heard")
                .forEach(line -> lines.add(
                        line.get("kind").asText() + " " + line.get("text").asText()));
        return lines;
    }

    public JsonNode state() {
        return carrier.get("/simulator/api/calls/" + sid).ok();
    }
}
