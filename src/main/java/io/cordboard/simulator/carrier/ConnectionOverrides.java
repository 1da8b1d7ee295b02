package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How hard a webhook is tried, from the fragment of its URL ({@code #rc=2&rp=ct,5xx&rt=3000}); defaults and limits from
 * Twilio's page on connection overrides.
 *
 * @param readTimeout of one attempt
 * @param totalTime of all attempts together
 * @param retries attempts after the first
 * @param retryOn {@code ct} no connection, {@code rt} no answer in time, {@code 4xx}, {@code 5xx}, {@code all}
 */
record ConnectionOverrides(Duration readTimeout, Duration totalTime, int retries, Set<String> retryOn) {

    private static final int LONGEST_MS = 15_000;
    private static final int SHORTEST_MS = 100;
    private static final int MOST_RETRIES = 5;

    static ConnectionOverrides of(String url) {
        var read = LONGEST_MS;
        var total = LONGEST_MS;
        var retries = 1;
        var policy = "ct";
        var hash = url.indexOf('#');
        if (hash >= 0) {
            for (var pair : url.substring(hash + 1).split("&")) {
                var value = pair.substring(pair.indexOf('=') + 1);
                if (pair.startsWith("rt=")) {
                    read = number(value, SHORTEST_MS, LONGEST_MS);
                } else if (pair.startsWith("tt=")) {
                    total = number(value, SHORTEST_MS, LONGEST_MS);
                } else if (pair.startsWith("rc=")) {
                    retries = number(value, 0, MOST_RETRIES);
                } else if (pair.startsWith("rp=")) {
                    policy = value;
                }
            }
        }
        return new ConnectionOverrides(
                Duration.ofMillis(read),
                Duration.ofMillis(total),
                retries,
                Arrays.stream(policy.split(",")).collect(Collectors.toUnmodifiableSet()));
    }

    static String withoutFragment(String url) {
        var hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    boolean retriesOn(String trouble) {
        return retryOn.contains("all") || retryOn.contains(trouble);
    }

    private static int number(String text, int least, int most) {
        try {
            return Math.min(most, Math.max(least, Integer.parseInt(text)));
        } catch (NumberFormatException notANumber) {
            return most;
        }
    }
}
