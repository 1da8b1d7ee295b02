package io.cordboard.events.webhook;

import io.cordboard.events.EventLogBell;
import io.cordboard.events.webhook.Deliveries.Claimed;
import io.cordboard.events.webhook.Sender.Result;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Brings events to those who subscribed. One thread decides what is due; each delivery under way has a thread of its own,
 * and a subscription that is slow or fails has few of them. While nobody subscribes, nothing is read but whether that has
 * changed.
 */
@Component
class Courier implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(15);
    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private final FanOut fanOut;
    private final Subscriptions subscriptions;
    private final Deliveries deliveries;
    private final Sender sender;
    private final JdbcConnectionDetails database;
    private final WebhookSettings settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<UUID, Integer> underWay = new ConcurrentHashMap<>();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile int waiting;
    private Instant counted = Instant.EPOCH;
    private Instant cleaned = Instant.EPOCH;
    private @Nullable EventLogBell bell;
    private volatile @Nullable Threads threads;

    Courier(
            FanOut fanOut,
            Subscriptions subscriptions,
            Deliveries deliveries,
            Sender sender,
            JdbcConnectionDetails database,
            WebhookSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.fanOut = fanOut;
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.sender = sender;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        Gauge.builder("cordboard.webhooks.waiting", this, courier -> courier.waiting)
                .description("Webhook deliveries that have not arrived yet, of all nodes")
                .register(meters);
    }

    /** The thread that decides, and those that send. */
    private record Threads(ScheduledThreadPoolExecutor desk, ExecutorService senders) {}

    @Override
    public void start() {
        ScheduledThreadPoolExecutor desk = new ScheduledThreadPoolExecutor(1, task -> thread(task, "webhooks"));
        ExecutorService senders = Executors.newCachedThreadPool(task -> thread(task, "webhook-sender"));
        threads = new Threads(desk, senders);
        desk.scheduleWithFixedDelay(
                () -> quietly(this::look), 0, settings.poll().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Lets what is under way arrive, or run into its timeout. */
    @Override
    public void stop() {
        Threads ending = threads;
        if (ending == null) {
            return;
        }
        threads = null;
        ending.desk().shutdown();
        try {
            ending.desk().awaitTermination(1, TimeUnit.SECONDS);
            ending.senders().shutdown();
            ending.senders().awaitTermination(settings.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.desk().shutdownNow();
        ending.senders().shutdownNow();
        listen(false);
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }

    private void look() {
        boolean anyone = subscriptions.anyone();
        listen(anyone);
        Instant now = clock.instant();
        if (now.isAfter(cleaned.plus(BETWEEN_CLEANINGS))) {
            cleaned = now;
            deliveries.forget();
        }
        if (anyone || waiting > 0) {
            if (now.isAfter(counted.plus(BETWEEN_COUNTS))) {
                counted = now;
                waiting = deliveries.waiting();
            }
        }
        if (anyone) {
            handOn();
        }
    }

    /** The bell has a connection of its own, which nobody needs while nobody subscribes. */
    private synchronized void listen(boolean anyone) {
        EventLogBell listening = bell;
        if (!anyone && listening != null) {
            listening.close();
            bell = null;
        } else if (anyone && listening == null && threads != null) {
            bell = new EventLogBell(database, "cordboard webhooks", () -> soon(rung, this::handOn));
        }
    }

    private void handOn() {
        boolean more = true;
        while (more && threads != null) {
            more = fanOut.piece();
            handOut();
        }
    }

    private void handOut() {
        Threads working = threads;
        int free = settings.atOnce()
                - underWay.values().stream().mapToInt(Integer::intValue).sum();
        if (working == null || free <= 0) {
            return;
        }
        for (Claimed delivery : deliveries.claim(underWay, free)) {
            underWay.merge(delivery.subscription(), 1, Integer::sum);
            working.senders().execute(() -> quietly(() -> deliver(delivery)));
        }
    }

    private void deliver(Claimed delivery) {
        try {
            Result result = sender.send(delivery.message());
            String outcome;
            if (result.isDelivered()) {
                deliveries.delivered(delivery, result);
                outcome = "delivered";
            } else {
                outcome = deliveries.failed(delivery, result) ? "failed" : "retried";
            }
            Timer.builder("cordboard.webhooks.deliveries")
                    .description("Attempts to deliver an event to a subscriber")
                    .tag("outcome", outcome)
                    .register(meters)
                    .record(result.duration());
        } finally {
            underWay.computeIfPresent(delivery.subscription(), (id, n) -> n == 1 ? null : n - 1);
            soon(asked, this::handOut);
        }
    }

    /** Once, however often it is asked for until it begins. */
    private void soon(AtomicBoolean wanted, Runnable work) {
        Threads working = threads;
        if (working == null || !wanted.compareAndSet(false, true)) {
            return;
        }
        try {
            working.desk().execute(() -> {
                wanted.set(false);
                quietly(work);
            });
        } catch (RejectedExecutionException stopping) {
            wanted.set(false);
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (CannotCreateTransactionException | DataAccessResourceFailureException away) {
            log.debug("The database cannot be reached; webhooks wait for it", away);
        } catch (RuntimeException e) {
            log.warn("The delivery of webhooks met a problem and goes on", e);
        }
    }
}
