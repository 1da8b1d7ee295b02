package io.cordboard.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A refusal that goes to the caller of the API as RFC 9457 problem details: what is wrong, and in {@code remedy} how to
 * mend it. For expected refusals of a request; never for what is our own fault.
 */
public final class Problem extends ErrorResponseException {

    private Problem(HttpStatus status, String detail, @Nullable String remedy) {
        super(status, details(status, detail, remedy), null);
    }

    /**
     * @param detail one sentence about this very request, fit for strangers to read
     * @param remedy what the caller can do about it
     */
    public static Problem of(HttpStatus status, String detail, @Nullable String remedy) {
        return new Problem(status, detail, remedy);
    }

    public static Problem notFound(String detail, @Nullable String remedy) {
        return of(HttpStatus.NOT_FOUND, detail, remedy);
    }

    public static Problem badRequest(String detail, @Nullable String remedy) {
        return of(HttpStatus.BAD_REQUEST, detail, remedy);
    }

    /** The request came too late, or somebody else was faster. */
    public static Problem conflict(String detail, @Nullable String remedy) {
        return of(HttpStatus.CONFLICT, detail, remedy);
    }

    /** For filters and handlers that write the answer themselves. */
    public static ProblemDetail details(HttpStatus status, String detail, @Nullable String remedy) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        if (remedy != null) {
            problem.setProperty("remedy", remedy);
        }
        return problem;
    }
}
