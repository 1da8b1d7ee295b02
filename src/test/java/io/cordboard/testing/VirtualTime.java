package io.cordboard.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that passes from event to event, without waiting for it. What runs on its clock sees a day go by in seconds. Events
 * of the same instant come in the order in which they were planned, so that everything can be repeated. For one thread.
 */
public final class VirtualTime {

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
    private final Clock clock = ((InstantSource) this::now).withZone(ZoneOffset.UTC);
    private Instant now;
    private long planned;

    public VirtualTime(Instant start) {
        now = start;
    }

    public Instant now() {
        return now;
    }

    /** The same as a parameter for PostgreSQL. */
    public OffsetDateTime time() {
        return now.atOffset(ZoneOffset.UTC);
    }

    /** For what shall live in this time. */
    public Clock clock() {
        return clock;
    }

    /** Something happens after so much time, counted in microseconds like PostgreSQL does. */
    public void after(Duration delay, Runnable what) {
        events.add(new Event(now.plus(delay).truncatedTo(ChronoUnit.MICROS), planned++, what));
    }

    /** Lets everything happen that is planned, and what is planned by it, until nothing is left. */
    public void run() {
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.at;
            next.what.run();
        }
    }

    private record Event(Instant at, long order, Runnable what) {}
}
