package io.cordboard.simulator.carrier;

/** A REST request that Twilio would refuse, with the error code its documentation lists. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    Refusal(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** There is no such resource. */
    public static Refusal notFound(String path) {
        return new Refusal(404, 20404, "The requested resource " + path + " was not found");
    }

    /** The credentials are missing or wrong. */
    public static Refusal unauthenticated() {
        return new Refusal(401, 20003, "Authenticate");
    }

    /** A fault of the simulated carrier: it is overloaded, or broken. */
    public static Refusal fault(int status) {
        return status == 429
                ? new Refusal(429, 20429, "Too Many Requests")
                : new Refusal(status, 20500, "An internal server error has occurred");
    }

    /** @return the HTTP status */
    public int status() {
        return status;
    }

    /** @return Twilio's error code */
    public int code() {
        return code;
    }
}
