package io.cordboard.routing.process;

import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.routing.process.HeldAgents.Held;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Somebody with the right to it frees an agent by hand, without waiting for a deadline: the remedies of the {@link
 * AgentWatch}, under the same locks. What the agent chose stays chosen, except where the flow counts it as a phone that
 * was not picked up.
 */
@Service
public class ReleaseAgent {

    private static final Logger log = LoggerFactory.getLogger(ReleaseAgent.class);

    private static final int ATTEMPTS = 5;

    /** A talk ends, and then its wrap-up. */
    private static final int STEPS = 2;

    private final HeldAgents held;
    private final Agents agents;
    private final EventLog events;
    private final TransactionTemplate transaction;

    ReleaseAgent(HeldAgents held, Agents agents, EventLog events, TransactionTemplate transaction) {
        this.held = held;
        this.agents = agents;
        this.events = events;
        this.transaction = transaction;
    }

    /**
     * An offer goes to the next agent, phones that ring stop and the caller waits again in the old place, wrap-up is over,
     * a state that nothing holds is mended.
     *
     * @param by who does it, of the agent's customer
     * @param endCall whether a talk may be ended for it
     */
    public Outcome release(AgentId agent, Account by, boolean endCall) {
        Optional<Agent> known =
                agents.find(agent).filter(found -> found.customer().equals(by.customer()));
        if (known.isEmpty()) {
            return new NoSuchAgent();
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Outcome outcome = transaction.execute(status -> underLock(agent, by, endCall));
                if (outcome != null) {
                    return outcome;
                }
            } catch (OptimisticLockingException faster) {
                log.debug("The call of agent {} moved at the same instant.", agent, faster);
            }
        }
        return new Moving(known.get().name());
    }

    /** @return null when what holds the agent changed meanwhile */
    private @Nullable Outcome underLock(AgentId agent, Account by, boolean endCall) {
        Optional<Held> seen = held.find(agent);
        seen.ifPresent(held::lock);
        Optional<Held> now = held.find(agent);
        if (now.isEmpty()) {
            return agents.find(agent)
                    .<Outcome>map(free -> new Free(free.name(), free.status().column()))
                    .orElseGet(NoSuchAgent::new);
        }
        if (seen.isEmpty() || !Objects.equals(now.get().call(), seen.get().call())) {
            return null;
        }
        Held holding = now.get();
        CallId call = holding.call();
        What what = what(holding);
        boolean mayEnd = endCall || holding.linesDead() || holding.processGone();
        boolean freed = (mayEnd || what != What.CALL) && free(holding);
        if (!freed && call != null) {
            if (!mayEnd) {
                return new InCall(call);
            }
            held.endCall(holding, "released");
        }
        events.add("agent.released", call, agent, Map.of("by", by.username(), "released", what.column()));
        return new Released(what, call);
    }

    private What what(Held holding) {
        if (holding.call() == null) {
            return What.NOTHING;
        }
        return switch (holding.engaged()) {
            case "ringing" -> What.OFFER;
            case "wrapping" -> What.WRAP_UP;
            default -> HeldAgents.RINGING.contains(held.open(holding).state()) ? What.PHONES : What.CALL;
        };
    }

    /** @return false when the flow has no way for it */
    private boolean free(Held holding) {
        if (holding.call() == null) {
            return held.free(holding);
        }
        for (int step = 0; step < STEPS && !holding.processGone(); step++) {
            Optional<Held> left = stillHeld(holding);
            if (left.isEmpty()) {
                return true;
            }
            boolean moved =
                    what(left.get()) == What.PHONES ? held.stopRinging(left.get()) : held.completeTask(left.get());
            if (!moved) {
                return false;
            }
        }
        return stillHeld(holding).isEmpty();
    }

    private Optional<Held> stillHeld(Held holding) {
        return held.find(holding.agent()).filter(found -> Objects.equals(found.call(), holding.call()));
    }

    /** What held the agent. */
    public enum What {
        OFFER,
        /** Their phones rang for a call they had accepted, or those of a caller who is called back. */
        PHONES,
        CALL,
        WRAP_UP,
        /** Nothing any longer; only their status said so. */
        NOTHING;

        /** As told by the API. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What came of it. */
    public sealed interface Outcome permits Released, Free, InCall, Moving, NoSuchAgent {}

    /** @param call null when none held the agent */
    public record Released(What what, @Nullable CallId call) implements Outcome {}

    /** @param status what everybody sees */
    public record Free(String name, String status) implements Outcome {}

    /** Only the end of this call frees the agent, and it was not to be ended. */
    public record InCall(CallId call) implements Outcome {}

    /** Something else moves the agent again and again at this very moment. */
    public record Moving(String name) implements Outcome {}

    /** The customer has no such agent. */
    public record NoSuchAgent() implements Outcome {}
}
