package io.cordboard.routing;

import java.util.Locale;

/** How the agents of a queue write up after a talk. */
public enum WrapUpMode {
    /** However long it takes, up to the queue's hard limit. */
    MANDATORY,
    /** As {@link #MANDATORY}; who is not done in time is told of. */
    MANDATORY_TIMEOUT,
    /** Until they are done or their time is up. */
    FORCED_TIMEOUT,
    /** While they are free for the next call already. */
    OPTIONAL,
    /** As {@link #FORCED_TIMEOUT}, but only who asked for it during the talk. */
    AGENT_REQUESTED;

    /** As stored, in models and in the API. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static WrapUpMode ofColumn(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
