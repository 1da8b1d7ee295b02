package io.cordboard.events;

import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.shared.CallId;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Pushes what is added to the event log to those who watch, in about the order it happened. Everything happens on one
 * thread. While nobody watches, nothing is read.
 *
 * <p>Ids are given out before a transaction commits, so a lower id may become visible after a higher one. Ids that were
 * skipped are therefore looked for again with every reading, for as long as their transaction could still commit.
 */
@Service
public class LiveFeed implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** Longer than the longest statement may take: by then a missing id belongs to a transaction that failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than can be under way at once. */
    private static final int MISSING_AT_MOST = 1_000;
    /** What a client gets that comes back; one that missed more is told so. */
    private static final int REPLAY_AT_MOST = 5_000;

    private final LoggedEvents events;
    private final Accounts accounts;
    private final JdbcConnectionDetails database;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final NavigableMap<Long, Long> missing = new TreeMap<>();
    private long last;
    private boolean following;
    private @Nullable ScheduledThreadPoolExecutor thread;
    private @Nullable EventLogBell bell;

    LiveFeed(LoggedEvents events, Accounts accounts, JdbcConnectionDetails database) {
        this.events = events;
        this.accounts = accounts;
        this.database = database;
    }

    /**
     * Somebody starts to watch.
     *
     * @param call only what happens in this call; null for everything they may know
     * @param after where they stopped the last time, to be sent what they missed; null to begin now
     */
    public Subscription subscribe(Account who, @Nullable CallId call, @Nullable Long after, Sink sink) {
        Subscription subscription = new Subscription(who, call, sink);
        execute(() -> begin(subscription, after));
        return subscription;
    }

    private void begin(Subscription subscription, @Nullable Long after) {
        try {
            if (subscriptions.isEmpty()) {
                following = false;
            }
            if (!following) {
                goToTheEnd();
            }
            if (after != null) {
                replay(subscription, after);
            }
            subscriptions.add(subscription);
            subscription.sink.live();
            if (subscription.closed) {
                subscriptions.remove(subscription);
            }
        } catch (DataAccessException unavailable) {
            // The client comes back by itself, with the id it knows.
            subscription.sink.close();
        }
    }

    /** What is under way now has a lower id than what is there already: it is missing, not past. */
    private void goToTheEnd() {
        missing.clear();
        List<Long> ids = events.lastIds(MISSING_AT_MOST / 5);
        last = ids.isEmpty() ? 0 : ids.get(0);
        for (int i = ids.size() - 1; i > 0; i--) {
            miss(ids.get(i), ids.get(i - 1));
        }
        following = true;
    }

    private void replay(Subscription subscription, long after) {
        long from = after;
        for (int sent = 0; sent < REPLAY_AT_MOST; sent += LoggedEvents.PIECE) {
            CallId call = subscription.call;
            List<LoggedEvent> piece = events.between(from, last, call == null ? null : call.value());
            piece.forEach(event -> subscription.send(event, resume(event.id())));
            if (piece.size() < LoggedEvents.PIECE) {
                return;
            }
            from = piece.get(piece.size() - 1).id();
        }
        subscription.sink.missed();
    }

    private void follow() {
        rung.set(false);
        if (subscriptions.isEmpty()) {
            following = false;
            return;
        }
        try {
            if (!following) {
                goToTheEnd();
            }
            boolean more = true;
            while (more) {
                List<LoggedEvent> found = events.after(last, missing.keySet());
                found.forEach(this::take);
                more = found.size() == LoggedEvents.PIECE;
            }
            forgetMissing();
        } catch (DataAccessException unavailable) {
            // The bell rings again as soon as the database is back.
            log.debug("The live feed could not read.", unavailable);
        }
    }

    private void take(LoggedEvent event) {
        if (event.id() > last) {
            miss(last, event.id());
            last = event.id();
        } else {
            missing.remove(event.id());
        }
        long resume = resume(event.id());
        subscriptions.forEach(subscription -> subscription.send(event, resume));
    }

    private void miss(long below, long above) {
        for (long id = Math.max(below + 1, above - MISSING_AT_MOST); id < above; id++) {
            missing.put(id, System.nanoTime());
        }
        while (missing.size() > MISSING_AT_MOST) {
            missing.pollFirstEntry();
        }
    }

    private void forgetMissing() {
        long tooLong = System.nanoTime() - PATIENCE.toNanos();
        missing.values().removeIf(since -> since - tooLong < 0);
    }

    /** Where a client goes on after this event without missing a lower id that is still under way. */
    private long resume(long id) {
        return missing.isEmpty() ? id : Math.min(id, missing.firstKey() - 1);
    }

    private void beat() {
        for (Subscription subscription : subscriptions) {
            boolean stillThere = accounts.byId(subscription.who.id())
                    .filter(account -> account.version().equals(subscription.who.version()))
                    .isPresent();
            if (stillThere) {
                subscription.sink.beat();
            } else {
                subscription.sink.close();
            }
        }
    }

    private void execute(Runnable work) {
        ScheduledThreadPoolExecutor executor = thread;
        if (executor != null) {
            try {
                executor.execute(work);
            } catch (RejectedExecutionException stopping) {
                log.debug("The live feed has stopped.", stopping);
            }
        }
    }

    private void ring() {
        if (rung.compareAndSet(false, true)) {
            execute(this::follow);
        }
    }

    @Override
    public void start() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread worker = new Thread(task, "live-feed");
            worker.setDaemon(true);
            return worker;
        });
        executor.scheduleWithFixedDelay(
                this::beatSafely, HEARTBEAT.toSeconds(), HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
        thread = executor;
        bell = new EventLogBell(database, "cordboard live feed", this::ring);
    }

    private void beatSafely() {
        try {
            beat();
        } catch (DataAccessException unavailable) {
            log.debug("The live feed could not check who watches.", unavailable);
        }
    }

    /** Before the web server waits for its requests to end: these would not. */
    @Override
    public void stop() {
        EventLogBell listening = bell;
        if (listening != null) {
            listening.close();
            bell = null;
        }
        ScheduledThreadPoolExecutor executor = thread;
        if (executor != null) {
            executor.shutdownNow();
            thread = null;
        }
        subscriptions.forEach(subscription -> subscription.sink.close());
        subscriptions.clear();
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Where the events of one client go. Never blocks; a client that cannot keep up is dropped. */
    public interface Sink {

        /** @param resume what the client names to go on after this event */
        void send(LoggedEvent event, long resume);

        /** From now on everything is told. */
        void live();

        /** So much was missed that the client must read anew what it shows. */
        void missed();

        /** Nothing happened, and the line stands. */
        void beat();

        void close();
    }

    /** Somebody who watches, until they stop. */
    public final class Subscription {

        private final Account who;
        private final @Nullable CallId call;
        private final Sink sink;
        private volatile boolean closed;

        private Subscription(Account who, @Nullable CallId call, Sink sink) {
            this.who = who;
            this.call = call;
            this.sink = sink;
        }

        private void send(LoggedEvent event, long resume) {
            boolean wanted = call == null || call.value().equals(event.call());
            if (wanted && event.concerns(who)) {
                sink.send(event, resume);
            }
        }

        /** Nothing is sent any more. */
        public void cancel() {
            closed = true;
            subscriptions.remove(this);
        }
    }
}
