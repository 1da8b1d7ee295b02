package io.cordboard.provider.twilio;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A REST call that did not go well, told apart by what it means for a second try. */
final class RestTrouble extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Kind {
        /** No connection: Twilio has not seen it. */
        NOT_SENT,
        /** It was sent and no usable answer came back: nobody knows. */
        ANSWER_LOST,
        /** Twilio answered with an error. */
        ANSWERED
    }

    private final Kind kind;
    private final int status;
    private final int code;
    private final @Nullable Duration retryAfter;

    private RestTrouble(
            Kind kind, String message, int status, int code, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    static RestTrouble notSent(Throwable cause) {
        return new RestTrouble(Kind.NOT_SENT, "Twilio cannot be reached: " + told(cause), 0, 0, null, cause);
    }

    static RestTrouble answerLost(Throwable cause) {
        return new RestTrouble(Kind.ANSWER_LOST, "Twilio's answer got lost: " + told(cause), 0, 0, null, cause);
    }

    /** @param code Twilio's own number of the error, 0 when it named none */
    static RestTrouble answered(int status, int code, String message, @Nullable Duration retryAfter) {
        var text = "Twilio " + (code == 0 ? "HTTP " + status : code) + ": " + message;
        return new RestTrouble(Kind.ANSWERED, text, status, code, retryAfter, null);
    }

    Kind kind() {
        return kind;
    }

    boolean throttled() {
        return status == 429 || code == 20429;
    }

    /** Twilio's own failure, which may pass. */
    boolean passing() {
        return kind != Kind.ANSWERED || throttled() || status == 408 || status >= 500;
    }

    /** The call or recording is gone, or the call is not live: nothing is left to be ended or moved. */
    boolean over() {
        return kind == Kind.ANSWERED && (code == 21220 || code == 20404 || status == 404);
    }

    /** Twilio itself says that there is no such call or recording; a 404 of somebody on the way does not count. */
    boolean unheardOf() {
        return kind == Kind.ANSWERED && code == 20404;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    private static String told(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
