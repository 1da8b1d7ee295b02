package io.cordboard.ops;

/** No answer came from where Cordboard should be. */
final class Unreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreachable(String detail, Throwable cause) {
        super(detail, cause);
    }
}
