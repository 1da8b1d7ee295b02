package io.cordboard.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Lets the callers of a queue come and go once more, and holds what {@link WaitEstimates} would have said to each who came
 * against how long they waited then. Who gave up has waited as long as they would have: until the next one behind them was
 * answered. Keeps no more than who is in the queue and what happened lately. Times are microseconds from any beginning.
 */
final class QueueReplay {

    private static final long NO_WAIT = micros(Pace.NO_WAIT.toMillis());
    private static final long LATELY = micros(Pace.LATELY.toMillis());

    /** Who came so much later than somebody else gave up does not tell when that one would have been answered. */
    private static final long NEXT_WITHIN = micros(300_000);

    private final Estimated estimated;
    private final PriorityQueue<Stay> present = new PriorityQueue<>(Comparator.comparingLong((Stay stay) -> stay.left));
    private final List<Long> ranks = new ArrayList<>();
    private final Deque<Stay> fresh = new ArrayDeque<>();
    private final List<Stay> gaveUp = new ArrayList<>();

    /** Who left lately, after a wait. */
    private final Deque<Stay> gone = new ArrayDeque<>();

    private int answers;
    private long waits;

    /** When somebody waited lately; the last stretch is still open while somebody does. */
    private final Deque<Stretch> busy = new ArrayDeque<>();

    private long busyTime;
    private long busySince;
    private int waiting;
    private long cameTogether;

    QueueReplay(Estimated estimated) {
        this.estimated = estimated;
    }

    /**
     * The next caller whom the queue let in.
     *
     * @param came not before those who came before
     * @param left {@link Long#MAX_VALUE} while they are there
     * @param rank in whose order callers are answered
     * @param answered whether an agent accepted
     */
    void comes(long came, long left, long rank, boolean answered) {
        goOn(came);
        if (present.isEmpty()) {
            gaveUp.removeIf(before -> came - before.left > NEXT_WITHIN);
        }
        int ahead = ahead(rank);
        Stay stay = new Stay(came, left, rank, answered, estimate(came, ahead + 1));
        present.add(stay);
        ranks.add(ahead, rank);
        fresh.add(stay);
    }

    /** Nobody comes any more: all who leave do so. */
    void end() {
        goOn(Long.MAX_VALUE - 1);
    }

    private int ahead(long rank) {
        int found = Collections.binarySearch(ranks, rank + 1);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && ranks.get(found - 1) == rank + 1) {
            found--;
        }
        return found;
    }

    private double estimate(long now, int place) {
        long since = now - LATELY;
        while (!gone.isEmpty() && gone.getFirst().left <= since) {
            Stay past = gone.removeFirst();
            answers -= past.answered ? 1 : 0;
            waits -= past.left - past.came;
        }
        while (!busy.isEmpty() && busy.getFirst().end <= since) {
            Stretch past = busy.removeFirst();
            busyTime -= past.end - past.start;
        }
        long time = busyTime;
        if (!busy.isEmpty()) {
            time -= Math.max(0, since - busy.getFirst().start);
        }
        if (waiting > 0) {
            time += now - Math.max(busySince, since);
        }
        return Pace.seen(seconds(time), answers, gone.size() - answers, seconds(waits + waiting * now - cameTogether))
                .map(pace -> pace.wait(place))
                .orElse(Double.NaN);
    }

    /** Lets everybody leave, or begin to count as waiting, who does until then; those who leave first. */
    private void goOn(long now) {
        while (true) {
            long leaves = present.isEmpty() ? Long.MAX_VALUE : present.element().left;
            long waits = fresh.isEmpty() ? Long.MAX_VALUE : fresh.getFirst().came + NO_WAIT;
            if (leaves <= waits && leaves <= now) {
                leave(present.remove());
            } else if (waits < now) {
                beginsToWait(fresh.removeFirst());
            } else {
                return;
            }
        }
    }

    private void beginsToWait(Stay stay) {
        if (stay.gone) {
            return;
        }
        stay.waited = true;
        long start = stay.came;
        if (waiting == 0) {
            while (!busy.isEmpty() && busy.getLast().end >= start) {
                Stretch joined = busy.removeLast();
                busyTime -= joined.end - joined.start;
                start = Math.min(start, joined.start);
            }
            busySince = start;
        }
        waiting++;
        cameTogether += stay.came;
    }

    private void leave(Stay stay) {
        stay.gone = true;
        ranks.remove(ahead(stay.rank) - 1);
        if (stay.waited) {
            waiting--;
            cameTogether -= stay.came;
            if (waiting == 0) {
                busy.add(new Stretch(busySince, stay.left));
                busyTime += stay.left - busySince;
            }
            gone.add(stay);
            answers += stay.answered ? 1 : 0;
            waits += stay.left - stay.came;
        }
        if (stay.answered) {
            hold(stay, stay.left);
            answeredInsteadOfThoseBefore(stay);
        } else if (stay.waited) {
            gaveUp.add(stay);
        }
    }

    private void answeredInsteadOfThoseBefore(Stay next) {
        for (Iterator<Stay> before = gaveUp.iterator(); before.hasNext(); ) {
            Stay stay = before.next();
            if (stay.rank <= next.rank) {
                before.remove();
                // Who did not have to wait does not tell since when an agent was free.
                if (next.waited && next.came - stay.left <= NEXT_WITHIN) {
                    hold(stay, next.left);
                }
            }
        }
    }

    private void hold(Stay stay, long answered) {
        if (stay.waited && !Double.isNaN(stay.estimate)) {
            estimated.found(stay.came, stay.estimate, seconds(answered - stay.came));
        }
    }

    private static long micros(long millis) {
        return millis * 1000;
    }

    private static double seconds(long micros) {
        return micros / 1e6;
    }

    /** Who wants to know. */
    interface Estimated {

        /**
         * @param came of whom
         * @param estimate what would have been said to them, in seconds
         * @param waited in seconds, or how long they would have
         */
        void found(long came, double estimate, double waited);
    }

    private record Stretch(long start, long end) {}

    private static final class Stay {

        private final long came;
        private final long left;
        private final long rank;
        private final boolean answered;
        private final double estimate;
        private boolean waited;
        private boolean gone;

        private Stay(long came, long left, long rank, boolean answered, double estimate) {
            this.came = came;
            this.left = left;
            this.rank = rank;
            this.answered = answered;
            this.estimate = estimate;
        }
    }
}
