package io.cordboard.customer;

import java.util.Locale;

/** What kind of work an account is for. Its group of the same name in the engine carries the rights there. */
public enum Role {
    /** Takes calls; sees only what is assigned to them. */
    AGENT,
    /** Watches calls and agents. */
    SUPERVISOR,
    /** Draws and publishes flows. */
    ANALYST,
    /** May do everything. */
    ADMIN,
    /**
     * The guest agent each customer is born with: administers the customer's people and settings, so that somebody
     * always can, but no flows. Has no password and cannot be deleted.
     */
    GUEST;

    /** The role as the database, the engine and the API write it. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such role */
    public static Role of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** The coarse permission of the API: {@code ADMIN} or {@code USER}. */
    public String permission() {
        return administers() ? "ADMIN" : "USER";
    }

    /** Whether it manages people, tags, queues and numbers of its customer. */
    public boolean administers() {
        return this == ADMIN || this == GUEST;
    }

    /** Whether it sees, and may step into, the work of all agents of its customer. */
    public boolean supervises() {
        return this == SUPERVISOR || administers();
    }
}
