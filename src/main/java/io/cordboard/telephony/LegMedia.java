package io.cordboard.telephony;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;

/**
 * What the legs of a call hear next. Steps added in one transaction form one list a leg: it becomes the webhook's reply
 * when the carrier is just asking for that leg, a {@link CarrierCommand.Perform} command otherwise.
 */
public interface LegMedia {

    /** Adds a step for a leg; must be called in a transaction. */
    void add(CallId call, LegId leg, MediaStep step);
}
