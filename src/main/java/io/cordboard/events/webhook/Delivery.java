package io.cordboard.events.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one subscriber, or there.
 *
 * @param id what the subscriber knows the message by, the same at each attempt
 * @param event its number on the live feed; null for a test
 * @param type as it is told, such as {@code call_ended}
 * @param payload the JSON text that is sent
 * @param state {@code pending}, {@code delivered} or {@code failed}
 * @param nextAttemptAt only while it is pending
 * @param status of the last answer; null when there was none
 * @param error what went wrong the last time
 * @param millis how long the last attempt took
 */
public record Delivery(
        UUID id,
        @Nullable Long event,
        String type,
        String payload,
        String state,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant lastAttemptAt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Integer millis,
        Instant createdAt) {}
