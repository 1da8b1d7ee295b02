package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.TruthLog;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Browsers that follow the truth log as Server-Sent Events. Each has a thread of its own, so a slow one delays nobody. */
final class EventStreams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int MOST_STREAMS = 16;
    private static final long HEARTBEAT_MS = 15_000;
    private static final long PAUSE_BETWEEN_BATCHES_MS = 50;

    private final ExecutorService threads =
            new ThreadPoolExecutor(0, MOST_STREAMS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                var thread = new Thread(task, "simulated-carrier-events");
                thread.setDaemon(true);
                return thread;
            });
    private final TruthLog log;
    private volatile boolean running;

    EventStreams(TruthLog log) {
        this.log = log;
    }

    /** Streams what comes after a sequence number. @return empty when too many are streaming already */
    Optional<SseEmitter> open(long after) {
        var emitter = new SseEmitter(0L);
        try {
            threads.execute(() -> stream(emitter, after));
            return Optional.of(emitter);
        } catch (RejectedExecutionException full) {
            return Optional.empty();
        }
    }

    private void stream(SseEmitter emitter, long after) {
        var sent = after;
        try {
            emitter.send(SseEmitter.event().comment("the truth log"));
            while (running) {
                var page = log.await(sent, HEARTBEAT_MS);
                if (page.droppedUpTo() > sent) {
                    emitter.send(
                            SseEmitter.event().name("dropped").data(Map.of("after", sent, "upTo", page.droppedUpTo())));
                }
                if (page.entries().isEmpty()) {
                    emitter.send(SseEmitter.event().comment("still here"));
                }
                for (var entry : page.entries()) {
                    emitter.send(SseEmitter.event()
                            .id(Long.toString(entry.sequence()))
                            .name(entry.what().toString())
                            .data(entry));
                }
                sent = Math.max(sent, page.last());
                Thread.sleep(PAUSE_BETWEEN_BATCHES_MS);
            }
            emitter.complete();
        } catch (IOException | IllegalStateException gone) {
            // The browser has left; the container notices by itself and ends the request.
            LOG.trace("An event stream is gone", gone);
        } catch (InterruptedException stopped) {
            emitter.complete();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        threads.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
