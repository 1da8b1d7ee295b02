package io.cordboard.conversation.process;

import io.cordboard.agent.Address;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.Listeners;
import io.cordboard.call.Listeners.Listener;
import io.cordboard.call.OpenCall;
import io.cordboard.customer.Account;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.shared.ListenerId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.ListenMode;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A supervisor listens to a talk on a phone of theirs, and may whisper to the agent or speak to both. No model knows of
 * it: whoever listens changes nothing, and is gone at the latest when the talk is over.
 */
@Service
public class ListenIn {

    private static final Duration RING_TIMEOUT = Duration.ofSeconds(30);

    private final Calls calls;
    private final Legs legs;
    private final Listeners listeners;
    private final Agents agents;
    private final CallerLine line;
    private final TransactionTemplate transaction;

    ListenIn(
            Calls calls,
            Legs legs,
            Listeners listeners,
            Agents agents,
            CallerLine line,
            TransactionTemplate transaction) {
        this.calls = calls;
        this.legs = legs;
        this.listeners = listeners;
        this.agents = agents;
        this.line = line;
        this.transaction = transaction;
    }

    /**
     * Rings their phones; the first one picked up is theirs to listen on.
     *
     * @param phone the one of theirs that shall ring; null for all
     */
    public Outcome begin(CallId call, Account me, ListenMode mode, @Nullable Address phone) {
        return inCall(call, me, open -> {
            if (open.state() != CallState.TALKING) {
                return new NotNow(open.state());
            }
            if (open.agent().equals(Optional.of(me.id()))) {
                return new OwnTalk();
            }
            List<Address> mine = agents.find(me.id()).map(Agent::addresses).orElse(List.of());
            if (mine.isEmpty() || phone != null && !mine.contains(phone)) {
                return new NoPhone(mine);
            }
            return listeners
                    .begin(call, me.id(), mode)
                    .map(id -> ring(open, me, id, phone == null ? mine : List.of(phone)))
                    .orElseGet(() -> listeners.of(call, me.customer()).stream()
                            .filter(listener -> listener.agent().equals(me.id()))
                            .findFirst()
                            .<Outcome>map(Already::new)
                            .orElseThrow());
        });
    }

    private Outcome ring(OpenCall call, Account me, ListenerId listener, List<Address> phones) {
        for (Address address : phones) {
            String phone = address.dialString();
            LegId leg = legs.dialListener(call, me.id(), phone);
            line.command(call, new CarrierCommand.Dial(call.id(), leg, phone, call.to(), RING_TIMEOUT));
        }
        return new Listening(listeners.find(call.id(), me.customer(), listener).orElseThrow());
    }

    /** A phone of theirs was picked up. */
    void pickedUp(OpenCall call, Leg leg) {
        AgentId supervisor = Objects.requireNonNull(leg.agent(), "a listener's phone is somebody's");
        legs.endListening(call.id(), supervisor, leg.id()).forEach(other -> line.hangUp(call, other.id()));
        Optional<String> agentLine = legs.agentLine(call.id());
        Optional<ListenMode> mode = call.state() == CallState.TALKING && agentLine.isPresent()
                ? listeners.joined(call.id(), supervisor)
                : Optional.empty();
        line.next(
                call,
                leg.id(),
                mode.<MediaStep>map(how -> new MediaStep.Listen(call.id(), how, agentLine.orElseThrow()))
                        .orElseGet(MediaStep.HangUp::new));
    }

    /** From now on they are heard by others, or by nobody. */
    public Outcome change(CallId call, ListenerId id, Account me, ListenMode mode) {
        return inCall(call, me, open -> listeners
                .find(call, me.customer(), id)
                .filter(listener -> listener.agent().equals(me.id()))
                .map(listener -> change(open, listener, mode, me))
                .orElseGet(NoSuchListener::new));
    }

    private Outcome change(OpenCall call, Listener listener, ListenMode mode, Account me) {
        if (listener.over()) {
            return new Over(listener);
        }
        if (listener.mode() != mode) {
            listeners.change(listener.id(), mode);
            // Whose phone still rings joins in the new mode.
            if (listener.joinedAt() != null) {
                legs.agentLine(call.id()).ifPresent(agentLine -> legs.open(call.id()).stream()
                        .filter(leg -> leg.listens() && listener.agent().equals(leg.agent()))
                        .forEach(leg -> line.command(
                                call, new CarrierCommand.ChangeListening(call.id(), leg.id(), mode, agentLine))));
            }
        }
        return new Listening(
                listeners.find(call.id(), me.customer(), listener.id()).orElseThrow());
    }

    /** They listen no longer, and their phones stop ringing. Administrators may end it for others. */
    public Outcome end(CallId call, ListenerId id, Account me) {
        return inCall(call, me, open -> listeners
                .find(call, me.customer(), id)
                .filter(listener ->
                        listener.agent().equals(me.id()) || me.role().administers())
                .map(listener -> {
                    List<Leg> closed = listener.over() ? List.of() : legs.endListening(call, listener.agent(), null);
                    closed.forEach(leg -> line.hangUp(open, leg.id()));
                    listeners.gone(call, closed);
                    return (Outcome) new Listening(listener);
                })
                .orElseGet(NoSuchListener::new));
    }

    private Outcome inCall(CallId call, Account me, Function<OpenCall, Outcome> work) {
        return Objects.requireNonNull(transaction.execute(status -> calls.find(call)
                .filter(open -> open.customer().equals(Optional.of(me.customer())))
                .map(work)
                .orElseGet(NoSuchCall::new)));
    }

    /** What came of it. */
    public sealed interface Outcome
            permits Listening, Already, NotNow, OwnTalk, NoPhone, Over, NoSuchListener, NoSuchCall {}

    /** As wanted. */
    public record Listening(Listener listener) implements Outcome {}

    /** They listen to this call already. */
    public record Already(Listener listener) implements Outcome {}

    /** Nobody talks in this call, so there is nothing to hear. */
    public record NotNow(CallState state) implements Outcome {}

    /** The talk is their own. */
    public record OwnTalk() implements Outcome {}

    /** @param phones those that could ring instead of the one that is not theirs */
    public record NoPhone(List<Address> phones) implements Outcome {}

    /** They do not listen any more. */
    public record Over(Listener listener) implements Outcome {}

    /** There is none, or it is somebody else. */
    public record NoSuchListener() implements Outcome {}

    /** There is none, or it is another customer's. */
    public record NoSuchCall() implements Outcome {}
}
