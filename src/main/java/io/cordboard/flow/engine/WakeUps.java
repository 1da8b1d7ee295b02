package io.cordboard.flow.engine;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when the timers of this node are due and rings at that moment, so that nobody has to ask the database again
 * and again. Due dates within the same ten milliseconds ring once. Losing one costs lateness only: a slow poll finds what
 * was missed, and what other nodes created.
 */
final class WakeUps implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WakeUps.class);

    private static final long GRAIN_MILLIS = 10;

    /** A clock that is not the computer's may jump or run faster than time: look again this often. */
    private static final long FOREIGN_CLOCK_MILLIS = 10;

    /** Timers further away than this are left to the poll, which by then is as good. */
    private static final long HORIZON_MILLIS = TimeUnit.DAYS.toMillis(2);

    private final Clock clock;
    private final boolean clockIsTheComputers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final TreeMap<Long, Integer> jobsDueAt = new TreeMap<>();
    private final Map<String, Long> dueAt = new HashMap<>();
    private @Nullable Runnable bell;
    private @Nullable Thread ringer;

    WakeUps(Clock clock) {
        this.clock = clock;
        this.clockIsTheComputers = clock.equals(Clock.system(clock.getZone()));
    }

    /** Starts ringing. */
    void start(Runnable bell) {
        lock.lock();
        try {
            this.bell = bell;
            if (ringer == null) {
                ringer = new Thread(this::ringForever, "timer-wake-up");
                ringer.setDaemon(true);
                ringer.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Rings at {@code due}; replaces what was remembered for the job. */
    void at(String jobId, Instant due) {
        long dueMillis = due.toEpochMilli();
        lock.lock();
        try {
            forgetLocked(jobId);
            if (dueMillis - clock.millis() > HORIZON_MILLIS) {
                return;
            }
            long moment = Math.floorDiv(dueMillis + GRAIN_MILLIS - 1, GRAIN_MILLIS) * GRAIN_MILLIS;
            boolean nextNow = jobsDueAt.isEmpty() || moment < jobsDueAt.firstKey();
            jobsDueAt.merge(moment, 1, Integer::sum);
            dueAt.put(jobId, moment);
            if (nextNow) {
                earlier.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** For a job that is done or was cancelled. */
    void forget(String jobId) {
        lock.lock();
        try {
            forgetLocked(jobId);
        } finally {
            lock.unlock();
        }
    }

    private void forgetLocked(String jobId) {
        Long moment = dueAt.remove(jobId);
        if (moment != null) {
            jobsDueAt.computeIfPresent(moment, (at, jobs) -> jobs == 1 ? null : jobs - 1);
        }
    }

    /** How many jobs are remembered; for tests and metrics. */
    int size() {
        lock.lock();
        try {
            return dueAt.size();
        } finally {
            lock.unlock();
        }
    }

    private void ringForever() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                awaitNext();
                Runnable now = bell;
                if (now != null) {
                    now.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("A timer wake-up failed; the poll will find the timer", e);
            }
        }
    }

    private void awaitNext() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (jobsDueAt.isEmpty()) {
                    earlier.await();
                    continue;
                }
                long missing = jobsDueAt.firstKey() - clock.millis();
                if (missing <= 0) {
                    jobsDueAt.pollFirstEntry();
                    return;
                }
                earlier.await(
                        clockIsTheComputers ? missing : Math.min(missing, FOREIGN_CLOCK_MILLIS), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Thread running = ringer;
        if (running != null) {
            running.interrupt();
        }
    }
}
