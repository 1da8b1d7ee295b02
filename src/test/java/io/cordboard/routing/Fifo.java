package io.cordboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * First come, first served, in memory: what a queue does to callers whose times are known. The bridge between the product,
 * which must do the same to the same callers, and theory, which needs a million of them.
 */
final class Fifo {

    private final PriorityQueue<Instant> free = new PriorityQueue<>();

    Fifo(int agents) {
        for (int i = 0; i < agents; i++) {
            free.add(Instant.MIN);
        }
    }

    /** What becomes of callers, given in the order in which they came. */
    static List<Stay> stays(int agents, List<Caller> callers) {
        Fifo fifo = new Fifo(agents);
        List<Stay> stays = new ArrayList<>();
        callers.forEach(caller -> stays.add(fifo.comes(caller)));
        return stays;
    }

    /** The next caller. */
    Stay comes(Caller caller) {
        Instant agent = free.remove();
        Instant begins = agent.isAfter(caller.came) ? agent : caller.came;
        Instant leaves = caller.patience == null ? Instant.MAX : after(caller.came, caller.patience);
        if (leaves.isBefore(begins)) {
            free.add(agent);
            return new Stay(caller.came, leaves, false);
        }
        free.add(after(begins, caller.handling));
        return new Stay(caller.came, begins, true);
    }

    /** As the database counts time. */
    private static Instant after(Instant start, Duration delay) {
        return start.plus(delay).truncatedTo(ChronoUnit.MICROS);
    }

    /** @param patience null for no end of it */
    record Caller(Instant came, @Nullable Duration patience, Duration handling) {}

    /** @param ended when an agent answered, or the caller gave up */
    record Stay(Instant came, Instant ended, boolean answered) {

        double seconds() {
            return Duration.between(came, ended).toNanos() / 1e9;
        }
    }
}
