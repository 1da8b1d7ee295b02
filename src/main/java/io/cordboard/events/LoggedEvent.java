package io.cordboard.events;

import io.cordboard.customer.Account;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the event log, with who it concerns.
 *
 * @param customer whose it is; null for a call to a number of nobody
 * @param participants the agents who have or had a part in the call
 * @param data what is worth knowing of it, as JSON
 */
public record LoggedEvent(
        long id,
        Instant at,
        String type,
        @Nullable UUID call,
        @Nullable UUID agent,
        @Nullable UUID customer,
        Set<UUID> participants,
        String data) {

    /** Who is listened to does not learn of it. */
    private static final String LISTENER = "call.listener_";

    /**
     * Whether somebody may learn of it: supervisors and administrators of everything of their customer, the others of
     * their own calls, but not of those who listen to them, and of the statuses of their colleagues.
     */
    public boolean concerns(Account who) {
        if (!who.customer().value().equals(customer)) {
            return false;
        }
        if (who.role().supervises()) {
            return true;
        }
        if (type.startsWith(LISTENER)) {
            return false;
        }
        return call == null && type.startsWith("agent.")
                || who.id().value().equals(agent)
                || participants.contains(who.id().value());
    }
}
