package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A person on one leg of a call, through the control API. */
final class Phone {

    private final Network network;
    private final String sid;
    private final String from;

    Phone(Network network, JsonNode call) {
        this.network = network;
        this.sid = call.get("sid").asText();
        this.from = call.get("from").asText();
    }

    String sid() {
        return sid;
    }

    String from() {
        return from;
    }

    JsonNode now() {
        return network.get("/simulator/api/calls/" + sid);
    }

    String status() {
        return now().get("status").asText();
    }

    /** Everything heard so far, as "kind: text". */
    List<String> heard() {
        var heard = new ArrayList<String>();
        now().get("heard")
                .forEach(step -> heard.add(
                        step.get("kind").asText() + ": " + step.get("text").asText()));
        return heard;
    }

    Phone presses(String digits) {
        does("digits", "{\"digits\":\"" + digits + "\"}");
        return this;
    }

    Phone says(String text) {
        does("speech", "{\"text\":\"" + text + "\"}");
        return this;
    }

    Phone hangsUp() {
        does("hangup", "");
        return this;
    }

    Phone answers() {
        does("answer", "");
        return this;
    }

    Phone declines() {
        does("decline", "");
        return this;
    }

    JsonNode does(String what, String body) {
        return network.post("/simulator/api/calls/" + sid + "/" + what, body);
    }

    Phone untilIn(String where) {
        CarrierTest.eventually()
                .failFast("the call ended", () -> !where.equals("ended") && isIn("ended"))
                .until(() -> isIn(where));
        return this;
    }

    private boolean isIn(String where) {
        return now().get("where").asText().equals(where);
    }

    Phone untilListening() {
        CarrierTest.eventually().until(() -> now().get("listens").asBoolean());
        return this;
    }

    Phone untilHears(String step) {
        CarrierTest.eventually().until(() -> heard().contains(step));
        return this;
    }

    Phone untilStatus(String status) {
        CarrierTest.eventually().until(() -> status().equals(status));
        return this;
    }

    Phone untilTalkingWith(String... people) {
        CarrierTest.eventually().until(() -> {
            var with = new ArrayList<String>();
            now().get("talkingWith").forEach(person -> with.add(person.asText()));
            return with.containsAll(List.of(people)) && with.size() == people.length;
        });
        return this;
    }
}
