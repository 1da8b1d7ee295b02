package io.cordboard.simulator.carrier;

/** What was asked of the test phone cannot be done; the message says why and what to do instead. */
public class Impossible extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Impossible(String message) {
        super(message);
    }

    Impossible(String message, Throwable cause) {
        super(message, cause);
    }

    /** The call, number or other thing does not exist (any more). */
    public static final class Unknown extends Impossible {

        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message);
        }
    }
}
