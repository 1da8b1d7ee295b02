package io.cordboard.events.webhook;

import io.cordboard.shared.CustomerId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told of a customer's events over HTTP.
 *
 * @param eventTypes as they are told, such as {@code agent_status_updated}; none means all
 * @param disabledBecause why we disabled it; null when it is enabled or was disabled by its owner
 * @param failingSince the first failure since the last success
 * @param oldSecretUntil until when the secret before this one signs as well
 */
public record Subscription(
        UUID id,
        CustomerId customer,
        String url,
        List<String> eventTypes,
        boolean enabled,
        @Nullable String disabledBecause,
        @Nullable Instant failingSince,
        @Nullable Instant oldSecretUntil,
        Instant createdAt) {}
