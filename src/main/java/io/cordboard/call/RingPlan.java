package io.cordboard.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the agent who takes a call is rung, where somebody wants it otherwise than the flow has it; null for as the flow has
 * it.
 *
 * @param to the only phone rung, as carriers want it
 * @param ringFor how long it may ring
 * @param whisper said to the agent alone before the two meet
 */
public record RingPlan(@Nullable String to, @Nullable Duration ringFor, @Nullable String whisper) {

    public static final RingPlan USUAL = new RingPlan(null, null, null);
}
