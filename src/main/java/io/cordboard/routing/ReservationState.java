package io.cordboard.routing;

import java.util.Locale;

/** What became of an offer. */
public enum ReservationState {
    /** The agent is being asked. */
    PENDING,
    ACCEPTED,
    REJECTED,
    /** The agent did not answer in time, or their phone did not. */
    TIMEOUT,
    /** The caller was gone first. */
    CANCELED,
    /** Another agent was faster. */
    RESCINDED,
    WRAPPING,
    COMPLETED;

    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
