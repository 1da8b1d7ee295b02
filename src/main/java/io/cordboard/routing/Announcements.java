package io.cordboard.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller hears while waiting, beside music.
 *
 * @param position with {@code {position}} for the place in the queue; null for never
 * @param estimate with {@code {minutes}} for the estimated wait; null for never
 * @param message said each time; null for nothing
 * @param everySeconds the pause between two announcements, in seconds
 * @param keys whether a key ends the wait
 * @param language BCP 47 tag; null for the carrier's default
 */
public record Announcements(
        @Nullable String position,
        @Nullable String estimate,
        @Nullable String message,
        long everySeconds,
        boolean keys,
        @Nullable String language) {

    /** Callers want to be let alone for so long. */
    public static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);

    /** Whether there is nothing but music. */
    public boolean silent() {
        return position == null && estimate == null && message == null && !keys;
    }
}
