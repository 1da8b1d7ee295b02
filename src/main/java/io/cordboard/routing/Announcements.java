package io.cordboard.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller hears while waiting, beside music.
 *
 * @param position with {@code {position}} for the place in the queue; null for never
 * @param positionUpTo the last place that is said; 0 for all
 * @param positionBeyond said instead of a place behind that, with {@code {limit}} for the last one; null for nothing
 * @param estimate with {@code {minutes}} for the estimated wait; null for never
 * @param estimateOnce whether it is said only the first time
 * @param message said each time; null for nothing
 * @param everySeconds the pause between two announcements, in seconds
 * @param keys whether a key ends the wait
 * @param callBack the offer to be called back, said each time; null for none
 * @param callBackKey the key that takes it up
 * @param language BCP 47 tag; null for the carrier's default
 */
public record Announcements(
        @Nullable String position,
        int positionUpTo,
        @Nullable String positionBeyond,
        @Nullable String estimate,
        boolean estimateOnce,
        @Nullable String message,
        long everySeconds,
        boolean keys,
        @Nullable String callBack,
        @Nullable String callBackKey,
        @Nullable String language) {

    /** Callers want to be let alone for so long. */
    public static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);

    /** @param stored as written by the same mapper */
    public static Announcements read(ObjectMapper json, String stored) {
        try {
            return json.readValue(stored, Announcements.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What a caller hears while waiting was stored as something else.", e);
        }
    }

    /** Whether there is nothing but music. */
    public boolean silent() {
        return position == null && estimate == null && message == null && !keys && callBack == null;
    }

    /** What is said of a place in the queue; empty for nothing. */
    Optional<String> ofPlace(int place) {
        if (position == null) {
            return Optional.empty();
        }
        if (positionUpTo == 0 || place <= positionUpTo) {
            return Optional.of(position.replace("{position}", String.valueOf(place)));
        }
        return Optional.ofNullable(positionBeyond).map(text -> text.replace("{limit}", String.valueOf(positionUpTo)));
    }

    /** Whether any key means something. */
    public boolean listens() {
        return keys || callBack != null;
    }

    /** In a queue that does not call back. */
    public Announcements withoutCallBack() {
        return new Announcements(
                position,
                positionUpTo,
                positionBeyond,
                estimate,
                estimateOnce,
                message,
                everySeconds,
                keys,
                null,
                null,
                language);
    }
}
