package io.cordboard.simulator.carrier;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queue of callers, made by the first Enqueue that names it, and the Dials that wait for its next caller. */
final class CallQueue {

    static final int DEFAULT_MAX_SIZE = 1000;

    final String sid = Sids.next("QU");
    final String name;
    final int maxSize;
    final Instant created;
    final Map<String, Queued> members = new LinkedHashMap<>();
    final Deque<PickingUp> takers = new ArrayDeque<>();
    private long waitedSeconds;
    private long left;

    CallQueue(String name, int maxSize, Instant created) {
        this.name = name;
        this.maxSize = maxSize;
        this.created = created;
    }

    int positionOf(String call) {
        var position = 1;
        for (var member : members.keySet()) {
            if (member.equals(call)) {
                return position;
            }
            position++;
        }
        return 0;
    }

    @Nullable
    Queued front() {
        var waiting = members.values().iterator();
        return waiting.hasNext() ? waiting.next() : null;
    }

    void remove(String call, long waited) {
        if (members.remove(call) != null) {
            waitedSeconds += waited;
            left++;
        }
    }

    long averageWait() {
        return left == 0 ? 0 : waitedSeconds / left;
    }
}
