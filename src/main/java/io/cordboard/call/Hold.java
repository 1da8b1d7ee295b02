package io.cordboard.call;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether the caller of a talk is on hold. What is wanted and what the carrier has done differ for a moment, and an agent
 * must not believe to be unheard during it.
 *
 * @param state null while the two talk
 * @param since when it became so; null while the two talk
 * @param number of the latest change; what the carrier says of an earlier one comes too late
 */
public record Hold(@Nullable State state, @Nullable Instant since, int number) {

    /** For a call whose caller was never on hold. */
    public static final Hold NEVER = new Hold(null, null, 0);

    /** On the way into hold, in it, and on the way out of it. */
    public enum State {
        /** Asked for; the caller may still hear the agent. */
        HOLDING,
        HELD,
        /** To be taken off; the caller may hear the agent already. */
        RESUMING;

        /** As stored and as told by the API. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofColumn(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }

    /** Whether the caller shall be on hold. */
    public boolean wanted() {
        return state == State.HOLDING || state == State.HELD;
    }

    /** Somebody wants the caller to be on hold, or no longer; to be asked for only where it is not wanted already. */
    public Hold want(boolean on, Instant at) {
        return new Hold(on ? State.HOLDING : State.RESUMING, at, number + 1);
    }

    /** The carrier did it. The same when another change came after it. */
    public Hold done(int change, Instant at) {
        if (change != number || state == null || state == State.HELD) {
            return this;
        }
        return state == State.HOLDING ? new Hold(State.HELD, at, number) : over();
    }

    /** The carrier will not do it, so all is as it was. The same when another change came after it. */
    public Hold refused(int change, Instant at) {
        if (change != number || state == null || state == State.HELD) {
            return this;
        }
        return state == State.HOLDING ? over() : new Hold(State.HELD, at, number);
    }

    /** The two talk, or nobody does any more. */
    public Hold over() {
        return state == null ? this : new Hold(null, null, number);
    }
}
