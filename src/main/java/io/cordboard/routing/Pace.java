package io.cordboard.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast the callers of a queue move up.
 *
 * @param answered how many a second are answered while somebody waits
 * @param givenUp which part of those who wait gives up in a second
 */
record Pace(double answered, double givenUp) {

    /** What happened in this time tells what will happen next. */
    static final Duration LATELY = Duration.ofHours(1);

    /** Fewer answers say nothing. */
    static final int ENOUGH = 3;

    /** Who waits shorter tells nothing: an agent was free, and only had to answer. */
    static final Duration NO_WAIT = Duration.ofSeconds(2);

    /**
     * By what was seen lately. One answer more is counted than there was: the inverse of a number of events that come at
     * random is too high on average, by nearly this.
     *
     * @param busy for how long somebody waited, in seconds
     * @param answers how many were answered in this time
     * @param gone how many left without an answer
     * @param waits the sum of all waits, in seconds
     * @return empty when too little was seen
     */
    static Optional<Pace> seen(double busy, int answers, int gone, double waits) {
        return answers < ENOUGH || busy <= 0
                ? Optional.empty()
                : Optional.of(new Pace((answers + 1) / busy, waits > 0 ? gone / waits : 0));
    }

    /**
     * How long it takes somebody who does not give up to be answered. A place is passed when the first one is answered or
     * anybody before gives up.
     *
     * @param place in the queue, from 1
     * @return in seconds
     */
    double wait(int place) {
        if (givenUp == 0) {
            return place / answered;
        }
        double wait = 0;
        for (int before = 0; before < place; before++) {
            wait += 1 / (answered + before * givenUp);
        }
        return wait;
    }
}
