package io.cordboard.agent;

import java.util.Locale;

/** What an agent is doing, as everybody sees it. Only {@link #AVAILABLE} agents are offered calls. */
public enum AgentStatus {
    AVAILABLE,
    AWAY,
    OFFLINE,
    /** A call is being offered. */
    RINGING,
    /** In a call, or writing up after one. */
    BUSY;

    /** As stored and as told by the API. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an agent can choose it; the others follow from the call. */
    public boolean canBeChosen() {
        return this == AVAILABLE || this == AWAY || this == OFFLINE;
    }
}
