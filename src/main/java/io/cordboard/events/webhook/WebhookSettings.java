package io.cordboard.events.webhook;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How webhooks are delivered.
 *
 * @param allowLoopback whether events may go to this machine, over http too and to any port; for development only
 * @param ports where a subscriber may listen
 * @param poll how often a node looks for what is due, and for subscriptions that others made
 * @param timeout how long a subscriber may take, from the connection to the end of the answer
 * @param lease how long a delivery belongs to a node without a sign of life; longer than the timeout
 * @param retryFirst pause after the first failed attempt; then it doubles about each time
 * @param retryMax the longest pause
 * @param giveUpAfter how long after its first failure a delivery fails for good; a subscription to which nothing could be
 *     delivered in all this time is disabled
 * @param oldSecretValid how long after a rotation the old secret still signs
 * @param patience how long an event that is not visible yet is waited for at least
 * @param retention how long deliveries are remembered
 * @param atOnce how many deliveries a node has under way
 * @param atOnceEach how many of them to one subscription; one while it fails
 */
@ConfigurationProperties("cordboard.webhooks")
record WebhookSettings(
        @DefaultValue("false") boolean allowLoopback,
        @DefaultValue({"443", "8443"}) Set<Integer> ports,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("1m") Duration lease,
        @DefaultValue("5s") Duration retryFirst,
        @DefaultValue("1h") Duration retryMax,
        @DefaultValue("24h") Duration giveUpAfter,
        @DefaultValue("24h") Duration oldSecretValid,
        @DefaultValue("1m") Duration patience,
        @DefaultValue("30d") Duration retention,
        @DefaultValue("200") int atOnce,
        @DefaultValue("4") int atOnceEach) {

    WebhookSettings {
        if (timeout.compareTo(lease) >= 0) {
            throw new IllegalArgumentException(
                    "cordboard.webhooks.timeout (%s) must be shorter than cordboard.webhooks.lease (%s)"
                            .formatted(timeout, lease));
        }
    }

    /**
     * The pause before the next attempt: as long as attempts have failed already, so that it doubles each time, and up to a
     * fifth shorter or longer, so that not all come back at once.
     */
    Duration pause(Duration failing) {
        Duration pause = failing.compareTo(retryFirst) < 0 ? retryFirst : failing;
        if (pause.compareTo(retryMax) > 0) {
            pause = retryMax;
        }
        return Duration.ofMillis(
                Math.round(pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }
}
