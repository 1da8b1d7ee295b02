package io.cordboard.provider.twilio.webhook;

import io.cordboard.provider.twilio.Twilio;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.EventKey;
import io.cordboard.telephony.LegRef;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

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
        var text = query.first("call").orElseThrow(() -> bad("The address was not handed out by us: call is missing."));
        return id(text, CallId::of);
    }

    String token() {
        return query.first("t").orElseThrow(() -> bad("The address was not handed out by us: t is missing."));
    }

    Duration seconds(String name) {
        var text = value(name).orElse("0");
        return text.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    }

    EventKey key(String... parts) {
        return new EventKey(Twilio.NAME, String.join(":", parts));
    }

    static ErrorResponseException bad(String detail) {
        return new ErrorResponseException(
                HttpStatus.BAD_REQUEST, ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail), null);
    }

    private static <T> T id(String text, Function<String, T> of) {
        try {
            return of.apply(text);
        } catch (IllegalArgumentException notAnId) {
            throw bad("The address was not handed out by us: an id in it is none.");
        }
    }
}
