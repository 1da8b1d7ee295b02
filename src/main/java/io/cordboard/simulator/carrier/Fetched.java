package io.cordboard.simulator.carrier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of asking the product for TwiML: verbs, or the error that Twilio would report. */
record Fetched(List<Verb> verbs, @Nullable Problem error) {

    /** @param code Twilio's error code, for instance 11200 */
    record Problem(int code, String message) {}

    private static final int NOT_RETRIEVED = 11200;
    private static final int NOT_CONNECTED = 11205;
    private static final int WRONG_CONTENT_TYPE = 12300;

    static Fetched of(Webhooks.Outcome outcome) {
        if (outcome instanceof Webhooks.Failed failed) {
            var code = failed.trouble().equals("ct") ? NOT_CONNECTED : NOT_RETRIEVED;
            return problem(code, "No TwiML (" + failed.detail() + ")");
        }
        var answer = (Webhooks.Answered) outcome;
        if (!answer.successful()) {
            return problem(NOT_RETRIEVED, "HTTP status " + answer.status() + " instead of TwiML");
        }
        if (answer.contentType().startsWith("text/plain")) {
            return new Fetched(List.of(new Verb.Say(answer.body().strip(), 1)), null);
        }
        if (answer.status() == 204 || answer.body().isBlank()) {
            return new Fetched(List.of(), null);
        }
        if (!answer.contentType().contains("xml") && !answer.contentType().startsWith("text/html")) {
            return problem(WRONG_CONTENT_TYPE, "Content type " + answer.contentType() + " is not TwiML");
        }
        try {
            return new Fetched(Twiml.parse(answer.body()), null);
        } catch (Twiml.Malformed malformed) {
            return problem(malformed.code(), String.valueOf(malformed.getMessage()));
        }
    }

    private static Fetched problem(int code, String message) {
        return new Fetched(List.of(), new Problem(code, message));
    }
}
