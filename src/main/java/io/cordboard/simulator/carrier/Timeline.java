package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which everything in the simulated network happens, and its clockwork. Because nothing else touches
 * calls, conferences and queues, a REST command that races with a hang-up has exactly one outcome. What takes time (HTTP,
 * waiting) happens elsewhere and comes back as a task.
 */
final class Timeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Timeline.class);

    /** Real time that a step of an endless loop takes at least, however fast the clock runs. */
    private static final Duration SHORTEST_LOOP = Duration.ofMillis(50);

    /** What a stretch of time is for; only {@link Speed#instant} tells them apart. */
    enum Kind {
        /** Something is said or played: takes no time at all when the speed is instant. */
        PROMPT,
        /** Somebody waits for somebody else: always takes time. */
        WAIT,
        /** A wait that repeats for ever, such as hold music. */
        LOOP
    }

    private final ScheduledThreadPoolExecutor thread;
    private final Set<Timer> pending = new HashSet<>();
    private volatile Speed speed;
    private volatile @Nullable Thread owner;

    Timeline(Speed speed) {
        this.speed = speed;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            var created = new Thread(task, "simulated-carrier");
            created.setDaemon(true);
            owner = created;
            return created;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the question on the timeline and waits for the answer; exceptions come through unchanged. */
    <T> T ask(Supplier<T> question) {
        if (Thread.currentThread() == owner) {
            return question.get();
        }
        var answer = new CompletableFuture<T>();
        thread.execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error failure) {
                answer.completeExceptionally(failure);
            }
        });
        try {
            return answer.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /** Runs the task on the timeline, soon; dropped when the carrier is shutting down. */
    void tell(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.trace("The carrier is closed", closed);
        }
    }

    /** Runs the task when so much simulated time has passed. To be called on the timeline. */
    Timer after(Duration delay, Kind kind, Runnable task) {
        var timer = new Timer(delay, kind, task);
        pending.add(timer);
        timer.start();
        return timer;
    }

    Speed speed() {
        return speed;
    }

    /** Changes the speed; waits that are under way go on at the new speed. */
    void speed(Speed changed) {
        pending.forEach(Timer::halt);
        speed = changed;
        pending.forEach(Timer::start);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.error("A step of the simulated network failed", failure);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** One wait under way. */
    final class Timer {

        private final Kind kind;
        private final Runnable task;
        private double remainingNanos;
        private long startedNanos;
        private @Nullable Future<?> scheduled;

        private Timer(Duration delay, Kind kind, Runnable task) {
            this.remainingNanos = delay.toNanos();
            this.kind = kind;
            this.task = task;
        }

        private void start() {
            startedNanos = System.nanoTime();
            try {
                scheduled = thread.schedule(this::fire, realNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.trace("The carrier is closed", closed);
            }
        }

        private long realNanos() {
            if (speed.instant() && kind == Kind.PROMPT) {
                return 0;
            }
            var real = (long) (remainingNanos / speed.factor());
            return kind == Kind.LOOP ? Math.max(real, SHORTEST_LOOP.toNanos()) : real;
        }

        private void halt() {
            remainingNanos = Math.max(0, remainingNanos - (System.nanoTime() - startedNanos) * speed.factor());
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }

        private void fire() {
            if (pending.remove(this)) {
                guarded(task);
            }
        }

        void cancel() {
            if (pending.remove(this) && scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
