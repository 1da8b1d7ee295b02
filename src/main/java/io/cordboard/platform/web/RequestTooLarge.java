package io.cordboard.platform.web;

import io.cordboard.platform.Problem;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The body of a request went over the limit while it was read. */
final class RequestTooLarge extends IOException {

    private final long limit;

    RequestTooLarge(long limit) {
        super("The body is larger than " + limit + " bytes");
        this.limit = limit;
    }

    ProblemDetail details() {
        return details(limit);
    }

    static ProblemDetail details(long limit) {
        return Problem.details(
                HttpStatus.PAYLOAD_TOO_LARGE,
                "The body of the request is larger than the " + limit + " bytes that are accepted here.",
                "Send less.");
    }
}
