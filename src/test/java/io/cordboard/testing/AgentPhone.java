package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One phone of an agent while it is rung for a call, by way of the simulated carrier. */
public final class AgentPhone {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Http carrier;
    private final String sid;

    /** @param sid the carrier's id of its leg */
    public AgentPhone(Http carrier, String sid) {
        this.carrier = carrier;
        this.sid = sid;
    }

    /** The carrier's id of its leg. */
    public String sid() {
        return sid;
    }

    /** How a phone behaves when it is called from now on; {@code answer} when nobody says otherwise. */
    public static void behaves(
            Http carrier, String address, String behaviour, int answerAfterMillis, String... script) {
        carrier.put(
                        "/simulator/api/phones/" + address,
                        Map.of("behaviour", behaviour, "answerAfterMs", answerAfterMillis, "script", List.of(script)))
                .ok();
    }

    /** Waits until it rings. */
    public AgentPhone rings() {
        return isIn("ringing");
    }

    public AgentPhone isPickedUp() {
        carrier.post("/simulator/api/calls/" + sid + "/answer", null).ok();
        return this;
    }

    /** Waits until it is asked for a key. */
    public AgentPhone isAsked() {
        await("the phone " + state()).atMost(PATIENCE).until(() -> state().get("listens")
                .asBoolean());
        return this;
    }

    /** @return whether anybody listened */
    public boolean presses(String keys) {
        return carrier.post("/simulator/api/calls/" + sid + "/digits", Map.of("digits", keys))
                .ok()
                .get("noticed")
                .asBoolean();
    }

    public AgentPhone hangsUp() {
        carrier.post("/simulator/api/calls/" + sid + "/hangup", null).ok();
        return this;
    }

    /** Waits until it is somewhere: ringing, gathering, conference, ended. */
    public AgentPhone isIn(String where) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(where()).as("the phone %s", state()).isEqualTo(where));
        return this;
    }

    public String where() {
        return state().get("where").asText();
    }

    /** Whether somebody ever picked it up. */
    public boolean wasPickedUp() {
        return state().hasNonNull("answered");
    }

    /** What was said to it. */
    public List<String> heard() {
        return state().get("heard").findValuesAsText("text");
    }

    public JsonNode state() {
        return carrier.get("/simulator/api/calls/" + sid).ok();
    }
}
