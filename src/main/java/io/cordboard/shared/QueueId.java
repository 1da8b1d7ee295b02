package io.cordboard.shared;

import java.util.UUID;

/** The id of a queue. */
public record QueueId(UUID value) {

    /** A new id. */
    public static QueueId next() {
        return new QueueId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static QueueId of(String text) {
        return new QueueId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
