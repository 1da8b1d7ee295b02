package io.cordboard.shared;

import java.util.UUID;

/** The id of a call, from its first ring to the end of its wrap-up. The business key of every process of the call. */
public record CallId(UUID value) {

    /** A new id. */
    public static CallId next() {
        return new CallId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static CallId of(String text) {
        return new CallId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
