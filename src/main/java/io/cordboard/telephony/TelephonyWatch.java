package io.cordboard.telephony;

import io.cordboard.telephony.InboxTable.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts and stops what runs beside the requests, and looks every few seconds for what nobody in memory knows of: events
 * that wait, commands of a node that is gone, events in the local file. One statement when there is nothing to do.
 */
@Component
class TelephonyWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TelephonyWatch.class);
    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private final FactWriter facts;
    private final CommandLanes lanes;
    private final CommandWorkers workers;
    private final InboxAlarm alarm;
    private final TransactionalInbox inbox;
    private final InboxTable table;
    private final OutboxTable outbox;
    private final EventSpool spool;
    private final TelephonySettings settings;
    private final Clock clock;
    private volatile Backlog backlog = new Backlog(0, null, 0, 0, 0, 0);
    private Instant cleaned = Instant.EPOCH;
    private @Nullable ScheduledExecutorService thread;

    TelephonyWatch(
            FactWriter facts,
            CommandLanes lanes,
            CommandWorkers workers,
            InboxAlarm alarm,
            TransactionalInbox inbox,
            InboxTable table,
            OutboxTable outbox,
            EventSpool spool,
            TelephonySettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.facts = facts;
        this.lanes = lanes;
        this.workers = workers;
        this.alarm = alarm;
        this.inbox = inbox;
        this.table = table;
        this.outbox = outbox;
        this.spool = spool;
        this.settings = settings;
        this.clock = clock;
        gauge(meters, "cordboard.inbox.waiting", "Events that came too early", b -> b.waiting());
        gauge(meters, "cordboard.inbox.unmatched", "Events that were given up", b -> b.unmatched());
        gauge(meters, "cordboard.outbox.pending", "Commands to be carried out", b -> b.pending());
        gauge(meters, "cordboard.outbox.dead", "Commands that were given up", b -> b.dead());
        Gauge.builder("cordboard.inbox.spooling", spool, s -> s.isBehind() ? 1 : 0)
                .description("1 while events are kept in the local file")
                .register(meters);
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, this, watch -> value.applyAsDouble(watch.backlog))
                .description(what)
                .register(meters);
    }

    @Override
    public synchronized void start() {
        facts.start();
        workers.start();
        alarm.start(inbox::retryDue);
        thread = Executors.newScheduledThreadPool(1, runnable -> {
            Thread watch = new Thread(runnable, "telephony-watch");
            watch.setDaemon(true);
            return watch;
        });
        long poll = settings.poll().toMillis();
        long beat = Math.max(1, settings.lease().toMillis() / 6);
        thread.scheduleWithFixedDelay(() -> quietly(this::look), 0, poll, TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(() -> quietly(workers::renewLeases), beat, beat, TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(() -> quietly(this::replay), 0, 1, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService ending = thread;
        if (ending == null) {
            return;
        }
        thread = null;
        ending.shutdownNow();
        alarm.stop();
        workers.stop();
        facts.stop();
        lanes.stop();
        quietly(outbox::release);
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** After the web server, which hands in events until its last request. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void look() {
        Backlog seen = table.backlog(lanes.held());
        backlog = seen;
        if (seen.expired() > 0) {
            workers.recover();
        }
        Instant next = seen.nextEvent();
        if (next != null) {
            alarm.ringAt(next);
        }
        Instant now = clock.instant();
        if (now.isAfter(cleaned.plus(BETWEEN_CLEANINGS))) {
            cleaned = now;
            table.forget(now.minus(settings.inboxRetention()));
        }
    }

    private void replay() {
        if (spool.isBehind()) {
            spool.replay(inbox::receive);
        }
    }

    private void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (Unreachable.is(e)) {
                LOG.debug("The database cannot be reached", e);
            } else {
                LOG.warn("The watch over inbox and outbox met a problem; it goes on", e);
            }
        }
    }
}
