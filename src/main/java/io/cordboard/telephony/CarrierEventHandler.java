package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import org.jspecify.annotations.Nullable;

/**
 * What a module does with one kind of event. Runs in the inbox's transaction, with the call's row locked.
 *
 * <p>The inbox notices a repeated event only after its handler ran, and then undoes the work of the handler: its effects
 * belong into this transaction, or behind its commit. A handler that throws is tried again, at once and later.
 */
public interface CarrierEventHandler<E extends CarrierEvent> {

    /** The kind of event handled here; at most one handler of this sort for each kind. */
    Class<E> kind();

    /**
     * @param call the call it belongs to; null only for {@link CarrierEvent.IncomingCall}, which starts one
     * @return {@link Result#EARLY} when the flow does not wait for this yet: the event is kept and tried again
     */
    Result handle(E event, @Nullable LockedCall call);

    /** What became of an event. */
    enum Result {
        DONE,
        EARLY
    }
}
