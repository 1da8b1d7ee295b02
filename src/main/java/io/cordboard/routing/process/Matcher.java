package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ASKED;
import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.call.Calls;
import io.cordboard.routing.Offer;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.LeftAlone;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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

    /** How many of a queue's first callers are looked at, so that one whom nobody free may take does not hold up the rest. */
    private static final int HEADS = 5;

    private final JdbcClient jdbc;
    private final Calls calls;
    private final Reservations reservations;
    private final QueueEntries entries;
    private final RuntimeService runtime;
    private final TransactionTemplate transaction;
    private final Clock clock;
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
            Reservations reservations,
            QueueEntries entries,
            RuntimeService runtime,
            TransactionTemplate transaction,
            Clock clock,
            MeterRegistry metrics) {
        this.jdbc = jdbc;
        this.calls = calls;
        this.reservations = reservations;
        this.entries = entries;
        this.runtime = runtime;
        this.transaction = transaction;
        this.clock = clock;
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
    }

    private void matchAll() {
        asked.set(false);
        safely(() -> {
            boolean found = true;
            while (found && !Thread.currentThread().isInterrupted()) {
                found = false;
                for (Pair pair : pairs()) {
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

    /**
     * Callers and agents that fit at this moment, in the order of all who wait, and for each the agents in the order of the
     * queue. Nothing is locked, so each pair may be gone already. Begins at the free agents: as long as callers wait these
     * are few, and each is compared with the queues that could want them, however many others there are.
     */
    private List<Pair> pairs() {
        return jdbc.sql(
                        """
                        SELECT call, agent
                          FROM (SELECT DISTINCT ON (agent) call, agent, rank_at, choice
                                  FROM (SELECT w.call_id AS call, a.id AS agent, w.rank_at,
                                               row_number() OVER (PARTITION BY w.call_id
                                                   ORDER BY agent_order(a.id, a.idle_since, q) NULLS FIRST, a.idle_since) AS choice
                                          FROM agent a
                                          JOIN queue_agent s ON s.agent_id = a.id
                                          JOIN queue q ON q.id = s.queue_id
                                         CROSS JOIN LATERAL (
                                               SELECT e.call_id, e.entered_at, e.rank_at, e.facts, e.only_agent_id FROM queue_entry e
                                                WHERE e.queue_id = q.id AND e.left_at IS NULL AND e.execution_id IS NOT NULL
                                                ORDER BY e.rank_at LIMIT :heads) w
                                         WHERE a.chosen = 'available' AND a.engaged IS NULL
                                           AND (a.present_until IS NULL OR a.present_until > :now)
                                           AND (a.rests_until IS NULL OR a.rests_until <= :now)
                                           AND (w.only_agent_id IS NULL OR w.only_agent_id = a.id)
                                           AND can_take(a.id, q, :now - w.entered_at, w.facts)
                                           AND NOT EXISTS (
                                               SELECT FROM reservation r
                                                WHERE r.call_id = w.call_id AND r.agent_id = a.id
                                                  AND r.not_again_before > :now)) fitting
                                 ORDER BY agent, rank_at, choice) best
                         ORDER BY rank_at, choice""")
                .param("heads", HEADS)
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Pair(
                        new CallId(row.getObject("call", UUID.class)), new AgentId(row.getObject("agent", UUID.class))))
                .list();
    }

    private boolean match(Pair pair) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!calls.tryLock(pair.call())) {
                return false;
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
        transaction.executeWithoutResult(status -> {
            if (calls.tryLock(stay.call())) {
                entries.stopWaiting(stay.call())
                        .ifPresent(execution ->
                                runtime.signal(execution, null, null, Map.ofEntries(SEARCH.with(stay.why()))));
            }
        });
    }

    private record Pair(CallId call, AgentId agent) {}
}
