package io.cordboard.routing.process;

import io.cordboard.call.Calls;
import io.cordboard.events.EventLog;
import io.cordboard.platform.Sweeper;
import io.cordboard.routing.Reservations;
import io.cordboard.routing.process.HeldAgents.Held;
import io.cordboard.shared.CallId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * No agent is held for longer than something holds them. An agent who is ringing or wrapping up has a deadline, one who is
 * busy has a call that runs and a line that lives; where that is no longer so, the timer that should have ended it was
 * lost with its node or its tries, and is made up for here. Nobody is two seconds past a deadline: a timer has {@link
 * Reservations#GRACE} to come by itself, and a look is taken every second and whenever that has passed for somebody.
 *
 * <p>The mildest remedy that works is taken, so that the caller goes on as the model has it. Each is one
 * transaction under the call's lock that looks once more whether it is needed; calls somebody works on are left alone
 * until the next sweep. A timer that is only late meets a flow that has moved on, and its work is undone.
 */
@Component
class AgentWatch extends Sweeper {

    private static final Duration EVERY = Duration.ofSeconds(1);

    /** The pause between two looks at all agents, not only at those with a deadline. */
    private static final Duration EVERYBODY_EVERY = Duration.ofSeconds(5);

    /** How long past the deadline a flow that runs may still help itself before its call is ended. */
    static final Duration LAST_RESORT = Duration.ofSeconds(30);

    /** Past the deadline and the grace, when every remedy should have worked. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(AgentWatch.class);

    private final HeldAgents agents;
    private final Calls calls;
    private final TransactionTemplate transaction;
    private final EventLog events;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Remedy unheld;
    private final List<Remedy> inCall;
    private volatile long stuckInWrapUp;
    private Instant everybodyAt = Instant.MIN;
    private Instant againAt = Instant.MIN;

    AgentWatch(
            HeldAgents agents,
            Calls calls,
            TransactionTemplate transaction,
            EventLog events,
            MeterRegistry meters,
            Clock clock) {
        super("agent-watch", EVERY);
        this.agents = agents;
        this.calls = calls;
        this.transaction = transaction;
        this.events = events;
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("cordboard.wrapups.stuck", this, watch -> watch.stuckInWrapUp)
                .description("Agents who wrap up beyond their time although they were helped")
                .register(meters);
        this.unheld = remedy("freed", agents::free);
        this.inCall = List.of(
                remedy("timerFired", agents::fireTimer),
                remedy("taskCompleted", agents::completeTask),
                remedy("ringingStopped", agents::stopRinging),
                remedy("callEnded", this::endCall));
    }

    @Override
    protected void sweep() {
        Instant now = clock.instant();
        if (!now.isBefore(everybodyAt)) {
            everybodyAt = now.plus(EVERYBODY_EVERY);
            look();
        }
        List<Held> due = agents.pastDeadline(now.plus(EVERY));
        stuckInWrapUp = due.stream().filter(held -> isStuckInWrapUp(held, now)).count();
        for (Held held : due) {
            Instant until = held.until();
            if (until == null || !until.isAfter(now)) {
                help(held);
            } else {
                lookAgain(until);
            }
        }
    }

    private static boolean isStuckInWrapUp(Held held, Instant now) {
        Instant until = held.until();
        return held.engaged().equals("wrapping") && until != null && until.isBefore(now.minus(STUCK_AFTER));
    }

    /** At the next deadline, once for all who have it. */
    private void lookAgain(Instant until) {
        Instant now = clock.instant();
        if (!againAt.isAfter(now) || until.isBefore(againAt)) {
            againAt = until;
            again(Duration.between(now, until).plusMillis(1));
        }
    }

    /** Looks at everybody now. */
    void look() {
        agents.needless().forEach(this::help);
    }

    /** The mildest first. */
    private void help(Held held) {
        for (Remedy remedy : held.call() == null ? List.of(unheld) : inCall) {
            try {
                Boolean helped = transaction.execute(status -> tried(remedy, held));
                if (helped == null) {
                    return;
                }
                if (helped) {
                    remedy.counter().increment();
                    log.warn(
                            "Agent {} was held ({}) beyond their time by call {}: {}",
                            held.agent(),
                            held.engaged(),
                            held.call(),
                            remedy.name());
                    return;
                }
            } catch (RuntimeException failed) {
                log.warn("Agent {} could not be helped ({})", held.agent(), remedy.name(), failed);
            }
        }
    }

    /** @return null when it is not needed any more, or somebody works on the call or the agent at this moment */
    private @Nullable Boolean tried(Remedy remedy, Held seen) {
        CallId call = seen.call();
        if (call != null && !calls.tryLock(call)) {
            return null;
        }
        Held held = agents.stillNeedless(seen.agent()).orElse(null);
        if (held == null || !Objects.equals(held.call(), call)) {
            return null;
        }
        boolean helped = remedy.works().test(held);
        if (helped) {
            events.add("agent.repaired", call, held.agent(), Map.of("status", held.engaged(), "remedy", remedy.name()));
        }
        return helped;
    }

    /** The flow cannot go on. */
    private boolean endCall(Held held) {
        Instant until = held.until();
        boolean mayHelpItself =
                until == null ? !held.linesDead() : clock.instant().isBefore(until.plus(LAST_RESORT));
        if (mayHelpItself && !held.processGone()) {
            return false;
        }
        agents.endCall(held, "stuck");
        return true;
    }

    private Remedy remedy(String name, Predicate<Held> works) {
        return new Remedy(
                name,
                works,
                Counter.builder("cordboard.agent.repairs")
                        .description("Agents who were held longer than anything held them")
                        .tag("remedy", name)
                        .register(meters));
    }

    /** @param works true when it was what was needed */
    private record Remedy(String name, Predicate<Held> works, Counter counter) {}
}
