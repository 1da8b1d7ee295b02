package io.cordboard.ops;

import org.jspecify.annotations.Nullable;

/** Cordboard refused what was wanted; or nobody said yes to it. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** @param remedy how to mend it, if known */
    Refused(String detail, @Nullable String remedy) {
        super(detail);
        this.text = remedy == null || remedy.isBlank() ? detail : detail + "\n" + remedy;
    }

    /** What is wrong and, on a line of its own, how to mend it. */
    String text() {
        return text;
    }
}
