package io.cordboard.telephony;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Wakes whoever retries waiting events, in memory and at the right moment, so that nobody has to ask the table often. */
@Component
class InboxAlarm {

    private static final Logger LOG = LoggerFactory.getLogger(InboxAlarm.class);
    private static final Duration SAME_MOMENT = Duration.ofMillis(10);

    private final Clock clock;
    private @Nullable ScheduledExecutorService thread;
    private @Nullable Runnable sleeper;
    private @Nullable Instant next;

    InboxAlarm(Clock clock) {
        this.clock = clock;
    }

    synchronized void start(Runnable newSleeper) {
        sleeper = newSleeper;
        thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread alarm = new Thread(runnable, "telephony-retries");
            alarm.setDaemon(true);
            return alarm;
        });
    }

    void stop() {
        ScheduledExecutorService ending;
        synchronized (this) {
            ending = thread;
            thread = null;
            sleeper = null;
            next = null;
        }
        if (ending != null) {
            ending.shutdown();
            try {
                if (!ending.awaitTermination(5, TimeUnit.SECONDS)) {
                    ending.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sets the alarm; it does not ring twice for the same moment. */
    synchronized void ringAt(Instant at) {
        ScheduledExecutorService ringing = thread;
        if (ringing == null || (next != null && !at.isBefore(next.minus(SAME_MOMENT)) && !at.isAfter(next))) {
            return;
        }
        if (next == null || at.isBefore(next)) {
            next = at;
        }
        long millis = Math.max(0, Duration.between(clock.instant(), at).toMillis()) + 1;
        try {
            ringing.schedule(() -> ring(at), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Shutting down; waiting events are left to other nodes");
        }
    }

    private void ring(Instant at) {
        Runnable awake;
        synchronized (this) {
            if (at.equals(next)) {
                next = null;
            }
            awake = sleeper;
        }
        if (awake != null) {
            try {
                awake.run();
            } catch (RuntimeException e) {
                LOG.debug("Waiting events could not be retried now", e);
            }
        }
    }
}
