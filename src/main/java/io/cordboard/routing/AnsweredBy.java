package io.cordboard.routing;

import java.util.Locale;

/** Who decided what becomes of an offer. */
public enum AnsweredBy {
    /** Whoever was asked. */
    AGENT,
    /** The queue's assignment callback. */
    CALLBACK,
    /** A supervisor or a program, through the API. */
    API,
    /** Nobody: the queue wants no answer. */
    QUEUE;

    /** As the database and the API have it. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
