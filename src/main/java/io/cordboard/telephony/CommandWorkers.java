package io.cordboard.telephony;

import io.cordboard.platform.CallLog;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand.ChangeListening;
import io.cordboard.telephony.CarrierCommand.DeleteRecording;
import io.cordboard.telephony.CarrierCommand.Dial;
import io.cordboard.telephony.CarrierCommand.HangUpLeg;
import io.cordboard.telephony.CarrierCommand.Hold;
import io.cordboard.telephony.CarrierCommand.Perform;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierEvent.CommandFailed;
import io.cordboard.telephony.CommandLanes.Lane;
import io.cordboard.telephony.HeldCommand.Verdict;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.telephony.spi.Carrier.Order;
import io.cordboard.telephony.spi.Carrier.Outcome;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries out the commands this node holds: one at a time for a leg, many legs side by side, never inside a transaction.
 * A carrier that fails is asked again after a pause and left alone when it keeps failing.
 */
@Component
class CommandWorkers {

    private static final Logger LOG = LoggerFactory.getLogger(CommandWorkers.class);
    private static final Duration LOOK_FOR_OTHERS = Duration.ofMillis(100);
    private static final Duration AFTER_A_PROBLEM = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final OutboxTable outbox;
    private final CommandLanes lanes;
    private final FactWriter facts;
    private final TransactionalInbox inbox;
    private final CallLocks locks;
    private final LegIds legIds;
    private final TransactionTemplate transaction;
    private final TelephonySettings settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final ObjectProvider<Carrier> carriers;
    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private volatile @Nullable Threads threads;

    CommandWorkers(
            OutboxTable outbox,
            CommandLanes lanes,
            FactWriter facts,
            TransactionalInbox inbox,
            CallLocks locks,
            LegIds legIds,
            TransactionTemplate transaction,
            TelephonySettings settings,
            Clock clock,
            MeterRegistry meters,
            ObjectProvider<Carrier> carriers) {
        this.outbox = outbox;
        this.lanes = lanes;
        this.facts = facts;
        this.inbox = inbox;
        this.locks = locks;
        this.legIds = legIds;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.carriers = carriers;
    }

    /** The threads of one run: those that follow a lane, those that call carriers, and one that wakes waiting lanes. */
    private record Threads(ThreadPoolExecutor lanes, ExecutorService calls, ScheduledExecutorService alarm) {}

