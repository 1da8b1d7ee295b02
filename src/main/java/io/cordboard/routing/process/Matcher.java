package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ASKED;
import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.call.Calls;
import io.cordboard.routing.CallBackPromises;
import io.cordboard.routing.Matches;
import io.cordboard.routing.Matches.Pair;
import io.cordboard.routing.Offer;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.LeftAlone;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.CallId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.camunda.bpm.engine.RuntimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings waiting callers and free agents together: whenever either may have appeared, and every second for what slipped
 * through. Each match is one transaction with the rows of caller and agent locked; rows somebody else works on are
 * skipped, so several nodes can match at once.
 */
@Component
class Matcher {

    private static final Logger log = LoggerFactory.getLogger(Matcher.class);

    private static final Duration PUT_BACK = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Calls calls;
    private final Matches matches;
    private final Reservations reservations;
    private final QueueEntries entries;
    private final CallBackPromises promises;
    private final RuntimeService runtime;
    private final TransactionTemplate transaction;
    private final Timer timer;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService worker = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "matcher");
        thread.setDaemon(true);
        return thread;
    });

    Matcher(
            JdbcClient jdbc,
            Calls calls,
            Matches matches,
            Reservations reservations,
            QueueEntries entries,
            CallBackPromises promises,
            RuntimeService runtime,
            TransactionTemplate transaction,
            MeterRegistry metrics) {
        this.jdbc = jdbc;
        this.calls = calls;
        this.matches = matches;
        this.reservations = reservations;
        this.entries = entries;
        this.promises = promises;
        this.runtime = runtime;
        this.transaction = transaction;
        this.timer = Timer.builder("cordboard.matching")
                .description("One match of a waiting caller with a free agent")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        worker.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() throws InterruptedException {
        worker.shutdownNow();
        if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
            log.warn("The matcher is still at work while the application stops.");
        }
    }

    /** Nearly always nobody waits: then a look at an index that is empty spares a transaction. */
    @EventListener
    void on(AgentBecameFree event) {
        if (jdbc.sql("SELECT EXISTS (SELECT FROM queue_entry WHERE left_at IS NULL AND execution_id IS NOT NULL)")
                .query(Boolean.class)
                .single()) {
            matchAfterCommit();
        }
    }

    /** Looks for matches as soon as the current transaction is committed. */
    void matchAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            wake();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wake();
            }
        });
    }

    private void wake() {
        if (asked.compareAndSet(false, true) && !worker.isShutdown()) {
            worker.execute(this::matchAll);
        }
    }

    private void sweep() {
        matchAll();
        safely(() -> entries.unattended().forEach(this::leave));
        safely(() -> promises.calledAgain().forEach(call -> leave(new LeftAlone(call, "called_again"))));
    }

    private void matchAll() {
        asked.set(false);
        safely(() -> {
            boolean found = true;
            while (found && !Thread.currentThread().isInterrupted()) {
                found = false;
                for (Pair pair : matches.pairs()) {
                    found |= timer.record(() -> match(pair));
                }
            }
        });
    }

    /** The next look comes in a second, whatever happened in this one. */
    private static void safely(Runnable look) {
        try {
            look.run();
        } catch (DataAccessException unavailable) {
            log.warn(
                    "No matching at the moment: {}",
                    unavailable.getMostSpecificCause().getMessage());
        } catch (RuntimeException unexpected) {
            log.error("Matching failed and will be tried again.", unexpected);
        }
    }

    /** A call whose flow cannot go on holds up nobody: it is put back a little, and tried again. */
    private boolean match(Pair pair) {
        try {
            return tryMatch(pair);
        } catch (DataAccessException unavailable) {
            throw unavailable;
        } catch (RuntimeException unexpected) {
            log.error("Call {} could not be offered and is put back", pair.call(), unexpected);
            entries.putBack(pair.call(), PUT_BACK);
            return false;
        }
    }

    private boolean tryMatch(Pair pair) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!calls.tryLock(pair.call())) {
                return false;
            }
            if (pair.callBack() != null && promises.calledAgain(pair.call())) {
                return stopWaiting(pair.call(), "called_again");
            }
            if ("customer_first".equals(pair.callBack())) {
                return promises.mayCallOneMore(pair.call()) && stopWaiting(pair.call(), "turn");
            }
            Optional<Offer> offer = reservations.offerTo(pair.call(), pair.agent());
            offer.ifPresent(made -> {
                if (made.execution() == null) {
                    throw new IllegalStateException("The call " + pair.call() + " was offered but does not wait.");
                }
                if (made.severalAsked()) {
                    runtime.setVariableLocal(
                            made.execution(), ASKED.name(), made.agent().toString());
                }
                runtime.signal(made.execution(), null, null, FindAgentStep.found(made));
            });
            return offer.isPresent();
        }));
    }

    /** The caller does not wait on for agents who are gone. */
    private void leave(LeftAlone stay) {
        try {
            tryLeave(stay);
        } catch (DataAccessException unavailable) {
            throw unavailable;
        } catch (RuntimeException unexpected) {
            log.error("Call {} could not leave its queue", stay.call(), unexpected);
        }
    }

    private void tryLeave(LeftAlone stay) {
        transaction.executeWithoutResult(status -> {
            if (calls.tryLock(stay.call())) {
                stopWaiting(stay.call(), stay.why());
            }
        });
    }

    private boolean stopWaiting(CallId call, String why) {
        Optional<String> waiting = entries.stopWaiting(call);
        waiting.ifPresent(execution -> runtime.signal(execution, null, null, Map.ofEntries(SEARCH.with(why))));
        return waiting.isPresent();
    }
}
