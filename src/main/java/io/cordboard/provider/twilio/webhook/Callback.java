package io.cordboard.provider.twilio.webhook;

import io.cordboard.platform.Problem;
import io.cordboard.provider.twilio.Twilio;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.EventKey;
import io.cordboard.telephony.LegRef;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One webhook whose signature was found good.
 *
 * @param path its path at our public address
 * @param query what we wrote into the address when we handed it out, and what was kept there over a retry
 * @param form what Twilio says; parameters that we do not know are none of our business
 */
record Callback(String path, String rawQuery, WebhookForm query, WebhookForm form) {

    /** Under this name the request carries it. */
    static final String ATTRIBUTE = "io.cordboard.provider.twilio.webhook.Callback";

    private static final Set<String> FINAL = Set.of("completed", "busy", "failed", "no-answer", "canceled");

    /** What Twilio says now, else what it said before a retry. */
    Optional<String> value(String name) {
        return form.first(name).or(() -> query.first(name));
    }

    String needed(String name) {
        return value(name).orElseThrow(() -> bad("The parameter " + name + " is missing."));
    }

    String callSid() {
        return needed("CallSid");
    }

    /** Whether the leg that this is about can no longer be spoken to. */
    boolean over() {
        return value("CallStatus").filter(FINAL::contains).isPresent();
    }

    /** The leg; with our id where we handed it out. */
    LegRef leg() {
        return new LegRef(
                Twilio.NAME,
                callSid(),
                query.first("leg").map(text -> id(text, LegId::of)).orElse(null));
    }

    CallId call() {
        var text = query.first("call").orElseThrow(() -> foreign("call"));
        return id(text, CallId::of);
    }

    String token() {
        return query.first("t").orElseThrow(() -> foreign("t"));
    }

    Duration seconds(String name) {
        var text = value(name).orElse("0");
        return text.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    }

    EventKey key(String... parts) {
        return new EventKey(Twilio.NAME, String.join(":", parts));
    }

    static Problem bad(String detail) {
        return Problem.badRequest(detail, "Send what Twilio's voice webhooks carry.");
    }

    /** The address does not carry what all of ours do. */
    static Problem foreign(String name) {
        return Problem.badRequest(
                "The address was not handed out by Cordboard: its " + name + " is missing or wrong.",
                "Only a number's voice and status webhooks are entered by hand, see docs/twilio.md.");
    }

    private static <T> T id(String text, Function<String, T> of) {
        try {
            return of.apply(text);
        } catch (IllegalArgumentException notAnId) {
            throw foreign("id");
        }
    }
}
