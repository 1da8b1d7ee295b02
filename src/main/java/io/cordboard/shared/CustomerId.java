package io.cordboard.shared;

import java.util.UUID;

/** The id of a customer (tenant) of this installation. */
public record CustomerId(UUID value) {

    /** A new id. */
    public static CustomerId next() {
        return new CustomerId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static CustomerId of(String text) {
        return new CustomerId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
