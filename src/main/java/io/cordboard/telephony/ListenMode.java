package io.cordboard.telephony;

import java.util.Locale;

/** How somebody takes part in a talk that others have. They hear everybody in each of these. */
public enum ListenMode {
    /** Nobody hears them, and nobody notices them. */
    LISTEN,
    /** The agent alone hears them. */
    WHISPER,
    /** Everybody hears them. */
    BARGE;

    /** As stored and as told by the API. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such mode */
    public static ListenMode ofColumn(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
