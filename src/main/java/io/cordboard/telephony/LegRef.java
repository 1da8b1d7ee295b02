package io.cordboard.telephony;

import io.cordboard.shared.LegId;
import org.jspecify.annotations.Nullable;

/**
 * How an event names the leg it is about: by our id where we dialled the leg ourselves and the carrier echoed it, by the
 * carrier's id as soon as there is one. At least one of the two is there.
 *
 * @param provider name of the carrier
 * @param providerLegId the carrier's id, for example Twilio's CallSid; null only where the carrier never took the leg,
 *     as in a {@link CarrierEvent.CommandFailed} of a dial
 * @param leg our id, when it is known
 */
public record LegRef(String provider, @Nullable String providerLegId, @Nullable LegId leg) {

    public LegRef {
        if (providerLegId == null && leg == null) {
            throw new IllegalArgumentException("A leg is named by the carrier's id, by ours, or by both.");
        }
    }
}
