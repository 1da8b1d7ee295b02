package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import java.util.List;

/**
 * What a module does with events that cannot move a flow: it notes them. The facts of many calls that arrive within a few
 * milliseconds share one transaction, so one statement should serve them all.
 *
 * <p>A kind of event has at most one handler of this sort. It may have a {@link CarrierEventHandler} as well, which gets
 * the events that are not facts.
 */
public interface CarrierFactHandler<E extends CarrierEvent> {

    /** The kind of event handled here. */
    Class<E> kind();

    /**
     * Whether this event can be a fact at all, judged by itself. One that cannot is handled at once, and not only when the
     * facts of the same moment have been looked through.
     */
    default boolean mayTake(E event) {
        return true;
    }

    /**
     * Whether this event is a mere fact, as things stand with the call's row locked. The end of a leg, for example, is one
     * when the leg was over already. What is refused here goes to the {@link CarrierEventHandler} of its kind.
     */
    default boolean takes(E event, LockedCall call) {
        return true;
    }

    /** Notes the facts, in the order they came. Runs in the inbox's transaction with the rows of all these calls locked. */
    void record(List<Fact<E>> facts);

    /** An event and the call it belongs to. */
    record Fact<E extends CarrierEvent>(E event, LockedCall call) {}
}
