package io.cordboard.shared;

import java.util.UUID;

/** The id of an agent. */
public record AgentId(UUID value) {

    /** A new id. */
    public static AgentId next() {
        return new AgentId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static AgentId of(String text) {
        return new AgentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
