package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What really happened in the simulated network, in order. Append-only; the oldest entries are dropped when it is full. */
public final class TruthLog {

    /** What an entry tells. */
    public enum What {
        REST_REQUEST("rest-request"),
        WEBHOOK_SENT("webhook-sent"),
        WEBHOOK_ANSWERED("webhook-answered"),
        WEBHOOK_FAILED("webhook-failed"),
        TWIML_VERB("twiml-verb"),
        HEARD("heard"),
        STATE("state"),
        INPUT("input"),
        CONFERENCE("conference"),
        FAULT("fault"),
        WARNING("warning");

        private final String word;

        What(String word) {
            this.word = word;
        }

        @Override
        @com.fasterxml.jackson.annotation.JsonValue
        public String toString() {
            return word;
        }
    }

    /**
     * One thing that happened.
     *
     * @param sequence counts up from 1 without gaps
     * @param call SID of the call it belongs to, if it belongs to one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(long sequence, Instant at, @Nullable String call, What what, Map<String, Object> detail) {}

    /**
     * A part of the log.
     *
     * @param droppedUpTo the last sequence number that is no longer kept; 0 when nothing was dropped yet
     * @param last the newest sequence number there is
     */
    public record Page(List<Entry> entries, long droppedUpTo, long last) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Clock clock;
    private final int capacity;
    private long last;

    TruthLog(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    /** Appends an entry; details are given as name, value, name, value …, and null values are left out. */
    public void add(What what, @Nullable String call, @Nullable Object... details) {
        var detail = new LinkedHashMap<String, Object>();
        for (var i = 0; i + 1 < details.length; i += 2) {
            var name = details[i];
            var value = details[i + 1];
            if (name != null && value != null) {
                detail.put(name.toString(), value);
            }
        }
        lock.lock();
        try {
            entries.addLast(new Entry(++last, clock.instant(), call, what, detail));
            if (entries.size() > capacity) {
                entries.removeFirst();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The entries after a sequence number, oldest first, of one call or of all. */
    public Page after(long sequence, @Nullable String call) {
        lock.lock();
        try {
            var found = new ArrayList<Entry>();
            for (var newestFirst = entries.descendingIterator(); newestFirst.hasNext(); ) {
                var entry = newestFirst.next();
                if (entry.sequence() <= sequence) {
                    break;
                }
                if (call == null || call.equals(entry.call())) {
                    found.add(entry);
                }
            }
            java.util.Collections.reverse(found);
            return new Page(found, last - entries.size(), last);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something after the sequence number, at most so long. */
    public Page await(long sequence, long milliseconds) throws InterruptedException {
        lock.lock();
        try {
            var left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
            while (last <= sequence && left > 0) {
                left = grown.awaitNanos(left);
            }
            return after(sequence, null);
        } finally {
            lock.unlock();
        }
    }
}
