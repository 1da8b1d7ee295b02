package io.cordboard.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one queue in one stretch of time. Stays count where they began, offers where they were made, so that
 * sums over intervals are the figures of the whole.
 *
 * @param stays what became of those who called: by exit, {@link #WAITING} for those who are still there, or
 *     {@link #CALL_BACK}
 * @param offers what became of the agents who were asked
 * @param estimates how far estimated waits were off
 */
public record QueueFigures(
        Instant from, Instant to, Map<String, Stays> stays, List<Offers> offers, Estimates estimates) {

    /** Who has not left yet. */
    public static final String WAITING = "waiting";

    /** Who chose to be called back, whatever became of it: their wait is none on the line, and no answer in time or late. */
    public static final String CALL_BACK = "call_back";

    static final String ACCEPTED = "accepted";
    private static final String ABANDONED = "abandoned";

    /** The same for several stretches taken together. */
    public static QueueFigures sum(Instant from, Instant to, Collection<QueueFigures> parts) {
        Map<String, Stays> stays = new TreeMap<>();
        List<Offers> offers = new ArrayList<>();
        Estimates estimates = Estimates.NONE;
        for (QueueFigures part : parts) {
            part.stays.forEach((exit, these) -> stays.merge(exit, these, Stays::plus));
            offers.addAll(part.offers);
            estimates = estimates.plus(part.estimates);
        }
        return new QueueFigures(from, to, stays, offers, estimates);
    }

    /** Who came, those the queue did not take included. */
    public int entered() {
        return stays.values().stream().mapToInt(Stays::count).sum();
    }

    /** Those the queue did not let in. */
    public int refused() {
        return stays.values().stream().mapToInt(Stays::refused).sum();
    }

    /** Those who went on to another queue, which let them in. */
    public int moved() {
        return stays.values().stream().mapToInt(Stays::moved).sum();
    }

    public int waiting() {
        return of(WAITING).count;
    }

    public Stays accepted() {
        return of(ACCEPTED);
    }

    public Stays abandoned() {
        return of(ABANDONED);
    }

    private Stays of(String exit) {
        return stays.getOrDefault(exit, Stays.NONE);
    }

    /** How many agents were asked. */
    public int offered() {
        return offers.stream().mapToInt(Offers::count).sum();
    }

    /** How many of the offers ended like this, those included that are still so. */
    public int offered(ReservationState... states) {
        return offers.stream()
                .filter(part -> List.of(states).contains(part.state))
                .mapToInt(Offers::count)
                .sum();
    }

    /** Offers that were accepted, but the agent's phones were not answered. */
    public int phonesNotAnswered() {
        return offers.stream()
                .filter(part -> part.state == ReservationState.TIMEOUT && part.phone)
                .mapToInt(Offers::count)
                .sum();
    }

    /** From the agent's answer to the end of wrap-up, on average, in seconds; null when no call was completed. */
    public @Nullable Double handleTime() {
        int completed = offers.stream().mapToInt(Offers::handled).sum();
        return average(offers.stream().mapToDouble(Offers::handleTime).sum(), completed);
    }

    /** On average, in seconds; null when nothing was wrapped up. */
    public @Nullable Double wrapUpTime() {
        int wrapped = offers.stream().mapToInt(Offers::wrapped).sum();
        return average(offers.stream().mapToDouble(Offers::wrapUpTime).sum(), wrapped);
    }

    private static @Nullable Double average(double sum, int count) {
        return count == 0 ? null : sum / count;
    }

    /** Whose stay is over, without those who were not let in or chose to be called back. */
    public int offeredCalls() {
        return entered() - refused() - waiting() - of(CALL_BACK).count;
    }

    /**
     * Stays in a queue that ended the same way.
     *
     * @param refused how many of them were none: the queue did not let the caller in
     * @param moved how many were followed by a stay in another queue
     * @param shortest in seconds
     * @param sum of all of them, in seconds
     * @param longest in seconds
     * @param within how many ended within each of the thresholds
     */
    public record Stays(
            int count, int refused, int moved, double shortest, double sum, double longest, List<Integer> within) {

        static final Stays NONE = new Stays(0, 0, 0, 0, 0, 0, List.of());

        Stays plus(Stays more) {
            List<Integer> both = new ArrayList<>();
            for (int i = 0; i < within.size(); i++) {
                both.add(within(i) + more.within(i));
            }
            return new Stays(
                    count + more.count,
                    refused + more.refused,
                    moved + more.moved,
                    Math.min(shortest, more.shortest),
                    sum + more.sum,
                    Math.max(longest, more.longest),
                    both);
        }

        public @Nullable Double average() {
            return QueueFigures.average(sum, count);
        }

        /** @param threshold which of them, from 0 */
        public int within(int threshold) {
            return threshold < within.size() ? within.get(threshold) : 0;
        }
    }

    /**
     * Offers that ended the same way.
     *
     * @param phone whether the agent had accepted and did not pick up
     * @param handled how many calls were completed
     * @param handleTime of all of these, in seconds
     * @param wrapped how many were wrapped up
     * @param wrapUpTime of all of these, in seconds
     */
    public record Offers(
            ReservationState state,
            boolean phone,
            int count,
            int handled,
            double handleTime,
            int wrapped,
            double wrapUpTime) {}

    /**
     * Estimated against real waits of those who waited, in seconds. Who gave up would have waited until the next behind them
     * was answered.
     *
     * @param absoluteErrors their sum
     * @param errors their sum; positive when people waited shorter than estimated
     */
    public record Estimates(int count, double absoluteErrors, double errors) {

        static final Estimates NONE = new Estimates(0, 0, 0);

        Estimates plus(Estimates more) {
            return new Estimates(count + more.count, absoluteErrors + more.absoluteErrors, errors + more.errors);
        }

        public @Nullable Double meanAbsoluteError() {
            return average(absoluteErrors, count);
        }

        public @Nullable Double bias() {
            return average(errors, count);
        }
    }
}
