package io.cordboard.shared;

import java.util.UUID;

/** The id of a supervisor's listening to a call. */
public record ListenerId(UUID value) {

    /** A new id. */
    public static ListenerId next() {
        return new ListenerId(Ids.next());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
