package io.cordboard.telephony;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the call of an event and locks its row until the transaction ends; implemented by the module that owns calls. */
public interface CallLocks {

    /** Empty when no such leg is known (yet). Everything about the call happens under this lock. */
    Optional<LockedCall> lock(LegRef leg);

    /**
     * The same for the legs of many calls in one statement. Rows are locked in the order of the call ids, so that two
     * nodes doing this at once cannot wait for each other. It waits for nobody who is moving a call either.
     *
     * @return without the legs that are not known, or whose call somebody else has locked
     */
    Map<LegRef, LockedCall> lockAll(Set<LegRef> legs);

    /** The same by our own ids, for commands. */
    Optional<LockedCall> lock(CallId call, LegId leg);

    /** The carrier's id of a leg; empty while the leg is being dialled. Takes no lock. */
    Optional<String> providerLegId(LegId leg);

    /**
     * @param leg the leg the event is about
     * @param provider carrier of that leg
     * @param over whether the call has ended, so that commands are no longer worth carrying out
     * @param legOver whether this leg has ended
     */
    record LockedCall(
            CallId call, LegId leg, String provider, @Nullable String providerLegId, boolean over, boolean legOver) {}
}
