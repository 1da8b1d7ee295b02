package io.cordboard.routing.assignment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How assignment callbacks are asked.
 *
 * @param timeout how long after the reservation was made an answer counts, that of the fallback included
 * @param beforeFallback how much of it the first address has where there is a fallback
 * @param atOnce how many questions a node has under way
 * @param atOnceEach how many of them to one customer's servers
 * @param waitingEach how many more of one customer's wait until one of these is answered
 */
@ConfigurationProperties("cordboard.assignment-callbacks")
record AssignmentSettings(
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("3s") Duration beforeFallback,
        @DefaultValue("128") int atOnce,
        @DefaultValue("8") int atOnceEach,
        @DefaultValue("100") int waitingEach) {

    AssignmentSettings {
        if (beforeFallback.compareTo(timeout) >= 0) {
            throw new IllegalArgumentException(
                    "cordboard.assignment-callbacks.before-fallback (%s) must be shorter than .timeout (%s)"
                            .formatted(beforeFallback, timeout));
        }
    }
}