    void start() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                settings.commandWorkers(),
                settings.commandWorkers(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                runnable -> new Thread(runnable, "telephony-commands"));
        pool.allowCoreThreadTimeOut(true);
        threads = new Threads(
                pool,
                Executors.newCachedThreadPool(runnable -> daemon(runnable, "carrier-call")),
                Executors.newSingleThreadScheduledExecutor(runnable -> daemon(runnable, "telephony-alarm")));
        lanes.start(this::follow);
    }

    private static Thread daemon(Runnable runnable, String name) {
        Thread thread = new Thread(runnable, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Lets what is being carried out come to its end, and no more than that. */
    void stop() {
        Threads ending = threads;
        threads = null;
        if (ending == null) {
            return;
        }
        ending.alarm.shutdownNow();
        ending.lanes.shutdown();
        try {
            if (!ending.lanes.awaitTermination(settings.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Commands are still being carried out; another node will look after them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.lanes.shutdownNow();
        ending.calls.shutdownNow();
    }

    /** Prolongs what would soon be taken for abandoned. */
    void renewLeases() {
        Instant now = clock.instant();
        Instant soon = now.plus(settings.lease().multipliedBy(2).dividedBy(3));
        Map<UUID, HeldCommand> ageing = new ConcurrentHashMap<>();
        for (HeldCommand command : lanes.all()) {
            if (command.leaseUntil.isBefore(soon)) {
                ageing.put(command.id, command);
            }
        }
        if (!ageing.isEmpty()) {
            Instant until = now.plus(settings.lease());
            for (UUID id : outbox.renew(ageing.keySet(), until)) {
                HeldCommand renewed = ageing.get(id);
                if (renewed != null) {
                    renewed.leaseUntil = until;
                }
            }
        }
    }

    /** Takes over what other nodes left. */
    void recover() {
        List<HeldCommand> recovered = outbox.recover(lanes.held());
        if (!recovered.isEmpty()) {
            LOG.info("Took over {} commands whose node is gone", recovered.size());
            recovered.stream().sorted().forEach(lanes::add);
        }
    }

    private void follow(Lane lane) {
        Threads current = threads;
        if (current != null) {
            try {
                current.lanes.execute(() -> carryOut(lane));
            } catch (RejectedExecutionException e) {
                LOG.debug("Shutting down; a lane of commands is left to other nodes");
            }
        }
    }

    private void followLater(Lane lane, Duration pause) {
        Threads current = threads;
        if (current != null) {
            try {
                current.alarm.schedule(() -> follow(lane), pause.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Shutting down; a lane of commands is left to other nodes");
            }
        }
    }

    private void carryOut(Lane lane) {
        while (threads != null) {
            HeldCommand command = lanes.first(lane);
            if (command == null) {
                return;
            }
            Optional<Duration> pause;
            try (CallLog.Scope about = CallLog.about(command.command.call())) {
                pause = carryOut(command, lane);
            } catch (RuntimeException e) {
                LOG.warn("Command {} could not be worked on, trying again", command.id, e);
                pause = Optional.of(AFTER_A_PROBLEM);
            }
            if (pause.isPresent()) {
                followLater(lane, pause.get());
                return;
            }
            lanes.pass(lane, command);
        }
    }

    /** @return how long to wait before the next try; empty when the next command may have its turn */
    private Optional<Duration> carryOut(HeldCommand command, Lane lane) {
        if (command.verdict != null) {
            return fail(command, command.verdict);
        }
        if (command.behindOthers) {
            if (outbox.othersComeFirst(command)) {
                return Optional.of(LOOK_FOR_OTHERS);
            }
            command.behindOthers = false;
        }
        if (!leased(command)) {
            LOG.debug("Command {} now belongs to another node", command.id);
            lanes.release(command);
            return Optional.empty();
        }
        Optional<String> pointless = pointless(command, lane);
        if (pointless.isPresent()) {
            return drop(command, pointless.get());
        }
        if (command.createdAt.plus(settings.commandMaxAge()).isBefore(clock.instant())) {
            return fail(command, new Verdict("Given up after " + settings.commandMaxAge(), true));
        }
        String legId = command.command instanceof Dial
                ? null
                : legIds.find(command.command.leg()).orElse(null);
        if (legId == null && needsLeg(command.command)) {
            return drop(command, "the leg was never dialled");
        }
        Optional<Carrier> carrier = carriers.stream()
                .filter(some -> some.name().equals(command.provider))
                .findAny();
        if (carrier.isEmpty()) {
            return fail(command, new Verdict("No carrier named %s is set up".formatted(command.provider), true));
        }
        CircuitBreaker breaker = breakers.computeIfAbsent(command.provider, this::breaker);
        if (!breaker.tryAcquirePermission()) {
            command.stale = true;
            return Optional.of(
                    jittered(settings.commandPause(command.attempts + 1)).plusMillis(50));
        }
        return settle(command, call(carrier.get(), command, legId, breaker));
    }

    private static boolean needsLeg(CarrierCommand command) {
        return command instanceof HangUpLeg
                || command instanceof Perform
                || command instanceof ChangeListening
                || command instanceof Hold;
    }

    private boolean leased(HeldCommand command) {
        Instant now = clock.instant();
        if (now.plus(settings.commandTimeout()).isBefore(command.leaseUntil)) {
            return true;
        }
        Instant until = now.plus(settings.lease());
        boolean renewed = !outbox.renew(List.of(command.id), until).isEmpty();
        if (renewed) {
            command.leaseUntil = until;
        }
        return renewed;
    }

    /** Why it makes no sense any more. A command just written is not doubted: its transaction knew the call. */
    private Optional<String> pointless(HeldCommand command, Lane lane) {
        boolean fresh =
                !command.stale && command.attempts == 0 && clock.instant().isBefore(command.createdAt.plus(FRESH));
        if (fresh || command.command instanceof HangUpLeg || command.command instanceof DeleteRecording) {
            return Optional.empty();
        }
        if (command.command instanceof Dial && !command.uncertain && lanes.hangUpFollows(lane)) {
            return Optional.of("the dial was taken back");
        }
        LockedCall call = look(command);
        if (call == null || call.legOver() || (call.over() && command.command instanceof Dial)) {
            return Optional.of(call != null && call.over() ? "the call is over" : "the leg is over");
        }
        legIds.learn(call);
        return Optional.empty();
    }

    private @Nullable LockedCall look(HeldCommand command) {
        return transaction.execute(status -> {
            status.setRollbackOnly();
            return locks.lock(command.command.call(), command.command.leg()).orElse(null);
        });
    }

    private Outcome call(Carrier carrier, HeldCommand command, @Nullable String legId, CircuitBreaker breaker) {
        command.attempts++;
        Order order = new Order(command.id, command.command, legId, command.attempts, command.uncertain);
        long start = System.nanoTime();
        Outcome outcome = callInTime(carrier, order);
        long took = System.nanoTime() - start;
        if (outcome instanceof Outcome.Unknown
                || (outcome instanceof Outcome.TryLater later && later.after() == null)) {
            breaker.onError(took, TimeUnit.NANOSECONDS, new CarrierFailure());
        } else {
            // Also a refusal, or a wish to wait, is the answer of a carrier that works.
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
        }
        meters.timer(
                        "cordboard.outbox.command",
                        "provider",
                        command.provider,
                        "command",
                        kind(command),
                        "outcome",
                        outcome.getClass().getSimpleName())
                .record(took, TimeUnit.NANOSECONDS);
        return outcome;
    }

    private Outcome callInTime(Carrier carrier, Order order) {
        Threads current = threads;
        if (current == null) {
            return new Outcome.TryLater("This node is shutting down", null);
        }
        Future<Outcome> answer;
        try {
            answer = current.calls.submit(() -> carrier.execute(order));
        } catch (RejectedExecutionException e) {
            return new Outcome.TryLater("This node is shutting down", null);
        }
        try {
            return answer.get(settings.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Outcome.Unknown("No answer within " + settings.commandTimeout());
        } catch (ExecutionException e) {
            LOG.warn("Carrier {} failed unexpectedly", carrier.name(), e.getCause());
            return new Outcome.Unknown(Unreachable.reason(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Outcome.Unknown("Interrupted by the shutdown of this node");
        }
    }

    private Optional<Duration> settle(HeldCommand command, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            String legId = done.providerLegId();
            legIds.learn(command.command.leg(), legId);
            facts.carriedOut(command, accepted(command, legId));
            return Optional.empty();
        }
        if (outcome instanceof Outcome.Refused refused) {
            if (needsLeg(command.command)) {
                LockedCall call = look(command);
                if (call == null || call.legOver() || call.over()) {
                    facts.carriedOut(command, accepted(command, null));
                    return Optional.empty();
                }
            }
            return fail(command, new Verdict(refused.reason(), false));
        }
        if (outcome instanceof Outcome.TryLater later) {
            return again(command, later.reason(), later.after());
        }
        command.uncertain = true;
        return again(command, ((Outcome.Unknown) outcome).reason(), null);
    }

    private Optional<Duration> again(HeldCommand command, String because, @Nullable Duration after) {
        if (command.attempts >= settings.commandAttempts()) {
            return fail(command, new Verdict("Given up after %d tries: %s".formatted(command.attempts, because), true));
        }
        Duration pause = after != null ? after : jittered(settings.commandPause(command.attempts));
        LOG.debug("Command {} is tried again in {}: {}", command.id, pause, because);
        Instant until = clock.instant().plus(settings.lease());
        outbox.tried(command, because, until);
        command.leaseUntil = until;
        return Optional.of(pause);
    }

    private static Duration jittered(Duration longest) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest.toMillis() + 1));
    }

    private Optional<Duration> fail(HeldCommand command, Verdict verdict) {
        command.verdict = verdict;
        LOG.warn(
                "{} {} of call {} failed{}: {}",
                kind(command),
                command.id,
                command.command.call(),
                verdict.dead() ? " for good" : "",
                verdict.reason());
        try {
            inbox.commandFailed(
                    new CommandFailed(
                            new EventKey(command.provider, "commandFailed:" + command.id),
                            leg(command, null),
                            command.command,
                            verdict.reason()),
                    command.id,
                    verdict);
        } catch (RuntimeException e) {
            if (Unreachable.is(e)) {
                return Optional.of(AFTER_A_PROBLEM);
            }
            throw e;
        }
        lanes.release(command);
        return Optional.empty();
    }

    private Optional<Duration> drop(HeldCommand command, String because) {
        LOG.info("{} {} of call {} is dropped: {}", kind(command), command.id, command.command.call(), because);
        meters.counter("cordboard.outbox.dropped", "provider", command.provider, "command", kind(command))
                .increment();
        facts.carriedOut(command, null);
        return Optional.empty();
    }

    private CommandAccepted accepted(HeldCommand command, @Nullable String legId) {
        return new CommandAccepted(
                new EventKey(command.provider, "commandAccepted:" + command.id), leg(command, legId), command.command);
    }

    private static LegRef leg(HeldCommand command, @Nullable String legId) {
        return new LegRef(command.provider, legId, command.command.leg());
    }

    private static String kind(HeldCommand command) {
        return command.command.getClass().getSimpleName();
    }

    private CircuitBreaker breaker(String provider) {
        CircuitBreaker breaker = CircuitBreaker.of(
                provider,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(10)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(settings.breakerOpen())
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOG.warn("Carrier {}: {}", provider, event.getStateTransition()));
        Gauge.builder("cordboard.carrier.breaker.open", breaker, CommandWorkers::openness)
                .description("1 while the carrier is left alone, 0.5 while it is tried again, 0 when all is well")
                .tag("provider", provider)
                .register(meters);
        return breaker;
    }

    private static double openness(CircuitBreaker breaker) {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 1;
            case HALF_OPEN -> 0.5;
            default -> 0;
        };
    }

    /** What the circuit breaker is told; it only counts. */
    private static final class CarrierFailure extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
