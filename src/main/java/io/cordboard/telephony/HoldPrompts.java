package io.cordboard.telephony;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody who waits in a queue hears beside music. Asked before each piece of music; changes nothing. */
public interface HoldPrompts {

    /**
     * @param provider the carrier
     * @param providerLegId the carrier's id of the leg that waits
     * @param saidAt when something was said last; null when nothing was
     * @return empty when there is nothing but music
     */
    Optional<Hold> next(String provider, String providerLegId, @Nullable Instant saidAt);

    /**
     * @param words {@link MediaStep.Say} only; none when it is not time for words
     * @param keyToken what {@link CarrierEvent.KeyPressed} brings back; null when keys mean nothing
     */
    record Hold(List<MediaStep.Say> words, @Nullable String keyToken) {}
}
