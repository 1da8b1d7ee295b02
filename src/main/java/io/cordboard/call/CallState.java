package io.cordboard.call;

import java.util.Locale;

/** What a call is doing, for lists and for deciding who learns of a hang-up. */
public enum CallState {
    /** The flow speaks or asks. */
    GREETING,
    /** It waits in a queue, offered to an agent or not. */
    WAITING,
    /** It keeps its place in a queue, and the caller will be called back. */
    AWAITING_CALL_BACK,
    /** The caller is being called back, because it is their turn. */
    CALLING_CALLER,
    /** The agent's phone is ringing. */
    CONNECTING,
    TALKING,
    /** The caller is gone, the agent writes up. */
    WRAPPING,
    /** The caller leaves a message. */
    RECORDING,
    /** The caller is gone, a message waits to be worked on. */
    FOLLOW_UP,
    /** Somebody calls back whoever left the message. */
    CALLING_BACK,
    ENDED;

    /** As stored and as told by the API. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CallState ofColumn(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
