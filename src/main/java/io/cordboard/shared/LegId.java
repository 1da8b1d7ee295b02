package io.cordboard.shared;

import java.util.UUID;

/** The id of one leg of a call: one line to one phone. */
public record LegId(UUID value) {

    /** A new id. */
    public static LegId next() {
        return new LegId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static LegId of(String text) {
        return new LegId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
