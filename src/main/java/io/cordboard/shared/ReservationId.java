package io.cordboard.shared;

import java.util.UUID;

/** The id of one offer of one call to one agent. */
public record ReservationId(UUID value) {

    /** A new id. */
    public static ReservationId next() {
        return new ReservationId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static ReservationId of(String text) {
        return new ReservationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
