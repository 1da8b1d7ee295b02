package io.cordboard.platform;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Something that is looked after every few seconds while the application runs, on a thread of its own. Every node does
 * it, so a sweep must let several nodes work side by side. What it throws is logged, and the next sweep comes all the
 * same.
 */
public abstract class Sweeper implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int SECONDS_TO_STOP = 5;

    private final String name;
    private final Duration every;
    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * @param name of the thread, for example {@code agent-watch}
     * @param every the pause between two sweeps
     */
    protected Sweeper(String name, Duration every) {
        this.name = name;
        this.every = every;
    }

    /** One look; cheap when there is nothing to do. */
    protected abstract void sweep();

    /** One more sweep before the next is due, for a sweep that knows when there will be something to do. */
    protected final void again(Duration in) {
        ScheduledExecutorService running = thread;
        if (running != null && !running.isShutdown()) {
            running.schedule(this::sweepAndGoOn, in.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public final synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread sweeping = new Thread(runnable, name);
            sweeping.setDaemon(true);
            return sweeping;
        });
        thread.scheduleWithFixedDelay(this::sweepAndGoOn, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets a sweep that is under way come to its end. */
    @Override
    public synchronized void stop() {
        ScheduledExecutorService ending = thread;
        if (ending == null) {
            return;
        }
        thread = null;
        ending.shutdown();
        try {
            if (!ending.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                ending.shutdownNow();
            }
        } catch (InterruptedException e) {
            ending.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final synchronized boolean isRunning() {
        return thread != null;
    }

    private void sweepAndGoOn() {
        try {
            sweep();
        } catch (CannotCreateTransactionException | DataAccessResourceFailureException away) {
            log.debug("The database cannot be reached; {} looks again later", name, away);
        } catch (RuntimeException e) {
            log.warn("{} met a problem and goes on", name, e);
        }
    }
}
