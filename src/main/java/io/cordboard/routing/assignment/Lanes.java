package io.cordboard.routing.assignment;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Work for many on few threads. Each has a lane of their own, in which only so much is under way; so whoever is slow is in
 * the way of nobody else.
 */
final class Lanes implements AutoCloseable {

    private final Map<UUID, Lane> lanes = new HashMap<>();
    private final int atOnceEach;
    private final int waitingEach;
    private final ExecutorService threads;

    Lanes(int atOnce, int atOnceEach, int waitingEach) {
        this.atOnceEach = atOnceEach;
        this.waitingEach = waitingEach;
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(atOnce, atOnce, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "assignment-callback");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /**
     * @param owner in whose lane
     * @return false when as much waits there already as may
     */
    boolean offer(UUID owner, Runnable work) {
        synchronized (lanes) {
            Lane lane = lanes.computeIfAbsent(owner, id -> new Lane());
            if (lane.underWay >= atOnceEach) {
                return lane.waiting.size() < waitingEach && lane.waiting.add(work);
            }
            lane.underWay++;
        }
        return start(owner, work);
    }

    private boolean start(UUID owner, Runnable work) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    next(owner).ifPresent(more -> start(owner, more));
                }
            });
            return true;
        } catch (RejectedExecutionException stopping) {
            return false;
        }
    }

    private Optional<Runnable> next(UUID owner) {
        synchronized (lanes) {
            Lane lane = lanes.get(owner);
            if (lane == null) {
                return Optional.empty();
            }
            Runnable more = lane.waiting.poll();
            if (more == null && --lane.underWay == 0) {
                lanes.remove(owner);
            }
            return Optional.ofNullable(more);
        }
    }

    /** What is under way may end; what waits is forgotten. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Lane {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private int underWay;
    }
}
