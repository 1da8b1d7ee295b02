package io.cordboard.telephony;

import io.cordboard.shared.LegId;
import org.jspecify.annotations.Nullable;

/**
 * How an event names the leg it is about: by our id where we dialled the leg ourselves, always by the carrier's id.
 *
 * @param provider name of the carrier
 * @param providerLegId the carrier's id, for example Twilio's CallSid
 * @param leg our id, when the carrier echoed it
 */
public record LegRef(String provider, String providerLegId, @Nullable LegId leg) {}
