package io.cordboard.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.routing.QueueBoard.Line;
import io.cordboard.routing.QueueBoard.Today;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue on the live feed, in the words of the API. Points in time instead of waiting times, so that it stays true for as
 * long as nothing happens.
 */
@JsonNaming(SnakeCaseStrategy.class)
record QueueLine(
        UUID queueId,
        String name,
        int agentsEligible,
        int agentsAvailable,
        Map<String, Integer> activities,
        Callers callers,
        @Nullable Instant longestWaitSince,
        @Nullable Instant longestTotalWaitSince,
        OfToday today) {

    static QueueLine of(Line line, Today today) {
        Double level = today.serviceLevel();
        return new QueueLine(
                line.queue(),
                line.name(),
                line.eligible(),
                line.available(),
                new TreeMap<>(line.activities()),
                new Callers(
                        line.inside() + line.talking() + line.wrapping(),
                        line.waiting(),
                        line.offered(),
                        line.talking(),
                        line.wrapping()),
                line.since(),
                line.sinceAnywhere(),
                new OfToday(
                        today.entered(),
                        today.refused(),
                        today.answered(),
                        today.abandoned(),
                        level == null ? null : Math.round(level * 1000) / 1000.0,
                        level == null ? null : level >= today.target()));
    }

    record Callers(int total, int waiting, int offered, int talking, int wrapping) {}

    /** @param serviceLevel percent of those whose wait is over */
    @JsonNaming(SnakeCaseStrategy.class)
    record OfToday(
            int entered,
            int refused,
            int accepted,
            int abandoned,
            @Nullable Double serviceLevel,
            @Nullable Boolean serviceLevelReached) {}
}
