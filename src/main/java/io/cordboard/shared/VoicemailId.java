package io.cordboard.shared;

import java.util.UUID;

/** The id of a recorded message. */
public record VoicemailId(UUID value) {

    /** A new id. */
    public static VoicemailId next() {
        return new VoicemailId(Ids.next());
    }

    /** @throws IllegalArgumentException if the text is not an id */
    public static VoicemailId of(String text) {
        return new VoicemailId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
